"""The form of a round, and what a scheme proposes for it."""

from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from certification.scheme.departments import Department
from certification.scheme.models import Evaluating, Round, SchemeVersion
from certification.scheme.terms import Counting
from certification.verbforms import DayInput
from greenchain.accounts.models import Role
from greenchain.clock import today
from greenchain.languages import LANGUAGES
from suppliers.place.models import Authority, Level

LEVELS = (Level.MUNICIPAL, Level.PROVINCIAL, Level.NATIONAL)

NAMES = {"en": _("Name in English"), "zh-hans": _("Name in Chinese"), "id": _("Name in Indonesian")}

PROPOSED = (
    "notice_days",
    "desk_days",
    "return_days",
    "max_returns",
    "appeal_days",
    "evaluation",
    "panel",
)
"""What a scheme's procedure says of a round."""

MARKS = {  # suggestions say of themselves that they are ours
    "sample": _("Taken from a sample, not from the published text."),
    "memory": _("From memory: check it against the published text."),
}

SOME_DAYS = [MinValueValidator(0), MaxValueValidator(365)]

NOTICE = [f"notice_{part}_{int(level)}" for level in LEVELS for part in ("days", "counting")]

GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        _("What and where"),
        ("code", *(f"name_{language}" for language in LANGUAGES), "scheme_version", "authority", "year"),
    ),
    (
        _("When, at which levels, how many"),
        ("opens_on", "closes_on", "levels", *(f"quota_{int(level)}" for level in LEVELS)),
    ),
    (
        _("How a case goes"),
        (
            "evaluation",
            "panel",
            "panel_threshold",
            "departments",
            "return_days",
            "max_returns",
            "appeal_days",
            "appeal_counting",
        ),
    ),
    (_("Public notice"), ("notice_days", "notice_counting", *NOTICE)),
    (
        _("Days of the desks"),
        ("desk_days", "desk_counting", *(f"desk_days_{int(level)}" for level in Level)),
    ),
)
"""The headings of the form."""


class RoundForm(forms.ModelForm[Round]):
    """A call for applications: names in three languages, levels to tick, a quota per level.

    Once there are applications only the closing day and the quota can be filled in.
    """

    levels = forms.TypedMultipleChoiceField(
        label=_("Levels"), choices=[], coerce=int, widget=forms.CheckboxSelectMultiple
    )
    departments = forms.MultipleChoiceField(
        label=_("Departments to be heard"),
        choices=Department.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Their sealed replies must be on file before a desk endorses a case."),
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
            "departments",
            "panel_threshold",
            "notice_days",
            "notice_counting",
            "desk_days",
            "desk_counting",
            "return_days",
            "max_returns",
            "appeal_days",
            "appeal_counting",
        )
        widgets: ClassVar[dict[str, Any]] = {"opens_on": DayInput, "closes_on": DayInput}

    def __init__(self, *args: Any, user: Any, version: SchemeVersion | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["levels"].choices = [(int(level), level.label) for level in LEVELS]  # type: ignore[attr-defined]
        if user.role == Role.APPROVER:
            own = Authority.objects.filter(pk=user.authority_id)
            self.fields["authority"].queryset = own  # type: ignore[attr-defined]
            self.fields["authority"].initial = user.authority_id
        self._add_names()
        self._add_quotas()
        self._add_terms()
        if version is not None:
            self._tell_proposals(version)
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

    def _add_terms(self) -> None:
        """A level's own public notice, and a desk's own days; left empty, the round's hold."""
        for level in LEVELS:
            own = self.instance.notice_terms.get(str(int(level)), {})
            self.fields[f"notice_days_{int(level)}"] = forms.IntegerField(
                label=_("Public notice, %(level)s") % {"level": level.label},
                help_text=_("Empty: as in the whole round."),
                required=False,
                validators=SOME_DAYS,
                initial=own.get("days"),
            )
            self.fields[f"notice_counting_{int(level)}"] = forms.ChoiceField(
                label=_("Counted in, %(level)s") % {"level": level.label},
                choices=Counting.choices,
                required=False,
                initial=own.get("counting", self.instance.notice_counting),
            )
        for level in Level:
            self.fields[f"desk_days_{int(level)}"] = forms.IntegerField(
                label=_("Days of the desk, %(level)s") % {"level": level.label},
                help_text=_("Empty: as in the whole round."),
                required=False,
                validators=SOME_DAYS,
                initial=self.instance.desk_terms.get(str(int(level))),
            )

    def _tell_proposals(self, version: SchemeVersion) -> None:
        """Beside each default: what the scheme's text proposes, and how far to trust that."""
        procedure = version.definition.procedure
        for name in PROPOSED:
            source = procedure.provenance.get(name)
            told = {"value": _told(getattr(procedure, name)), "source": source or version.definition}
            words = _("The scheme proposes %(value)s (%(source)s).") % told
            mark = MARKS.get(source.mark if source else "", "")
            self.fields[name].help_text = f"{words} {mark}".strip()

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings, in the order of a round's life."""
        placed = {name for _heading, names in GROUPS for name in names}
        rest = [name for name in self.fields if name not in placed]
        return [
            (heading, [self[name] for name in names if name in self.fields])
            for heading, names in (*GROUPS, ("", rest))
            if names
        ]

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        data["notice_terms"] = self._notice_terms(data)
        days = {str(int(level)): data.pop(f"desk_days_{int(level)}") for level in Level}
        data["desk_terms"] = {level: count for level, count in days.items() if count is not None}
        names = {language: data.pop(f"name_{language}").strip() for language in LANGUAGES}
        quotas = {str(int(level)): data.pop(f"quota_{int(level)}") for level in LEVELS}
        data["names"] = {language: name for language, name in names.items() if name}
        data["quota"] = {level: quota for level, quota in quotas.items() if quota is not None}
        return data

    def _notice_terms(self, data: dict[str, Any]) -> dict[str, Any]:
        terms: dict[str, Any] = {}
        for level in map(int, LEVELS):
            days, counting = data.pop(f"notice_days_{level}"), data.pop(f"notice_counting_{level}")
            if days is not None:
                terms[str(level)] = {"days": days, "counting": counting or data["notice_counting"]}
        return terms

    def _post_clean(self) -> None:
        """The action judges the row; the form has judged its fields."""


def proposed(version: SchemeVersion, user: Any) -> dict[str, Any]:
    """What a new round of this version starts with: the scheme's procedure, levels and names."""
    procedure, year = version.definition.procedure, today().year
    top = user.authority.level if user.role == Role.APPROVER and user.authority else Level.NATIONAL
    names = {language: version.scheme.names.get(language, "") for language in LANGUAGES}
    return {
        **{name: getattr(procedure, name) for name in PROPOSED},
        **{f"name_{language}": f"{name} {year}" for language, name in names.items() if name},
        "scheme_version": version.pk,
        "year": year - 1,
        "levels": [level for level in version.definition.levels if level <= top],
    }


def _told(value: Any) -> Any:
    """A procedure's value in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return Evaluating(value).label if isinstance(value, str) else value
