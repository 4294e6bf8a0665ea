"""The officer's package: the cases of a round that a desk recommends to the level above, ranked, under one seal."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.body.models import KeptFile
from certification.scheme.models import Round
from greenchain.clock import now
from suppliers.place.models import Authority, Level


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    """Packages by authority."""

    def visible_to(self, user: Any) -> "RecommendationQuerySet":
        """Officials of the authority that recommends and of those above it."""
        if not getattr(user, "is_official", False):
            return self.none()
        return self.filter(authority__path__startswith=user.authority.path)


class Recommendation(models.Model):
    """A letter to the level above with the ranked table of the cases that the desk endorsed."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    authority = models.ForeignKey(
        Authority, verbose_name=_("recommended by"), on_delete=models.PROTECT, related_name="+"
    )
    to = models.ForeignKey(
        Authority, verbose_name=_("recommended to"), on_delete=models.PROTECT, related_name="+"
    )
    round = models.ForeignKey(
        Round, verbose_name=_("round"), on_delete=models.PROTECT, related_name="recommendations"
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    letter = models.TextField(_("letter"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("made at"), default=now)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")

    def __str__(self) -> str:
        return self.number

    @property
    def sealed(self) -> "SealedCopy | None":
        """The sealed copy, once it was uploaded."""
        return getattr(self, "copy", None)


class Recommended(models.Model):
    """A case of the package: its rank among them, what the table says of it, and the desk's opinion."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="recommended")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="recommended_in")
    rank = models.PositiveSmallIntegerField(_("rank"))
    score = models.DecimalField(_("score"), max_digits=9, decimal_places=4)
    name = models.CharField(_("name"), max_length=200)
    identifier = models.CharField(_("credit code"), max_length=40)
    industry = models.CharField(_("industry"), max_length=200, blank=True)
    address = models.CharField(_("place"), max_length=300, blank=True)
    contact = models.CharField(_("contact"), max_length=200, blank=True)
    evaluated_by = models.CharField(_("evaluated by"), max_length=200, blank=True)
    opinion = models.TextField(_("opinion"))

    class Meta:
        verbose_name = _("recommended case")
        verbose_name_plural = _("recommended cases")
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "application"], name="recommended_once")
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.name}"


class SealedCopy(KeptFile):
    """The package as it was signed and sealed: one file for all of its cases."""

    recommendation = models.OneToOneField(Recommendation, on_delete=models.PROTECT, related_name="copy")

    class Meta:
        verbose_name = _("sealed copy")
        verbose_name_plural = _("sealed copies")
