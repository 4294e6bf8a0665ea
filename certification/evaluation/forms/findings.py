"""Forms of what evaluators find: points and gates, days on site, the workbook."""

import json
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.application.local import gates_of
from certification.application.models import Application
from certification.body.models import Body, Staff
from certification.evaluation.findings import LONGEST, MET
from certification.evaluation.models import Visit, Worksheet
from certification.scheme.definition import Indicator
from certification.verbforms import DayInput, VerbForm


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
