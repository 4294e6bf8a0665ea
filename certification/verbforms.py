"""The base of every verb's form: it knows the case and the person, and its cleaned data are the action's arguments."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.workflow import Case


class VerbForm(forms.Form):
    """One form per verb, shared by portal, admin and API."""

    intro: ClassVar[Any] = ""

    def __init__(self, *args: Any, case: Case, user: Any, **kwargs: Any) -> None:
        self.case = case
        self.user = user
        super().__init__(*args, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """What the action is called with."""
        return dict(self.cleaned_data)


class RowForm(VerbForm):
    """An act on a row that stands on a case: a question, a finding."""

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        self.row = row
        super().__init__(*args, **kwargs)


class RowReasonsForm(RowForm):
    """Reasons are mandatory."""

    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)


class ReasonsForm(VerbForm):
    """Reasons are mandatory."""

    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)


class OptionalReasonsForm(VerbForm):
    """Reasons are welcome."""

    reasons = forms.CharField(
        label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000, required=False
    )


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)
