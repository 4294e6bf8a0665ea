"""What becomes of an enterprise in law: a new name, a merger, a split, a move; dated, proven, approved, undoable."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from greenchain.clock import now
from suppliers.enterprise.identity import Enterprise
from suppliers.enterprise.premises import Site
from suppliers.enterprise.scope import member_of
from suppliers.place.models import Authority, Region

if TYPE_CHECKING:
    from suppliers.enterprise.scope import Viewer


class ChangeQuerySet(models.QuerySet["EnterpriseChange"]):
    """Changes are between the enterprises concerned and the authorities of their place."""

    def visible_to(self, user: "Viewer") -> Self:
        """Members of either enterprise; officials at the desk or above."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.is_official and user.authority is not None:
            return self.filter(desk__in=Authority.objects.under(user.authority))
        mine = member_of(user)
        return self.filter(Q(enterprise__in=mine) | Q(other__in=mine))

    def waiting(self) -> Self:
        """For the desk."""
        return self.filter(status=EnterpriseChange.Status.TOLD)


class EnterpriseChange(models.Model):
    """One event in an enterprise's life. ``moved`` says what followed it, so that it can be undone."""

    class Kind(models.TextChoices):
        RENAME = "rename", pgettext_lazy("kind of change", "new name")
        MERGER = "merger", _("merger into another enterprise")
        SPLIT = "split", _("split: sites go to another enterprise")
        RELOCATION = "relocation", _("a site moves")
        SCOPE = "scope", _("scope of business or boundary")

    class Status(models.TextChoices):
        TOLD = "told", _("waiting for the desk")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", pgettext_lazy("a told change", "refused")
        UNDONE = "undone", _("undone")

    enterprise = models.ForeignKey(
        Enterprise, verbose_name=_("enterprise"), on_delete=models.PROTECT, related_name="changes"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    happened_on = models.DateField(_("registered on"))
    name = models.CharField(_("new name"), max_length=200, blank=True)
    name_en = models.CharField(_("new English name"), max_length=200, blank=True)
    before = models.CharField(_("name before"), max_length=200, blank=True)
    other = models.ForeignKey(
        Enterprise,
        verbose_name=_("other enterprise"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="changes_towards",
    )
    site = models.ForeignKey(
        Site, verbose_name=_("site"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sites = models.ManyToManyField(Site, verbose_name=_("sites"), blank=True, related_name="+")
    region = models.ForeignKey(
        Region,
        verbose_name=_("new region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    address = models.CharField(_("new address"), max_length=300, blank=True)
    details = models.TextField(_("what changed"), blank=True, max_length=4000)
    proof = models.ForeignKey(
        "suppliers.Evidence", verbose_name=_("proof"), on_delete=models.PROTECT, related_name="+"
    )
    desk = models.ForeignKey(Authority, verbose_name=_("desk"), on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.TOLD)
    moved = models.JSONField(default=dict, blank=True)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(_("told at"), default=now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reasons = models.TextField(_("reasons"), blank=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an enterprise")
        verbose_name_plural = _("changes of enterprises")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind"],
                condition=Q(status="told", kind__in=["rename", "merger", "split"]),
                name="one_change_waits",
            ),
            models.CheckConstraint(
                condition=~Q(kind="merger") | ~Q(other=models.F("enterprise")),
                name="nobody_merges_with_themselves",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.enterprise}"
