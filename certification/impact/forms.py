"""What is asked for an impact study: two rules, what is changed, whose titles, which figures."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.impact.actions import Question
from certification.impact.models import State, Study
from certification.impact.scenario import NUMBERS, SCORE
from certification.scheme.models import SchemeVersion
from greenchain.accounts.models import Role
from greenchain.clock import today
from suppliers.place.models import Authority, Level, Region, nation

YEARS = 5
LEVELS = (Level.NATIONAL, Level.PROVINCIAL, Level.MUNICIPAL)


def read_changes(text: str) -> dict[str, dict[str, str]]:
    """Changes from lines such as "E3 base 1.2 lead 0.4" and "national pass_score 85"; ValidationError by line."""
    found: dict[str, dict[str, str]] = {}
    faults = []
    for number, line in enumerate(text.splitlines(), start=1):
        key, *words = line.replace("=", " ").split() or [""]
        if not key:
            continue
        pairs = list(zip(words[::2], words[1::2], strict=False))
        if not pairs or len(words) % 2 or not all(_is_known(*pair) for pair in pairs):
            faults.append(
                _("Line %(number)d is not understood: “%(line)s”.") % {"number": number, "line": line}
            )
        else:
            found.setdefault(key, {}).update(pairs)
    if faults:
        raise forms.ValidationError(faults)
    return found


def _is_known(what: str, value: str) -> bool:
    try:
        return what in {*NUMBERS, SCORE} and Decimal(value).is_finite()
    except InvalidOperation:
        return False


class StudyForm(forms.Form):
    """A question to the listed titles."""

    intro = gettext_lazy(
        "All titles in force are scored twice from the figures that they reported: by one set of rules and by the "
        "other. No case and no title changes by it."
    )
    note = forms.CharField(label=gettext_lazy("What it is for"), max_length=200, required=False)
    before = forms.ModelChoiceField(
        label=gettext_lazy("By today's rules"), queryset=SchemeVersion.objects.none()
    )
    after = forms.ModelChoiceField(
        label=gettext_lazy("By other rules"), queryset=SchemeVersion.objects.none()
    )
    changes = forms.CharField(
        label=gettext_lazy("Changes to the other rules"),
        help_text=gettext_lazy(
            "One indicator or level a line: “E3 base 1.2 lead 0.4 weight 5” or “national pass_score 85”."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        required=False,
        max_length=10_000,
        strip=False,
    )
    year = forms.TypedChoiceField(label=gettext_lazy("Figures of"), coerce=int)
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level"),
        coerce=lambda text: int(text) if text else None,
        required=False,
        empty_value=None,
    )
    region = forms.ModelChoiceField(
        label=gettext_lazy("Region"), queryset=Region.objects.none(), required=False
    )
    basis = forms.ModelChoiceField(
        label=gettext_lazy("Same figures as"),
        help_text=gettext_lazy("An earlier study of the same titles: its frozen figures are used again."),
        queryset=Study.objects.none(),
        required=False,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authority = nation() if user.role == Role.ADMINISTRATOR else user.authority
        versions = SchemeVersion.objects.select_related("scheme").order_by("scheme__key", "-effective_on")
        below = Region.objects.filter(desk__in=Authority.objects.under(authority))
        regions = below.exclude(kind=Region.Kind.COUNTY).told_apart()
        studies = Study.objects.visible_to(user).filter(state=State.DONE, basis=None, authority=authority)
        sets: dict[str, Any] = {
            "before": versions,
            "after": versions,
            "region": regions.order_by("code"),
            "basis": studies.select_related("after__scheme").order_by("-at"),
        }
        for name, rows in sets.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        years = [(str(year), str(year)) for year in range(today().year - 1, today().year - 1 - YEARS, -1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]
        levels = [("", _("all levels")), *((str(int(level)), level.label) for level in LEVELS)]
        self.fields["level"].choices = levels  # type: ignore[attr-defined]

    def clean_changes(self) -> dict[str, dict[str, str]]:
        """By indicator or level."""
        return read_changes(self.cleaned_data["changes"])

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        return {"question": Question(**self.cleaned_data)}
