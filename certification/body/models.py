"""Third-party evaluation bodies: what they declare of themselves, their people, owners and clients, and sanctions."""

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from certification.scheme.models import Subject
from greenchain.accounts.models import Role
from greenchain.clock import now, today
from suppliers.evidence.models import vault_path

LEAST_STAFF = 10
"""Full-time staff of intermediate title or above that a body must have (policy.md 1.4, [S18])."""


def all_subjects() -> list[str]:
    """A body that says nothing else evaluates everything."""
    return [*Subject.values]


class BodyQuerySet(models.QuerySet["Body"]):
    """Bodies declare themselves publicly once they are registered."""

    def visible_to(self, user: Any) -> "BodyQuerySet":
        """Everybody sees the registered bodies; officials and administrators all of them; members their own."""
        if getattr(user, "is_official", False) or getattr(user, "role", None) == Role.ADMINISTRATOR:
            return self.all()
        if getattr(user, "is_superuser", False):
            return self.all()
        seen = Q(status=Body.Status.REGISTERED)
        if getattr(user, "role", None) == Role.EVALUATOR:
            seen |= Q(pk__in=Body.members.through.objects.filter(user=user).values("body"))
        return self.filter(seen)

    def counted(self) -> "BodyQuerySet":
        """With ``titled`` and ``senior``: how many full-time staff of intermediate title or above, and of senior."""
        here = Q(staff__full_time=True) & (Q(staff__until_on__isnull=True) | Q(staff__until_on__gte=today()))
        return self.annotate(
            titled=Count("staff", filter=here & Q(staff__title__in=Staff.TITLED)),
            senior=Count("staff", filter=here & Q(staff__title=Staff.Title.SENIOR)),
        )


class Body(models.Model):
    """A third-party evaluation body, with the legal representative whose yearly cap counts."""

    class Status(models.TextChoices):
        DECLARED = "declared", _("awaits registration")
        REGISTERED = "registered", _("registered")
        REFUSED = "refused", _("registration refused")

    identifier = models.CharField(_("credit code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    legal_representative = models.CharField(_("legal representative"), max_length=100)
    address = models.CharField(_("address"), max_length=200, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    scope = models.JSONField(_("evaluates"), default=all_subjects)
    registered_on = models.DateField(_("registered on"))
    shareholders_on = models.DateField(
        _("shareholders complete as of"),
        null=True,
        blank=True,
        help_text=_("Give a day only if every shareholder is in the list."),
    )
    consulting_on = models.DateField(
        _("consulting contracts complete as of"),
        null=True,
        blank=True,
        help_text=_("Give a day only if every consulting contract of the last three years is in the list."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DECLARED)
    reasons = models.TextField(_("reasons"), blank=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="bodies", blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation body")
        verbose_name_plural = _("evaluation bodies")

    def __str__(self) -> str:
        return self.name

    @property
    def subjects(self) -> list[Any]:
        """What it evaluates, in the reader's language."""
        return [Subject(key).label for key in self.scope if key in Subject.values]


class Dated(models.Model):
    """Something that holds from one day to another; an open end holds still."""

    since_on = models.DateField(_("since"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def ended(self) -> bool:
        """Whether the last day has passed."""
        return self.until_on is not None and self.until_on < today()

    def reaches(self, day: dt.date) -> bool:
        """Whether it holds on ``day`` or held after it."""
        return self.until_on is None or self.until_on >= day


def _forward(name: str) -> models.CheckConstraint:
    runs = Q(since_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=F("since_on"))
    return models.CheckConstraint(condition=runs, name=name)


class Staff(Dated):
    """A person who works for the body, with title and field."""

    class Title(models.TextChoices):
        NONE = "none", _("no title or a junior one")
        INTERMEDIATE = "intermediate", _("intermediate title")
        SENIOR = "senior", _("senior title")

    class Field(models.TextChoices):
        ENERGY = "energy", _("energy")
        ENVIRONMENT = "environment", _("environment")
        ECOLOGY = "ecology", _("ecology")
        SYSTEMS = "systems", _("evaluation of systems")
        OTHER = "other", _("other")

    TITLED: ClassVar[tuple[str, ...]] = (Title.INTERMEDIATE, Title.SENIOR)

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="staff")
    name = models.CharField(_("name"), max_length=100)
    title = models.CharField(_("title"), max_length=12, choices=Title)
    field = models.CharField(_("field"), max_length=12, choices=Field, default=Field.OTHER)
    full_time = models.BooleanField(_("full-time"), default=True)
    email = models.EmailField(_("e-mail"), blank=True)
    past_on = models.DateField(
        _("former employers complete as of"),
        null=True,
        blank=True,
        help_text=_("Give a day only if every employer of the last three years is in the list."),
    )

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        constraints = [_forward("staff_dates_run_forward")]

    def __str__(self) -> str:
        return self.name


class Employer(Dated):
    """Where a member of staff worked before, or works beside the body."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="employers")
    name = models.CharField(_("employer"), max_length=200)
    identifier = models.CharField(_("credit code"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("former employer")
        verbose_name_plural = _("former employers")
        constraints = [_forward("employer_dates_run_forward")]

    def __str__(self) -> str:
        return self.name


class Shareholder(Dated):
    """Who owns a part of the body."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="shareholders")
    name = models.CharField(_("name"), max_length=200)
    identifier = models.CharField(_("credit code"), max_length=40, blank=True)
    share = models.DecimalField(
        _("share in %"),
        max_digits=6,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )

    class Meta:
        verbose_name = _("shareholder")
        verbose_name_plural = _("shareholders")
        constraints = [_forward("shareholder_dates_run_forward")]

    def __str__(self) -> str:
        return self.name


class Consulting(Dated):
    """A contract by which the body advised an enterprise."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="consulting")
    name = models.CharField(_("client"), max_length=200)
    identifier = models.CharField(_("credit code"), max_length=40, blank=True)
    about = models.CharField(_("what it was about"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("consulting contract")
        verbose_name_plural = _("consulting contracts")
        constraints = [_forward("consulting_dates_run_forward")]

    def __str__(self) -> str:
        return self.name


class SanctionQuerySet(models.QuerySet["Sanction"]):
    """Sanctions by date."""

    def running(self) -> "SanctionQuerySet":
        """In force today or from a later day on; what was lifted is over at once."""
        return self.filter(until_on__gte=today(), lifted="")

    def current(self) -> "SanctionQuerySet":
        """In force today."""
        return self.running().filter(since_on__lte=today())


class Sanction(models.Model):
    """A period during which the body gets no case and its reports are not accepted."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="sanctions")
    since_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    reasons = models.TextField(_("reasons"))
    lifted = models.TextField(_("why it ended early"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("since_on")), name="sanction_runs_forward")
        ]

    def __str__(self) -> str:
        return f"{self.since_on} – {self.until_on}"

    @property
    def holds(self) -> bool:
        """Whether it is in force today."""
        return not self.lifted and self.since_on <= today() <= self.until_on


class KeptFile(models.Model):
    """A file that was looked into before it was kept."""

    title = models.CharField(_("title"), max_length=200)
    file = models.FileField(_("file"), upload_to=vault_path, max_length=100)
    filename = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(_("media type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), default=now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class BodyPaper(KeptFile):
    """A document by which a body shows what it declares."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="papers")

    class Meta:
        verbose_name = _("body's document")
        verbose_name_plural = _("bodies' documents")
        constraints = [models.UniqueConstraint(fields=["body", "sha256"], name="one_copy_per_body")]
