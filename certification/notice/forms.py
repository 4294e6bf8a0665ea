"""The forms of objections: to send one, to tell the applicant of it, to comment on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.hearing.forms import NamedForm
from certification.notice.models import Announcement, AnnouncementEntry, Objection
from certification.verbforms import DayInput, VerbForm
from greenchain.clock import today, working_days_after

COMMENT_DAYS = 5
"""Working days that are proposed for the applicant's comment (ours)."""


class ContestForm(NamedForm, VerbForm):
    """Who objects, to what, and on what evidence."""


class _About(VerbForm):
    """Which of the case's objections."""

    objection = forms.ModelChoiceField(
        label=_("Objection"), queryset=Objection.objects.none(), to_field_name="number", empty_label=None
    )

    def among(self, rows: Any) -> None:
        """Those that may be chosen."""
        self.fields["objection"].queryset = rows.filter(application=self.case).order_by("pk")  # type: ignore[attr-defined]


class RelayForm(_About):
    """What the applicant is told, and until when to comment."""

    substance = forms.CharField(
        label=_("What the applicant is told"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        help_text=_("In your own words: nothing that tells who objects."),
    )
    comment_by = forms.DateField(label=_("Comment by"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.among(Objection.objects.open().filter(told_at__isnull=True))
        self.fields["comment_by"].initial = working_days_after(today(), COMMENT_DAYS)


class CommentForm(_About):
    """What the applicant says to it."""

    text = forms.CharField(label=_("Our comment"), widget=forms.Textarea(attrs={"rows": 6}), max_length=8000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.among(Objection.objects.open().filter(told_at__isnull=False, commented_at__isnull=True))


class CorrectEntryForm(forms.Form):
    """Which of an announcement's entries is wrong, what it should have said, and why."""

    intro = _(
        "What was announced stays as it is. Today's announcement says how it should read, and both point to each other."
    )
    entry = forms.ModelChoiceField(label=_("Entry"), queryset=AnnouncementEntry.objects.none())
    name = forms.CharField(label=_("Name, as it should read"), max_length=200)
    reasons = forms.CharField(label=_("Reasons"), widget=forms.Textarea(attrs={"rows": 3}), max_length=280)

    def __init__(self, *args: Any, announcement: Announcement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries: Any = self.fields["entry"]
        entries.queryset = announcement.entries.filter(corrects=None).order_by("annex", "place")
        entries.label_from_instance = lambda row: f"{row.get_annex_display()} · {row.place} · {row.name}"
