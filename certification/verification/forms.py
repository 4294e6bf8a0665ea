"""Forms of on-site verification."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.corrective.forms import in_days
from certification.inquiry.models import topics
from certification.verbforms import DayInput, RowForm, VerbForm
from certification.verification.actions import earliest
from certification.verification.models import Result
from greenchain.accounts.models import Role, User
from greenchain.clock import today


class Pictures(forms.ClearableFileInput):
    """Several pictures at once."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """The list of pictures that were chosen; empty without one."""

    widget = Pictures(attrs={"accept": "image/png,image/jpeg"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each of them."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PicturesField, self).clean(each, initial) for each in given]


class PlanForm(VerbForm):
    """When, where, by whom, to see what."""

    intro = _(
        "The applicant gets a mail with the days, the place and what is looked at, at least three working days "
        "ahead. The checklist is made from the scheme with what was claimed."
    )

    starts_on = forms.DateField(label=_("First day"), widget=DayInput(), initial=earliest)
    ends_on = forms.DateField(label=_("Last day"), widget=DayInput(), initial=earliest)
    place = forms.CharField(label=_("Place"), max_length=200)
    purpose = forms.CharField(
        label=_("What is looked at"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    team = forms.ModelMultipleChoiceField(
        label=_("Team"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At least two auditors of the desk; two of them sign."),
    )
    others = forms.CharField(label=_("Who else comes along"), max_length=300, required=False)
    codes = forms.MultipleChoiceField(
        label=_("Checklist"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Leave empty for all indicators and gates. Several with Ctrl or ⌘."),
    )

    case: Application

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desk = User.objects.filter(role=Role.AUDITOR, authority=self.case.desk_id, is_active=True)
        team: Any = self.fields["team"]
        team.queryset = desk.order_by("username")
        team.label_from_instance = lambda person: person.get_full_name() or person.get_username()
        self.fields["codes"].choices = topics(self.case)[1:]  # type: ignore[attr-defined]
        address = getattr(self.case.subject, "address", "") or self.case.applicant.address
        self.fields["place"].initial = address

    def arguments(self) -> dict[str, Any]:
        """With the case."""
        return {"application": self.case, **self.cleaned_data, "team": list(self.cleaned_data["team"])}


class MoveForm(RowForm):
    """Other days, or another place."""

    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DayInput())
    place = forms.CharField(label=_("Place"), max_length=200)
    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            **{name: getattr(self.row, name) for name in ("starts_on", "ends_on", "place")},
            **self.initial,
        }


class FindForm(RowForm):
    """What was found about one line."""

    result = forms.ChoiceField(label=_("Found"), choices=Result.choices, widget=forms.RadioSelect)
    remark = forms.CharField(
        label=_("What was seen"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
        help_text=_("Needed unless it conforms."),
    )
    due_on = forms.DateField(
        label=_("To be corrected by"),
        widget=DayInput(),
        required=False,
        initial=in_days,
        help_text=_("For a nonconformity."),
    )
    photos = PicturesField(label=_("Photos"), required=False, help_text=_("PNG or JPEG, several at once."))
    taken_on = forms.DateField(label=_("Taken on"), widget=DayInput(), required=False, initial=today)
    place = forms.CharField(label=_("Where on site"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {name: getattr(self.row, name) for name in ("result", "remark", "due_on")}
        self.initial = {**{key: value for key, value in kept.items() if value}, **self.initial}


class SignForm(RowForm):
    """The conclusion that is signed."""

    intro = _(
        "You sign the findings as they stand, with their photos. When another of the team signs the same, the visit "
        "is over: the applicant sees the findings, and nonconformities are raised. A change makes earlier "
        "signatures void."
    )

    conclusion = forms.CharField(
        label=_("Conclusion"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"conclusion": self.row.conclusion, **self.initial}
