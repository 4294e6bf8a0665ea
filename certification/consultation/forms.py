"""Forms of consultations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.consultation.actions import MOST_DAYS
from certification.consultation.models import (
    Answer,
    Asked,
    Consultation,
    DepartmentContact,
    Inquiry,
    Opinion,
)
from certification.verbforms import DayInput
from greenchain.clock import today

USUAL_DAYS = 5
"""Working days that a letter proposes (ours)."""


class ConsultForm(forms.Form):
    """Which departments, what they are asked, and how long they have."""

    departments = forms.ModelMultipleChoiceField(
        label=_("Departments"),
        queryset=DepartmentContact.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Auditors and approvers keep the list under “Departments”."),
    )
    question = forms.CharField(label=_("What is asked"), widget=forms.Textarea({"rows": 4}), max_length=4000)
    days = forms.IntegerField(
        label=_("Working days to answer"), min_value=1, max_value=MOST_DAYS, initial=USUAL_DAYS
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["departments"]
        field.queryset = DepartmentContact.objects.open().filter(authority=by.authority_id).order_by("kind")
        self.fields["question"].initial = _(
            "The units below have applied for a green title. Please tell us whether in the last three years there "
            "was an accident, a penalty or an offence in your field, and whether you object to their recommendation."
        )


class HearForm(forms.Form):
    """A department's sealed reply: the file, its day, and what it says of each case."""

    inquiry = forms.ModelChoiceField(label=_("Reply of"), queryset=Inquiry.objects.none())
    upload = forms.FileField(label=_("Sealed reply"), help_text=_("PDF, PNG, JPEG, OFD or DOCX."))
    replied_on = forms.DateField(label=_("Day of the reply"), widget=DayInput())

    def __init__(self, *args: Any, row: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["inquiry"]
        field.queryset = row.inquiries.filter(replied_on__isnull=True)
        field.label_from_instance = lambda inquiry: inquiry.name
        field.empty_label = None
        self.fields["replied_on"].initial = today
        self.asked = list(row.asked.order_by("place"))
        for one in self.asked:
            key = one.application_id
            self.fields[f"answer_{key}"] = forms.ChoiceField(
                label=str(one), choices=Answer.choices, initial=Answer.NONE
            )
            self.fields[f"text_{key}"] = forms.CharField(
                label=_("In its words"), max_length=2000, required=False, widget=forms.Textarea({"rows": 1})
            )

    def head(self) -> list[forms.BoundField]:
        """What is asked once."""
        return [self[name] for name in ("inquiry", "upload", "replied_on")]

    def lines(self) -> list[tuple[Asked, forms.BoundField, forms.BoundField]]:
        """What is asked of each case."""
        return [
            (one, self[f"answer_{one.application_id}"], self[f"text_{one.application_id}"])
            for one in self.asked
        ]

    def clean(self) -> dict[str, Any]:
        """Whoever is said to object must be said to object to something."""
        data = super().clean() or {}
        for one in self.asked:
            key = one.application_id
            if data.get(f"answer_{key}") not in {None, Answer.NONE} and not data.get(f"text_{key}"):
                self.add_error(f"text_{key}", _("Say it in the department's words."))
        return data

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        answers = {
            one.application_id: (data[f"answer_{one.application_id}"], data[f"text_{one.application_id}"])
            for one in self.asked
        }
        return {**{name: data[name] for name in ("inquiry", "upload", "replied_on")}, "answers": answers}


class SettleForm(forms.Form):
    """Which answer, and what came of it."""

    opinion = forms.ModelChoiceField(label=_("Answer"), queryset=Opinion.objects.none())
    reasons = forms.CharField(
        label=_("What came of it"),
        widget=forms.Textarea({"rows": 4}),
        max_length=4000,
        help_text=_("What you looked into, what you found, and whether it is entered as a record."),
    )

    def __init__(self, *args: Any, row: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["opinion"]
        field.queryset = (
            Opinion.objects.open().filter(inquiry__consultation=row).select_related("inquiry", "asked")
        )
        field.label_from_instance = lambda one: f"{one.asked.name} – {one}"
        field.empty_label = None


class DepartmentForm(forms.ModelForm[DepartmentContact]):
    """A department and how to reach it."""

    class Meta:
        model = DepartmentContact
        fields = ("kind", "name", "contact_name", "contact_phone", "contact_email", "is_active")

    def _post_clean(self) -> None:
        """The action judges the row."""
