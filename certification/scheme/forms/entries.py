"""Forms of what stands beside a round: local requirements, days of the calendar, benchmarks."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.scheme.deadlines import Deadline
from certification.scheme.forms.rounds import LEVELS, NAMES
from certification.scheme.local import Proof
from certification.scheme.models import Benchmark, Round, Scheme
from certification.verbforms import DayInput
from greenchain.accounts.models import Role
from suppliers.evidence.kinds import choices as evidence_kinds
from suppliers.place.models import Authority
from suppliers.reporting.catalogue import METRICS


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


class BenchmarkForm(forms.ModelForm[Benchmark]):
    """Base and lead value with their source."""

    class Meta:
        model = Benchmark
        fields = ("scheme_version", "indicator", "industry", "base", "lead", "source", "valid_from")
        widgets: ClassVar[dict[str, Any]] = {"valid_from": DayInput}

    def _post_clean(self) -> None:
        """The action judges the row."""
