"""Forms of the buyer: invite many suppliers at once, and look through the answers."""

import hashlib
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from suppliers.enterprise.identity import spelled
from suppliers.invitation.actions import Whom
from suppliers.response.board import Row, Stage

ROWS = 100
"""So many suppliers on one page; as many mails as may leave in a day."""


class InviteForm(forms.Form):
    """``asked``: who may be invited, with the address that is known; each gets a tick and a field for the address."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mail"), choices=settings.LANGUAGES, initial="zh-hans"
    )
    name = forms.CharField(label=gettext_lazy("Name of the supplier"), max_length=200, required=False)
    contact = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254, required=False)

    def __init__(self, *args: Any, asked: list[Whom], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked[:ROWS]
        for one in self.asked:
            tick, contact, name = f"tick-{_key(one)}", f"contact-{_key(one)}", {"name": _name(one)}
            self.fields[tick] = forms.BooleanField(required=False, initial=bool(one.contact))
            self.fields[contact] = forms.EmailField(required=False, initial=one.contact, max_length=254)
            self.fields[tick].widget.attrs["aria-label"] = _("Invite %(name)s") % name
            self.fields[contact].widget.attrs["aria-label"] = _("E-mail of %(name)s") % name

    def rows(self) -> list[dict[str, Any]]:
        """Each supplier with its two fields, for the page."""
        return [
            {
                "whom": one,
                "name": _name(one),
                "inside": _inside(one),
                "tick": self[f"tick-{_key(one)}"],
                "contact": self[f"contact-{_key(one)}"],
            }
            for one in self.asked
        ]

    def clean(self) -> dict[str, Any]:
        """Who is ticked has an address, and somebody is ticked or named."""
        data = super().clean() or {}
        self.whom: list[Whom] = []
        for one in self.asked:
            if data.get(f"tick-{_key(one)}"):
                self._add(Whom(one.supplier, one.name), f"contact-{_key(one)}", data)
        if data.get("name"):
            self._add(Whom(name=data["name"]), "contact", data)
        if not self.whom and not self.errors:
            raise ValidationError(_("Tick a supplier, or name one."), code="required")
        return data

    def _add(self, one: Whom, field: str, data: dict[str, Any]) -> None:
        contact = data.get(field) or ""
        if not contact and not _inside(one) and field not in self.errors:
            self.add_error(field, _("An address is needed."))
        self.whom.append(Whom(one.supplier, one.name, contact))


class BoardForm(forms.Form):
    """Find suppliers by name and by how far they are."""

    q = forms.CharField(label=gettext_lazy("Supplier"), required=False, max_length=100)
    stage = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("All")), *Stage.choices]
    )

    def among(self, rows: list[Row]) -> list[Row]:
        """Those that were asked for; what is not understood does not filter."""
        self.is_valid()
        wanted = getattr(self, "cleaned_data", {})
        text, stage = (wanted.get("q") or "").strip().casefold(), wanted.get("stage")
        found = [row for row in rows if not stage or row.stage == stage]
        return (
            [row for row in found if text in f"{row.name}\n{row.supplier or ''}".casefold()]
            if text
            else found
        )


def _name(one: Whom) -> str:
    return one.supplier.shown_name if one.supplier else one.name


def _inside(one: Whom) -> bool:
    """Somebody acts for it here: it is asked by a message, not by mail."""
    return one.supplier is not None and one.supplier.claimed_at is not None


def _key(one: Whom) -> str:
    """The same for the same supplier, however the list changes meanwhile."""
    if one.supplier is not None:
        return str(one.supplier.pk)
    return hashlib.sha256(spelled(one.name).encode()).hexdigest()[:16]
