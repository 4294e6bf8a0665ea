"""Take part; prepare, freeze, publish and withdraw the codes of a year: the only writers of gradings."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from certification.designation.models import Designation
from certification.grading.catalogue import catalogue
from certification.grading.cohort import entries, titles_of
from certification.grading.models import Entry, Grade, Grading, Participation, State, keeps_codes
from certification.grading.ranking import Contender, Place, graded
from certification.scheme.deadlines import Duty, due_day
from certification.scheme.models import SchemeVersion
from certification.surveillance.calendar import FORM_DUE
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.audit.canonical import canonical
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.jobs.models import Job
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import must
from suppliers.place.models import Authority, Level, nation

KIND = "green_codes"
MAX_ATTEMPTS = 3
BATCH = 500
MONTH = dt.timedelta(days=30)


def forms_due_on(year: int, top: Authority | None = None) -> dt.date:
    """When the annual forms of a reporting year are due in the nation (``top``); regions set earlier days."""
    return due_day(Duty.ANNUAL_FORM, top or nation(), year + 1, FORM_DUE)


def codes_due_on(year: int, top: Authority | None = None) -> dt.date:
    """Within one month of the annual form."""
    return forms_due_on(year, top) + MONTH


def may_take_part(title: Designation) -> bool:
    """Whether the title is one that the code is for, and stands."""
    fits = title.scheme.key == catalogue().scheme and title.level == Level.NATIONAL and title.site_id
    return bool(fits) and title.status in {Status.CURRENT, Status.SUSPENDED}


@transaction.atomic
def take_part(title: Designation, *, by: Any, willing: bool) -> Participation:
    """The holder takes part from now on, or no longer; a published code that is not consented to is not shown."""
    if not may_take_part(title):
        raise Refused(_("The green code is for national green factories only."), code="not_for_this_title")
    assert title.site is not None  # noqa: S101 - may_take_part asks for it
    must(by, title.site.enterprise, "own")
    before = Participation.objects.filter(title=title).first()
    if before is not None and before.takes_part == willing:
        raise Refused(_("This has been done already."), code="already_done")
    row, _made = Participation.objects.update_or_create(
        title=title, defaults={"takes_part": willing, "since_on": today()}
    )
    record("take_part" if willing else "stay_out", title, by=by)
    return row


@transaction.atomic
def prepare(*, by: Any, year: int, explained: Sequence[str] = (), reasons: str = "") -> Grading:
    """A dry run is asked for: its cohort is that of today. Nothing of it is public."""
    _must_be(Role.AUDITOR, by)
    if not year < today().year:
        raise Refused(_("The year is not over yet."), code="year", field="year")
    if explained and not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    if Grading.objects.filter(year=year, state=State.WAITING).exists():
        raise Refused(_("A dry run of this year is being computed."), code="already_done")
    last = Grading.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0
    seal = hashlib.sha256(f"{KIND}:{year}:{last + 1}".encode()).hexdigest()
    grading = Grading.objects.create(
        year=year,
        number=last + 1,
        scheme_version=version_on(today()),
        cut_on=today(),
        numbers=catalogue().numbers,
        explained=sorted(set(explained)),
        job=Job.objects.create(kind=KIND, title=f"{year}/{last + 1}", digest=seal, by=by),
        prepared_by=by,
    )
    told = {"explained": grading.explained, "reasons": reasons} if explained else {}
    record("prepare_codes", grading, by=by, year=year, version=grading.scheme_version.version, **told)
    return grading


def version_on(day: Any) -> SchemeVersion:
    """The version in force on a day that serves the national level."""
    effective = SchemeVersion.objects.filter(scheme__key=catalogue().scheme, effective_on__lte=day)
    serving = [
        row for row in effective.order_by("-effective_on", "-pk") if Level.NATIONAL in row.definition.levels
    ]
    if not serving:
        raise Refused(_("No version of the scheme is in force at the national level."), code="no_version")
    return serving[0]


def freeze(grading: Grading) -> Grading:
    """The snapshot is frozen and graded; a run that broke off goes on behind its last chunk, a second one is idle.

    What breaks three times is given up, and the page says so.
    """
    Grading.objects.filter(pk=grading.pk).update(attempts=F("attempts") + 1)
    grading.refresh_from_db()
    if grading.state != State.WAITING:
        return grading
    if grading.attempts > MAX_ATTEMPTS:
        return _given_up(grading)
    _watched(grading, total=titles_of(grading).count())
    for chunk in entries(grading):
        Entry.objects.bulk_create(chunk, ignore_conflicts=True, batch_size=BATCH)
        _watched(grading)
    return _grade(grading)


def _watched(grading: Grading, **changes: Any) -> None:
    """Show how far it is; the sign of life by which the sweep knows that somebody is at it."""
    done = grading.entries.count()
    total = max(changes.get("total", 0), done, Job.objects.get(pk=grading.job_id).total)
    Job.objects.filter(pk=grading.job_id).update(read=done, total=total, updated_at=now())


@transaction.atomic
def _grade(grading: Grading) -> Grading:
    grading.refresh_from_db(from_queryset=Grading.objects.select_for_update(of=("self",)))
    if grading.state != State.WAITING:
        return grading
    places = places_of(grading)
    Grade.objects.bulk_create((_row(key, place) for key, place in places.items()), batch_size=BATCH)
    grading.state, grading.outcome = State.DRY_RUN, _outcome(grading, places)
    grading.digest = digest_of(grading)
    grading.save(update_fields=["state", "outcome", "digest"])
    _end(grading, Job.State.DONE)
    record("freeze_codes", grading, by=None, digest=grading.digest, **grading.outcome)
    return grading


def places_of(grading: Grading) -> dict[int, Place]:
    """Where each ranked entry stands, by entry: from the snapshot alone."""
    rows = grading.entries.filter(score__isnull=False).values_list("pk", "industry", "score")
    field = (Contender(pk, industry, score) for pk, industry, score in rows if score is not None)
    return graded(field, grading.numbers)


def digest_of(grading: Grading) -> str:
    """SHA-256 over the rules' numbers, the version, and every entry in the order of the titles."""
    sealed = hashlib.sha256(
        canonical(
            {"numbers": grading.numbers, "version": grading.scheme_version.digest, "year": grading.year}
        ).encode()
    )
    for digest in grading.entries.order_by("title").values_list("digest", flat=True).iterator(BATCH):
        sealed.update(digest.encode())
    return sealed.hexdigest()


def _row(entry: int, place: Place) -> Grade:
    within = place.within
    return Grade(
        entry_id=entry,
        code=place.code,
        rank=place.overall.rank,
        of=place.overall.of,
        band=place.overall.band,
        industry_rank=within.rank if within else None,
        industry_of=within.of if within else None,
        industry_band=within.band if within else "",
    )


def _outcome(grading: Grading, places: dict[int, Place]) -> dict[str, Any]:
    refused = Counter(grading.entries.exclude(refusal="").values_list("refusal", flat=True))
    codes = Counter(place.code for place in places.values())
    return {
        "codes": {code: codes[code] for code in grading.codes},
        "refused": {key: refused[key] for key in catalogue().refusals if refused[key]},
    }


@transaction.atomic
def publish(grading: Grading, *, by: Any) -> Grading:
    """The codes of the year hold, and are shown where their holders consent."""
    _must_be(Role.APPROVER, by)
    grading.refresh_from_db(from_queryset=Grading.objects.select_for_update(of=("self",)))
    if grading.state != State.DRY_RUN:
        raise _too_late(grading, State.PUBLISHED)
    if grading.prepared_by_id == by.pk:
        raise NotYours(_("Somebody else than who prepared it must do this."), code="apart_from")
    if grading.cut_on <= forms_due_on(grading.year):
        raise Refused(
            _("The snapshot was taken before the annual forms of the year were due; prepare it again."),
            code="forms_due",
        )
    if Grading.objects.published().filter(year=grading.year).exists():
        raise Refused(_("This year's codes are published; withdraw them first."), code="published_already")
    grading.state, grading.published_by, grading.published_at = State.PUBLISHED, by, now()
    grading.save(update_fields=["state", "published_by", "published_at"])
    record("publish_codes", grading, by=by, digest=grading.digest)
    return grading


@transaction.atomic
def withdraw(grading: Grading, *, by: Any, reasons: str) -> Grading:
    """The codes no longer hold and are shown nowhere; another dry run may take their place."""
    _must_be(Role.APPROVER, by)
    grading.refresh_from_db(from_queryset=Grading.objects.select_for_update(of=("self",)))
    if grading.state != State.PUBLISHED:
        raise _too_late(grading, State.WITHDRAWN)
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    grading.state, grading.withdrawn_because = State.WITHDRAWN, reasons.strip()
    grading.save(update_fields=["state", "withdrawn_because"])
    record("withdraw_codes", grading, by=by, reasons=grading.withdrawn_because)
    return grading


def _must_be(role: str, by: Any) -> None:
    if not keeps_codes(by) or by.role != role:
        raise NotYours(_("This move is not yours to make."), code="not_yours")


def _too_late(grading: Grading, wanted: str) -> Refused:
    if grading.state == wanted:
        return Refused(_("This has been done already."), code="already_done")
    status = grading.get_state_display()
    return Refused(
        _("This cannot be done while the grading is in “%(status)s”.") % {"status": status},
        code="wrong_status",
    )


def _given_up(grading: Grading) -> Grading:
    Grading.objects.filter(pk=grading.pk, state=State.WAITING).update(state=State.FAILED)
    grading.refresh_from_db()
    _end(grading, Job.State.FAULTY)
    record("give_up_codes", grading, by=None, attempts=grading.attempts)
    return grading


def _end(grading: Grading, state: str) -> None:
    Job.objects.filter(pk=grading.job_id).update(state=state, ended_at=now(), updated_at=now())
