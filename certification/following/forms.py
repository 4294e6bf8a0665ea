"""The form by which anybody follows a title."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class FollowForm(forms.Form):
    """An address, and the language of its mails."""

    contact = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    language = forms.ChoiceField(label=_("Language of the mails"), choices=settings.LANGUAGES)
