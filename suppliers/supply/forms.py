"""Forms of supply links: one by one, and a whole sheet."""

import base64
import binascii
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenchain.accounts.models import User
from suppliers.enterprise.access import kept_by
from suppliers.enterprise.forms import DayInput
from suppliers.enterprise.models import Enterprise
from suppliers.place.forms import IndustryField
from suppliers.supply.actions import GIVEN, identify
from suppliers.supply.matching import Matcher, Mismatch, Stranger, Unknown
from suppliers.supply.models import SupplyLink
from suppliers.supply.sheet import MAX_BYTES, MAX_ROWS, Line

KEPT_BYTES = 1024 * 1024
"""A checked sheet up to this size waits in the page, so that nobody has to choose it twice."""
BUYING, SELLING = "buyer", "supplier"
OTHERS = {
    BUYING: (
        gettext_lazy("Supplier's identifier"),
        gettext_lazy("Supplier's registered name"),
    ),
    SELLING: (
        gettext_lazy("Customer's identifier"),
        gettext_lazy("Customer's registered name"),
    ),
}
"""Whom the form asks for, by our own side."""


class AmendForm(forms.ModelForm[SupplyLink]):
    """What is told of a link; the two parties and the kind stand once it is declared."""

    industry = IndustryField(label=gettext_lazy("Industry (four digits)"), required=False)

    class Meta:
        model = SupplyLink
        fields = GIVEN
        widgets = {"since_on": DayInput(), "until_on": DayInput()}
        help_texts = {
            "spend": gettext_lazy("Only you and the authorities see it."),
            "share": gettext_lazy(
                "Of all purchases of the buyer; 0.25 is a quarter. Only you and the authorities see it."
            ),
            "contact_email": gettext_lazy("Where an invitation may be sent. Only you see it."),
            "vendor_code": gettext_lazy("The buyer's own number for this supplier, if it keeps several."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.declared_by_id and self.instance.declared_by_id == self.instance.supplier_id:
            del self.fields["share"]
        bounds: dict[str, list[Any]] = {
            "spend": [MinValueValidator(0)],
            "share": [MinValueValidator(0), MaxValueValidator(1)],
        }
        for name in bounds.keys() & self.fields.keys():
            self.fields[name].validators.extend(bounds[name])

    def clean(self) -> dict[str, Any]:
        """The last day does not lie before the first."""
        data = super().clean() or {}
        since, until = data.get("since_on"), data.get("until_on")
        if since and until and until < since:
            self.add_error("until_on", _("The last day lies before the first."))
        return data

    def given(self) -> dict[str, Any]:
        """What ``declare`` and ``amend`` take."""
        return {name: self.cleaned_data[name] for name in self.fields if name in ("kind", *GIVEN)}


class DeclareForm(AmendForm):
    """A supplier or a customer of ours: who it is, with what, and how much of it."""

    supplier_identifier = forms.CharField(
        max_length=60,
        required=False,
        help_text=gettext_lazy("The USCC on its invoices; abroad “lei:”, “duns:” or “vat:” and the number."),
    )
    supplier_name = forms.CharField(
        max_length=200,
        required=False,
        help_text=gettext_lazy("Enough by itself when only one enterprise bears it."),
    )

    field_order = ("supplier_identifier", "supplier_name", "kind", "material")

    class Meta(AmendForm.Meta):
        fields = ("kind", *GIVEN)  # type: ignore[assignment]

    def __init__(self, *args: Any, party: Enterprise, side: str = BUYING, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.party, self.side = party, side
        names = ("supplier_identifier", "supplier_name")
        for name, label in zip(names, OTHERS[side], strict=True):
            self.fields[name].label = label
        if side == SELLING:
            del self.fields["share"]

    def clean(self) -> dict[str, Any]:
        """The other party is known, or can be noted by its USCC and name."""
        data = super().clean()
        identifier = (data.get("supplier_identifier") or "").strip()
        name = (data.get("supplier_name") or "").strip()
        if not identifier and not name:
            raise ValidationError(_("Give the identifier or the registered name."), code="required")
        line = Line(1, supplier_identifier=identifier, supplier_name=name)
        found = Matcher([line]).find(line)
        assert not isinstance(found, Stranger)  # noqa: S101 - those are named with an e-mail address only
        if isinstance(found, Mismatch):
            self.add_error(found.column, found.message)
        elif found == self.party:
            self.add_error(None, _("An enterprise cannot supply itself."))
        else:
            self.meant: Enterprise | Unknown = found
        return data

    def parties(self, *, by: User) -> tuple[Enterprise, Enterprise]:
        """Buyer and supplier; who was not known is noted."""
        other = identify(self.meant, by=by)
        return (self.party, other) if self.side == BUYING else (other, self.party)


class DisputeForm(forms.Form):
    """Why there is no such link."""

    reasons = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )


class ImportForm(forms.Form):
    """A sheet of one buyer's suppliers: a file, or the one that was just checked."""

    buyer = forms.ModelChoiceField(
        label=gettext_lazy("Buyer"), queryset=Enterprise.objects.none(), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
        error_messages={"required": gettext_lazy("Choose a file.")},
    )
    checked = forms.CharField(widget=forms.HiddenInput(), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = kept_by(user).order_by("name")
        self.fields["buyer"].queryset = mine  # type: ignore[attr-defined]
        self.fields["file"].required = not (self.data if self.is_bound else self.initial).get("checked")
        self.fields["file"].help_text = _("UTF-8 or GB 18030, at most %(rows)d rows.") % {"rows": MAX_ROWS}

    def clean_file(self) -> bytes:
        """The file's bytes."""
        upload = self.cleaned_data["file"]
        if upload is None:
            return b""
        if upload.size > MAX_BYTES:
            raise ValidationError(_("The file is too large. Please split it."), code="too_large")
        return bytes(upload.read())

    def clean_checked(self) -> bytes:
        """The bytes of the sheet that waited in the page."""
        try:
            return base64.b64decode(self.cleaned_data["checked"], validate=True)
        except (binascii.Error, ValueError):
            return b""

    def clean(self) -> dict[str, Any]:
        """One of the two is there."""
        data = super().clean() or {}
        if not data.get("file") and not data.get("checked") and "file" not in self.errors:
            self.add_error("file", _("Choose a file."))
        return data

    def content(self) -> bytes:
        """The sheet; a newly chosen file goes before the one that waited."""
        content: bytes = self.cleaned_data["file"] or self.cleaned_data["checked"]
        return content


def kept(content: bytes) -> str:
    """A checked sheet as it waits in the page; "" when it is too large for that."""
    return base64.b64encode(content).decode() if len(content) <= KEPT_BYTES else ""
