"""Forms of rounds and benchmarks."""

from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from certification.scheme.deadlines import Deadline
from certification.scheme.local import Proof
from certification.scheme.models import Benchmark, Evaluating, Round, Scheme, SchemeVersion
from certification.scheme.terms import Counting
from greenchain.accounts.models import Role
from greenchain.clock import today
from greenchain.languages import LANGUAGES
from suppliers.evidence.kinds import choices as evidence_kinds
from suppliers.place.models import Authority, Level
from suppliers.reporting.catalogue import METRICS

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
    (_("How a case goes"), ("evaluation", "panel", "return_days", "max_returns", "appeal_days")),
    (_("Public notice"), ("notice_days", "notice_counting", *NOTICE)),
    (
        _("Days of the desks"),
        ("desk_days", "desk_counting", *(f"desk_days_{int(level)}" for level in Level)),
    ),
)
"""The headings of the form."""


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
            "notice_counting",
            "desk_days",
            "desk_counting",
            "return_days",
            "max_returns",
            "appeal_days",
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


class RequirementForm(forms.Form):
    """A local requirement: what it is called in three languages, what proves it, and where it is said."""

    key = forms.SlugField(
        label=_("Key"), max_length=40, help_text=_("In Latin letters, such as cleaner-production.")
    )
    name_en = forms.CharField(label=NAMES["en"], max_length=160)
    name_zh = forms.CharField(label=NAMES["zh-hans"], max_length=160)
    name_id = forms.CharField(label=NAMES["id"], max_length=160)
    proof = forms.ChoiceField(label=_("Proved by"), choices=Proof.choices)
    evidence = forms.MultipleChoiceField(
        label=_("Evidence: one of these kinds"), choices=evidence_kinds, required=False
    )
    metric = forms.ChoiceField(label=_("Figure: which"), required=False)
    minimum = forms.DecimalField(label=_("Figure: at least"), required=False, min_value=0)
    scheme = forms.ChoiceField(label=_("Title: of which scheme"), required=False)
    at_least = forms.TypedChoiceField(
        label=_("Title: at which level or above"),
        choices=[(int(level), level.label) for level in LEVELS],
        coerce=int,
        required=False,
        empty_value=None,
    )
    source = forms.CharField(
        label=_("Source"), max_length=200, help_text=_("The notice or rule that asks for it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        figures = [(key, f"{metric} ({metric.unit})") for key, metric in METRICS.items()]
        schemes = [(scheme.key, str(scheme)) for scheme in Scheme.objects.order_by("key")]
        self.fields["metric"].choices = [("", "–"), *figures]  # type: ignore[attr-defined]
        self.fields["scheme"].choices = [("", "–"), *schemes]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """What the action takes: only what the way of proof needs."""
        data = self.cleaned_data
        wanted = {
            Proof.EVIDENCE: ("evidence",),
            Proof.FIGURE: ("metric", "minimum"),
            Proof.TITLE: ("scheme", "at_least"),
        }
        minimum = data["minimum"]
        told = {**data, "minimum": None if minimum is None else f"{minimum:f}"}
        names = {"en": data["name_en"], "zh-hans": data["name_zh"], "id": data["name_id"]}
        given = {name: told[name] for name in ("key", "proof", "source", *wanted[Proof(data["proof"])])}
        return {**given, "names": names}


class DropForm(forms.Form):
    """Which requirement goes."""

    key = forms.ChoiceField(label=_("Requirement"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, row: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [(gate.key, str(gate)) for gate in row.local]  # type: ignore[attr-defined]


class DeadlineForm(forms.ModelForm[Deadline]):
    """A day of the year, for whom, from when, and how that is known."""

    source = forms.CharField(label=_("Source"), max_length=200)

    class Meta:
        model = Deadline
        fields = ("duty", "authority", "month", "day", "from_year", "until_year", "source", "url")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.role == Role.APPROVER:
            own = Authority.objects.filter(pk=user.authority_id)
            self.fields["authority"].queryset = own  # type: ignore[attr-defined]
            self.fields["authority"].initial = user.authority_id

    def _post_clean(self) -> None:
        """The action judges the row."""


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


class BenchmarkForm(forms.ModelForm[Benchmark]):
    """Base and lead value with their source."""

    class Meta:
        model = Benchmark
        fields = ("scheme_version", "indicator", "industry", "base", "lead", "source", "valid_from")
        widgets: ClassVar[dict[str, Any]] = {"valid_from": DayInput}

    def _post_clean(self) -> None:
        """The action judges the row."""
