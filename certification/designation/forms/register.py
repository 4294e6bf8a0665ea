"""What the public asks the register."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.designation.models import Designation, DesignationQuerySet
from certification.scheme.models import Scheme
from certification.workflow import Status
from suppliers.place.models import Level, Region

LARGEST = 5 * 1024 * 1024
LIFE = [
    Status.CURRENT,
    Status.SUSPENDED,
    Status.REVOKED,
    Status.SURRENDERED,
    Status.EXPIRED,
    Status.SUPERSEDED,
]


class RegisterForm(forms.Form):
    """Search by number or name; filter by scheme, level, province and status."""

    q = forms.CharField(label=_("Number or name"), required=False, max_length=100)
    scheme = forms.ModelChoiceField(
        label=_("Scheme"),
        queryset=Scheme.objects.order_by("key"),
        to_field_name="key",
        required=False,
        empty_label=_("All"),
    )
    level = forms.ChoiceField(label=_("Level"), required=False)
    region = forms.ModelChoiceField(
        label=_("Province"),
        queryset=Region.objects.filter(kind="province").order_by("code"),
        required=False,
        empty_label=_("All"),
    )
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("All"))]
        levels = [(level.word, level.label) for level in (Level.MUNICIPAL, Level.PROVINCIAL, Level.NATIONAL)]
        self.fields["level"].choices = everything + levels  # type: ignore[attr-defined]
        self.fields["status"].choices = everything + [(one.value, one.label) for one in LIFE]  # type: ignore[attr-defined]

    def found(self) -> DesignationQuerySet:
        """The titles asked for; what is not understood does not filter."""
        asked = self.cleaned_data if self.is_valid() else {}
        titles = Designation.objects.all()
        if text := (asked.get("q") or "").strip():
            called = Designation.objects.called(text).values("pk")
            titles = titles.filter(Q(number__iexact=text) | Q(pk__in=called))
        if asked.get("scheme"):
            titles = titles.filter(scheme=asked["scheme"])
        if asked.get("level"):
            titles = titles.filter(level=Level.from_word(asked["level"]))
        if asked.get("region"):
            titles = titles.filter(region__code__startswith=asked["region"].code[:2])
        if asked.get("status"):
            titles = titles.filter(status=asked["status"])
        return titles


class VerifyForm(forms.Form):
    """A certificate or a credential as a file; it is looked at and not kept."""

    file = forms.FileField(
        label=_("Certificate (PDF) or credential"),
        help_text=_("As it was downloaded, at most 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jwt,.txt,application/vc+jwt"}),
    )

    def clean_file(self) -> Any:
        """Small enough to be read at once."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than 5 MB: it is no certificate."), code="too_large"
            )
        return file
