"""The people who act for an enterprise, and who owns it, from when to when."""

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from greenchain.accounts.models import Role
from greenchain.clock import today
from suppliers.enterprise.identity import Enterprise
from suppliers.enterprise.scope import enterprise_scope

if TYPE_CHECKING:
    from suppliers.enterprise.scope import Viewer


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by date and by who may see them."""

    def current(self) -> Self:
        """In force today."""
        return self.running().filter(since_on__lte=today())

    def running(self) -> Self:
        """In force today or from a later day on."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=today()))

    def owners(self) -> Self:
        """Who can act as an owner today: an account that is no longer active cannot."""
        return self.current().filter(role=Membership.Role.OWNER, user__is_active=True)

    def visible_to(self, user: "Viewer") -> Self:
        """The memberships of the enterprises that ``user`` is a member of."""
        if not user.is_authenticated or user.role != Role.ENTERPRISE:
            return self.none()
        return self.filter(enterprise_scope(user, "enterprise", "enterprise__region"))


class Membership(models.Model):
    """A person acts for an enterprise from one day to another; a consultant always for a stated time."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        EDITOR = "editor", _("editor")
        VIEWER = "viewer", _("viewer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=8, choices=Role)
    consultant = models.BooleanField(_("consultant"), default=False)
    since_on = models.DateField(_("since"), default=today)
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "enterprise"], condition=Q(until_on__isnull=True), name="one_open_membership"
            ),
            models.CheckConstraint(
                condition=Q(consultant=False) | (Q(until_on__isnull=False) & ~Q(role="owner")),
                name="consultant_is_dated_and_no_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.enterprise} · {self.get_role_display()}"

    @property
    def is_owner(self) -> bool:
        """As ``owners`` says of all."""
        owns = self.role == Membership.Role.OWNER and self.user.is_active
        return owns and self.since_on <= today() and not self.ended

    @property
    def ended(self) -> bool:
        """Whether the last day has passed; who is dismissed today had yesterday as the last."""
        return self.until_on is not None and self.until_on < today()


class ShareholdingQuerySet(models.QuerySet["Shareholding"]):
    """Who sees an enterprise's owners."""

    def visible_to(self, user: "Viewer") -> Self:
        """Those who see the enterprise."""
        return self.filter(enterprise__in=Enterprise.objects.visible_to(user))


class Shareholding(models.Model):
    """Who owns a part of an enterprise; evaluators' independence is computed from it."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="shareholdings")
    name = models.CharField(_("shareholder"), max_length=200)
    identifier = models.CharField(_("credit code"), max_length=40, blank=True)
    share = models.DecimalField(
        _("share in %"),
        max_digits=6,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    since_on = models.DateField(_("since"), null=True, blank=True)
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = ShareholdingQuerySet.as_manager()

    class Meta:
        verbose_name = _("shareholder")
        verbose_name_plural = _("shareholders")
        constraints = [
            models.CheckConstraint(
                condition=Q(since_on__isnull=True)
                | Q(until_on__isnull=True)
                | Q(until_on__gte=F("since_on")),
                name="shareholding_runs_forward",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ended(self) -> bool:
        """Whether the last day has passed."""
        return self.until_on is not None and self.until_on < today()
