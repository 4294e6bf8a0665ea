"""What a page says of consultations: a letter's cases with every department's answer, and a case's answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.consultation.models import Answer, Asked, Consultation, Inquiry, Opinion


@dataclass(frozen=True, slots=True)
class Line:
    """A case on the list with each department and its answer, none where it has not replied."""

    asked: Asked
    answers: list[tuple[Inquiry, Opinion | None]]


def lines(row: Consultation, inquiries: Sequence[Inquiry]) -> list[Line]:
    """The list as it was sent, with the answers beside it."""
    opinions = Opinion.objects.filter(inquiry__consultation=row).select_related(
        "settled_by", "inquiry__consultation", "asked__application"
    )
    found = {(one.asked_id, one.inquiry_id): one for one in opinions}
    asked = row.asked.select_related("application").order_by("place")
    return [Line(one, [(inquiry, found.get((one.pk, inquiry.pk))) for inquiry in inquiries]) for one in asked]


def answers_of(application: Application, user: Any) -> list[Any]:
    """What departments were asked about a case and what they said: answers first, then what is awaited."""
    opinions = (
        Opinion.objects.visible_to(user)
        .filter(asked__application=application)
        .select_related("inquiry__consultation", "inquiry__department", "asked__application", "settled_by")
    )
    awaited = (
        Inquiry.objects.visible_to(user)
        .waiting()
        .filter(consultation__asked__application=application)
        .select_related("consultation")
    )
    return [*sorted(opinions, key=lambda one: (not one.is_open, one.pk)), *awaited.order_by("pk")]


def record_url(opinion: Opinion) -> str:
    """Where the fact is entered as a record, with what is known of it filled in."""
    case, inquiry = opinion.asked.application, opinion.inquiry
    known = {
        "enterprise": case.applicant_id,
        "site": case.site_id or "",
        "title": _("Reported by %(department)s") % {"department": inquiry.name},
        "details": opinion.text,
        "source": f"{inquiry.name}, {inquiry.consultation.number}",
        "match": "confirmed" if opinion.answer == Answer.FACT else "possible",
    }
    return f"{reverse('admin:suppliers_compliancerecord_add')}?{urlencode(known)}"
