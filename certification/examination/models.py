"""What the desks did: endorsements and returns."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from greenchain.audit.models import AppendOnly
from greenchain.clock import now
from suppliers.place.models import Authority


class ReasonCode(models.TextChoices):
    """Why a case is sent back; codes let the applicant see what to mend and the programme see what goes wrong."""

    FORM_INCOMPLETE = "form_incomplete", _("the form is incomplete")
    EVIDENCE_MISSING = "evidence_missing", _("evidence is missing")
    EVIDENCE_UNREADABLE = "evidence_unreadable", _("evidence cannot be read")
    EVIDENCE_EXPIRED = "evidence_expired", _("evidence has expired")
    EVIDENCE_SCOPE = "evidence_scope", _("evidence does not cover this site or period")
    FIGURE_UNPROVEN = "figure_unproven", _("a figure does not follow from its evidence")
    FIGURE_IMPLAUSIBLE = "figure_implausible", _("a figure is implausible")
    CLARIFY = "clarify", _("a question must be answered")


class Endorsement(AppendOnly):
    """A desk's opinion that the case may go up, with the score it saw."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="endorsements")
    desk = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opinion = models.TextField()
    score = models.DecimalField(max_digits=9, decimal_places=4)
    assessment = models.ForeignKey("certification.Assessment", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")

    def __str__(self) -> str:
        return f"{self.desk}: {self.score}"


class Return(AppendOnly):
    """A case sent back: reason codes, what to change, and until when."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="sent_back")
    number = models.PositiveSmallIntegerField()
    desk = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    codes = models.JSONField()
    named = models.JSONField(
        help_text="what may change: form, figures, evidence, or an indicator's code; empty: anything"
    )
    note = models.TextField(blank=True)
    due_on = models.DateField()
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")

    def __str__(self) -> str:
        return f"{self.application_id}: {', '.join(self.codes)}"

    def labels(self) -> list[str]:
        """The reason codes in words."""
        return [str(ReasonCode(code).label) for code in self.codes]
