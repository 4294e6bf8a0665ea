"""Selection, objections and the announcement: select, pass over, contest, dismiss, uphold, close, announce."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.core.files import File
from django.db import transaction

from certification.application.models import Application
from certification.assessment.guards import latest_run
from certification.designation.actions import next_number
from certification.designation.models import Designation
from certification.notice.models import Announcement, AnnouncementEntry, Objection, PublicNotice
from certification.workflow import Status
from greenchain.clock import now, today


@transaction.atomic
def select(applications: Sequence[Application], *, by: Any) -> list[PublicNotice]:
    """The cases are the proposed list; a public notice lists them, unless the round has none."""
    ranks = ranking(applications)
    for application in applications:
        application.advance("select", by=by, rank=ranks[application.pk])
    noticed = [application for application in applications if application.status == Status.NOTICE]
    noticed.sort(key=lambda case: (case.round_id, case.level))
    groups = groupby(noticed, key=lambda case: (case.round_id, case.level))
    return [_notice(list(cases), by) for _key, cases in groups]


def _notice(cases: list[Application], by: Any) -> PublicNotice:
    first = cases[0]
    day = today()
    notice = PublicNotice.objects.create(
        number=next_number(f"PN-{first.desk.code}-{day.year}"),
        round=first.round,
        authority=first.desk,
        level=first.level,
        starts_on=day,
        ends_on=first.round.notice_term(first.level).end(day),
        created_by=by,
    )
    notice.applications.set(cases)
    return notice


def ranking(applications: Sequence[Application]) -> dict[int, int]:
    """Rank by confirmed score, the best first; equal scores share a rank (1, 2, 2, 4)."""
    runs = {application.pk: latest_run(application) for application in applications}
    scores = {key: run.low if run else 0 for key, run in runs.items()}
    return {key: 1 + sum(other > score for other in scores.values()) for key, score in scores.items()}


@transaction.atomic
def pass_over(application: Application, *, by: Any) -> Application:
    """The case was not chosen this time: no fault, no bar; its rank stays in the record."""
    rivals = list(
        Application.objects.filter(
            round=application.round_id, level=application.level, desk=application.desk_id
        ).filter(status__in=[Status.SELECTION, Status.NOTICE, Status.DECISION, Status.GRANTED])
    )
    application.advance("pass_over", by=by, rank=ranking(rivals).get(application.pk), of=len(rivals))
    return application


@transaction.atomic
def contest(
    application: Application,
    *,
    name: str,
    contact: str,
    statement: str,
    by: Any = None,
    evidence: "File[bytes] | None" = None,
) -> Objection:
    """An objection is on file; only this case waits for its answer."""
    application.advance("contest", by=by, name=name, contact=contact, statement=statement)
    return Objection.objects.create(
        application=application,
        by=by,
        name=name,
        contact=contact,
        statement=statement,
        evidence=evidence or "",
    )


@transaction.atomic
def dismiss(application: Application, *, by: Any, reasons: str) -> Application:
    """The open objections are answered; the case goes on when the notice is over."""
    application.advance("dismiss", by=by, reasons=reasons)
    _answer(application, by, "dismissed", reasons)
    return application


@transaction.atomic
def uphold(application: Application, *, by: Any, reasons: str) -> Application:
    """The objection holds; the level's desk examines the case again."""
    application.advance("uphold", by=by, reasons=reasons)
    _answer(application, by, "upheld", reasons)
    return application


def _answer(application: Application, by: Any, outcome: str, answer: str) -> None:
    Objection.objects.open().filter(application=application).update(
        outcome=outcome, answer=answer, answered_by=by, answered_at=now()
    )


@transaction.atomic
def close(application: Application) -> Application:
    """The notice is over without an open objection; the decision is due."""
    application.advance("close")
    application.due_on = application.round.desk_term(application.desk.level).end(today())
    application.save(update_fields=["due_on"])
    return application


@transaction.atomic
def announce(title: Designation, annex: str, *, detail: str = "") -> AnnouncementEntry:
    """The title stands in today's announcement of its authority and level."""
    day = today()
    announcement, _created = Announcement.objects.get_or_create(
        authority=title.authority,
        level=title.level,
        announced_on=day,
        defaults={"number": f"AN-{title.authority.code}-{title.level}-{day:%Y%m%d}"},
    )
    entry, _created = AnnouncementEntry.objects.get_or_create(
        announcement=announcement,
        designation=title,
        annex=annex,
        defaults={"name": title.name, "detail": detail},
    )
    return entry
