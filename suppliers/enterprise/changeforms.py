"""The form by which an owner tells of a change: what it asks depends on the kind."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenchain.clock import today
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.enterprise.changing import NEEDED
from suppliers.enterprise.models import Enterprise, Site
from suppliers.place.models import Region

MOST = 200
PARTS = {
    "rename": ("name", "name_en"),
    "merger": ("other",),
    "split": ("other", "sites"),
    "relocation": ("site", "region", "address"),
    "scope": (),
}
"""What each kind asks beside its day, words and proof."""


class ChangeForm(forms.Form):
    """A change of one kind. The other enterprise and the new region are named by their codes."""

    happened_on = forms.DateField(
        label=gettext_lazy("Registered on"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        initial=today,
    )
    name = forms.CharField(label=gettext_lazy("New name"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("New English name"), max_length=200, required=False)
    other = forms.CharField(
        label=gettext_lazy("Credit code of the other enterprise"),
        max_length=40,
        help_text=gettext_lazy("It must be registered on this platform already."),
    )
    sites = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Sites that go to it"),
        queryset=Site.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    site = forms.ModelChoiceField(label=gettext_lazy("Site"), queryset=Site.objects.none())
    region = forms.CharField(
        label=gettext_lazy("New region, six digits of GB/T 2260"), min_length=6, max_length=6
    )
    address = forms.CharField(label=gettext_lazy("New address"), max_length=300)
    details = forms.CharField(
        label=gettext_lazy("What changed"),
        widget=forms.Textarea({"rows": 4}),
        max_length=4000,
        required=False,
    )
    proof = forms.ModelChoiceField(
        label=gettext_lazy("Proof, a file of the vault"),
        queryset=Enterprise.objects.none(),
        help_text=gettext_lazy(
            "Such as the notice of the registration authority. Put it into the vault first."
        ),
    )

    def __init__(self, *args: Any, enterprise: Enterprise, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {"happened_on", "details", "proof", *PARTS[kind]}
        for name in set(self.fields) - own:
            del self.fields[name]
        for name in NEEDED[EnterpriseChange.Kind(kind)]:
            self.fields[name].required = True
        sites = Site.objects.filter(enterprise=enterprise).order_by("name")
        for name in {"site", "sites"} & set(self.fields):
            self.fields[name].queryset = sites  # type: ignore[attr-defined]
        files: Any = enterprise.evidence.filter(retracted_at=None).order_by("-pk")
        self.fields["proof"].queryset = files  # type: ignore[attr-defined]

    def clean_other(self) -> Enterprise:
        """The enterprise of that code: whoever names it must know the code, so nothing is listed."""
        found = Enterprise.objects.filter(identifier=self.cleaned_data["other"].strip().upper()).first()
        if found is None:
            raise forms.ValidationError(_("No enterprise of this code is registered on this platform."))
        return found

    def clean_region(self) -> Region:
        """The region of that code."""
        found = Region.objects.filter(pk=self.cleaned_data["region"]).select_related("desk").first()
        if found is None:
            raise forms.ValidationError(_("There is no region of this code."))
        return found
