"""The forms of complaints: to send one, to ask the holder, to answer, to decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.complaint.models import Outcome
from certification.hearing.forms import NamedForm
from certification.verbforms import DayInput
from greenchain.clock import today, working_days_after

ANSWER_DAYS = 10
"""Working days that are proposed for the holder's answer (ours)."""


class ComplainForm(NamedForm):
    """Who complains, of what, and on what evidence."""


class AskForm(forms.Form):
    """What holder or body are told, and until when to answer."""

    substance = forms.CharField(
        label=_("What the holder is told"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        help_text=_("In your own words: nothing that tells who complains."),
    )
    answer_by = forms.DateField(label=_("Answer by"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer_by"].initial = working_days_after(today(), ANSWER_DAYS)


class ReplyForm(forms.Form):
    """What holder or body say to it."""

    text = forms.CharField(label=_("Our answer"), widget=forms.Textarea(attrs={"rows": 6}), max_length=8000)


class DecideForm(forms.Form):
    """Founded or not, and why."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[(each.value, each.label) for each in (Outcome.FOUNDED, Outcome.UNFOUNDED)],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        help_text=_("The complainant reads them, in the letter too."),
    )
