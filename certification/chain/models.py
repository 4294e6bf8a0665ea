"""Alerts: something happened to a supplier, and these buyers above it are touched; what people want to hear."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from certification.chain.causes import CAUSES, Change, verbs_of
from certification.designation.models import Designation
from greenchain.audit.models import AuditEntry
from greenchain.clock import now, today
from suppliers.enterprise.models import Enterprise
from suppliers.enterprise.scope import enterprise_scope, member_of
from suppliers.place.models import Level
from suppliers.supply.models import SupplyLink

HARD = 0.1
"""A buyer is hit hard when this share of its purchases or more depends on the supplier (ours)."""


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts belong to the buyer, and to the reviewers of its territory."""

    def visible_to(self, user: Any) -> "AlertQuerySet":
        """A buyer's own; reviewers and other officials those of buyers in their territory."""
        return self.filter(enterprise_scope(user, "buyer", "buyer__region"))

    def named_to(self, user: Any) -> "AlertQuerySet":
        """Those whose supplier the reader may know for certain: what is searched for by name is among these only."""
        everything = user.is_official and user.authority is not None and user.authority.rank == Level.NATIONAL
        return self if everything else self.filter(tier=1)

    def with_choices_of(self, user: Any) -> "AlertQuerySet":
        """Adds what the person chose: ``watched``, ``muted_until``, ``too_little`` and ``unwanted``."""
        choice = Choice.objects.filter(user=user.pk, buyer=OuterRef("buyer"))
        watch = Watch.objects.filter(user=user.pk, buyer=OuterRef("buyer"))
        mute = Mute.objects.running().filter(
            user=user.pk, buyer=OuterRef("buyer"), supplier=OuterRef("supplier")
        )
        unwanted = [
            When(cause__in=verbs_of(kind), then=Exists(choice.filter(**{kind.value: False})))
            for kind in Change
        ]
        rows: Any = self  # what is added stands on the model, so that readers of single alerts find it
        found: AlertQuerySet = rows.annotate(
            watched=Exists(watch.filter(Q(supplier=OuterRef("supplier")) | Q(supplier=OuterRef("through")))),
            muted_until=Subquery(mute.values("until_on")[:1]),
            too_little=Exists(choice.filter(least__gt=OuterRef("exposure"))),
            unwanted=Case(*unwanted, default=Value(value=False), output_field=models.BooleanField()),
        )
        return found

    def shown_to(self, user: Any) -> "AlertQuerySet":
        """Those that the person wants to see: not muted, of a wanted kind, and of enough exposure or watched."""
        enough = Q(watched=True) | Q(too_little=False)
        rows: Any = self.with_choices_of(user)
        found: AlertQuerySet = rows.filter(enough, muted_until=None, unwanted=False)
        return found

    def unseen(self) -> "AlertQuerySet":
        """Not yet seen by anybody of the buyer."""
        return self.filter(seen_at__isnull=True)


class Alert(models.Model):
    """One buyer, one change of one supplier in whatever tier.

    Who reads it may not know the supplier: pages, mails and programs read ``certification.chain.heard``.
    """

    buyer = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="alerts")
    supplier = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    link = models.ForeignKey(SupplyLink, null=True, on_delete=models.SET_NULL, related_name="alerts")
    through = models.ForeignKey(
        Enterprise,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="the direct supplier on the way",
    )
    designation = models.ForeignKey(Designation, null=True, on_delete=models.CASCADE, related_name="alerts")
    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(_("what happened"), max_length=16)
    tier = models.PositiveSmallIntegerField(_("tier"), default=1)
    exposure = models.FloatField(
        null=True, help_text="share of the buyer's purchases through it, 0 to 1; none where no spend is known"
    )
    way = models.JSONField(default=list, help_text="keys, from the buyer up to the supplier")
    at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    watched: bool
    """Set by ``with_choices_of``, as the next three."""
    muted_until: dt.date | None
    too_little: bool
    unwanted: bool

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(fields=["buyer", "supplier", "entry"], name="one_alert_per_change")
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} → {self.buyer_id}: {self.cause}"

    @property
    def keys(self) -> list[int]:
        """The way, from the buyer to the supplier; alerts of before there were ways are of direct suppliers."""
        return self.way or [self.buyer_id, self.supplier_id]

    @property
    def change(self) -> Change:
        """The kind of what happened."""
        return CAUSES[self.cause].change

    @property
    def what(self) -> Any:
        """What happened, in the reader's language."""
        return CAUSES[self.cause].words

    @property
    def state(self) -> str:
        """Where that left the supplier: the state whose look it wears."""
        return CAUSES[self.cause].look

    @property
    def for_mail(self) -> bool:
        """Whether it comes by mail too where nobody chose: of direct suppliers, and of others from ``HARD`` on."""
        return self.tier == 1 or (self.exposure or 0) >= HARD

    @property
    def shown(self) -> bool:
        """As in ``shown_to``; needs ``with_choices_of``."""
        return self.muted_until is None and not self.unwanted and (self.watched or not self.too_little)


class Mail(models.TextChoices):
    """How alerts of one buyer come by mail; they stand in the inbox in any case."""

    USUAL = "", _("as all messages about my supply chain")
    NOW = "now", _("at once")
    DIGEST = "digest", _("in the digest")
    NONE = "in_app", _("not by mail")


class Least(models.TextChoices):
    """Thresholds of exposure: the bands in which members read it, so that none tells more than the bands do."""

    ANY = "0", _("whatever it is")
    ONE = "0.01", _("1 % and more of purchases")
    TEN = "0.1", _("10 % and more of purchases")


class Choice(models.Model):
    """What one person wants to be told of one buyer's suppliers; without a row everything."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    buyer = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    least = models.FloatField(_("share of purchases at least, 0 to 1"), default=0)
    lost = models.BooleanField(Change.LOST.label, default=True)
    violation = models.BooleanField(Change.VIOLATION.label, default=True)
    given = models.BooleanField(Change.GIVEN.label, default=True)
    lifted = models.BooleanField(Change.LIFTED.label, default=True)
    mail = models.CharField(_("by mail"), max_length=6, choices=Mail, default=Mail.USUAL, blank=True)

    class Meta:
        verbose_name = _("choice of alerts")
        verbose_name_plural = _("choices of alerts")
        constraints = [models.UniqueConstraint(fields=["user", "buyer"], name="one_choice_per_buyer")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.buyer_id}"

    def wants(self, change: Change) -> bool:
        """Whether changes of this kind are told."""
        return bool(getattr(self, change.value))


class OwnQuerySet(models.QuerySet[Any]):
    """A person's own, while they are one of the buyer's people."""

    def visible_to(self, user: Any) -> Any:
        """One's own."""
        return self.filter(user=user.pk, buyer__in=member_of(user)) if user.is_authenticated else self.none()

    def running(self) -> Any:
        """Those with a last day that has not passed."""
        return self.filter(until_on__gte=today())


class Watch(models.Model):
    """A person watches a supplier of a buyer: it and what comes through it is told however little it is."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    buyer = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    supplier = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    since_at = models.DateTimeField(default=now)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("watched supplier")
        verbose_name_plural = _("watched suppliers")
        constraints = [models.UniqueConstraint(fields=["user", "buyer", "supplier"], name="watched_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.supplier_id}"


class Mute(models.Model):
    """A person wants no alerts of one supplier of a buyer for a while; ``alert`` says how it may be called."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    buyer = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    supplier = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="+")
    until_on = models.DateField(_("until"))

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("muted supplier")
        verbose_name_plural = _("muted suppliers")
        constraints = [models.UniqueConstraint(fields=["user", "buyer", "supplier"], name="muted_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.supplier_id}"
