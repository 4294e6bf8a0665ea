"""What everybody who is heard fills in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from suppliers.evidence.forms import ACCEPT, KEPT, checked_upload

MOST_FILES = 5


class Files(forms.ClearableFileInput):
    """The browser's own choice of several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to ``MOST_FILES`` files, each inspected; the cleaned value is a list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Evidence"))
        kwargs.setdefault("help_text", KEPT)
        kwargs.setdefault("required", False)
        super().__init__(widget=Files(attrs={"accept": ACCEPT, "multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file by itself."""
        given = [each for each in (data if isinstance(data, list | tuple) else [data]) if each]
        if len(given) > MOST_FILES:
            raise ValidationError(_("At most %(most)d files.") % {"most": MOST_FILES}, code="max_files")
        files = [super(FilesField, self).clean(each, initial) for each in given or [None]]
        kept = [each for each in files if each]
        for each in kept:
            checked_upload(each)
        return kept


class NamedForm(forms.Form):
    """Who speaks and what they say. Names are asked for, and never shown to whom it is about."""

    name = forms.CharField(label=gettext_lazy("Your name"), max_length=100)
    contact = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        help_text=gettext_lazy("We send a link there; it counts once you have opened it and confirmed."),
    )
    statement = forms.CharField(
        label=gettext_lazy("What is wrong, and how do you know?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=8000,
    )
    evidence = FilesField()
