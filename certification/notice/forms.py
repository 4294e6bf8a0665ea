"""The form by which anyone identified objects."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.verbforms import VerbForm
from suppliers.evidence.forms import checked_upload


class ContestForm(VerbForm):
    """Who objects, to what, and on what evidence."""

    name = forms.CharField(label=_("Your name"), max_length=100)
    contact = forms.CharField(label=_("E-mail or phone"), max_length=120)
    statement = forms.CharField(
        label=_("What is wrong, and how do you know?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=8000,
    )
    evidence = forms.FileField(
        label=_("Evidence"),
        required=False,
        help_text=_("PDF, image, XLSX or DOCX, at most 20 MB."),
        validators=[checked_upload],
    )
