"""Forms of rounds and benchmarks."""

from typing import Any, ClassVar

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from certification.scheme.models import Benchmark, Round
from greenchain.accounts.models import Role
from greenchain.languages import LANGUAGES
from suppliers.place.models import Authority, Level

LEVELS = (Level.MUNICIPAL, Level.PROVINCIAL, Level.NATIONAL)
NAMES = {"en": _("Name in English"), "zh-hans": _("Name in Chinese"), "id": _("Name in Indonesian")}


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RoundForm(forms.ModelForm[Round]):
    """A call for applications: names in three languages, levels to tick, a quota per level.

    Once there are applications only the closing day and the quota can be filled in.
    """

    levels = forms.TypedMultipleChoiceField(
        label=_("Levels"), choices=[], coerce=int, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Round
        fields = (
            "code",
            "scheme_version",
            "authority",
            "year",
            "levels",
            "opens_on",
            "closes_on",
            "evaluation",
            "panel",
            "notice_days",
            "desk_days",
            "return_days",
            "max_returns",
            "appeal_days",
        )
        widgets: ClassVar[dict[str, Any]] = {"opens_on": DayInput, "closes_on": DayInput}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["levels"].choices = [(int(level), level.label) for level in LEVELS]  # type: ignore[attr-defined]
        if user.role == Role.APPROVER:
            own = Authority.objects.filter(pk=user.authority_id)
            self.fields["authority"].queryset = own  # type: ignore[attr-defined]
            self.fields["authority"].initial = user.authority_id
        self._add_names()
        self._add_quotas()
        names = [f"name_{language}" for language in LANGUAGES]
        quotas = [f"quota_{int(level)}" for level in LEVELS]
        self.order_fields(["code", *names, "scheme_version", "authority", "year", "levels", *quotas])
        if self.instance.pk and self.instance.applications.exists():
            for name in set(self.fields) - {"closes_on", *(f"quota_{level}" for level in map(int, LEVELS))}:
                self.fields[name].disabled, self.fields[name].required = True, False

    def _add_names(self) -> None:
        for language in LANGUAGES:
            self.fields[f"name_{language}"] = forms.CharField(
                label=NAMES[language],
                max_length=120,
                required=language != "id",
                initial=self.instance.names.get(language, ""),
            )

    def _add_quotas(self) -> None:
        for level in LEVELS:
            self.fields[f"quota_{int(level)}"] = forms.IntegerField(
                label=_("Quota, %(level)s") % {"level": level.label},
                help_text=_("Empty: no limit."),
                required=False,
                validators=[MinValueValidator(0)],
                initial=self.instance.quota.get(str(int(level))),
            )

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        names = {language: data.pop(f"name_{language}").strip() for language in LANGUAGES}
        quotas = {str(int(level)): data.pop(f"quota_{int(level)}") for level in LEVELS}
        data["names"] = {language: name for language, name in names.items() if name}
        data["quota"] = {level: quota for level, quota in quotas.items() if quota is not None}
        return data

    def _post_clean(self) -> None:
        """The action judges the row; the form has judged its fields."""


class BenchmarkForm(forms.ModelForm[Benchmark]):
    """Base and lead value with their source."""

    class Meta:
        model = Benchmark
        fields = ("scheme_version", "indicator", "industry", "base", "lead", "source", "valid_from")
        widgets: ClassVar[dict[str, Any]] = {"valid_from": DayInput}

    def _post_clean(self) -> None:
        """The action judges the row."""
