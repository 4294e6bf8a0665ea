"""Forms of seats: who takes one, and what they declare."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.application.models import Application
from certification.evaluation.candidates import Candidate, candidates
from certification.evaluation.guards import PARTS
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
