"""The form by which a person creates or claims an enterprise."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from suppliers.enterprise.forms import EnterpriseForm
from suppliers.enterprise.identifiers import fault, normalise, warning
from suppliers.evidence.forms import file_field

HOME = "CN"


class ClaimForm(EnterpriseForm):
    """Who the enterprise is, where it is, and its licence."""

    licence = file_field(label=gettext_lazy("Business licence"))
    message = forms.CharField(
        label=gettext_lazy("Note to the desk"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=1000,
        required=False,
    )

    field_order = ("scheme", "identifier", "country", "name", "name_en", "region")

    class Meta(EnterpriseForm.Meta):
        fields = ("scheme", "identifier", "country", *EnterpriseForm.Meta.fields)  # type: ignore[assignment]
        help_texts = {
            **EnterpriseForm.Meta.help_texts,
            "identifier": gettext_lazy("In China the 18 characters of the Unified Social Credit Code."),
            "country": gettext_lazy("Two letters, such as CN or ID."),
        }

    def clean_country(self) -> str:
        """Two letters, upper case."""
        country = self.cleaned_data["country"].strip().upper()
        if len(country) != 2 or not country.isascii() or not country.isalpha():  # noqa: PLR2004 - ISO 3166-1 alpha-2
            raise ValidationError(_("Give the country as two letters, such as CN."), code="country")
        return country

    def clean(self) -> dict[str, Any]:
        """The identifier is sound, and an enterprise in China says where it is."""
        data = super().clean() or {}
        scheme, identifier = data.get("scheme"), data.get("identifier")
        if scheme and identifier:
            data["identifier"] = normalise(scheme, identifier)
            wrong = fault(scheme, data["identifier"], data.get("country") or HOME)
            if wrong:
                self.add_error("identifier", wrong)
        if scheme == "uscc" and data.get("country", HOME) != HOME:
            self.add_error("country", _("A Unified Social Credit Code is for enterprises in China: CN."))
        if data.get("country") == HOME and not data.get("region") and "region" not in self.errors:
            self.add_error(
                "region", _("Say where the enterprise is registered: its authority confirms the claim.")
            )
        return data

    def _get_validation_exclusions(self) -> set[str]:
        """A known enterprise is claimed, not made again: that its identifier is there already is no fault."""
        return {*super()._get_validation_exclusions(), "identifier"}  # type: ignore[misc]

    def doubt(self) -> str | None:
        """What a person should compare once more, although nothing is wrong."""
        return warning(self.cleaned_data["scheme"], self.cleaned_data["identifier"])

    def details(self) -> dict[str, Any]:
        """What the action takes as the enterprise's fields."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
