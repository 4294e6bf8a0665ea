"""The form of an internal note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.verbforms import VerbForm


class NoteForm(VerbForm):
    """The words, and who else may read them."""

    intro = _(
        "For colleagues of your authority. The applicant, evaluators and experts never see it, and it is in no "
        "export, print or mail. It cannot be changed later."
    )

    text = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)
    shared = forms.BooleanField(label=_("The authorities above may read it too"), required=False)

    def arguments(self) -> dict[str, Any]:
        """With the case."""
        return {"application": self.case, **self.cleaned_data}
