"""What is asked before codes are prepared, and by who looks for one."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.designation.models import Designation
from certification.grading.models import Entry, EntryQuerySet, Grading
from greenchain.clock import today
from suppliers.place.models import Industry, Region

YEARS = 3
"""How many years back codes may be prepared."""


class PrepareForm(forms.Form):
    """The year, and whose swings the desk finds explained."""

    intro = _(
        "A dry run freezes the figures of all national green factories that take part, as they stand now, and "
        "ranks them. Nothing of it is public until an approver publishes it."
    )
    year = forms.TypedChoiceField(label=_("Reporting year"), coerce=int)
    explained = forms.CharField(
        label=_("Titles whose swings are explained"),
        help_text=_(
            "Their numbers, one a line: a great change from the year before does not keep these out."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        help_text=_("Wanted where you name titles."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=4000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = today().year - 1
        years = [(str(year), str(year)) for year in range(last, last - YEARS, -1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]

    def clean_explained(self) -> list[str]:
        """Numbers of titles that there are."""
        numbers = str(self.cleaned_data["explained"]).upper().split()
        known = set(Designation.objects.filter(number__in=numbers).values_list("number", flat=True))
        if strange := [number for number in numbers if number not in known]:
            message = _("There is no title with the number %(numbers)s.") % {"numbers": ", ".join(strange)}
            raise forms.ValidationError(message)
        return numbers


class CodesForm(forms.Form):
    """Search the published codes of a year."""

    q = forms.CharField(label=_("Number or name"), required=False, max_length=100)
    code = forms.ChoiceField(label=_("Green code"), required=False)
    industry = forms.ModelChoiceField(
        label=_("Industry"),
        queryset=Industry.objects.filter(kind=Industry.Kind.DIVISION).order_by("code"),
        required=False,
        empty_label=_("All"),
    )
    region = forms.ModelChoiceField(
        label=_("Province"),
        queryset=Region.objects.filter(kind="province").order_by("code"),
        required=False,
        empty_label=_("All"),
    )

    def __init__(self, *args: Any, grading: Grading, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grading = grading
        codes = [("", _("All")), *((code, code) for code in grading.codes)]
        self.fields["code"].choices = codes  # type: ignore[attr-defined]

    def found(self) -> EntryQuerySet:
        """The codes asked for; what is not understood does not filter."""
        asked = self.cleaned_data if self.is_valid() else {}
        rows = Entry.objects.shown().filter(grading=self.grading)
        if text := (asked.get("q") or "").strip():
            named = Q(title__name__icontains=text) | Q(title__name_en__icontains=text)
            rows = rows.filter(Q(title__number__iexact=text) | named)
        if asked.get("code"):
            rows = rows.filter(grade__code=asked["code"])
        if asked.get("industry"):
            rows = rows.filter(industry=asked["industry"].code)
        if asked.get("region"):
            rows = rows.filter(title__region__code__startswith=asked["region"].code[:2])
        return rows
