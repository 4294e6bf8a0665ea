"""Third-party bodies: who may evaluate, and who registers them."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.body.actions import (
    amend_body,
    approve_body,
    approves_nationally,
    decides,
    declare_body,
    lift_sanction,
    refuse_body,
    sanction_body,
)
from certification.body.forms import BodyForm, SanctionForm
from certification.body.models import Body
from greenchain.accounts.actions import is_administrator
from greenchain.audit.acts import Act, ReasonsForm
from greenchain.audit.desk import EVERYBODY, Desk


class BodyHere(BodyForm):
    """The same, with the admin's search for people."""

    class Meta(BodyForm.Meta):
        widgets: ClassVar[dict[str, Any]] = {
            **BodyForm.Meta.widgets,
            "members": AutocompleteSelectMultiple(Body._meta.get_field("members"), admin.site),
        }


def _keeps(_body: Body | None, user: Any) -> bool:
    return is_administrator(user)


def _decides(_body: Body | None, user: Any) -> bool:
    return decides(user)


def _sanctions(_body: Body | None, user: Any) -> bool:
    return approves_nationally(user)


def _waits(body: Body) -> bool:
    return body.status != Body.Status.REGISTERED


@admin.register(Body)
class BodyDesk(Desk[Body]):
    """Evaluation bodies; the national desk or an administrator registers them."""

    readers = EVERYBODY
    opening = Act("register", gettext_lazy("Enter a body"), declare_body, BodyHere, "primary", _keeps)
    acts = (
        Act(
            "approve",
            gettext_lazy("Register the body"),
            approve_body,
            tone="primary",
            whose=_decides,
            when=_waits,
        ),
        Act(
            "refuse",
            gettext_lazy("Refuse registration"),
            refuse_body,
            ReasonsForm,
            "danger",
            _decides,
            _waits,
        ),
        Act(
            "sanction",
            gettext_lazy("Sanction"),
            sanction_body,
            SanctionForm,
            "danger",
            _sanctions,
            lambda body: body.status == Body.Status.REGISTERED,
        ),
        Act(
            "lift",
            gettext_lazy("Lift the sanction"),
            lift_sanction,
            ReasonsForm,
            "plain",
            _sanctions,
            lambda body: body.sanctions.current().exists(),
        ),
        Act("amend", gettext_lazy("Amend"), amend_body, BodyHere, "plain", _keeps),
    )
    list_display = ("name", "identifier", "legal_representative", "titled_staff", "senior_staff", "status")
    list_filter = ("status",)
    search_fields = ("name", "name_en", "identifier", "legal_representative")
    ordering = ("name", "pk")
    fields = readonly_fields = (
        "name",
        "name_en",
        "identifier",
        "legal_representative",
        "address",
        "contact_email",
        "registered_on",
        "status",
        "reasons",
        "titled_staff",
        "senior_staff",
        "members",
        "everything",
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """With the staff counted."""
        return super().get_queryset(request).counted()  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("full-time staff of intermediate title or above"))
    def titled_staff(self, row: Any) -> int:
        """How many."""
        return int(row.titled)

    @admin.display(description=gettext_lazy("of these with senior titles"))
    def senior_staff(self, row: Any) -> int:
        """How many."""
        return int(row.senior)

    @admin.display(description=gettext_lazy("staff, owners, clients and documents"))
    def everything(self, row: Body) -> SafeString:
        """The way to the page with all that the body declares."""
        return format_html('<a href="{}">{}</a>', reverse("body", args=[row.pk]), _("Open the body's page"))

    def form_of(self, request: HttpRequest, row: Body | None, act: Act) -> Any:
        """The body's own form filled in from the row; the other acts have theirs."""
        if act.form is not BodyHere:
            return super().form_of(request, row, act)
        given = {"data": request.POST} if request.method == "POST" else {"initial": request.GET.dict()}
        return BodyHere(**given, instance=row)
