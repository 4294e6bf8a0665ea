"""The annual form: what is typed until it is filed, every filing as it was frozen, and the city's opinion of it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.designation.models import Designation
from certification.scheme.models import SchemeVersion
from certification.surveillance.models import Obligation, titles_of
from greenchain.audit.canonical import read
from greenchain.audit.models import AppendOnly
from greenchain.clock import now
from suppliers.place.models import Authority


class AnnualForm(models.Model):
    """A form as it stands before it is filed: each figure, explanation and declared change as it was typed."""

    obligation = models.OneToOneField(Obligation, on_delete=models.CASCADE, related_name="draft")
    figures = models.JSONField(default=dict)
    explanations = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("annual form")
        verbose_name_plural = _("annual forms")

    def __str__(self) -> str:
        return str(self.obligation_id)


class FilingQuerySet(models.QuerySet["Filing"]):
    """Filings are between the holder and the authorities."""

    def visible_to(self, user: Any) -> "FilingQuerySet":
        """Those of one's own titles; officials those of their territory."""
        return self.filter(titles_of(user, "obligation__designation"))


class Filing(AppendOnly):
    """What was filed, frozen: ``body`` is canonical JSON, ``digest`` its SHA-256."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="filings")
    number = models.PositiveSmallIntegerField(_("number"))
    body = models.TextField()
    digest = models.CharField(_("digest"), max_length=64)
    late = models.BooleanField(_("late"), help_text=_("Filed after its day."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("filed at"), default=now)

    objects = FilingQuerySet.as_manager()

    class Meta:
        verbose_name = _("filed form")
        verbose_name_plural = _("filed forms")
        constraints = [models.UniqueConstraint(fields=["obligation", "number"], name="filed_once")]

    def __str__(self) -> str:
        return f"{self.obligation_id}/{self.number}"

    @property
    def content(self) -> dict[str, Any]:
        """What was filed."""
        return read(self.body)

    @property
    def opinion(self) -> "FormOpinion | None":
        """The opinion that holds: the last one."""
        return max(self.opinions.all(), key=lambda row: row.pk, default=None)


class FormOpinion(AppendOnly):
    """What the city says of a filed form."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        ON_SITE = "on_site", _("to be seen on site")
        QUERIED = "queried", _("sent back with a question")

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="opinions")
    outcome = models.CharField(_("opinion"), max_length=8, choices=Outcome)
    text = models.TextField(_("text"))
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("given at"), default=now)

    class Meta:
        verbose_name = _("opinion on a form")
        verbose_name_plural = _("opinions on forms")

    def __str__(self) -> str:
        return f"{self.filing_id}: {self.outcome}"


class YearRankQuerySet(models.QuerySet["YearRank"]):
    """Ranks name who is weak: the holder and its authorities read them."""

    def visible_to(self, user: Any) -> "YearRankQuerySet":
        """Those of one's own titles; officials those of their territory."""
        return self.filter(titles_of(user))


class YearRank(AppendOnly):
    """Where a title stood in a year among all titles of its scheme and level that the same authority keeps."""

    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="ranks")
    year = models.PositiveSmallIntegerField(_("year"))
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    score = models.DecimalField(_("score"), max_digits=9, decimal_places=4)
    rank = models.PositiveIntegerField(_("rank"))
    of = models.PositiveIntegerField(_("of"))
    lowest = models.BooleanField(_("among the lowest"))
    inputs = models.JSONField(default=dict, help_text="what the score was computed from")
    digest = models.CharField(max_length=64, help_text="SHA-256 over all of this")
    at = models.DateTimeField(default=now)

    objects = YearRankQuerySet.as_manager()

    class Meta:
        verbose_name = _("rank in a year")
        verbose_name_plural = _("ranks in a year")
        constraints = [models.UniqueConstraint(fields=["designation", "year"], name="ranked_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year}: {self.rank}/{self.of}"
