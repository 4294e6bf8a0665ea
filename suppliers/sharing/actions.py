"""Answer once, confirm, consent, withdraw; and note who saw what."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import User
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.refusals import Refused
from suppliers.enterprise.access import must
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.kinds import KINDS
from suppliers.evidence.models import Evidence
from suppliers.invitation.actions import settle
from suppliers.sharing.answers import figures_of, lacking, snapshot, understood
from suppliers.sharing.models import Access, AnswerSet, Consent
from suppliers.sharing.questionnaire import current


@transaction.atomic
def answer(enterprise: Enterprise, values: Mapping[str, Any], *, by: User) -> AnswerSet:
    """What is given stands as written; buyers go on reading what was confirmed last."""
    must(by, enterprise, "edit")
    row = _mine(enterprise, by)
    questions = row.questionnaire.questions
    unknown = set(values) - set(questions)
    if unknown:
        raise Refused(_("There is no such question: %(key)s.") % {"key": min(unknown)}, code="unknown")
    written = {key: understood(questions[key], value, enterprise) for key, value in values.items()}
    row.values = {**row.values, **written}
    row.updated_at, row.updated_by = now(), by
    row.save()
    record("answer_questions", row, by=by, version=row.version, answered=sorted(written))
    return row


@transaction.atomic
def confirm(enterprise: Enterprise, *, by: User) -> AnswerSet:
    """Every question that must be answered is, and so it is as of today; figures stay as reported until then."""
    must(by, enterprise, "edit")
    row = _mine(enterprise, by)
    figures = figures_of(row)
    missing = lacking(row, figures)
    if missing:
        names = ", ".join(str(each) for each in missing)
        raise Refused(_("Not answered yet: %(names)s.") % {"names": names}, code="incomplete")
    row.confirmed, row.confirmed_at, row.confirmed_by = snapshot(row, figures), now(), by
    row.save()
    record("confirm_answers", row, by=by, version=row.version)
    settle(enterprise)
    return row


@transaction.atomic
def ask_to_confirm(answers: AnswerSet) -> AnswerSet:
    """The answers are old: its people are asked once whether they still hold."""
    row = AnswerSet.objects.select_for_update(of=("self",)).get(pk=answers.pk)
    if not AnswerSet.objects.due_for_confirmation().filter(pk=row.pk).exists():
        raise Refused(_("Nothing needs to be confirmed."), code="already_done")
    row.asked_at = now()
    row.save(update_fields=["asked_at"])
    record("ask_to_confirm", row, by=None, version=row.version)
    return row


@transaction.atomic
def consent(
    enterprise: Enterprise,
    *,
    by: User,
    buyer: Enterprise | None = None,
    answers: bool = False,
    kinds: Iterable[str] = (),
    named: bool = False,
    since_on: dt.date | None = None,
    until_on: dt.date | None = None,
) -> Consent:
    """A buyer, or all of them, may read what is said here, from a day on; owners alone give it."""
    must(by, enterprise, "own")
    wanted = sorted(set(kinds))
    _must_make_sense(enterprise, buyer, wanted, something=answers or named or bool(wanted))
    since_on = since_on or today()
    if until_on is not None and until_on < max(since_on, today()):
        raise Refused(_("The last day lies before the first."), code="invalid", field="until_on")
    Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
    same = Consent.objects.in_force().filter(enterprise=enterprise, buyer=buyer, answers=answers, named=named)
    if any(each.kinds == wanted and each.until_on == until_on for each in same):
        raise Refused(_("You have consented to exactly this already."), code="already_done")
    row = Consent.objects.create(
        enterprise=enterprise,
        buyer=buyer,
        answers=answers,
        kinds=wanted,
        named=named,
        since_on=since_on,
        until_on=until_on,
        given_by=by,
    )
    told = {"answers": answers, "kinds": wanted, "named": named, "since_on": since_on, "until_on": until_on}
    record("give_consent", row, by=by, buyer=buyer.pk if buyer else None, **told)
    if answers or wanted:
        settle(enterprise, buyer)
    return row


@transaction.atomic
def withdraw(given: Consent, *, by: User) -> Consent:
    """From this moment on nothing of it may be read any more."""
    row = Consent.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=given.pk)
    must(by, row.enterprise, "own")
    if row.withdrawn_at is not None:
        raise Refused(_("This consent has been withdrawn already."), code="already_done")
    row.withdrawn_at, row.withdrawn_by = now(), by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("withdraw_consent", row, by=by, buyer=row.buyer_id)
    return row


def note_answers(row: AnswerSet, *, by: User, buyer: int) -> None:
    """A buyer's person read the answers."""
    _note([Access(enterprise_id=row.enterprise_id, what=Access.What.ANSWERS, about=row.version)], by, buyer)


def note_file(evidence: Evidence, *, by: User, buyer: int) -> None:
    """A buyer's person fetched a file."""
    row = Access(enterprise_id=evidence.enterprise_id, what=Access.What.EVIDENCE, evidence=evidence)
    row.about = str(evidence.pk)
    _note([row], by, buyer)


def note_names(enterprises: Iterable[int], *, by: User, buyer: int) -> None:
    """A buyer's person read names that only a consent lets them read."""
    _note([Access(enterprise_id=key, what=Access.What.NAME) for key in sorted(set(enterprises))], by, buyer)


def _note(rows: list[Access], by: User, buyer: int) -> None:
    """One row per person, thing and day: the second look of a day adds none."""
    for row in rows:
        row.person, row.buyer_id, row.seen_on, row.at = by, buyer, today(), now()
    if rows:
        Access.objects.bulk_create(rows, ignore_conflicts=True)


def _mine(enterprise: Enterprise, by: User) -> AnswerSet:
    """The answers to the questions of today; those of an older version are carried over where they still fit."""
    version = current()
    row = (
        AnswerSet.objects.select_for_update(of=("self",))
        .filter(enterprise=enterprise, version=version.version)
        .first()
    )
    if row is not None:
        return row
    before = AnswerSet.objects.filter(enterprise=enterprise).order_by("-updated_at").first()
    carried = {
        key: value for key, value in (before.values if before else {}).items() if key in version.questions
    }
    return AnswerSet.objects.create(
        enterprise=enterprise, version=version.version, values=carried, updated_by=by
    )


def _must_make_sense(
    enterprise: Enterprise, buyer: Enterprise | None, kinds: list[str], *, something: bool
) -> None:
    if not something:
        raise Refused(_("Say what may be read."), code="invalid")
    if buyer == enterprise:
        raise Refused(_("Choose another enterprise."), code="invalid", field="buyer")
    unknown = set(kinds) - set(KINDS)
    if unknown:
        message = _("There is no such kind of evidence: %(kind)s.") % {"kind": min(unknown)}
        raise Refused(message, code="invalid", field="kinds")
