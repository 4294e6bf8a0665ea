"""Forms of seats and evaluations."""

import json
from typing import Any, ClassVar

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.application.local import gates_of
from certification.application.models import Application
from certification.body.models import Body, Staff
from certification.evaluation.candidates import Candidate, candidates
from certification.evaluation.findings import LONGEST, MET
from certification.evaluation.guards import PARTS
from certification.evaluation.models import Visit, Worksheet
from certification.scheme.definition import Indicator
from certification.verbforms import DayInput, VerbForm
from certification.workflow import Status
from greenchain.accounts.models import Role, User


class AssignForm(VerbForm):
    """Who takes the seat that this status needs; for an evaluator also the contract, and why one is replaced."""

    user = forms.ModelChoiceField(label=gettext_lazy("Person"), queryset=User.objects.none())
    contract_number = forms.CharField(label=gettext_lazy("Contract number"), max_length=80, required=False)
    contract_from = forms.DateField(label=gettext_lazy("Contract from"), widget=DayInput, required=False)
    contract_until = forms.DateField(label=gettext_lazy("Contract until"), widget=DayInput, required=False)
    reasons = forms.CharField(
        label=gettext_lazy("Why the evaluator is replaced"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
    )

    CONTRACT = ("contract_number", "contract_from", "contract_until")

    case: Application

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = PARTS.get(Status(self.case.status), Role.AUDITOR)
        people = User.objects.filter(role=self.part, is_active=True)
        if self.part == Role.AUDITOR:
            people = people.filter(authority=self.case.desk)
        if self.part == Role.EVALUATOR:
            self._offer(people)
            return
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        for name in (*self.CONTRACT, "reasons"):
            del self.fields[name]

    def _offer(self, people: Any) -> None:
        """Evaluators with their body; ``reasons`` only where somebody is replaced."""
        choice: Any = self.fields["user"]
        choice.queryset = people.filter(bodies__isnull=False).prefetch_related("bodies")
        choice.label_from_instance = _with_body
        if not self.case.seats.current().filter(part=Role.EVALUATOR).exists():
            del self.fields["reasons"]

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The bodies with what is known of their ties, for the page."""
        return candidates(self.case) if self.part == Role.EVALUATOR else []

    def clean(self) -> dict[str, Any]:
        """The contract does not end before it begins."""
        data = super().clean() or {}
        begins, ends = data.get("contract_from"), data.get("contract_until")
        if begins and ends and ends < begins:
            self.add_error("contract_until", _("The last day lies before the first."))
        return data

    def arguments(self) -> dict[str, Any]:
        """The person and the part, and what was said of the contract."""
        extra = {
            key: self.cleaned_data[key] for key in (*self.CONTRACT, "reasons") if self.cleaned_data.get(key)
        }
        return {"user": self.cleaned_data["user"], "part": self.part, **extra}


def _with_body(person: User) -> str:
    name = person.get_full_name() or person.get_username()
    return " · ".join([name, *(body.name for body in person.bodies.all())])


class EvaluateForm(VerbForm):
    """Points with a reason for each indicator; three people sign."""

    technical_reviewer = forms.CharField(
        label=gettext_lazy("Technical reviewer"),
        max_length=100,
        help_text=gettext_lazy("On the body's staff, with an intermediate title or above."),
    )
    signatory = forms.CharField(
        label=gettext_lazy("Signatory"),
        max_length=100,
        help_text=gettext_lazy("On the body's staff, or its legal representative."),
    )
    conclusion = forms.CharField(
        label=gettext_lazy("Conclusion and advice"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
    points = forms.JSONField(
        label=gettext_lazy("Points"),
        required=False,
        widget=forms.HiddenInput,
        help_text='{"E1": {"points": "5.5", "reason": "…", "to": "41.2", "because": "…"}}',
    )
    gates = forms.JSONField(
        label=gettext_lazy("Gates"),
        required=False,
        widget=forms.HiddenInput,
        help_text='{"veto.accident": {"met": "yes", "reason": "…"}}',
    )

    SIGNED = ("technical_reviewer", "signatory", "conclusion")

    case: Application

    def __init__(self, *args: Any, draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = self.case.scheme_version.definition.indicators
        for item in self.items:
            self._add_item(item)
        for place, gate in enumerate(gates_of(self.case)):
            choices = [("", "–"), *MET]
            self.fields[f"gate_{place}"] = forms.ChoiceField(label=str(gate), choices=choices, required=False)
            self.fields[f"gate_reason_{place}"] = _short(_("%(gate)s: reason") % {"gate": gate})
        self._let_choose()
        if draft:
            for field in self.fields.values():
                field.required = False
        if not self.is_bound:
            self.initial = {**self._kept(), **self.initial}

    def _add_item(self, item: Indicator) -> None:
        self.fields[f"points_{item.code}"] = forms.DecimalField(
            label=f"{item} (0–{item.weight.normalize():f})",
            min_value=0,
            max_value=item.weight,
            required=False,
        )
        self.fields[f"reason_{item.code}"] = _short(_("%(code)s: reason") % {"code": item.code})
        if not item.is_qualitative:
            label = _("%(code)s: corrected value") % {"code": item.code}
            self.fields[f"to_{item.code}"] = forms.DecimalField(label=label, required=False)
            self.fields[f"because_{item.code}"] = _short(_("%(code)s: because") % {"code": item.code})

    def _let_choose(self) -> None:
        """Reviewer and signatory are chosen from the body's staff."""
        body = Body.objects.filter(members=self.user).prefetch_related("staff").first()
        if body is None:
            return
        staff = [row for row in body.staff.all() if not row.ended]
        titled = [row.name for row in staff if row.title in Staff.TITLED]
        signing = dict.fromkeys([body.legal_representative, *(row.name for row in staff)])
        for name, people in (("technical_reviewer", titled), ("signatory", signing)):
            choices = [("", "–"), *((each, each) for each in people)]
            self.fields[name].widget = forms.Select(choices=choices)

    def _kept(self) -> dict[str, Any]:
        """What the worksheet holds, field by field."""
        sheet = Worksheet.objects.filter(
            engagement__seat__application=self.case,
            engagement__seat__user=self.user,
            engagement__seat__until_on__isnull=True,
        ).first()
        content = sheet.content if sheet else {}
        found = {name: content.get(name, "") for name in self.SIGNED}
        for code, entry in content.get("points", {}).items():
            found |= {f"{part}_{code}": value for part, value in entry.items()}
        for place, gate in enumerate(gates_of(self.case)):
            entry = content.get("gates", {}).get(gate.key, {})
            found |= {f"gate_{place}": entry.get("met", ""), f"gate_reason_{place}": entry.get("reason", "")}
        return found

    def clean_points(self) -> Any:
        """Only the scheme's own indicators are given points."""
        given = self.cleaned_data["points"]
        if given and (not isinstance(given, dict) or given.keys() - {item.code for item in self.items}):
            raise forms.ValidationError(_("Points are given by the codes of this scheme's indicators."))
        return given

    def clean_gates(self) -> Any:
        """Only the case's own gates, each met or not."""
        given = self.cleaned_data["gates"]
        keys = {gate.key for gate in gates_of(self.case)}
        sound = isinstance(given, dict) and not given.keys() - keys
        if given and not (sound and all(_judged(entry) for entry in given.values())):
            raise forms.ValidationError(_("Gates are judged by their keys: met yes or no, with a reason."))
        return given

    def arguments(self) -> dict[str, Any]:
        """Findings either as mappings (API) or field by field (page)."""
        data = self.cleaned_data
        points = data["points"] or {
            code: entry for code, entry in self.entries().items() if entry.get("points") is not None
        }
        found = {"points": points, "gates": data["gates"] or self.judged()}
        return {key: data.get(key, "") for key in self.SIGNED} | json.loads(json.dumps(found, default=str))

    def entries(self) -> dict[str, dict[str, Any]]:
        """What was entered for each indicator; what was left empty is left out."""
        parts = ("points", "reason", "to", "because")
        given = {
            item.code: {part: self.cleaned_data.get(f"{part}_{item.code}") for part in parts}
            for item in self.items
        }
        return {
            code: {part: value for part, value in entry.items() if value not in {None, ""}}
            for code, entry in given.items()
            if any(value not in {None, ""} for value in entry.values())
        }

    def judged(self) -> dict[str, dict[str, str]]:
        """What was entered for each gate."""
        data = self.cleaned_data
        return {
            gate.key: {"met": data[f"gate_{place}"], "reason": data.get(f"gate_reason_{place}", "")}
            for place, gate in enumerate(gates_of(self.case))
            if data.get(f"gate_{place}")
        }

    def worksheet(self) -> dict[str, Any]:
        """All of it, as the worksheet keeps it."""
        found = {"points": self.entries(), "gates": self.judged()}
        signed = {key: self.cleaned_data.get(key, "") for key in self.SIGNED}
        return signed | json.loads(json.dumps(found, default=str))


def _short(label: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST, required=False)


def _judged(entry: Any) -> bool:
    return isinstance(entry, dict) and entry.get("met") in dict(MET) and set(entry) <= {"met", "reason"}


class Photos(forms.ClearableFileInput):
    """Several pictures at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """The list of pictures that were chosen; empty without one."""

    widget = Photos

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each of them."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(each, initial) for each in given]


class VisitForm(forms.ModelForm[Visit]):
    """A day on site."""

    photos = PhotosField(
        label=gettext_lazy("Photos"), required=False, help_text=gettext_lazy("PNG or JPEG, several at once.")
    )

    class Meta:
        model = Visit
        fields = ("visited_on", "place", "people", "seen")
        widgets: ClassVar[dict[str, Any]] = {
            "visited_on": DayInput,
            "seen": forms.Textarea(attrs={"rows": 4}),
        }

    def _post_clean(self) -> None:
        """The action judges the row."""


class WorkbookForm(forms.Form):
    """The workbook that was filled in on site, with the photos that it names."""

    intro: ClassVar[Any] = gettext_lazy(
        "Rows with points replace those of the draft; empty rows leave it as it is. Every visit with a date becomes "
        "a site visit. If any row is wrong, nothing is changed and you are told which."
    )

    file = forms.FileField(label=gettext_lazy("Workbook (XLSX)"))
    photos = PhotosField(
        label=gettext_lazy("Photos that it names"),
        required=False,
        help_text=gettext_lazy("PNG or JPEG, several at once."),
    )


class DeclareForm(forms.Form):
    """The declaration of independence, in the person's own words."""

    declared = forms.CharField(
        label=gettext_lazy("My declaration of independence for this case"),
        help_text=gettext_lazy(
            "Say that you neither advised, own, work for nor are related to the applicant."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )
