"""Ask departments about cases, keep their sealed replies, say what came of a concern; keep the list of departments."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.body.actions import fill_file
from certification.consultation.models import (
    Answer,
    Asked,
    Consultation,
    DepartmentContact,
    Inquiry,
    Opinion,
    SealedReply,
)
from certification.designation.actions import next_number
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.audit.trail import record, record_many
from greenchain.clock import now, today, working_days_after
from greenchain.refusals import NotYours, Refused
from suppliers.evidence.paper import Upload, examine

MOST = 200
"""Cases in one letter: what a department can read."""
MOST_DAYS = 60
"""Working days that a department may be given at most (ours)."""
KEPT = ("kind", "name", "contact_name", "contact_phone", "contact_email", "is_active")
Said = Mapping[int, tuple[str, str]]
"""By the key of the case: the answer, and its words."""


def asks(user: Any) -> bool:
    """Auditors ask departments, each for the cases of their desk."""
    return bool(user.role == Role.AUDITOR and user.is_official)


@transaction.atomic
def consult(
    applications: Sequence[Application],
    *,
    by: Any,
    departments: Sequence[DepartmentContact],
    question: str,
    days: int,
) -> Consultation:
    """One letter about the cases goes to the departments, to be answered within so many working days."""
    _must_ask(by)
    cases = _at_the_desk(applications, by)
    told = _those_asked(departments, by)
    _must_not_wait(cases, told)
    if not 1 <= days <= MOST_DAYS:
        message = _("Give between 1 and %(most)d working days.") % {"most": MOST_DAYS}
        raise Refused(message, code="days", field="days")
    day = today()
    row = Consultation.objects.create(
        number=next_number(f"CO-{by.authority.code}-{day.year}"),
        authority=by.authority,
        question=question.strip(),
        asked_on=day,
        reply_by=working_days_after(day, days),
        by=by,
    )
    Asked.objects.bulk_create(_entry(row, place, case) for place, case in enumerate(cases, 1))
    Inquiry.objects.bulk_create(
        Inquiry(consultation=row, department=one, kind=one.kind, name=one.name) for one in told
    )
    said = {"consultation": row.number, "departments": [one.name for one in told], "reply_by": row.reply_by}
    record("consult", row, by=by, cases=[case.number for case in cases], question=row.question, **said)
    record_many("consult", ((case, said) for case in cases), by=by)
    return row


def _must_ask(by: Any) -> None:
    if not asks(by):
        raise NotYours(_("Auditors ask departments about the cases of their desk."), code="role")


def _at_the_desk(applications: Sequence[Application], by: Any) -> list[Application]:
    """The cases, locked, in the order of their numbers; all of them under examination at the person's desk."""
    keys = {case.pk for case in applications}
    if not 1 <= len(keys) <= MOST:
        raise Refused(
            _("A letter lists between 1 and %(most)d cases.") % {"most": MOST}, code="cases", field="ids"
        )
    rows = Application.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    found = list(rows.select_related("applicant", "site", "enterprise", "product", "park").order_by("number"))
    elsewhere = [
        case.number for case in found if case.status != Status.EXAMINATION or case.desk_id != by.authority_id
    ]
    if elsewhere:
        words = _("Not under examination at your desk: %(cases)s.")
        raise Refused(words % {"cases": ", ".join(elsewhere[:8])}, code="wrong_status")
    return found


def _those_asked(departments: Sequence[DepartmentContact], by: Any) -> list[DepartmentContact]:
    open_ones = DepartmentContact.objects.open().filter(
        authority=by.authority_id, pk__in=[one.pk for one in departments]
    )
    told = list(open_ones.order_by("kind", "pk"))
    if not told or len(told) != len({one.pk for one in departments}):
        raise Refused(
            _("Choose departments of your own authority that are asked."),
            code="departments",
            field="departments",
        )
    return told


def _must_not_wait(cases: Sequence[Application], told: Sequence[DepartmentContact]) -> None:
    waiting = Inquiry.objects.waiting().filter(
        department__in=told, consultation__asked__application__in=cases
    )
    if row := waiting.select_related("consultation").first():
        raise Refused(
            _("%(department)s has been asked about some of these cases and has not answered: %(letter)s.")
            % {"department": row.name, "letter": row.consultation},
            code="asked_already",
        )


def _entry(row: Consultation, place: int, case: Application) -> Asked:
    """What the letter says of a case, as it stands today."""
    site = case.site
    return Asked(
        consultation=row,
        application=case,
        place=place,
        name=case.applicant.name[:200],
        identifier=case.applicant.identifier[:40],
        address=(site.address if site else case.applicant.address)[:300],
    )


@transaction.atomic
def hear(
    inquiry: Inquiry, *, by: Any, upload: Upload, replied_on: dt.date, answers: Said
) -> Sequence[Opinion]:
    """The department's sealed reply is kept once, and says something of every case of the letter."""
    row = Inquiry.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=inquiry.pk)
    _must_be_of(row.consultation, by)
    if row.replied_on is not None:
        raise Refused(_("This department's reply is kept already."), code="already_done")
    if not row.consultation.asked_on <= replied_on <= today():
        raise Refused(
            _("A reply lies between the day of the letter (%(day)s) and today.")
            % {"day": row.consultation.asked_on},
            code="replied_on",
            field="replied_on",
        )
    asked = list(row.consultation.asked.select_related("application").order_by("place"))
    opinions = [_opinion(row, one, answers) for one in asked]
    if extra := set(answers) - {one.application_id for one in asked}:
        raise Refused(
            _("%(count)d answers are about cases that the letter does not list.") % {"count": len(extra)},
            code="answers",
            field="answers",
        )
    paper = examine(upload)
    fill_file(SealedReply(inquiry=row, title=row.name), paper, upload, by).save()
    Opinion.objects.bulk_create(opinions)
    row.replied_on = replied_on
    row.save(update_fields=["replied_on"])
    said = {"consultation": row.consultation.number, "department": row.name, "sha256": paper.sha256}
    record("hear", row.consultation, by=by, replied_on=replied_on, **said)
    record_many(
        "hear",
        ((one.asked.application, {**said, "answer": one.answer, "text": one.text}) for one in opinions),
        by=by,
    )
    return opinions


def _opinion(row: Inquiry, one: Asked, answers: Said) -> Opinion:
    answer, text = answers.get(one.application_id, ("", ""))
    if answer not in Answer.values:
        raise Refused(
            _("Say what the reply says of %(case)s.") % {"case": one}, code="answers", field="answers"
        )
    if answer != Answer.NONE and not text.strip():
        raise Refused(
            _("Say in the department's words what it holds against %(case)s.") % {"case": one},
            code="answers",
            field="answers",
        )
    return Opinion(inquiry=row, asked=one, answer=answer, text=text.strip())


def _must_be_of(consultation: Consultation, by: Any) -> None:
    _must_ask(by)
    if consultation.authority_id != by.authority_id:
        raise NotYours(_("This consultation is another authority's."), code="not_yours")


@transaction.atomic
def settle(opinion: Opinion, *, by: Any, reasons: str) -> Opinion:
    """A person has looked into what the department holds against a case, and says what came of it."""
    rows = Opinion.objects.select_for_update(of=("self",)).select_related(
        "inquiry__consultation", "asked__application"
    )
    row = rows.get(pk=opinion.pk)
    case = row.asked.application
    _must_ask(by)
    if by.authority_id not in {case.desk_id, row.inquiry.consultation.authority_id}:
        raise NotYours(_("The case lies at another desk."), code="not_yours")
    if row.answer == Answer.NONE or row.settled_at is not None:
        raise Refused(_("There is nothing left to settle."), code="already_done")
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    row.settled, row.settled_by, row.settled_at = reasons.strip(), by, now()
    row.save(update_fields=["settled", "settled_by", "settled_at"])
    record("settle", case, by=by, department=row.inquiry.name, answer=row.answer, reasons=row.settled)
    return row


@transaction.atomic
def add_department(*, by: Any, **given: Any) -> DepartmentContact:
    """The department may be asked from now on."""
    _must_keep(by)
    row = DepartmentContact(authority=by.authority, **_known(given))
    _save(row)
    record("add_department", row, by=by, **_known(given))
    return row


@transaction.atomic
def amend_department(department: DepartmentContact, *, by: Any, **given: Any) -> DepartmentContact:
    """What is given of the department is as given; letters that went out keep its earlier name."""
    row = DepartmentContact.objects.select_for_update(of=("self",)).get(pk=department.pk)
    _must_keep(by)
    if row.authority_id != by.authority_id:
        raise NotYours(_("This department belongs to another authority's list."), code="not_yours")
    for key, value in _known(given).items():
        setattr(row, key, value)
    _save(row)
    record("amend_department", row, by=by, **_known(given))
    return row


def _must_keep(by: Any) -> None:
    if by.role not in {Role.AUDITOR, Role.APPROVER} or not by.is_official:
        raise NotYours(_("Auditors and approvers keep the departments of their authority."), code="role")


def _known(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: given[key] for key in KEPT if key in given}


def _save(row: DepartmentContact) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], code="invalid", field=None if field == "__all__" else field) from error
    row.save()
