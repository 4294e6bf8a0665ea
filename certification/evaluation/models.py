"""Third-party bodies, and what they found."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application, Seat
from certification.body.models import Body, KeptFile
from certification.evaluation.independence import Answer
from greenchain.accounts.models import Role
from greenchain.audit.models import AppendOnly
from greenchain.clock import now, today
from suppliers.place.models import Level


class EngagementQuerySet(models.QuerySet["Engagement"]):
    """Engagements by who sees them and by what they count for."""

    def visible_to(self, user: Any) -> "EngagementQuerySet":
        """The evaluator's own, and those of the cases an official sees."""
        return self.filter(seat__in=Seat.objects.visible_to(user))

    def national_in(self, year: int) -> "EngagementQuerySet":
        """What counts against the year's cap: neither declined, replaced nor timed out before a report."""
        kept = self.exclude(given_up=True)
        return kept.filter(seat__application__level=Level.NATIONAL, assigned_on__year=year)

    def unanswered(self) -> "EngagementQuerySet":
        """Current seats whose holder neither declared nor declined in time."""
        return self.filter(seat__until_on__isnull=True, seat__declared="", answer_by__lt=today())


class Engagement(models.Model):
    """A body's part in a case: contract, time to answer, and what was known of its ties when it was assigned."""

    seat = models.OneToOneField(Seat, on_delete=models.CASCADE, related_name="engagement")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="engagements")
    legal_representative = models.CharField(
        _("legal representative"),
        max_length=100,
        help_text=_("on the day of the assignment; the cap counts by it"),
    )
    contract_number = models.CharField(_("contract"), max_length=80, blank=True)
    contract_from = models.DateField(_("contract from"), null=True, blank=True)
    contract_until = models.DateField(_("contract until"), null=True, blank=True)
    assigned_on = models.DateField(_("assigned on"), default=today)
    answer_by = models.DateField(_("answer by"))
    answer = models.CharField(_("independence"), max_length=8, choices=Answer)
    ties = models.JSONField(default=list, help_text="each kind of tie: answer and reason")
    given_up = models.BooleanField(default=False, help_text="declined, replaced or timed out before a report")

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")
        indexes = [models.Index(fields=["legal_representative", "assigned_on"])]

    def __str__(self) -> str:
        return f"{self.body}: {self.seat_id}"


class Worksheet(models.Model):
    """What the evaluator has found so far; it becomes the report, and is nobody else's to read."""

    engagement = models.OneToOneField(Engagement, on_delete=models.CASCADE, related_name="worksheet")
    content = models.JSONField(default=dict, help_text="points, gates, reviewer, signatory, conclusion")
    saved_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("worksheet")
        verbose_name_plural = _("worksheets")

    def __str__(self) -> str:
        return str(self.engagement_id)


class Visit(models.Model):
    """A day on site: where, who took part, what was seen."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="visits")
    visited_on = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=200)
    people = models.CharField(_("who took part"), max_length=300)
    seen = models.TextField(_("what was seen"), max_length=4000)

    class Meta:
        verbose_name = _("site visit")
        verbose_name_plural = _("site visits")

    def __str__(self) -> str:
        return f"{self.visited_on}: {self.place}"


class VisitPhotoQuerySet(models.QuerySet["VisitPhoto"]):
    """Who sees a photo."""

    def visible_to(self, user: Any) -> "VisitPhotoQuerySet":
        """The evaluator while the seat lasts, and officials who see the case."""
        seats = Seat.objects.visible_to(user)
        if not getattr(user, "is_official", False):
            seats = seats.current()
        return self.filter(visit__engagement__seat__in=seats)


class VisitPhoto(KeptFile):
    """A photo taken on site."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="photos")

    objects = VisitPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("site photo")
        verbose_name_plural = _("site photos")
        constraints = [models.UniqueConstraint(fields=["visit", "sha256"], name="one_copy_per_visit")]


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    """Who reads an evaluation."""

    def visible_to(self, user: Any) -> "EvaluationQuerySet":
        """Those who see the case, and the author for good; experts stay blind to earlier scores."""
        if not getattr(user, "is_authenticated", False) or user.role == Role.EXPERT:
            return self.none()
        return self.filter(Q(application__in=Application.objects.visible_to(user)) | Q(author=user))


class Evaluation(AppendOnly):
    """A body's report: points with reasons; author, technical reviewer and signatory are three people."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="evaluations")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="evaluations")
    points = models.JSONField(help_text="per indicator: points, reason, correction")
    gates = models.JSONField(default=dict, help_text="per gate: met (yes or no) and reason")
    engagement = models.ForeignKey(
        Engagement, null=True, on_delete=models.PROTECT, related_name="evaluations"
    )
    total = models.DecimalField(max_digits=7, decimal_places=2)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    technical_reviewer = models.CharField(max_length=100)
    signatory = models.CharField(max_length=100)
    conclusion = models.TextField()
    at = models.DateTimeField(default=now)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")

    def __str__(self) -> str:
        return f"{self.body}: {self.total}"
