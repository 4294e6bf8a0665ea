"""Supply links: who supplies, carries for, or recovers for whom, with what."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from greenchain.accounts.models import Role
from greenchain.clock import now, today
from suppliers.enterprise.models import Enterprise
from suppliers.enterprise.scope import NOTHING, desk_scope, member_of
from suppliers.place.models import Industry

if TYPE_CHECKING:
    from suppliers.enterprise.scope import Viewer


class SupplyLinkQuerySet(models.QuerySet["SupplyLink"]):
    """Links by date and by who may see them."""

    def visible_to(self, user: "Viewer") -> Self:
        """The two parties see their own; officials those whose buyer is in a place they answer for."""
        return self.filter(_parties(user, "buyer", "supplier") | _officials(user))

    def with_figures_for(self, user: "Viewer") -> Self:
        """Adds ``shown_spend`` and ``shown_share``: for the declaring party and officials, else None."""
        allowed = _parties(user, "declared_by") | _officials(user)
        return self.annotate(
            shown_spend=Case(
                When(allowed, then=F("spend")), default=None, output_field=models.DecimalField()
            ),
            shown_share=Case(
                When(allowed, then=F("share")), default=None, output_field=models.DecimalField()
            ),
        )

    def current(self) -> Self:
        """In force today and not disputed."""
        return self.in_force(today())

    def in_force(self, day: dt.date) -> Self:
        """In force on ``day``; what was disputed only later counted then."""
        running = Q(until_on__isnull=True) | Q(until_on__gte=day)
        standing = Q(disputed_at__isnull=True)
        if day < today():
            standing |= Q(disputed_at__date__gt=day)
        return self.filter(running, standing, since_on__lte=day)

    def suppliers_of(self, enterprise: Enterprise) -> Self:
        """Links in which ``enterprise`` is the buyer."""
        return self.filter(buyer=enterprise)


def _parties(user: "Viewer", *sides: str) -> Q:
    if not user.is_authenticated or not user.is_active or user.role != Role.ENTERPRISE:
        return NOTHING
    condition = Q()
    for side in sides:
        condition |= Q(**{f"{side}__in": member_of(user)})
    return condition


def _officials(user: "Viewer") -> Q:
    if not user.is_authenticated or not user.is_active or not user.is_official or user.authority is None:
        return NOTHING
    return desk_scope(user.authority, "buyer__region")


class Standing(models.TextChoices):
    """How a link stands today."""

    CONFIRMED = "confirmed", _("confirmed")
    DECLARED = "declared", _("not yet confirmed")
    DISPUTED = "disputed", _("disputed")
    COMING = "coming", _("not yet begun")
    ENDED = "ended", _("ended")


class SupplyLink(models.Model):
    """``supplier`` serves ``buyer``. Spend and share belong to the party that declared the link."""

    class Kind(models.TextChoices):
        SUPPLIES = "supplies", _("supplies")
        CARRIES = "carries", _("carries for")
        RECOVERS = "recovers", _("recovers for")

    buyer = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="supplier_links")
    supplier = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="buyer_links")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.SUPPLIES)
    material = models.CharField(_("material"), max_length=200, blank=True)
    industry = models.ForeignKey(
        Industry,
        verbose_name=_("industry"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    vendor_code = models.CharField(_("vendor code"), max_length=40, blank=True)
    spend = models.DecimalField(
        _("spend, 10,000 CNY a year"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    share = models.DecimalField(
        _("share of purchases, 0 to 1"), max_digits=7, decimal_places=6, null=True, blank=True
    )
    contact_email = models.EmailField(_("e-mail of the other party"), blank=True)
    since_on = models.DateField(_("since"), default=today)
    until_on = models.DateField(_("until"), null=True, blank=True)
    declared_by = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="declared_links")
    declared_at = models.DateTimeField(default=now)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    disputed_at = models.DateTimeField(_("disputed at"), null=True, blank=True)

    objects = SupplyLinkQuerySet.as_manager()

    shown_spend: Decimal | None
    """Set by ``with_figures_for``."""
    shown_share: Decimal | None
    """Set by ``with_figures_for``."""

    class Meta:
        verbose_name = _("supply link")
        verbose_name_plural = _("supply links")
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "supplier", "kind", "vendor_code"], name="one_link_per_vendor_code"
            ),
            models.CheckConstraint(condition=~Q(buyer=F("supplier")), name="nobody_supplies_themselves"),
            models.CheckConstraint(
                condition=Q(declared_by=F("buyer")) | Q(declared_by=F("supplier")),
                name="a_party_declares_the_link",
            ),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | (Q(share__gte=0) & Q(share__lte=1)),
                name="share_within_0_and_1",
            ),
            models.CheckConstraint(
                condition=Q(spend__isnull=True) | Q(spend__gte=0), name="spend_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="link_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} → {self.buyer}"

    @property
    def standing(self) -> Standing:
        """How the link stands; the first two are ``current()``."""
        if self.until_on is not None and self.until_on < today():
            return Standing.ENDED
        if self.disputed_at is not None:
            return Standing.DISPUTED
        if self.since_on > today():
            return Standing.COMING
        return Standing.CONFIRMED if self.confirmed_at is not None else Standing.DECLARED

    @property
    def is_current(self) -> bool:
        """In force today and not disputed, as in ``current()``."""
        return self.standing in {Standing.CONFIRMED, Standing.DECLARED}

    def stood_on(self, day: dt.date) -> bool:
        """In force on ``day``, as in ``in_force()``."""
        running = self.since_on <= day and (self.until_on is None or self.until_on >= day)
        return running and (self.disputed_at is None or timezone.localdate(self.disputed_at) > day)

    def other_party(self) -> Enterprise:
        """The party that did not declare the link: it confirms or disputes."""
        return self.supplier if self.declared_by_id == self.buyer_id else self.buyer


class NetworkChange(models.Model):
    """Something that the network stands on changed: whose links, or whose titles. Triggers write it.

    ``xid``: on PostgreSQL the transaction that changed it, so that what commits late is not overlooked.
    """

    class Kind(models.TextChoices):
        LINKS = "L", _("links of a buyer")
        TITLES = "T", _("titles, sites and records of an enterprise")
        PLACES = "P", _("region and industry of an enterprise")

    kind = models.CharField(max_length=1, choices=Kind)
    key = models.BigIntegerField()
    xid = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("network change")
        verbose_name_plural = _("network changes")
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.kind}{self.key}"


class NetworkFold(models.Model):
    """Arrays in files that hold the network as it was: ``horizon`` says which changes are in them."""

    class Kind(models.TextChoices):
        LINKS = "L", _("links in force")
        TITLES = "T", _("what enterprises hold")
        PLACES = "P", _("where enterprises are")
        DATES = "D", _("all links with their dates")

    version = models.UUIDField(unique=True, default=uuid.uuid4)
    kind = models.CharField(max_length=1, choices=Kind)
    horizon = models.JSONField(default=dict)
    day = models.DateField()
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("folded network")
        verbose_name_plural = _("folded networks")

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
