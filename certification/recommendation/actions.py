"""Recommend endorsed cases to the level above, word the opinions, attach the sealed copy."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.body.actions import fill_file
from certification.designation.actions import next_number
from certification.evaluation.models import Evaluation
from certification.examination.models import Endorsement
from certification.recommendation.models import Recommendation, Recommended, SealedCopy
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.audit.trail import record, record_many
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.evidence.paper import Upload, examine

MOST = 500
"""Cases in one package."""
UNDER_WAY = (Status.EXAMINATION, Status.PANEL, Status.SELECTION, Status.NOTICE, Status.DECISION)


def recommends(user: Any) -> bool:
    """Auditors make the package of their desk."""
    return bool(user.role == Role.AUDITOR and user.is_official)


@transaction.atomic
def recommend(
    applications: Sequence[Application],
    *,
    by: Any,
    letter: str,
    opinion: str = "",
    opinions: Mapping[int, str] | None = None,
) -> Recommendation:
    """The cases that the desk endorsed go to the level above as one package, ranked by the score it endorsed.

    ``opinion`` stands for all of them, ``opinions`` by the case's key for one; else the endorsement's own.
    """
    if not recommends(by):
        raise NotYours(_("Auditors recommend the cases of their desk."), code="role")
    cases = _locked(applications)
    _must_belong_together(cases, by)
    endorsed = _endorsed(cases, by)
    _must_be_new(cases, endorsed, by)
    row = Recommendation.objects.create(
        number=next_number(f"RC-{by.authority.code}-{today().year}"),
        authority=by.authority,
        to=by.authority.parent,
        round=cases[0].round,
        level=cases[0].level,
        letter=letter.strip(),
        by=by,
    )
    said = opinions or {}
    bodies = _bodies(cases)
    lines = [
        _line(row, case, endorsed, bodies.get(case.pk, ""), said.get(case.pk) or opinion) for case in cases
    ]
    Recommended.objects.bulk_create(sorted(lines, key=lambda line: (line.rank, line.application.number)))
    told = {"recommendation": row.number, "to": row.to.code}
    record("recommend", row, by=by, cases=[case.number for case in cases], letter=row.letter, **told)
    record_many(
        "recommend",
        ((line.application, {**told, "rank": line.rank, "of": len(lines)}) for line in lines),
        by=by,
    )
    return row


def _locked(applications: Sequence[Application]) -> list[Application]:
    keys = {case.pk for case in applications}
    if not 1 <= len(keys) <= MOST:
        raise Refused(
            _("A package has between 1 and %(most)d cases.") % {"most": MOST}, code="cases", field="ids"
        )
    rows = Application.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    return list(
        rows.select_related("round", "applicant", "site__industry", "enterprise", "product", "park").order_by(
            "number"
        )
    )


def _must_belong_together(cases: Sequence[Application], by: Any) -> None:
    if len({(case.round_id, case.level) for case in cases}) > 1:
        raise Refused(_("A package is about one round and one level."), code="several_rounds")
    if by.authority.parent is None or cases[0].level <= by.authority.level:
        raise Refused(
            _("Your authority decides at this level itself: there is nobody to recommend to."),
            code="decided_here",
        )


def _endorsed(cases: Sequence[Application], by: Any) -> dict[int, Endorsement]:
    """The desk's last endorsement of each case; the case has left the desk by it."""
    rows = Endorsement.objects.filter(application__in=cases, desk=by.authority_id).order_by("pk")
    found = {row.application_id: row for row in rows}
    missing = [
        case.number
        for case in cases
        if case.pk not in found
        or case.status not in UNDER_WAY
        or (case.status == Status.EXAMINATION and case.desk_id == by.authority_id)
    ]
    if missing:
        words = _("Not endorsed by your desk, or no longer under way: %(cases)s.")
        raise Refused(words % {"cases": ", ".join(missing[:8])}, code="not_endorsed")
    return found


def _must_be_new(cases: Sequence[Application], endorsed: Mapping[int, Endorsement], by: Any) -> None:
    """A case is recommended once per endorsement."""
    earlier = Recommended.objects.filter(
        application__in=cases, recommendation__authority=by.authority_id
    ).select_related("recommendation", "application")
    for line in earlier:
        if line.recommendation.at >= endorsed[line.application_id].at:
            words = _("%(case)s stands in the package %(package)s already.")
            raise Refused(
                words % {"case": line.application, "package": line.recommendation}, code="already_done"
            )


def _bodies(cases: Sequence[Application]) -> dict[int, str]:
    rows = Evaluation.objects.filter(application__in=cases).select_related("body").order_by("pk")
    return {row.application_id: row.body.name for row in rows}


def _line(
    row: Recommendation,
    case: Application,
    endorsed: Mapping[int, Endorsement],
    body: str,
    opinion: str,
) -> Recommended:
    """What the table says of a case today; equal scores share the better rank."""
    own, site, applicant = endorsed[case.pk], case.site, case.applicant
    contact = " ".join(filter(None, (applicant.contact_name, applicant.contact_phone)))
    return Recommended(
        recommendation=row,
        application=case,
        rank=1 + sum(other.score > own.score for other in endorsed.values()),
        score=own.score,
        name=getattr(case.subject, "name", applicant.name)[:200],
        identifier=applicant.identifier[:40],
        industry=str(site.industry if site else "")[:200],
        address=(site.address if site else applicant.address)[:300],
        contact=contact[:200],
        evaluated_by=body[:200],
        opinion=opinion.strip() or own.opinion,
    )


@transaction.atomic
def word_opinions(package: Recommendation, *, by: Any, opinions: Mapping[int, str]) -> Recommendation:
    """The opinions on these cases are as given; until the sealed copy is there. Keys are the cases'."""
    row = _own_unsealed(package, by)
    lines = {line.application_id: line for line in row.recommended.select_related("application")}
    changed = []
    for key, words in opinions.items():
        line = lines.get(key)
        if line is None or not words.strip():
            raise Refused(
                _("Every case of the package needs an opinion, and only those do."),
                code="opinions",
                field="opinions",
            )
        if line.opinion != words.strip():
            line.opinion = words.strip()
            changed.append(line)
    if changed:
        Recommended.objects.bulk_update(changed, ["opinion"])
        said = {line.application.number: line.opinion for line in changed}
        record("word_opinions", row, by=by, opinions=said)
    return row


@transaction.atomic
def seal(package: Recommendation, *, by: Any, upload: Upload) -> SealedCopy:
    """The signed and sealed package is on file: one paper, attached to each of its cases."""
    row = _own_unsealed(package, by)
    paper = examine(upload)
    copy = fill_file(SealedCopy(recommendation=row, title=row.number), paper, upload, by)
    copy.save()
    told = {"recommendation": row.number, "sha256": paper.sha256}
    record("seal", row, by=by, **told)
    cases = [line.application for line in row.recommended.select_related("application").order_by("rank")]
    record_many("seal", ((case, told) for case in cases), by=by)
    return copy


def _own_unsealed(package: Recommendation, by: Any) -> Recommendation:
    row = Recommendation.objects.select_for_update(of=("self",)).get(pk=package.pk)
    if not recommends(by) or row.authority_id != by.authority_id:
        raise NotYours(_("This package is another desk's."), code="not_yours")
    if SealedCopy.objects.filter(recommendation=row).exists():
        raise Refused(_("The sealed copy is on file; the package no longer changes."), code="already_done")
    return row
