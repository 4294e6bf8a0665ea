"""Experts, how they were drawn, what they gave blind, and what came of it; all kept as it was."""

import hashlib
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.body.models import Dated
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.audit.models import AppendOnly
from greenchain.clock import now, today
from suppliers.place.models import Authority


class ExpertQuerySet(models.QuerySet["Expert"]):
    """Experts by who sees them and by whether they can be drawn."""

    def visible_to(self, user: Any) -> "ExpertQuerySet":
        """Officials and administrators see all; an expert sees themselves."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        if user.is_official or user.role == Role.ADMINISTRATOR:
            return self.all()
        return self.filter(user=user) if user.role == Role.EXPERT else self.none()

    def at_hand(self) -> "ExpertQuerySet":
        """In the pool, signed in as experts, and not away today."""
        day = today()
        away = Q(away_from__lte=day) & (Q(away_until__isnull=True) | Q(away_until__gte=day))
        here = self.filter(listed=True, user__is_active=True, user__role=Role.EXPERT)
        return here.exclude(away)


class Expert(models.Model):
    """Somebody who may be drawn for a panel: field, employer, availability."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="expertise"
    )
    employer = models.CharField(_("employer"), max_length=200)
    employer_identifier = models.CharField(_("employer's credit code"), max_length=40, blank=True)
    title = models.CharField(_("professional title"), max_length=100, blank=True)
    schemes = models.JSONField(_("schemes"), default=list, blank=True, help_text=_("None: every scheme."))
    divisions = models.JSONField(
        _("industries"),
        default=list,
        blank=True,
        help_text=_("Divisions of GB/T 4754. None: every industry."),
    )
    authority = models.ForeignKey(
        Authority,
        verbose_name=_("pool of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="experts",
        help_text=_("Drawn only for cases in this authority's territory. Empty: everywhere."),
    )
    listed = models.BooleanField(_("in the pool"), default=True)
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        constraints = [
            models.CheckConstraint(
                condition=Q(away_until__isnull=True) | Q(away_from__lte=models.F("away_until")),
                name="expert_away_runs_forward",
            )
        ]

    def __str__(self) -> str:
        return self.user.get_full_name() or self.user.get_username()

    @property
    def is_away(self) -> bool:
        """Whether they said that they are away today."""
        return (
            self.away_from is not None
            and self.away_from <= today()
            and (self.away_until is None or self.away_until >= today())
        )


class ExpertTie(Dated):
    """What ties an expert to an enterprise, as declared: a former employer, family, consulting, shares."""

    class Kind(models.TextChoices):
        EMPLOYER = "employer", _("worked there")
        CONSULTING = "consulting", _("advised it")
        SHARES = "shares", _("owns a part of it")
        FAMILY = "family", _("is related to somebody who leads it")

    expert = models.ForeignKey(Expert, on_delete=models.CASCADE, related_name="ties")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    name = models.CharField(_("enterprise or body"), max_length=200)
    identifier = models.CharField(_("credit code"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("tie")
        verbose_name_plural = _("ties")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"


class DrawQuerySet(models.QuerySet["Draw"]):
    """Draws name experts: officials read them."""

    def visible_to(self, user: Any) -> "DrawQuerySet":
        """Officials who see the case."""
        if getattr(user, "is_official", False):
            return self.filter(application__in=Application.objects.visible_to(user))
        return self.none()


class Draw(AppendOnly):
    """One draw: who stood to be drawn with how many open cases, the seed, who was drawn, who was left out and why."""

    class Cause(models.TextChoices):
        FIRST = "first", _("the panel began")
        AGAIN = "again", _("an expert declined, was late or left")
        THIRD = "third", _("the first two differ by more than the threshold")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="draws")
    cause = models.CharField(max_length=8, choices=Cause)
    seed = models.CharField(max_length=64)
    seats = models.PositiveSmallIntegerField(help_text="how many were to be drawn")
    candidates = models.JSONField(help_text="each: user, open cases, employer")
    left_out = models.JSONField(help_text="each: user, code of the reason")
    drawn = models.JSONField(help_text="users, in the order drawn")
    at = models.DateTimeField(default=now)

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")

    def __str__(self) -> str:
        return f"{self.application_id}: {self.get_cause_display()}"


class PanelScoreQuerySet(models.QuerySet["PanelScore"]):
    """Blind until all are done, for officials too."""

    def visible_to(self, user: Any) -> "PanelScoreQuerySet":
        """An expert sees their own, and the others' once the panel has its result; officials then; applicants never."""
        opened = Q(
            models.Exists(
                PanelResult.objects.filter(
                    application=models.OuterRef("application"), dossier=models.OuterRef("dossier")
                )
            )
        )
        if getattr(user, "role", None) == Role.EXPERT:
            mine = PanelScore.objects.filter(expert=user).values("application")
            return self.filter(Q(expert=user) | (opened & Q(application__in=mine)))
        if getattr(user, "is_official", False):
            seen = self.filter(application__in=Application.objects.visible_to(user))
            return seen.filter(opened | ~Q(application__status=Status.PANEL))
        return self.none()


class PanelScore(AppendOnly):
    """One expert's points out of 100 for one dossier, with reasons."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="panel_scores")
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panel_scores"
    )
    dossier = models.PositiveSmallIntegerField(
        default=1, help_text="the number of the dossier that was judged"
    )
    points = models.DecimalField(max_digits=5, decimal_places=2)
    criteria = models.JSONField(
        default=dict, blank=True, help_text="points by criterion, where the scheme has some"
    )
    reasons = models.TextField()
    salt = models.CharField(max_length=64, default="", blank=True)
    at = models.DateTimeField(default=now)

    objects = PanelScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("panel score")
        verbose_name_plural = _("panel scores")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "expert", "dossier"], name="one_score_per_expert_and_dossier"
            ),
            models.CheckConstraint(
                condition=models.Q(points__gte=0) & models.Q(points__lte=100), name="panel_points_of_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.points}"

    @property
    def sealed(self) -> str:
        """What the record holds while others still score: nobody reads the points from it, and it proves them later."""
        return seal(self.salt, str(self.points), self.reasons)


def seal(salt: str, points: str, reasons: str) -> str:
    """SHA-256 over salt, points with two decimals and reasons, a line each."""
    return hashlib.sha256(f"{salt}\n{points}\n{reasons}".encode()).hexdigest()


class PanelResult(AppendOnly):
    """What the panel came to: the points of all, how they were combined, and by which threshold."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="panel_results")
    dossier = models.PositiveSmallIntegerField()
    points = models.DecimalField(_("panel score"), max_digits=5, decimal_places=2)
    given = models.JSONField(help_text="points as given, by the expert's key")
    combined = models.CharField(max_length=8, help_text="mean, nearest or median")
    threshold = models.DecimalField(max_digits=5, decimal_places=2)
    spread = models.DecimalField(max_digits=5, decimal_places=2, help_text="highest less lowest")
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("panel result")
        verbose_name_plural = _("panel results")
        constraints = [
            models.UniqueConstraint(fields=["application", "dossier"], name="one_panel_result_per_dossier")
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.points}"
