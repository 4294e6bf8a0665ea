"""Forms of the compliance records' acts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from greenchain.clock import today
from suppliers.enterprise.models import Enterprise, Site
from suppliers.record.models import ComplianceRecord


class EnterForm(forms.ModelForm[ComplianceRecord]):
    """A fact with its source and day, about an enterprise of the official's territory."""

    class Meta:
        model = ComplianceRecord
        fields = (
            "enterprise",
            "site",
            "kind",
            "title",
            "details",
            "source",
            "source_url",
            "severity",
            "happened_on",
            "cleared_on",
            "match",
        )
        widgets = {
            "happened_on": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "cleared_on": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "details": forms.Textarea({"rows": 4}),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enterprise"].queryset = Enterprise.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["site"].queryset = Site.objects.visible_to(user)  # type: ignore[attr-defined]


class ClearForm(forms.Form):
    """The day on which the cause ended, and how that is known."""

    cleared_on = forms.DateField(
        label=_("Ended on"), initial=today, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea({"rows": 3}), max_length=4000)
