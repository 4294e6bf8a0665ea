"""The expert's form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.verbforms import ReasonsForm


class ScoreForm(ReasonsForm):
    """Points out of 100, reasons, and the declaration of independence."""

    points = forms.DecimalField(label=_("Points of 100"), min_value=0, max_value=100, decimal_places=2)
    declared = forms.CharField(
        label=_("My declaration of independence for this case"),
        help_text=_("Say that you neither advised, own, work for nor are related to the applicant."),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
