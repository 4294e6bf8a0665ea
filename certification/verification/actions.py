"""Plan a visit, move or cancel it, find, and sign: the writers of on-site verification."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.body.actions import fill_file
from certification.corrective.actions import is_of_desk, locked, raise_nonconformity
from certification.verification.checklist import checklist
from certification.verification.models import (
    SIGNERS,
    ItemPhoto,
    Result,
    Signature,
    Verification,
    VerificationItem,
)
from certification.workflow import Status
from greenchain.accounts.models import Role, User
from greenchain.accounts.posts import served_by
from greenchain.audit.trail import record
from greenchain.clock import now, today, working_days_after
from greenchain.refusals import NotYours, Refused
from suppliers.evidence.paper import Upload, examine

AHEAD = 3
"""Working days ahead that the applicant is told of a visit (our rule)."""
MOST_PHOTOS = 20
"""Photos of one finding."""
VISITABLE = frozenset({Status.EVALUATION, Status.EXAMINATION, Status.RETURNED, Status.GRANTED})
"""While the case is with its desks, and as surveillance once it led to a title."""


class Where(TypedDict, total=False):
    """Where the team goes, what it looks at, and who else comes along."""

    place: str
    purpose: str
    others: str


def earliest() -> dt.date:
    """The first day on which a visit that is planned today may begin."""
    return working_days_after(today(), AHEAD)


@transaction.atomic
def plan(
    application: Application,
    *,
    by: Any,
    starts_on: dt.date,
    ends_on: dt.date,
    team: Sequence[User],
    codes: Collection[str] = (),
    **where: Unpack[Where],
) -> Verification:
    """The desk visits; the applicant is told, and the checklist stands ready with what was claimed."""
    case = locked(application)
    _must_be_desk(case, by)
    if case.status not in VISITABLE:
        words = _("In “%(status)s” no visit is planned.") % {"status": case.get_status_display()}
        raise Refused(words, code="wrong_status")
    _in_time(starts_on, ends_on)
    told = {key: str(value).strip() for key, value in where.items()}
    _complete(case, told, team)
    lines = list(checklist(case, codes))
    if not lines or set(codes) - {code for code, _claimed in lines}:
        raise Refused(_("Choose indicators and gates of the scheme."), code="codes", field="codes")
    visit = Verification.objects.create(
        application=case,
        desk=case.desk,
        starts_on=starts_on,
        ends_on=ends_on,
        planned_by=by,
        **told,
    )
    visit.team.set(team)
    VerificationItem.objects.bulk_create(
        VerificationItem(verification=visit, position=place_, code=code, claimed=claimed)
        for place_, (code, claimed) in enumerate(lines)
    )
    record("plan_visit", case, by=by, visit=visit.pk, team=_names(team), **_told(visit))
    return visit


@transaction.atomic
def move(
    verification: Verification, *, by: Any, starts_on: dt.date, ends_on: dt.date, place: str, reasons: str
) -> Verification:
    """The visit takes place on other days or elsewhere; the applicant is told as long ahead."""
    case, visit = _opened(verification, by)
    if any(item.result for item in visit.items.all()):
        raise Refused(_("Something was found already; the visit stays where it was."), code="begun")
    _in_time(starts_on, ends_on)
    if not place.strip():
        raise Refused(_("Say where."), code="place", field="place")
    visit.starts_on, visit.ends_on, visit.place = starts_on, ends_on, place.strip()
    visit.save(update_fields=["starts_on", "ends_on", "place"])
    record("move_visit", case, by=by, visit=visit.pk, reasons=reasons.strip(), **_told(visit))
    return visit


@transaction.atomic
def cancel(verification: Verification, *, by: Any, reasons: str) -> Verification:
    """The visit does not take place, or what was found does not count; the desk says why."""
    case, visit = _opened(verification, by)
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    visit.state = Verification.State.CANCELLED
    visit.save(update_fields=["state"])
    record("cancel_visit", case, by=by, visit=visit.pk, reasons=reasons.strip(), **_told(visit))
    return visit


@transaction.atomic
def find(
    item: VerificationItem,
    *,
    by: Any,
    result: str,
    remark: str = "",
    due_on: dt.date | None = None,
    photos: Sequence[Upload] = (),
    taken_on: dt.date | None = None,
    place: str = "",
) -> VerificationItem:
    """One line of the checklist is judged, with photos; who signed before must sign anew."""
    case, visit = _opened(item.verification, by)
    _must_be_of_team(visit, by)
    if not visit.has_begun:
        raise Refused(_("The visit has not begun."), code="too_early")
    if result not in Result.values:
        raise Refused(_("Say what was found."), code="result", field="result")
    if result != Result.CONFORMS and not remark.strip():
        raise Refused(_("Write what was seen."), code="remark", field="remark")
    bad = result in {Result.MINOR, Result.MAJOR}
    if bad and (due_on is None or due_on <= today()):
        raise Refused(_("Give a day ahead by which it must be corrected."), code="due_on", field="due_on")
    row = VerificationItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    row.result, row.remark, row.due_on = result, remark.strip(), due_on if bad else None
    row.found_by, row.found_at = by, now()
    row.save()
    for photo in photos:
        _add_photo(row, photo, by, taken_on or today(), place)
    told = {"result": result, "remark": row.remark, "photos": len(photos)}
    record("find_on_site", case, by=by, visit=visit.pk, code=row.code, **told)
    return row


@transaction.atomic
def sign(verification: Verification, *, by: Any, conclusion: str) -> Verification:
    """One official of the team signs; with the second the visit is over and nonconformities are raised."""
    case, visit = _opened(verification, by)
    _must_be_of_team(visit, by)
    open_ones = visit.items.filter(result="").count()
    if open_ones:
        raise Refused(
            _("%(count)d lines of the checklist are still open.") % {"count": open_ones}, code="unfinished"
        )
    if not conclusion.strip():
        raise Refused(_("Write the conclusion."), code="conclusion", field="conclusion")
    if visit.conclusion != conclusion.strip():
        visit.conclusion = conclusion.strip()
        visit.save(update_fields=["conclusion"])
    signers = {row.by_id for row in visit.signers()}
    if by.pk in signers:
        raise Refused(_("You signed these findings already; another of the team must."), code="already_done")
    seal = visit.content_digest()
    Signature.objects.create(verification=visit, by=by, digest=seal)
    whole = len(signers) + 1 >= SIGNERS
    record("sign_visit", case, by=by, visit=visit.pk, digest=seal)
    if whole:
        record("finish_visit", case, by=by, visit=visit.pk, digest=seal)
        visit.state, visit.signed_at = Verification.State.SIGNED, now()
        visit.save(update_fields=["state", "signed_at"])
        for item in visit.items.filter(result__in=[Result.MINOR, Result.MAJOR]).order_by("position"):
            _raise(case, item, by)
    return visit


def _raise(case: Application, item: VerificationItem, by: Any) -> None:
    """A bad finding becomes a nonconformity; a day that has passed meanwhile is put a day ahead."""
    due_on = max(item.due_on or today(), today() + dt.timedelta(days=1))
    item.nonconformity = raise_nonconformity(
        case, by=by, severity=item.result, description=item.remark, due_on=due_on, about=item.code
    )
    item.save(update_fields=["nonconformity"])


def _add_photo(item: VerificationItem, upload: Upload, by: Any, taken_on: dt.date, place: str) -> None:
    paper = examine(upload)
    if not paper.media_type.startswith("image/"):
        words = _("%(name)s is no picture; photos are PNG or JPEG.") % {"name": paper.filename}
        raise Refused(words, code="type", field="photos")
    if taken_on > today():
        raise Refused(_("The photo cannot have been taken in the future."), code="taken_on", field="taken_on")
    if item.photos.filter(sha256=paper.sha256).exists():
        return
    if item.photos.count() >= MOST_PHOTOS:
        words = _("At most %(most)d photos of one finding.") % {"most": MOST_PHOTOS}
        raise Refused(words, code="most", field="photos")
    fill_file(ItemPhoto(item=item, taken_on=taken_on, place=place.strip()), paper, upload, by).save()


def _opened(verification: Verification, by: Any) -> tuple[Application, Verification]:
    """The case and the visit, locked; refused to others than the desk, and once it is over."""
    case = locked(verification.application)
    _must_be_desk(case, by)
    visit = Verification.objects.select_for_update(of=("self",)).get(pk=verification.pk)
    if visit.state != Verification.State.PLANNED:
        words = _("The visit is over: %(state)s.") % {"state": visit.get_state_display()}
        raise Refused(words, code="already_done")
    return case, visit


def _must_be_desk(case: Application, by: Any) -> None:
    if not is_of_desk(case, by):
        raise NotYours(_("Auditors of the desk verify on site."), code="not_yours")


def _must_be_of_team(visit: Verification, by: Any) -> None:
    if not visit.team.filter(pk__in=served_by(by)).exists():
        raise NotYours(_("Only the team of the visit finds and signs."), code="not_yours")


def _in_time(starts_on: dt.date, ends_on: dt.date) -> None:
    if starts_on < (first := earliest()):
        words = _("The applicant is told %(days)d working days ahead: the first day possible is %(first)s.")
        raise Refused(words % {"days": AHEAD, "first": first}, code="starts_on", field="starts_on")
    if ends_on < starts_on:
        raise Refused(_("The last day lies before the first."), code="ends_on", field="ends_on")


def _complete(case: Application, told: Mapping[str, str], team: Sequence[User]) -> None:
    for field in ("place", "purpose"):
        if not told.get(field):
            raise Refused(_("Say where, and what is looked at."), code=field, field=field)
    if len(set(team)) < SIGNERS or any(
        each.role != Role.AUDITOR or each.authority_id != case.desk_id or not each.is_active for each in team
    ):
        words = _("The team is made of at least %(count)d auditors of the desk.")
        raise Refused(words % {"count": SIGNERS}, code="team", field="team")


def _names(team: Sequence[User]) -> list[str]:
    return sorted(each.get_username() for each in team)


def _told(visit: Verification) -> dict[str, Any]:
    return {
        "starts_on": visit.starts_on,
        "ends_on": visit.ends_on,
        "place": visit.place,
        "purpose": visit.purpose,
    }
