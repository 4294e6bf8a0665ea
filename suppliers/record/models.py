"""Compliance records: the facts behind the one-vote vetoes, each with its source and date."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from greenchain.clock import now, today
from suppliers.enterprise.models import Enterprise, Site
from suppliers.enterprise.scope import common_scope
from suppliers.place.models import Authority

if TYPE_CHECKING:
    import datetime as dt

    from suppliers.enterprise.scope import Viewer

VETO_YEARS = 3
EVENTS = ("accident_or_violation", "removed_before", "inspection_problem")
STATES = ("not_operating", "energy_supervision")


def years_before(day: "dt.date", years: int) -> "dt.date":
    """The same day ``years`` earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


class ComplianceRecordQuerySet(models.QuerySet["ComplianceRecord"]):
    """Records by time and by who may see them."""

    def visible_to(self, user: "Viewer") -> Self:
        """Members of the enterprise; officials who answer for it or for the site concerned."""
        return self.filter(common_scope(user))

    def standing(self, on: "dt.date | None" = None) -> Self:
        """What counts against the enterprise on a day (today), within the three years of article 15.

        An accident, a removal from a list or an inspection finding counts for three years after it
        happened. Not operating and an open energy-supervision finding count until they are cleared.
        A dishonest judgment debtor counts until three years after leaving that list.
        """
        day = on or today()
        begin = years_before(day, VETO_YEARS)
        uncleared = Q(cleared_on__isnull=True) | Q(cleared_on__gt=day)
        recent = Q(kind__in=EVENTS, happened_on__gt=begin)
        lasting = Q(kind__in=STATES) & uncleared
        listed = Q(kind="dishonest_debtor") & (uncleared | Q(cleared_on__gt=begin))
        return self.filter(recent | lasting | listed, happened_on__lte=day, refuted_at__isnull=True)

    def about(self, enterprise: Enterprise, site: Site | None = None) -> Self:
        """About the enterprise as a whole, or about ``site`` (every site where none is named)."""
        found = self.filter(enterprise=enterprise)
        return found.filter(Q(site__isnull=True) | Q(site=site)) if site is not None else found


class ComplianceRecord(models.Model):
    """Something that may bar an enterprise (article 15 of MIIT document 13/2024)."""

    class Kind(models.TextChoices):
        NOT_OPERATING = "not_operating", _("not operating, or on the abnormal-operation list")
        ACCIDENT_OR_VIOLATION = (
            "accident_or_violation",
            _("safety, quality or environmental accident, tax evasion or another violation"),
        )
        REMOVED_BEFORE = "removed_before", _("removed from a green-manufacturing list")
        INSPECTION_PROBLEM = (
            "inspection_problem",
            _("serious problem found in a State Council or ministry inspection"),
        )
        ENERGY_SUPERVISION = "energy_supervision", _("energy-conservation supervision: not rectified")
        DISHONEST_DEBTOR = "dishonest_debtor", _("dishonest judgment debtor")

    class Match(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        POSSIBLE = "possible", _("possible")

    class Severity(models.TextChoices):
        GENERAL = "general", _("general (IV)")
        LARGER = "larger", _("larger (III)")
        MAJOR = "major", _("major (II)")
        EXTRAORDINARY = "extraordinary", _("extraordinary (I)")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="records")
    site = models.ForeignKey(
        Site, verbose_name=_("site"), null=True, blank=True, on_delete=models.PROTECT, related_name="records"
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    details = models.TextField(_("details"), blank=True, max_length=4000)
    source = models.CharField(_("source"), max_length=200)
    source_url = models.CharField(
        _("source address"), blank=True, max_length=500, validators=[URLValidator(schemes=["http", "https"])]
    )
    severity = models.CharField(
        _("grade of the accident"),
        max_length=14,
        choices=Severity,
        blank=True,
        help_text=_("A confirmed accident that is major or worse suspends titles at once."),
    )
    happened_on = models.DateField(_("happened on"))
    cleared_on = models.DateField(_("cleared on"), null=True, blank=True)
    refuted_at = models.DateTimeField(_("refuted at"), null=True, blank=True)
    match = models.CharField(_("match"), max_length=10, choices=Match, default=Match.CONFIRMED)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=now)

    objects = ComplianceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("compliance record")
        verbose_name_plural = _("compliance records")
        constraints = [
            models.CheckConstraint(
                condition=Q(cleared_on__isnull=True) | Q(cleared_on__gte=F("happened_on")),
                name="record_cleared_after_it_happened",
            )
        ]

    def __str__(self) -> str:
        return self.title
