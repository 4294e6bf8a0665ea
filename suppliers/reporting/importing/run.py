"""Carry an import through: stage in chunks, tell all faults, then one upsert; go on where it broke off."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import Role, User
from greenchain.audit.trail import record
from greenchain.clock import now
from greenchain.jobs.models import Job, Staged
from greenchain.refusals import NotYours, Refused
from greenchain.sheets import Fault, FaultySheet, Row, read
from suppliers.reporting.importing.cells import Chunk, Found, Kind, Tally
from suppliers.reporting.importing.enterprises import ENTERPRISES
from suppliers.reporting.importing.sites import SITES
from suppliers.reporting.importing.years import SITE_YEARS

KINDS: Mapping[str, Kind] = {kind.key: kind for kind in (ENTERPRISES, SITES, SITE_YEARS)}
CHUNK = 500
KEPT_FAULTS = 1000
Watcher = Callable[[Job], None]


def import_file(
    kind: str, path: Path, *, by: User, dry_run: bool = False, watch: Watcher = lambda _job: None
) -> Job:
    """What the file says stands, all of it or nothing; the job tells what was done or what is wrong.

    Rows are staged in chunks, each in a transaction of its own: a run that broke off goes on behind the last
    chunk when the same file comes again. Running a finished file again changes nothing. A dry run writes and
    takes back. ``watch`` is called after each chunk.
    """
    if by.role != Role.ADMINISTRATOR:
        raise NotYours(_("Only administrators import files."), code="role")
    if kind not in KINDS:
        raise Refused(_("There is no such kind of file."), code="unknown_kind", field="kind")
    chosen = KINDS[kind]
    job = _job(chosen, path, by)
    try:
        _stage(job, chosen, path, watch)
    except FaultySheet as faulty:
        _note(job, faulty.faults)
    if job.fault_count:
        return _end(job, Job.State.FAULTY)
    with transaction.atomic():
        tally = _upsert(job, chosen, by)
        job.outcome |= asdict(tally)
        if dry_run:
            transaction.set_rollback(True)
        else:
            about = {"file": job.title, "sha256": job.digest, "kind": kind}
            record("import", job, by=by, **about, **asdict(tally))
            _end(job, Job.State.DONE)
    return _end(job, Job.State.CHECKED) if dry_run else job


def faults_of(job: Job) -> FaultySheet:
    """What is wrong with a job's file, as a refusal."""
    return FaultySheet([Fault(*fault) for fault in job.faults])


def _job(kind: Kind, path: Path, by: User) -> Job:
    """The open job of this very file, else a new one."""
    with path.open("rb") as file:
        seal = hashlib.file_digest(file, "sha256").hexdigest()
    name = f"import_{kind.key}".replace("-", "_")
    job = Job.objects.filter(kind=name, digest=seal, state=Job.State.STAGING).first()
    if job is not None:
        return job
    total, columns = 0, set[str]()
    try:
        for row in read(path, needed=kind.needed):
            total, columns = total + 1, columns or set(row.cells)
    except FaultySheet:
        total += 1  # reading stops there and tells the fault
    left_aside = sorted(columns - kind.columns)
    return Job.objects.create(
        kind=name, title=path.name, digest=seal, by=by, total=total, outcome={"left_aside": left_aside}
    )


def _stage(job: Job, kind: Kind, path: Path, watch: Watcher) -> None:
    rows = islice(read(path, needed=kind.needed), job.read, None)
    while chunk := list(islice(rows, CHUNK)):
        with transaction.atomic():
            _keep(job, kind.read(chunk), chunk)
        watch(job)


def _keep(job: Job, chunk: Chunk, rows: list[Row]) -> None:
    known = job.staged.filter(key__in=[found.key for found in chunk.found])
    first = dict(known.values_list("key", "number"))
    sound: list[Found] = []
    for found in chunk.found:
        earlier = first.setdefault(found.key, found.number)
        if earlier == found.number:
            sound.append(found)
        else:
            message = _("says the same thing as row %(row)d.") % {"row": earlier}
            chunk.faults.append(Fault(found.number, "", message))
    Staged.objects.bulk_create(
        [Staged(job=job, number=found.number, key=found.key, data=found.data) for found in sound]
    )
    job.read += len(rows)
    _note(job, chunk.faults)


def _note(job: Job, faults: list[Fault]) -> None:
    job.fault_count += len(faults)
    room = KEPT_FAULTS - len(job.faults)
    job.faults += [[fault.row, fault.column, fault.message] for fault in sorted(faults)[:room]]
    job.updated_at = now()
    job.save()


def _upsert(job: Job, kind: Kind, by: User) -> Tally:
    tally = Tally()
    for batch in _batches(job):
        tally.add(kind.write([row.data for row in batch], by))
    return tally


def _batches(job: Job) -> Iterator[list[Staged]]:
    last = 0
    while batch := list(job.staged.filter(number__gt=last).order_by("number")[:CHUNK]):
        yield batch
        last = batch[-1].number


def _end(job: Job, state: Job.State) -> Job:
    """The job is over; what it staged is not needed any more."""
    with transaction.atomic():
        job.staged.all().delete()
        job.state, job.ended_at, job.updated_at = state, now(), now()
        job.save()
    return job
