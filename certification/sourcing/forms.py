"""Forms of supplier management: what is looked for, a grade of one's own, audits, findings and their closing."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from certification.chain.forms import ALL, asked
from certification.chain.status import State
from certification.sourcing.models import AuditFinding, Grade, SupplierAudit, SupplierGrade
from certification.sourcing.rules import GRADES
from certification.verbforms import DayInput
from greenchain.clock import today
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.models import Evidence

SOON = dt.timedelta(days=30)
"""What is due within so many days is due soon."""
CORRECTION = dt.timedelta(days=30)
"""The form proposes so many days for a correction (ours)."""
FILES = 200
"""Files of a vault that a form offers, the newest first."""
RISK = Case(*(When(grade=grade, then=Value(place)) for place, grade in enumerate(GRADES)))
SORTED = {
    "risk": (RISK, "-points", "supplier__name", "pk"),
    "spend": (F("spend").desc(nulls_last=True), "supplier__name", "pk"),
    "audit": (F("audit_due_on").asc(nulls_last=True), RISK, "pk"),
    "name": ("supplier__name", "pk"),
}


class GradesForm(forms.Form):
    """Find suppliers by name, grade, title and answers; in an order."""

    q = forms.CharField(label=_("Supplier"), required=False, max_length=100)
    grade = forms.ChoiceField(label=_("Grade"), required=False, choices=[ALL, *Grade.choices])
    state = forms.ChoiceField(label=_("Title state"), required=False, choices=[ALL, *State.choices])
    answers = forms.ChoiceField(
        label=_("Answers"),
        required=False,
        choices=[ALL, ("shared", _("shared")), ("stale", _("out of date")), ("none", _("not shared"))],
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("risk", _("highest risk first")),
            ("spend", _("highest spend first")),
            ("audit", _("next audit first")),
            ("name", _("by name")),
        ],
    )

    def among(self, rows: QuerySet[SupplierGrade]) -> QuerySet[SupplierGrade]:
        """Those that were asked for, in the order that was asked for."""
        wanted = asked(self)
        exact = {name: wanted[name] for name in ("grade", "state", "answers") if wanted.get(name)}
        found = rows.filter(_named(wanted.get("q")), **exact)
        return found.order_by(*SORTED[wanted.get("sort") or "risk"])


class AuditsForm(forms.Form):
    """Find audits by supplier, by how far they are and by how."""

    q = forms.CharField(label=_("Supplier"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[ALL, ("planned", _("planned")), ("done", _("done")), ("cancelled", _("cancelled"))],
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *SupplierAudit.Kind.choices])

    def among(self, rows: Any) -> Any:
        """Those that were asked for."""
        wanted = asked(self)
        found = rows.filter(_named(wanted.get("q")))
        match wanted.get("state"):
            case "planned":
                found = found.planned()
            case "done":
                found = found.done()
            case "cancelled":
                found = found.filter(cancelled_at__isnull=False)
        return found.filter(kind=wanted["kind"]) if wanted.get("kind") else found


class ChooseForm(forms.Form):
    """A grade of one's own."""

    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)


class PlanForm(forms.Form):
    """An audit to come."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SupplierAudit.Kind.choices, widget=forms.RadioSelect)
    planned_on = forms.DateField(label=_("Planned for"), widget=DayInput())
    auditor = forms.CharField(
        label=_("Auditor"), max_length=120, help_text=_("The person or body that audits for you.")
    )


class MoveForm(forms.Form):
    """Another day."""

    planned_on = forms.DateField(label=_("Planned for"), widget=DayInput())


class FinishForm(forms.Form):
    """What came of an audit."""

    done_on = forms.DateField(label=_("Done on"), widget=DayInput(), initial=today)
    auditor = forms.CharField(label=_("Auditor"), max_length=120)
    result = forms.ChoiceField(
        label=_("Result"), choices=SupplierAudit.Result.choices, widget=forms.RadioSelect
    )
    summary = forms.CharField(label=_("Summary"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)


class CancelForm(forms.Form):
    """Why it does not take place."""

    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


def in_days() -> dt.date:
    """The day that the form proposes."""
    return today() + CORRECTION


class FindingForm(forms.Form):
    """What an audit found."""

    severity = forms.ChoiceField(
        label=_("Severity"), choices=AuditFinding.Severity.choices, widget=forms.RadioSelect
    )
    description = forms.CharField(
        label=_("What was found"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
    due_on = forms.DateField(label=_("To be corrected by"), widget=DayInput(), initial=in_days)


class _OfVault(forms.Form):
    """A form with a file of a vault."""

    file_name: str

    def __init__(self, *args: Any, owner: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Evidence.objects.current().filter(enterprise=owner)
        newest = list(mine.order_by("-pk").values_list("pk", flat=True)[:FILES])
        self.fields[self.file_name] = forms.ModelChoiceField(
            label=_("A file of your vault"),
            queryset=mine.filter(pk__in=newest).order_by("-pk"),
            required=False,
        )


class CloseForm(_OfVault):
    """How a finding was mended."""

    file_name = "evidence"

    closing = forms.CharField(
        label=_("What was done"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
    closed_on = forms.DateField(label=_("Closed on"), widget=DayInput(), initial=today)


class AnswerForm(_OfVault):
    """What the supplier says to a finding."""

    file_name = "proof"

    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)


def _named(text: str | None) -> Q:
    text = (text or "").strip()
    names = Q(supplier__name__icontains=text) | Q(supplier__name_en__icontains=text)
    return names | Q(supplier__identifier__iexact=text) if text else Q()
