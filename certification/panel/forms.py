"""The expert's form, and those of the register of experts."""

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.application.models import Application
from certification.panel.models import Expert, ExpertTie
from certification.panel.standing import judging_of
from certification.scheme.models import Scheme
from certification.verbforms import DayInput, ReasonsForm
from greenchain.accounts.models import Role, User
from suppliers.place.models import Industry


class ScoreForm(ReasonsForm):
    """Points out of 100 or by the scheme's criteria, reasons, and the declaration of independence."""

    points = forms.DecimalField(
        label=gettext_lazy("Points of 100"), min_value=0, max_value=100, decimal_places=2, required=False
    )
    criteria = forms.JSONField(
        label=gettext_lazy("Points by criterion"),
        required=False,
        widget=forms.HiddenInput,
        help_text='{"clarity": {"points": "18.5"}}',
    )
    declared = forms.CharField(
        label=gettext_lazy("My declaration of independence for this case"),
        help_text=gettext_lazy(
            "Say that you neither advised, own, work for nor are related to the applicant."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )

    case: Application

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = self.case.seats.current().filter(user=self.user)
        self.fields["declared"].required = not seats.exclude(declared="").exists()
        self.asked = judging_of(self.case).criteria
        for item in self.asked:
            self.fields[f"criterion_{item.code}"] = forms.DecimalField(
                label=str(item),
                help_text=_("0 to %(most)s points") % {"most": f"{item.points.normalize():f}"},
                min_value=0,
                max_value=item.points,
                decimal_places=2,
                required=False,
            )
        if self.asked:
            del self.fields["points"]
            names = [f"criterion_{item.code}" for item in self.asked]
            self.order_fields([*names, "reasons", "declared", "criteria"])
        else:
            del self.fields["criteria"]
            self.fields["points"].required = True

    def clean(self) -> dict[str, Any]:
        """Each criterion has its points, from its own field or from what a program sent."""
        data = super().clean() or {}
        sent = data.get("criteria") or {}
        if not isinstance(sent, dict) or set(sent) - {item.code for item in self.asked}:
            self.add_error(None, _("Give points for the scheme's criteria, by their codes."))
            return data
        given: dict[str, str] = {}
        for item in self.asked:
            name = f"criterion_{item.code}"
            value = data.get(name)
            if value is None and name not in self.errors:
                value = self._sent(name, (sent.get(item.code) or {}).get("points"))
            if value is not None:
                given[item.code] = str(value)
        data["criteria"] = given
        return data

    def _sent(self, name: str, value: Any) -> Any:
        if value is None:
            self.add_error(name, _("Give your points."))
            return None
        try:
            return self.fields[name].clean(str(value))
        except forms.ValidationError as wrong:
            self.add_error(name, wrong)
            return None

    def arguments(self) -> dict[str, Any]:
        """The total follows from the criteria where there are some."""
        data = self.cleaned_data
        told = {"reasons": data["reasons"], "declared": data["declared"]}
        if not self.asked:
            return {**told, "points": data["points"]}
        total = sum((Decimal(value) for value in data["criteria"].values()), Decimal(0))
        return {**told, "points": total, "criteria": data["criteria"]}


class ExpertForm(forms.ModelForm[Expert]):
    """Who they are, what they know, for whom they work."""

    schemes = forms.MultipleChoiceField(
        label=gettext_lazy("Schemes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None: every scheme."),
    )
    divisions = forms.MultipleChoiceField(
        label=gettext_lazy("Industries"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Divisions of GB/T 4754. None: every industry."),
    )

    class Meta:
        model = Expert
        fields: ClassVar[tuple[str, ...]] = (
            "user",
            "employer",
            "employer_identifier",
            "title",
            "schemes",
            "divisions",
            "authority",
            "listed",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schemes = [(scheme.key, str(scheme)) for scheme in Scheme.objects.order_by("key")]
        rows = Industry.objects.filter(kind=Industry.Kind.DIVISION).order_by("code")
        self.fields["schemes"].choices = schemes  # type: ignore[attr-defined]
        self.fields["divisions"].choices = [(row.code, str(row)) for row in rows]  # type: ignore[attr-defined]
        person: Any = self.fields["user"]
        person.queryset = User.objects.filter(role=Role.EXPERT).order_by("username")
        if self.instance.pk:
            person.disabled = True

    def _post_clean(self) -> None:
        """The action judges the row."""


class TieForm(forms.ModelForm[ExpertTie]):
    """What ties the expert to an enterprise or a body, from when to when."""

    class Meta:
        model = ExpertTie
        fields = ("kind", "name", "identifier", "since_on", "until_on")
        widgets: ClassVar[dict[str, Any]] = {"since_on": DayInput, "until_on": DayInput}

    def _post_clean(self) -> None:
        """The action judges the row."""


class AwayForm(forms.Form):
    """When the expert cannot be drawn; both empty: at hand."""

    away_from = forms.DateField(label=gettext_lazy("Away from"), widget=DayInput, required=False)
    away_until = forms.DateField(label=gettext_lazy("Away until"), widget=DayInput, required=False)
