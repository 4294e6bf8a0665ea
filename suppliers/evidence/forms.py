"""Forms of the vault, and the look into a file that every upload field shares."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenchain.refusals import Refused
from suppliers.enterprise.forms import DayInput
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.actions import Coverage, missing
from suppliers.evidence.kinds import choices
from suppliers.evidence.models import Evidence
from suppliers.evidence.paper import TYPES, Upload, examine

ACCEPT = ",".join(f".{ending}" for ending in (*TYPES, "jpeg"))
KEPT = gettext_lazy("PDF, PNG, JPEG, XLSX, DOCX or OFD, at most 20 MB, without password or macros.")
COVERAGE = (
    "site",
    "product",
    "period_from",
    "period_to",
    "issuer",
    "certificate_number",
    "issued_on",
    "expires_on",
)


def checked_upload(upload: Upload) -> None:
    """A validator for upload fields: refuses what the vault would refuse, in the same words."""
    try:
        examine(upload)
    except Refused as no:
        raise ValidationError(str(no), code=no.code) from no


def file_field(**kwargs: Any) -> forms.FileField:
    """A field for one file of the kinds that are kept."""
    widget = forms.ClearableFileInput(attrs={"accept": ACCEPT})
    settings = {"label": gettext_lazy("File"), "help_text": KEPT, "validators": [checked_upload], **kwargs}
    return forms.FileField(widget=widget, **settings)


class CoverageForm(forms.ModelForm[Evidence]):
    """What a file covers and how long it holds."""

    class Meta:
        model = Evidence
        fields = ("title", *COVERAGE)
        widgets = {name: DayInput() for name in ("period_from", "period_to", "issued_on", "expires_on")}
        help_texts = {
            "site": gettext_lazy("Leave empty when it covers the whole enterprise."),
            "title": gettext_lazy("Left empty, the file's name serves."),
        }

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        self.fields["site"].queryset = enterprise.sites.order_by("name")  # type: ignore[attr-defined]
        self.fields["product"].queryset = enterprise.products.order_by("name")  # type: ignore[attr-defined]

    def kind_key(self) -> str:
        """The kind of the evidence described."""
        return self.instance.kind

    def clean(self) -> dict[str, Any]:
        """What the kind needs is given."""
        data = super().clean() or {}
        kind = self.kind_key()
        if kind:
            given: Coverage = {name: data.get(name) for name in COVERAGE}  # type: ignore[assignment]
            for name, message in missing(kind, given).items():
                if name not in self.errors:
                    self.add_error(name, message)
        return data

    def coverage(self) -> dict[str, Any]:
        """The fields that the actions take."""
        return {name: self.cleaned_data[name] for name in COVERAGE}


class AttachForm(CoverageForm):
    """A new file in the vault."""

    file = file_field()
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=choices)

    field_order = ("file", "kind", "title", *COVERAGE)

    def kind_key(self) -> str:
        """As chosen."""
        return str(self.cleaned_data.get("kind") or "")


class ReplaceForm(CoverageForm):
    """A newer version of a file."""

    file = file_field()

    field_order = ("file", "title", *COVERAGE)


class RetractForm(forms.Form):
    """Why the file may no longer be cited."""

    reasons = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000
    )


class FilterForm(forms.Form):
    """What of the vault is listed."""

    q = forms.CharField(label=gettext_lazy("Title or number"), required=False, max_length=100)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("all that stand")),
            ("expiring", gettext_lazy("expiring within 60 days")),
            ("expired", gettext_lazy("expired")),
            ("faulty", gettext_lazy("unreadable or scanned")),
            ("old", gettext_lazy("replaced or retracted")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("all kinds")), *choices()]  # type: ignore[attr-defined]
