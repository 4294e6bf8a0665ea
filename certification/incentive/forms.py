"""What an authority says of an incentive."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.incentive.models import Incentive, IncentiveQuerySet, Kind
from certification.scheme.models import Scheme
from greenchain.languages import LANGUAGES
from suppliers.place.models import Authority, Level


class IncentiveForm(forms.ModelForm[Incentive]):
    """For which titles, what, how much, from when, and where it is said. The territory is the writer's own."""

    name_zh = forms.CharField(
        label=_("What is given, in Chinese"),
        max_length=300,
        required=False,
        help_text=_("One sentence: what, to whom, under which condition. At least one language."),
    )
    name_en = forms.CharField(label=_("What is given, in English"), max_length=300, required=False)
    name_id = forms.CharField(label=_("What is given, in Indonesian"), max_length=300, required=False)
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("The document, with its number and day.")
    )

    class Meta:
        model = Incentive
        fields = (
            "scheme",
            "level",
            "kind",
            "giver",
            "amount_from",
            "amount_to",
            "from_on",
            "until_on",
            "url",
        )
        widgets = {
            "from_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "until_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    field_order = (
        "scheme",
        "level",
        "kind",
        "name_zh",
        "name_en",
        "name_id",
        "giver",
        "amount_from",
        "amount_to",
        "from_on",
        "until_on",
        "source",
        "url",
    )

    def _post_clean(self) -> None:
        """The action judges the row."""

    def arguments(self) -> dict[str, Any]:
        """As the action takes it."""
        given = dict(self.cleaned_data)
        typed = {language: given.pop(f"name_{language[:2]}") for language in LANGUAGES}
        return {**given, "names": {language: text for language, text in typed.items() if text}}


class FindForm(forms.Form):
    """Find incentives by what they are for and where; a province's include those of the nation."""

    scheme = forms.ModelChoiceField(
        label=_("Scheme"), queryset=Scheme.objects.order_by("key"), required=False, empty_label=_("all")
    )
    level = forms.TypedChoiceField(
        label=_("Level"),
        choices=[("", _("all")), *[each for each in Level.choices if each[0] > Level.COUNTY]],
        coerce=int,
        empty_value=None,
        required=False,
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("all")), *Kind.choices], required=False)
    place = forms.ModelChoiceField(
        label=_("Holders in"),
        queryset=Authority.objects.filter(level=Level.PROVINCIAL).order_by("code"),
        to_field_name="code",
        required=False,
        empty_label=_("all"),
    )

    def found(self, rows: IncentiveQuerySet) -> IncentiveQuerySet:
        """The rows that fit; what is not understood finds all."""
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("scheme"):
            rows = rows.filter(scheme=asked["scheme"])
        if asked.get("level") is not None:
            rows = rows.filter(Q(level=asked["level"]) | Q(level__isnull=True))
        if asked.get("kind"):
            rows = rows.filter(kind=asked["kind"])
        return rows.reaching(asked["place"]) if asked.get("place") else rows
