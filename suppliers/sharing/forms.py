"""Forms of the supplier: its answers, and what it consents to."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from suppliers.enterprise.forms import DayInput
from suppliers.enterprise.identifiers import normalise
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.kinds import KINDS
from suppliers.evidence.models import Evidence
from suppliers.sharing.answers import LONGEST, Figure, files_for
from suppliers.sharing.models import AnswerSet
from suppliers.sharing.questionnaire import Question
from suppliers.supply.models import SupplyLink

YES_NO = [("", gettext_lazy("not answered")), ("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))]


class AnswersForm(forms.Form):
    """A field for each question; what the reports answer has none. ``whole``: what must be answered is."""

    use_required_attribute = False

    def __init__(self, data: Any, *, row: AnswerSet, figures: dict[str, Figure], whole: bool = True) -> None:
        super().__init__(data, initial=row.values)
        self.row, self.figures = row, figures
        for key, question in row.questionnaire.questions.items():
            if key not in figures:
                self.fields[key] = _field(question, row.enterprise, required=question.required and whole)

    def sections(self) -> list[tuple[Any, list[dict[str, Any]]]]:
        """Section by section each question with its field, or with the figure of the reports."""
        asked = self.row.questionnaire
        return [
            (
                section,
                [
                    {
                        "question": each,
                        "figure": self.figures.get(each.key),
                        "field": self[each.key] if each.key in self.fields else None,
                    }
                    for each in asked.of(section)
                ],
            )
            for section in asked.sections
        ]

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        return {
            key: value.pk if isinstance(value, Evidence) else value
            for key, value in self.cleaned_data.items()
        }


def _field(question: Question, enterprise: Enterprise, *, required: bool) -> forms.Field:
    label = f"{question} ({question.unit})" if question.unit else str(question)
    common: dict[str, Any] = {"label": label, "required": required}
    match question.kind:
        case "yes_no":
            return forms.ChoiceField(choices=YES_NO, **common)
        case "choice":
            words = [(each.key, str(each)) for each in question.options]
            return forms.ChoiceField(choices=[("", _("not answered")), *words], **common)
        case "number":
            return forms.DecimalField(min_value=0, max_digits=19, decimal_places=4, **common)
        case "text":
            return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}), **common)
        case _:
            files = files_for(question, enterprise).order_by("-uploaded_at")
            return forms.ModelChoiceField(files, empty_label=_("no file"), **common)


class ConsentForm(forms.Form):
    """Who may read what, from when until when."""

    buyer = forms.ModelChoiceField(
        label=gettext_lazy("Buyer"),
        queryset=Enterprise.objects.none(),
        required=False,
        empty_label=gettext_lazy("all my buyers"),
    )
    other = forms.CharField(
        label=gettext_lazy("Or another enterprise, by its identifier"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("For a buyer further up the chain. Leave empty to use the choice above."),
    )
    answers = forms.BooleanField(label=gettext_lazy("My profile and answers"), required=False)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Files of these kinds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Files that come into the vault later are shared too, while the consent holds."
        ),
    )
    named = forms.BooleanField(
        label=gettext_lazy("My name beyond the first tier"),
        required=False,
        help_text=gettext_lazy(
            "Buyers further up read your name in their chain instead of “a supplier of …”; “all” are those "
            "in whose chain you stand."
        ),
    )
    since_on = forms.DateField(label=gettext_lazy("From"), required=False, widget=DayInput())
    until_on = forms.DateField(
        label=gettext_lazy("Until"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Empty: until you withdraw it."),
    )

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        links = SupplyLink.objects.current().filter(supplier=enterprise).values("buyer")
        asked = enterprise.invitations.exclude(status="draft").values("buyer")
        known = Enterprise.objects.filter(Q(pk__in=links) | Q(pk__in=asked)).order_by("name")
        self.fields["buyer"].queryset = known  # type: ignore[attr-defined]
        held = Evidence.objects.current().filter(enterprise=enterprise).values_list("kind", flat=True)
        there = set(held.order_by("kind").distinct())
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (key, str(kind)) for key, kind in KINDS.items() if key in there
        ]

    def clean_other(self) -> Enterprise | None:
        """The enterprise that the identifier names; names and identifiers are public."""
        scheme, _colon, text = self.cleaned_data["other"].strip().rpartition(":")
        if not text:
            return None
        scheme = scheme.strip().lower() or Enterprise.Scheme.USCC
        found = Enterprise.objects.identified(scheme, normalise(scheme, text)).first()
        if found is None:
            raise ValidationError(_("No enterprise is known by this identifier."), code="unknown")
        return found

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        data["buyer"] = data.pop("other") or data["buyer"]
        return data
