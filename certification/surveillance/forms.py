"""Forms of a title's verbs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.surveillance.models import Cause, Measure
from certification.verbforms import DayInput, ReasonsForm, VerbForm
from greenchain.clock import today, working_days_after


class ProposeForm(ReasonsForm):
    """Cause, reasons, and the day by which the holder may answer."""

    measure = forms.ChoiceField(label=_("What is proposed"), choices=Measure.choices, required=False)
    cause = forms.ChoiceField(label=_("Cause"), choices=Cause.choices)
    reply_by = forms.DateField(label=_("Reply by"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reply_by"].initial = working_days_after(today(), 10)
        self.fields["measure"].initial = Measure.REMOVE

    def clean_measure(self) -> str:
        """Removal, unless said otherwise."""
        return self.cleaned_data["measure"] or Measure.REMOVE


class SuspendForm(ReasonsForm):
    """Reasons and an end. Suspension is this platform's rule, not the ministry's."""

    intro = _("Suspension is a rule of this platform, not of the ministry. A suspended title does not count.")
    until_on = forms.DateField(label=_("Until"), widget=DayInput())


class RevokeForm(ReasonsForm):
    """Only fault bars a new application, for three years."""

    intro = _(
        "The holder is heard first: propose removal, and revoke once it has answered or its time is over. "
        "Only fault bars it from applying again."
    )
    cause = forms.ChoiceField(label=_("Cause"), choices=Cause.choices)


class ReinstateForm(VerbForm):
    """How the cause was cured."""

    cured = forms.CharField(label=_("How the cause was cured"), widget=forms.Textarea(attrs={"rows": 3}))


class AmendForm(ReasonsForm):
    """The new name, with reasons."""

    name = forms.CharField(label=_("New name"), max_length=200)
    name_en = forms.CharField(label=_("New English name"), max_length=200, required=False)


class ReplyForm(forms.Form):
    """The holder's answer to a proposal."""

    text = forms.CharField(label=_("Our answer"), widget=forms.Textarea(attrs={"rows": 5}), max_length=8000)


class OpinionForm(forms.Form):
    """The text of an opinion; needed unless the form is accepted."""

    text = forms.CharField(
        label=_("Text of the opinion"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
        help_text=_("Needed when the form is sent back or the site is to be seen."),
    )


class StandByForm(forms.Form):
    """Why the suspension stands, and until when."""

    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)
    until_on = forms.DateField(label=_("Until"), widget=DayInput())
