"""Forms of the desks' verbs."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.assessment.guards import blocking
from certification.examination.models import ReasonCode
from certification.verbforms import DayInput, ReasonsForm, VerbForm
from greenchain.accounts.models import Role, User
from greenchain.clock import today, working_days_after


class EndorseForm(VerbForm):
    """The desk's opinion."""

    opinion = forms.CharField(label=_("Opinion"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class SendBackForm(VerbForm):
    """Reason codes, a note and the day by which to answer."""

    codes = forms.MultipleChoiceField(
        label=_("Reasons"), choices=ReasonCode.choices, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(
        label=_("What exactly to change"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
    named = forms.MultipleChoiceField(
        label=_("Only these parts may change"),
        help_text=_("Leave empty to allow any change."),
        choices=[
            ("form", _("form")),
            ("figures", _("figures")),
            ("claims", _("self-scores")),
            ("evidence", _("evidence")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    due_on = forms.DateField(label=_("Answer by"), widget=DayInput())

    case: Application

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = working_days_after(today(), self.case.round.return_days)


class ExtendForm(VerbForm):
    """A later day."""

    due_on = forms.DateField(label=_("Answer by"), widget=DayInput())


RULINGS = (
    gettext_noop("none"),
    gettext_noop("half"),
    gettext_noop("full"),
    gettext_noop("yes"),
    gettext_noop("no"),
    gettext_noop("confirmed"),
    gettext_noop("cleared"),
)
"""What judgements, applicability and veto hits are ruled to be."""


class CorrectForm(VerbForm):
    """What is replaced by what, and why."""

    code = forms.CharField(label=_("Indicator or gate"), max_length=60)
    field = forms.ChoiceField(
        label=_("What"),
        choices=[
            ("value", _("value")),
            ("judgement", _("judgement")),
            ("not_applicable", _("not applicable")),
            ("veto", _("veto hit")),
        ],
    )
    before = forms.CharField(label=_("Changed from"), max_length=60, required=False)
    after = forms.CharField(
        label=_("Changed to"),
        max_length=60,
        help_text=_("A number for a value; otherwise one of the words: %(words)s."),
    )
    reasons = forms.CharField(label=_("Because"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = ", ".join(gettext(word) for word in RULINGS)
        self.fields["after"].help_text = str(self.fields["after"].help_text) % {"words": words}

    def clean_after(self) -> str:
        """The stable word for a ruling typed in the reader's language; numbers as they are."""
        given = str(self.cleaned_data["after"]).strip()
        return {gettext(word).lower(): word for word in RULINGS}.get(given.lower(), given)


class WaiveForm(ReasonsForm):
    """Which finding, who asked, and until when."""

    check_key = forms.ChoiceField(label=_("Finding"))
    requested_by = forms.ModelChoiceField(label=_("Requested by"), queryset=User.objects.none())
    until_on = forms.DateField(label=_("Until"), widget=DayInput())

    case: Application

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(finding.check_key, str(finding.text())[:120]) for finding in blocking(self.case)]
        self.fields["check_key"].choices = found  # type: ignore[attr-defined]
        auditors = User.objects.filter(role=Role.AUDITOR, authority=self.case.desk, is_active=True)
        self.fields["requested_by"].queryset = auditors  # type: ignore[attr-defined]
