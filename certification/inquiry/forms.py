"""Forms of questions and answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.inquiry.models import topics
from certification.verbforms import DayInput, RowForm, VerbForm
from greenchain.clock import today, working_days_after
from suppliers.evidence.forms import file_field
from suppliers.evidence.kinds import choices
from suppliers.evidence.models import Evidence

ANSWER_DAYS = 10
"""Working days that the form proposes for an answer (our suggestion)."""
SHOWN = 200
"""Files of a vault that a form offers, the newest first."""


class DueForm(VerbForm):
    """What is asked, and until when."""

    text = forms.CharField(label=_("Question"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)
    due_on = forms.DateField(label=_("Answer by"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = working_days_after(today(), ANSWER_DAYS)


class AskForm(DueForm):
    """A question to the applicant."""

    intro = _(
        "Asking does not stop the clock of the case, and the applicant can change nothing but answer. "
        "To have the application itself changed, send it back: then the clock stops."
    )

    about = forms.ChoiceField(label=_("About"), required=False)
    evidence = forms.ModelChoiceField(
        label=_("A file that the case cites"), queryset=Evidence.objects.none(), required=False
    )
    field_order = ("about", "evidence", "text", "due_on")

    case: Application

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = topics(self.case)  # type: ignore[attr-defined]
        dossier = self.case.dossier
        cited = {row["evidence"] for row in dossier.content["citations"]} if dossier else set()
        files = Evidence.objects.filter(pk__in=cited).order_by("title", "pk")
        self.fields["evidence"].queryset = files  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """With the case."""
        return {"application": self.case, **self.cleaned_data}


class AskAgainForm(DueForm, RowForm):
    """More is asked in the same thread."""


class AttachingForm(RowForm):
    """Words with files of the vault."""

    evidence = forms.ModelMultipleChoiceField(
        label=_("Files of your vault"),
        queryset=Evidence.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Several with Ctrl or ⌘."),
    )
    file = file_field(label=_("Or a new file; it goes into the vault"), required=False)
    kind = forms.ChoiceField(label=_("Kind of the new file"), required=False)

    case: Application

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Evidence.objects.current().filter(enterprise=self.case.applicant_id)
        newest = mine.order_by("-pk").values_list("pk", flat=True)[:SHOWN]
        self.fields["evidence"].queryset = mine.filter(pk__in=list(newest)).order_by("-pk")  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", "–"), *choices()]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """The new file under the name that the actions know."""
        given = dict(self.cleaned_data)
        upload = given.pop("file", None)
        return {**given, "upload": upload}


class AnswerForm(AttachingForm):
    """What the applicant answers."""

    intro = _("Your answer and its files stay on record. The application itself does not change by it.")

    text = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 5}), max_length=8000)
    field_order = ("text", "evidence", "file", "kind")


class SettleForm(RowForm):
    """Nothing more is asked."""

    intro = _("The thread is closed: the applicant can no longer answer.")
