"""What desks and evaluators ask of an applicant, case by case: one query per kind, for one case as for many."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.corrective.models import ALIVE, Nonconformity
from certification.inquiry.models import Question
from greenchain.clock import today, working_days_between

ASKING = frozenset({"ask", "raise_nonconformity"})
"""Verbs that leave something for the applicant to do."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: what, about what, by when, and where."""

    what: str
    about: str
    url: str
    label: str
    due_on: dt.date | None = None
    note: str = ""

    @property
    def days_left(self) -> int | None:
        """Working days until it is due; negative when overdue."""
        return None if self.due_on is None else working_days_between(today(), self.due_on)

    @property
    def state(self) -> str:
        """How urgent: ``overdue``, ``soon`` or ``open``."""
        left = self.days_left
        return "open" if left is None or left > 10 else "soon" if left >= 0 else "overdue"  # noqa: PLR2004


def asked_about(cases: Sequence[Application]) -> Iterator[Item]:
    """What awaits the applicant's answer in these cases."""
    known = {case.pk: case for case in cases if case.status in ALIVE}
    if known:
        yield from _questions(known)
        yield from _nonconformities(known)


def _questions(known: dict[int, Any]) -> Iterator[Item]:
    waiting = Question.objects.open().filter(application__in=known).order_by("due_on", "pk")
    for question in waiting:
        question.application = case = known[question.application_id]
        what = _("Answer a question: %(about)s") % {"about": question.subject_named}
        url = reverse("question-act", args=[question.pk, "answer"])
        yield Item(what, f"{case.subject} · {case.number}", url, _("Answer"), question.due_on)


def _nonconformities(known: dict[int, Any]) -> Iterator[Item]:
    waiting = Nonconformity.objects.filter(application__in=known, state=Nonconformity.State.OPEN)
    for row in waiting.order_by("due_on", "pk"):
        row.application = case = known[row.application_id]
        what = _("Correct a nonconformity: %(about)s") % {"about": row.subject_named}
        url = reverse("correction-respond", args=[row.pk])
        yield Item(what, f"{case.subject} · {case.number}", url, _("Correct"), row.due_on)
