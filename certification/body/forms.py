"""What a body declares of itself, and the entries of its lists."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.body.models import Body, Consulting, Employer, Shareholder, Staff
from certification.scheme.models import Subject
from certification.verbforms import DayInput
from greenchain.accounts.models import Role, User
from greenchain.clock import today

PERIOD = ("since_on", "until_on")
DAYS: dict[str, Any] = {"since_on": DayInput, "until_on": DayInput}


class Judged(forms.ModelForm[Any]):
    """The action judges the row."""

    def _post_clean(self) -> None:
        """Nothing is written to the row here."""


class OwnBodyForm(Judged):
    """A body as it declares itself."""

    scope = forms.MultipleChoiceField(
        label=_("Evaluates"),
        choices=Subject.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Subject.SITE],
    )

    class Meta:
        model = Body
        fields: ClassVar[tuple[str, ...]] = (
            "name",
            "name_en",
            "identifier",
            "legal_representative",
            "address",
            "contact_email",
            "registered_on",
            "scope",
            "shareholders_on",
            "consulting_on",
        )
        widgets: ClassVar[dict[str, Any]] = dict.fromkeys(
            ("registered_on", "shareholders_on", "consulting_on"), DayInput
        )


class BodyForm(OwnBodyForm):
    """The same, with the evaluators who act for it."""

    class Meta(OwnBodyForm.Meta):
        fields = (*OwnBodyForm.Meta.fields, "members")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = User.objects.filter(role=Role.EVALUATOR)  # type: ignore[attr-defined]


class StaffForm(Judged):
    """A member of staff."""

    class Meta:
        model = Staff
        fields = ("name", "title", "field", "full_time", "email", *PERIOD, "past_on")
        widgets: ClassVar[dict[str, Any]] = DAYS | {"past_on": DayInput}


class EmployerForm(Judged):
    """An employer of one of the staff, past or beside the body."""

    class Meta:
        model = Employer
        fields = ("staff", "name", "identifier", *PERIOD)
        widgets: ClassVar[dict[str, Any]] = DAYS


class ShareholderForm(Judged):
    """Who owns a part of the body."""

    class Meta:
        model = Shareholder
        fields = ("name", "identifier", "share", *PERIOD)
        widgets: ClassVar[dict[str, Any]] = DAYS


class ConsultingForm(Judged):
    """A contract by which the body advised somebody."""

    class Meta:
        model = Consulting
        fields = ("name", "identifier", "about", *PERIOD)
        widgets: ClassVar[dict[str, Any]] = DAYS


ENTRIES: dict[str, type[forms.ModelForm[Any]]] = {
    "staff": StaffForm,
    "employers": EmployerForm,
    "shareholders": ShareholderForm,
    "consulting": ConsultingForm,
}


class PaperForm(forms.Form):
    """A document that shows what the body declares."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    upload = forms.FileField(label=_("File"))


class SanctionForm(forms.Form):
    """From when to when the body's reports are not accepted, and why."""

    since_on = forms.DateField(label=_("From"), widget=DayInput, initial=today)
    until_on = forms.DateField(label=_("Until"), widget=DayInput)
    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)
