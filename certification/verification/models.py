"""On-site verification by a desk: the plan, the checklist with what was found, photos, and two signatures."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.body.models import KeptFile
from certification.corrective.models import Nonconformity
from certification.inquiry.models import named
from greenchain.accounts.models import Role
from greenchain.audit.canonical import canonical, digest
from greenchain.audit.models import AppendOnly
from greenchain.clock import now, today
from suppliers.place.models import Authority

SIGNERS = 2
"""Officials who must sign the same findings (our rule)."""


class Result(models.TextChoices):
    """What was found about one item."""

    CONFORMS = "conforms", _("conforms")
    NOTE = "note", _("conforms, with a note")
    MINOR = "minor", _("minor nonconformity")
    MAJOR = "major", _("major nonconformity")


class VerificationQuerySet(models.QuerySet["Verification"]):
    """Visits by who reads them."""

    def visible_to(self, user: Any) -> "VerificationQuerySet":
        """The applicant's members and the case's officials; evaluators and experts judge without them."""
        if getattr(user, "role", "") in {Role.EVALUATOR, Role.EXPERT}:
            return self.none()
        return self.filter(application__in=Application.objects.visible_to(user))


class Verification(models.Model):
    """A visit by the desk: when, where, by whom, to see what."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        SIGNED = "signed", _("signed")
        CANCELLED = "cancelled", _("cancelled")

    application = models.ForeignKey(
        Application, verbose_name=_("case"), on_delete=models.PROTECT, related_name="verifications"
    )
    desk = models.ForeignKey(Authority, verbose_name=_("desk"), on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    place = models.CharField(_("place"), max_length=200)
    purpose = models.TextField(_("what is looked at"), max_length=2000)
    team = models.ManyToManyField(settings.AUTH_USER_MODEL, verbose_name=_("team"), related_name="+")
    others = models.CharField(
        _("who else comes along"), max_length=300, blank=True, help_text=_("such as an invited expert")
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PLANNED)
    conclusion = models.TextField(_("conclusion"), max_length=4000, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("planned by"), on_delete=models.PROTECT, related_name="+"
    )
    planned_at = models.DateTimeField(_("planned at"), default=now)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("on-site verification")
        verbose_name_plural = _("on-site verifications")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="visit_runs_forward")
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.starts_on}"

    @property
    def has_begun(self) -> bool:
        """Whether something may be found today."""
        return self.starts_on <= today()

    def content_digest(self) -> str:
        """SHA-256 over the plan, every finding with its photos, and the conclusion: what is signed."""
        rows = [
            {
                "code": item.code,
                "claimed": item.claimed,
                "result": item.result,
                "remark": item.remark,
                "due_on": str(item.due_on or ""),
                "photos": sorted(photo.sha256 for photo in item.photos.all()),
            }
            for item in self.items.order_by("position").prefetch_related("photos")
        ]
        plan = [self.application_id, str(self.starts_on), str(self.ends_on), self.place, self.purpose]
        return digest("", canonical({"plan": plan, "items": rows, "conclusion": self.conclusion}))

    def signers(self) -> list["Signature"]:
        """Who signed the findings as they stand now."""
        standing = self.signatures.filter(digest=self.content_digest())
        return list(standing.select_related("by").order_by("pk"))


class ItemQuerySet(models.QuerySet["VerificationItem"]):
    """Items by who reads them."""

    def visible_to(self, user: Any) -> "ItemQuerySet":
        """Officials at any time; the applicant's members once it is signed."""
        seen = self.filter(verification__in=Verification.objects.visible_to(user))
        if getattr(user, "is_official", False):
            return seen
        return seen.filter(verification__state=Verification.State.SIGNED)


class VerificationItem(models.Model):
    """One line of the checklist: what was claimed, and what was found."""

    verification = models.ForeignKey(
        Verification, verbose_name=_("on-site verification"), on_delete=models.PROTECT, related_name="items"
    )
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("about"), max_length=60, help_text="an indicator's code or a gate's key")
    claimed = models.JSONField(
        default=dict, help_text="as submitted: value, unit, claim, note; or the gate's finding"
    )
    result = models.CharField(_("found"), max_length=8, choices=Result, blank=True)
    remark = models.TextField(_("remark"), max_length=4000, blank=True)
    due_on = models.DateField(_("to be corrected by"), null=True, blank=True)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("found by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    found_at = models.DateTimeField(_("found at"), null=True, blank=True)
    nonconformity = models.OneToOneField(
        Nonconformity, null=True, blank=True, on_delete=models.PROTECT, related_name="found_as"
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding on site")
        verbose_name_plural = _("findings on site")
        constraints = [models.UniqueConstraint(fields=["verification", "code"], name="one_item_per_code")]

    def __str__(self) -> str:
        return f"{self.verification}: {self.code}"

    @property
    def application(self) -> Application:
        """The case."""
        return self.verification.application

    @property
    def subject_named(self) -> str:
        """What it is about, in words."""
        return named(self.application, self.code)


class ItemPhotoQuerySet(models.QuerySet["ItemPhoto"]):
    """Photos by who sees them."""

    def visible_to(self, user: Any) -> "ItemPhotoQuerySet":
        """With their findings."""
        return self.filter(item__in=VerificationItem.objects.visible_to(user))


class ItemPhoto(KeptFile):
    """A photo of what was found."""

    item = models.ForeignKey(VerificationItem, on_delete=models.PROTECT, related_name="photos")
    taken_on = models.DateField(_("taken on"))
    place = models.CharField(_("where on site"), max_length=200, blank=True)

    objects = ItemPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo of a finding")
        verbose_name_plural = _("photos of findings")
        constraints = [models.UniqueConstraint(fields=["item", "sha256"], name="one_copy_per_item")]


class Signature(AppendOnly):
    """An official signed the findings as they stood: it holds while they stay so."""

    verification = models.ForeignKey(Verification, on_delete=models.PROTECT, related_name="signatures")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")

    def __str__(self) -> str:
        return f"{self.by}: {self.digest[:12]}"
