"""Forms of nonconformities and corrective actions."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.corrective.models import Severity
from certification.inquiry.forms import AttachingForm
from certification.inquiry.models import topics
from certification.verbforms import DayInput, RowForm, RowReasonsForm, VerbForm
from greenchain.clock import today

DAYS = 30
"""Days that the form proposes for a correction (our suggestion)."""


def in_days() -> dt.date:
    """The day that the form proposes."""
    return today() + dt.timedelta(days=DAYS)


class RaiseForm(VerbForm):
    """What does not conform."""

    intro = _(
        "The applicant gets a mail, says what the cause was and what was done, and the desk accepts or turns it "
        "down. While a major one is open, the case cannot be endorsed."
    )

    about = forms.ChoiceField(label=_("Clause"), required=False)
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    description = forms.CharField(
        label=_("What does not conform"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
    due_on = forms.DateField(label=_("To be corrected by"), widget=DayInput(), initial=in_days)

    case: Application

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = topics(self.case)  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """With the case."""
        return {"application": self.case, **self.cleaned_data}


class RespondForm(AttachingForm):
    """Cause and correction, with what proves it."""

    root_cause = forms.CharField(
        label=_("Root cause"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )
    correction = forms.CharField(
        label=_("What was done, and what keeps it from happening again"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
    )
    field_order = ("root_cause", "correction", "evidence", "file", "kind")


class AcceptForm(RowForm):
    """The correction does."""

    reasons = forms.CharField(
        label=_("Remark"), widget=forms.Textarea(attrs={"rows": 2}), max_length=4000, required=False
    )


class TurnDownForm(RowReasonsForm):
    """The correction does not do: why, and until when."""

    due_on = forms.DateField(label=_("To be corrected by"), widget=DayInput(), initial=in_days)
