"""Claims on enterprises: the desk compares the licence with what the claimant says, and decides."""

from typing import Any

from django import forms
from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from greenchain.audit.acts import Act, ReasonsForm
from greenchain.audit.desk import Desk
from suppliers.claim.actions import MAY_DECIDE, confirm, refuse
from suppliers.claim.models import Claim
from suppliers.enterprise.models import Enterprise, Membership
from suppliers.place.models import Industry, Region


def _decides(_claim: Claim, user: Any) -> bool:
    return user.role in MAY_DECIDE


def _pending(claim: Claim) -> bool:
    return claim.status == Claim.Status.PENDING


class SeenForm(forms.Form):
    """Whoever confirms has read the licence."""

    seen = forms.BooleanField(
        label=_("The licence names this enterprise and its identifier, and it can be read.")
    )

    def clean(self) -> dict[str, Any]:
        """Nothing to hand on."""
        super().clean()
        return {}


@admin.register(Claim)
class ClaimDesk(Desk[Claim]):
    """Who says that they act for which enterprise."""

    acts = (
        Act("confirm", _("Confirm"), confirm, SeenForm, "primary", _decides, _pending),
        Act("refuse", _("Refuse"), refuse, ReasonsForm, "danger", _decides, _pending),
    )
    list_display = ("enterprise", "user", "desk", "status", "created_at", "decided_at")
    list_filter = ("status",)
    list_select_related = ("enterprise", "user", "desk")
    search_fields = ("enterprise__name", "enterprise__identifier", "user__username")
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = (
        "enterprise",
        "user",
        "desk",
        "status",
        "before",
        "licence_shown",
        "said",
        "note",
        "created_at",
        "decided_by",
        "decided_at",
        "reasons",
    )

    @admin.display(description=_("owned before by"))
    def before(self, claim: Claim) -> str:
        """Who owned it: a hand-over is confirmed only while none of them is left."""
        owners = claim.enterprise.memberships.filter(role=Membership.Role.OWNER).select_related("user")
        return "; ".join(_owner(row) for row in owners.order_by("pk")) or "–"

    @admin.display(description=_("licence"))
    def licence_shown(self, claim: Claim) -> str:
        """The file, and the picture itself where it is one."""
        licence = claim.licence
        context = {"licence": licence, "url": reverse("evidence-file", args=[licence.pk]) + "?inline"}
        return render_to_string("admin/parts/licence.html", context)

    @admin.display(description=_("what the claimant says"))
    def said(self, claim: Claim) -> str:
        """Beside what is known so far."""
        rows = [_compared(claim.enterprise, key, value) for key, value in claim.details.items()]
        return render_to_string("admin/parts/compared.html", {"rows": rows})


def _owner(row: Membership) -> str:
    told = {"person": row.user, "since": row.since_on, "until": row.until_on or "–"}
    words = (
        _("%(person)s, %(since)s to %(until)s") if row.user.is_active else _("%(person)s, no longer active")
    )
    return str(words) % told


def _compared(enterprise: Enterprise, key: str, value: Any) -> dict[str, Any]:
    """One detail: its name, what was said, what is known."""
    said = value
    if key == "region":
        said = Region.objects.filter(pk=value).first()
    elif key == "industry":
        said = Industry.objects.filter(pk=value).first()
    field = Enterprise._meta.get_field(key)
    return {"name": getattr(field, "verbose_name", key), "said": said, "known": getattr(enterprise, key)}
