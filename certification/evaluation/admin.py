"""Third-party bodies: who may evaluate, and whose yearly cap counts."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from certification.evaluation.actions import amend_body, register_body
from certification.evaluation.forms import BodyForm
from certification.evaluation.models import Body
from greenchain.accounts.actions import is_administrator
from greenchain.audit.acts import Act
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


@admin.register(Body)
class BodyDesk(Desk[Body]):
    """Registered bodies; administrators keep them."""

    readers = EVERYBODY
    opening = Act("register", _("Register a body"), register_body, BodyHere, "primary", _keeps)
    acts = (Act("amend", _("Amend"), amend_body, BodyHere, "primary", _keeps),)
    list_display = (
        "name",
        "identifier",
        "legal_representative",
        "intermediate_staff",
        "senior_staff",
        "registered_on",
    )
    search_fields = ("name", "name_en", "identifier", "legal_representative")
    ordering = ("name", "pk")
    fields = readonly_fields = (
        "name",
        "name_en",
        "identifier",
        "legal_representative",
        "address",
        "intermediate_staff",
        "senior_staff",
        "registered_on",
        "members",
    )

    def form_of(self, request: HttpRequest, row: Body | None, act: Act) -> Any:  # noqa: ARG002 - both acts have one form
        """Filled in from the row."""
        given = {"data": request.POST} if request.method == "POST" else {"initial": request.GET.dict()}
        return BodyHere(**given, instance=row)
