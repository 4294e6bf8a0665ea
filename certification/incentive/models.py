"""What a title is worth at a place: awards, loans, preference in purchasing, programmes of buyers."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certification.scheme.deadlines import Mark
from certification.scheme.models import Scheme
from greenchain.accounts.models import Role
from greenchain.clock import today
from greenchain.languages import pick
from suppliers.place.models import Authority, Level


class Kind(models.TextChoices):
    """How it is given."""

    AWARD = "award", _("one-off award")
    FUND = "fund", _("funds for investments")
    LOAN = "loan", _("loan or bond")
    PURCHASING = "purchasing", _("preference in public purchasing")
    BUYER = "buyer", _("programme of buyers")
    OTHER = "other", _("other support")


class State(models.TextChoices):
    """Whether it is told."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class IncentiveQuerySet(models.QuerySet["Incentive"]):
    """The public reads what holds; authorities also what they prepare and what is over."""

    def visible_to(self, user: Any) -> "IncentiveQuerySet":
        """Administrators all; officials the published ones and those of their authority and below it."""
        if getattr(user, "role", "") == Role.ADMINISTRATOR or getattr(user, "is_superuser", False):
            return self.all()
        if getattr(user, "is_official", False):
            mine = Q(authority__path__startswith=user.authority.path)
            return self.filter(mine | Q(state=State.PUBLISHED))
        return self.holding()

    def holding(self, day: dt.date | None = None) -> "IncentiveQuerySet":
        """Published, and in effect on a day, today unless another is said."""
        day = day or today()
        return self.filter(
            Q(until_on__isnull=True) | Q(until_on__gte=day), state=State.PUBLISHED, from_on__lte=day
        )

    def reaching(self, home: Authority | None) -> "IncentiveQuerySet":
        """Given by an authority that answers for a place: its own or one above it."""
        codes = home.path.strip("/").split("/") if home else []
        return self.filter(authority__code__in=codes)


class Incentive(models.Model):
    """Something that the holders of a scheme's titles may get in an authority's territory.

    Amounts are CNY, for one title; where only one is known both are the same. ``mark`` says how it is known:
    what was not read in the authority's own text is never shown as its number.
    """

    key = models.CharField(max_length=60, blank=True, help_text="of a row that comes from the catalogue")
    authority = models.ForeignKey(
        Authority, verbose_name=_("in the territory of"), on_delete=models.PROTECT, related_name="incentives"
    )
    scheme = models.ForeignKey(Scheme, verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Level, null=True, blank=True, help_text=_("Empty: titles of every level.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    names = models.JSONField(_("what is given"), default=dict)
    giver = models.CharField(
        _("who gives it"), max_length=200, blank=True, help_text=_("Empty: the authority itself.")
    )
    amount_from = models.DecimalField(
        _("amount from, CNY"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    amount_to = models.DecimalField(
        _("amount up to, CNY"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    source = models.JSONField(_("source"), default=dict)
    url = models.URLField(_("address of the source"), blank=True)
    mark = models.CharField(_("how it is known"), max_length=12, choices=Mark, default=Mark.SOURCE)
    from_on = models.DateField(_("in effect from"))
    until_on = models.DateField(_("in effect until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    withdrawn_because = models.TextField(_("why it was withdrawn"), blank=True)

    objects = IncentiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("incentive")
        verbose_name_plural = _("incentives")
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="one_incentive_per_key"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="incentive_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(amount_from__isnull=True, amount_to__isnull=True)
                | Q(amount_from__gt=0, amount_to__gte=F("amount_from")),
                name="incentive_amounts_in_order",
            ),
        ]

    def __str__(self) -> str:
        return pick(self.names)

    @property
    def amounts(self) -> list[Decimal]:
        """From and up to; one where both are the same, none where none is known."""
        known = [each for each in (self.amount_from, self.amount_to) if each is not None]
        return known[:1] if len(set(known)) == 1 else known

    @property
    def given_by(self) -> Any:
        """Who gives it."""
        return self.giver or self.authority

    @property
    def source_text(self) -> str:
        """Where it is said, in the reader's language."""
        return pick(self.source)
