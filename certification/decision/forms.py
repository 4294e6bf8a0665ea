"""The form of an appeal."""

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.decision.guards import appeal_term, appeal_until
from certification.hearing.forms import FilesField
from certification.verbforms import VerbForm


class AppealForm(VerbForm):
    """Grounds and new evidence."""

    reasons = forms.CharField(
        label=gettext_lazy("Grounds"),
        widget=forms.Textarea(attrs={"rows": 7}),
        max_length=8000,
    )
    evidence = FilesField(label=gettext_lazy("New evidence"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = {"day": date_format(appeal_until(self.case), "DATE_FORMAT"), "term": appeal_term(self.case)}
        self.fields["reasons"].help_text = (
            _(
                "What is wrong with the outcome, and what was not known before. You may appeal until %(day)s "
                "(%(term)s), once. Somebody who took no part decides; until then the outcome stands as it is: a "
                "suspended title does not count, a revoked one has ended."
            )
            % told
        )
