"""Forms of seats and evaluations."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.application.models import Application
from certification.evaluation.guards import PARTS
from certification.verbforms import VerbForm
from certification.workflow import Status
from greenchain.accounts.models import Role, User


class AssignForm(VerbForm):
    """Who takes the seat that this status needs."""

    user = forms.ModelChoiceField(label=gettext_lazy("Person"), queryset=User.objects.none())

    case: Application

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = PARTS.get(Status(self.case.status), Role.AUDITOR)
        people = User.objects.filter(role=self.part, is_active=True)
        if self.part == Role.AUDITOR:
            people = people.filter(authority=self.case.desk)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """The person and the part."""
        return {"user": self.cleaned_data["user"], "part": self.part}


class EvaluateForm(VerbForm):
    """Points with a reason for each indicator; three people sign."""

    technical_reviewer = forms.CharField(label=gettext_lazy("Technical reviewer"), max_length=100)
    signatory = forms.CharField(label=gettext_lazy("Signatory"), max_length=100)
    conclusion = forms.CharField(
        label=gettext_lazy("Conclusion"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
    points = forms.JSONField(
        label=gettext_lazy("Points"),
        required=False,
        widget=forms.HiddenInput,
        help_text='{"E1": {"points": "5.5", "reason": "…"}}',
    )

    case: Application

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in self.case.scheme_version.definition.indicators:
            self.fields[f"points_{item.code}"] = forms.DecimalField(
                label=f"{item} (0–{item.weight.normalize():f})",
                min_value=0,
                max_value=item.weight,
                required=False,
            )
            self.fields[f"reason_{item.code}"] = forms.CharField(
                label=_("%(code)s: reason") % {"code": item.code}, max_length=1000, required=False
            )

    def clean_points(self) -> Any:
        """Only the scheme's own indicators are given points."""
        given, indicators = self.cleaned_data["points"], self.case.scheme_version.definition.indicators
        if given and (not isinstance(given, dict) or given.keys() - {item.code for item in indicators}):
            raise forms.ValidationError(_("Points are given by the codes of this scheme's indicators."))
        return given

    def arguments(self) -> dict[str, Any]:
        """Points either as one mapping (API) or field by field (page)."""
        data = self.cleaned_data
        points = data["points"] or {
            item.code: {"points": str(data[f"points_{item.code}"]), "reason": data[f"reason_{item.code}"]}
            for item in self.case.scheme_version.definition.indicators
            if data.get(f"points_{item.code}") is not None
        }
        keys = ("technical_reviewer", "signatory", "conclusion")
        return {key: data[key] for key in keys} | {"points": json.loads(json.dumps(points, default=str))}


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
