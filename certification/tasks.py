"""What runs in the queue and by the clock: thin, ids in, one action each, safe to run twice."""

import datetime as dt
import logging
import os
import socket
from collections.abc import Callable, Iterable
from typing import Any

from celery import shared_task
from django.db.models import F, Q

from certification.application.models import Application, ApplicationQuerySet
from certification.assessment import actions as assessment
from certification.assessment.guards import is_stale
from certification.assessment.peers import survey, survey_due
from certification.chain import marks
from certification.chain.actions import alert_buyers, happened
from certification.chain.broken import brief_reviewers
from certification.delivery.actions import remind_due, send_mails
from certification.due import by_the_calendar, silent
from certification.following.actions import tell_followers
from certification.grading.actions import freeze
from certification.grading.models import Grading, State
from certification.impact import actions as impact
from certification.impact.models import State as Studied
from certification.impact.models import Study, StudyPart
from certification.letter.actions import send_posts
from certification.panel.actions import draw
from certification.panel.due import short
from certification.printing import actions as printing
from certification.printing.models import Package
from certification.printing.models import State as Printed
from certification.release import actions as releasing
from certification.release.models import Outcome as Decided
from certification.release.models import Release, ReleasePart
from certification.release.models import State as Released
from certification.sourcing.actions.grades import note_changes, regrade
from certification.sourcing.models import Programme
from certification.surveillance.watch import keep_true
from certification.workflow import Status
from greenchain.audit.models import AuditEntry
from greenchain.audit.proof import anchor as anchor_heads
from greenchain.clock import now
from greenchain.jobs.queue import send
from greenchain.refusals import Refused
from suppliers.enterprise.models import Enterprise, Tenancy
from suppliers.evidence.actions import inspect, remind
from suppliers.evidence.models import Evidence
from suppliers.invitation.actions import remind as remind_supplier
from suppliers.invitation.models import Invitation
from suppliers.sharing.actions import ask_to_confirm
from suppliers.sharing.models import AnswerSet
from suppliers.supply import dated, live, places
from suppliers.supply.models import SupplyLink

log = logging.getLogger(__name__)
LOOKS = 100
"""Rows at a time where there may be many; the others come with the next tick."""
GRACE = dt.timedelta(seconds=20)
"""How long a submitted case may wait before the sweep checks it."""
WATCHED = (
    Status.EXAMINATION,
    Status.EVALUATION,
    Status.PANEL,
    Status.SELECTION,
    Status.NOTICE,
    Status.DECISION,
)


def worker_name() -> str:
    """Who runs this: host and process."""
    return f"{socket.gethostname()}:{os.getpid()}"


@shared_task
def check(application_id: int) -> None:
    """Check one submitted case; a case that is no longer submitted was checked already."""
    waiting = Application.objects.filter(pk=application_id, status=Status.SUBMITTED)
    # Counted before the work and outside its transaction: what kills the worker is counted too.
    if waiting.update(check_attempts=F("check_attempts") + 1):
        try_each(waiting, lambda case: assessment.check(case, worker=worker_name()))
        # What one case counts, such as a green certificate, another of the applicant's may not.
        for applicant in Application.objects.filter(pk=application_id).values_list("applicant", flat=True):
            _recheck_each(Application.objects.filter(applicant=applicant).exclude(pk=application_id))


@shared_task
def recheck(application_id: int) -> None:
    """Run a case's checks again if an input changed since."""
    for case in Application.objects.filter(pk=application_id, status__in=WATCHED):
        if is_stale(case):
            assessment.recheck(case, trigger="stale", worker=worker_name())


@shared_task
def sweep() -> None:
    """Start again what was due and did not happen: the database knows, whatever the broker lost."""
    for key in Application.objects.filter(
        status=Status.SUBMITTED, status_since__lte=now() - GRACE
    ).values_list("pk", flat=True):
        check(key)
    for task, key in silent():
        send(f"certification.tasks.{task}", key)
    draw_experts()
    alert_buyers()
    regrade_suppliers()


@shared_task
def draw_experts() -> None:
    """Draw for each panel that is short of experts; a panel for which nobody is left waits for the desk."""
    try_each(short(), draw)


@shared_task
def recheck_about(enterprise_id: int) -> None:
    """An input of this enterprise changed: look at its open cases, and at those of parks that it stands in."""
    parks = Tenancy.objects.current().filter(site__enterprise=enterprise_id).values("park")
    about = Q(applicant=enterprise_id) | Q(park__in=parks)
    _recheck_each(Application.objects.filter(about))


@shared_task
def recheck_buyers(entry_id: int) -> None:
    """Something happened to a supplier: look at the open cases of enterprises that count direct suppliers."""
    for what in filter(None, map(happened, AuditEntry.objects.filter(pk=entry_id))):
        buyers = SupplyLink.objects.current().filter(supplier=what.supplier).values("buyer")
        _recheck_each(Application.objects.filter(enterprise__in=buyers))


@shared_task
def recheck_subject(kind: str, key: int) -> None:
    """A subject's figures changed: look at the open cases that rest on them."""
    _recheck_each(Application.objects.filter(**{kind: key}))


@shared_task
def recheck_version(version_id: int) -> None:
    """A benchmark of this scheme version changed: look at the open cases under it."""
    _recheck_each(Application.objects.filter(scheme_version=version_id))


def _recheck_each(cases: ApplicationQuerySet) -> None:
    for key in cases.filter(status__in=WATCHED).values_list("pk", flat=True):
        send("certification.tasks.recheck", key)


@shared_task
def alert() -> None:
    """Tell the buyers above a supplier to whom something happened."""
    alert_buyers()
    deliver()


@shared_task
def regrade_suppliers() -> None:
    """Grade the suppliers of buyers to whom something happened, or who were not looked at today."""
    while note_changes():
        pass
    try_each(Programme.objects.due().order_by("graded_at", "pk")[:LOOKS], regrade)


@shared_task
def grade(grading_id: int) -> None:
    """Freeze and rank the cohort of a year's green codes; one that is frozen stays as it is."""
    try_each(Grading.objects.filter(pk=grading_id, state=State.WAITING), freeze)


@shared_task
def study(study_id: int) -> None:
    """Divide an impact study and send its parts on their way; parts that are computed are left alone."""
    for row in Study.objects.filter(pk=study_id, state=Studied.WAITING):
        for key in impact.divide(row):
            send("certification.tasks.study_part", key)
        impact.finish(row)


@shared_task
def study_part(part_id: int) -> None:
    """Compute one part of an impact study; one that is computed stays as it is."""
    try_each(StudyPart.objects.filter(pk=part_id, done_at=None), impact.compute)


@shared_task
def release(release_id: int) -> None:
    """Send the cases of a released batch on their way; those that are decided are left alone."""
    for row in Release.objects.filter(pk=release_id, state=Released.RELEASING):
        for key in releasing.waiting(row):
            send("certification.tasks.release_part", key)
        releasing.finish(row)


@shared_task
def release_part(part_id: int) -> None:
    """Decide one case of a released batch; one that is decided stays as it is."""
    try_each(ReleasePart.objects.filter(pk=part_id, outcome=Decided.WAITING), releasing.decide)


@shared_task
def package(package_id: int) -> None:
    """Make one print package; one that is made stays as it is."""
    try_each(Package.objects.filter(pk=package_id, state=Printed.WAITING), printing.make)


@shared_task
def deliver() -> None:
    """Send what is not yet delivered, to people here and to people without an account."""
    send_mails()
    tell_followers()
    send_posts()


@shared_task
def remind_of_days() -> None:
    """Remind of what comes due, and suppliers of invitations that wait."""
    remind_due()
    brief_reviewers()
    waiting = Invitation.objects.due_for_a_reminder().select_related("buyer", "supplier")
    try_each(waiting.order_by("pk")[:LOOKS], remind_supplier)
    try_each(AnswerSet.objects.due_for_confirmation().order_by("pk")[:LOOKS], ask_to_confirm)


@shared_task
def clock() -> None:
    """What the calendar does: notices end, time runs out, desks are overdue, titles expire, dates stale the checks."""
    for rows, action in by_the_calendar():
        try_each(rows, action)
    _recheck_each(Application.objects.all())


@shared_task
def watch() -> None:
    """Keep titles true: duties come about and are called to mind, neglect is proposed for, years are ranked."""
    keep_true()


@shared_task
def survey_peers() -> None:
    """What checks compare sites with, made anew once a day."""
    for year in survey_due():
        survey(year)


@shared_task
def look_after_vault() -> None:
    """Remind of what expires, and look into files that nobody looked into for long: bits rot, disks are restored."""
    expiring = Evidence.objects.due_for_a_reminder().values("enterprise")
    try_each(Enterprise.objects.filter(pk__in=expiring), remind)
    try_each(Evidence.objects.due_for_a_look()[:LOOKS], inspect)


@shared_task
def fold() -> None:
    """Fold what changed in the supply network and its titles into new arrays, where it is due."""
    live.fold_if_due()
    marks.fold_if_due()
    places.fold_if_due()
    dated.fold_if_due()


@shared_task
def anchor() -> None:
    """Anchor the heads of the audit chains."""
    anchor_heads()


def try_each(cases: Iterable[Any], action: Callable[[Any], Any]) -> None:
    """Call the action on each case; a refusal means that it is not due, a crash is logged and the others go on."""
    for case in cases:
        try:
            action(case)
        except Refused as no:
            log.info("%s: %s", case, no.code)
        except Exception:
            log.exception("%s failed", case)
