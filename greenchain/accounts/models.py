"""Who signs in: a person with one role, and the authority they serve."""

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenchain.clock import now, today

if TYPE_CHECKING:
    from suppliers.place.models import Level


class Role(models.TextChoices):
    """What a person comes to do; the table of moves speaks these words."""

    ENTERPRISE = "enterprise", _("enterprise")
    EVALUATOR = "evaluator", _("evaluator")
    AUDITOR = "auditor", _("auditor")
    EXPERT = "expert", _("expert")
    APPROVER = "approver", _("approver")
    REVIEWER = "reviewer", _("reviewer")
    ADMINISTRATOR = "administrator", _("administrator")


OFFICIALS = (Role.AUDITOR, Role.APPROVER, Role.REVIEWER)


class UserManager(DjangoUserManager["User"]):
    """Loads the authority with the person, since nearly every rule asks for it."""

    def get(self, *args: Any, **wanted: Any) -> "User":
        """One person; so also who is signed in, at each request."""
        return self.select_related("authority").get(*args, **wanted)

    def left(self) -> models.QuerySet["User"]:
        """Active people whose last day of service has passed."""
        return self.filter(is_active=True, until_on__lt=today())

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with this sign-in name."""
        return self.get(username=username)


class User(AbstractUser):
    """A person. The role says which moves, the authority says where; being a superuser gives neither."""

    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.ENTERPRISE)
    authority = models.ForeignKey(
        "suppliers.Authority", verbose_name=_("authority"), null=True, blank=True, on_delete=models.PROTECT
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    until_on = models.DateField(
        _("last day of service"),
        null=True,
        blank=True,
        help_text=_("The day after, access ends and what the person has in hand falls back."),
    )

    objects: ClassVar[UserManager] = UserManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(role__in=["auditor", "approver", "reviewer"])
                | models.Q(authority__isnull=False),
                name="official_serves_an_authority",
            )
        ]

    def __str__(self) -> str:
        """As people know each other; who gave no name goes by the sign-in name."""
        return self.get_full_name() or self.username

    @property
    def level(self) -> "Level | None":
        """The level of the authority served, or None."""
        return self.authority.rank if self.authority else None

    def has_perm(self, perm: str, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Rights come with the role, and the registers ask that; what Django knows beside is for superusers."""
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002 - as above
        """As ``has_perm``: nothing is stored, so nothing is asked."""
        return self.is_active and self.is_superuser

    @property
    def is_official(self) -> bool:
        """Serves an authority as auditor, approver or reviewer."""
        return self.role in OFFICIALS and self.authority_id is not None


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Who is away when, and who is told of it."""

    def running(self, day: dt.date | None = None) -> "AbsenceQuerySet":
        """Away on ``day`` (today)."""
        day = day or today()
        return self.filter(ended_at__isnull=True, since_on__lte=day, until_on__gte=day)

    def visible_to(self, user: Any) -> "AbsenceQuerySet":
        """Administrators all; officials their own, those they stand in for, and their colleagues'."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        if user.role == Role.ADMINISTRATOR or user.is_superuser:
            return self.all()
        if not user.is_official:
            return self.none()
        mine = models.Q(person=user) | models.Q(stand_in=user)
        return self.filter(mine | models.Q(person__authority=user.authority_id))


class Absence(models.Model):
    """An official is away from one day to another, both included, and who stands in; ended early at ``ended_at``."""

    person = models.ForeignKey(
        User, verbose_name=_("who is away"), on_delete=models.PROTECT, related_name="absences"
    )
    stand_in = models.ForeignKey(
        User,
        verbose_name=_("stand-in"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stands_in",
    )
    since_on = models.DateField(_("since"), default=today)
    until_on = models.DateField(_("until"))
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on__gte=models.F("since_on")), name="absence_runs_forward"
            ),
            models.CheckConstraint(
                condition=~models.Q(stand_in=models.F("person")), name="nobody_stands_in_for_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.since_on} – {self.until_on}"

    @property
    def is_over(self) -> bool:
        """Whether it was ended or its last day has passed."""
        return self.ended_at is not None or self.until_on < today()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """Keys are found by their digest; the key itself is never stored."""

    def alive(self) -> "ApiKeyQuerySet":
        """Not expired and of an active person."""
        return self.filter(user__is_active=True).exclude(expires_at__lte=now())

    def visible_to(self, user: User) -> "ApiKeyQuerySet":
        """A person's own keys."""
        return self.filter(user=user)


class ApiKey(models.Model):
    """A bearer token for the API, stored as its SHA-256."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    label = models.CharField(_("label"), max_length=80, blank=True)
    prefix = models.CharField(max_length=8)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.prefix}… {self.label}"

    @staticmethod
    def digest_of(key: str) -> str:
        """SHA-256 of a key, hexadecimal; keys are random, so no salt is needed."""
        return hashlib.sha256(key.encode()).hexdigest()

    @staticmethod
    def fresh() -> str:
        """A new random key, 256 bits."""
        return f"gc_{secrets.token_urlsafe(32)}"


class Repeat(models.Model):
    """A POST that carried an Idempotency-Key, and the answer that it got."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.key}"
