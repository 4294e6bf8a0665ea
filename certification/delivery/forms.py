"""Find messages; choose how they come."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.delivery.kinds import KINDS, Rhythm
from certification.delivery.models import MailChoice


class MailForm(forms.Form):
    """Find mails by subject or addressee."""

    q = forms.CharField(label=_("Subject or addressee"), required=False, max_length=100)

    def among(self, mails: Any) -> Any:
        """Those of ``mails`` that were asked for."""
        text = self.cleaned_data["q"].strip() if self.is_valid() else ""
        person = Q(addressee__username__icontains=text) | Q(addressee__email__icontains=text)
        return mails.filter(person | Q(subject__icontains=text)) if text else mails


class InboxForm(forms.Form):
    """Find messages by words, kind, and whether they were read."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("About"), required=False)
    read = forms.ChoiceField(
        label=_("Read"),
        required=False,
        choices=[("", _("all")), ("no", _("not yet")), ("yes", _("read"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [("", _("all")), *((kind.key, kind.name) for kind in KINDS.values())]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def among(self, messages: Any) -> Any:
        """Those of ``messages`` that were asked for; what was not understood asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        if text := asked.get("q", "").strip():
            messages = messages.filter(Q(subject__icontains=text) | Q(text__icontains=text))
        if kind := asked.get("kind"):
            messages = messages.filter(kind=kind)
        if state := asked.get("read"):
            messages = messages.filter(read_at__isnull=state == "no")
        return messages


class ChoiceForm(forms.Form):
    """A way for each kind, and how often the digest comes."""

    rhythm = forms.ChoiceField(label=_("The digest comes"), choices=Rhythm.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, choice: MailChoice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rhythm"].initial = choice.rhythm
        for kind in KINDS.values():
            self.fields[kind.key] = forms.ChoiceField(
                label=kind.name,
                help_text=kind.about,
                choices=[(way.value, way.label) for way in kind.ways],
                initial=choice.ways.get(kind.key, kind.usual),
                disabled=len(kind.ways) == 1,
            )

    def arguments(self) -> dict[str, Any]:
        """What the action is called with."""
        ways = {key: self.cleaned_data[key] for key in KINDS}
        return {"rhythm": self.cleaned_data["rhythm"], "ways": ways}
