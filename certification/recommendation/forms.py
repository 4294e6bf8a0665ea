"""Forms of the package."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.recommendation.models import Recommendation, Recommended


class RecommendForm(forms.Form):
    """The letter, and one opinion for all if wanted."""

    letter = forms.CharField(
        label=_("Letter"),
        widget=forms.Textarea({"rows": 4}),
        max_length=8000,
        help_text=_("The table of the cases is added to it."),
    )
    opinion = forms.CharField(
        label=_("Shared opinion"),
        widget=forms.Textarea({"rows": 3}),
        max_length=4000,
        required=False,
        help_text=_(
            "Left empty, each case keeps the opinion of its endorsement; you can word each one afterwards."
        ),
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:  # noqa: ARG002 - batches say who does it
        super().__init__(*args, **kwargs)
        self.fields["letter"].initial = _(
            "After examination on site and of the files, and after the departments were heard, we find that the "
            "units below are what they say they are, advanced and representative."
        )


class OpinionsForm(forms.Form):
    """The opinion on each case."""

    def __init__(self, *args: Any, row: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines: list[Recommended] = list(row.recommended.order_by("rank", "application__number"))
        for line in self.lines:
            self.fields[f"opinion_{line.application_id}"] = forms.CharField(
                label=str(line), widget=forms.Textarea({"rows": 2}), max_length=4000, initial=line.opinion
            )

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        keys = [line.application_id for line in self.lines]
        return {"opinions": {key: self.cleaned_data[f"opinion_{key}"] for key in keys}}


class SealForm(forms.Form):
    """The signed and sealed copy."""

    upload = forms.FileField(label=_("Sealed copy"), help_text=_("PDF, PNG, JPEG, OFD or DOCX."))

    def __init__(self, *args: Any, row: Recommendation, **kwargs: Any) -> None:  # noqa: ARG002 - forms know the row
        super().__init__(*args, **kwargs)
