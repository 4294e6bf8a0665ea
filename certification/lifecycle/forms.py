"""What is asked of the picture by life-cycle stage."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.lifecycle.shares import INDUSTRY, REGION, Picture, picture
from certification.scheme.models import Scheme
from suppliers.place.models import Region

DIGITS = 2
"""Of a province in a region's code."""
USUAL = "green_factory"


class StagesForm(forms.Form):
    """Scheme, province, and whether by region or by industry; what is not understood does not choose."""

    scheme = forms.ModelChoiceField(
        label=_("Scheme"), queryset=Scheme.objects.order_by("key"), to_field_name="key", required=False
    )
    region = forms.ModelChoiceField(
        label=_("Region"),
        queryset=Region.objects.filter(kind=Region.Kind.PROVINCE, desk__isnull=False).order_by("code"),
        required=False,
        empty_label=_("Nation"),
    )
    by = forms.ChoiceField(
        label=_("Table"),
        choices=[(REGION, _("by region")), (INDUSTRY, _("by industry"))],
        required=False,
    )

    def __init__(self, asked: Any) -> None:
        super().__init__({"scheme": USUAL, "by": REGION, **asked})
        self.fields["scheme"].empty_label = None  # type: ignore[attr-defined]
        self.is_valid()
        chosen = self.cleaned_data
        self.place: Region | None = chosen.get("region")
        self.kind: str = chosen.get("by") or REGION
        self.about: Scheme | None = chosen.get("scheme") or Scheme.objects.order_by("key").first()

    def found(self, *, nation: bool = False) -> Picture | None:
        """The picture asked for, or that of the nation to compare it with."""
        within = self.place.code[:DIGITS] if self.place and not nation else ""
        return picture(self.about, self.kind, within) if self.about else None
