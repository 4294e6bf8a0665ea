"""Ask for an impact study, divide it, compute its parts, and sum up: the only writers of studies."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from certification.impact import comparing
from certification.impact.comparing import Rules
from certification.impact.freezing import TITLE, freeze, keys_in, keys_of, levels_of, read_by, rules_of
from certification.impact.models import State, Study, StudyPart, StudyRow, may_study
from certification.impact.packing import Frozen, pack, unpack
from certification.impact.scenario import Changes, changed
from certification.impact.storing import store
from certification.impact.told import summed
from certification.scheme.models import Benchmark, SchemeVersion
from greenchain.accounts.models import Role
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.jobs.models import Job
from greenchain.refusals import NotYours, Refused
from suppliers.place.models import Authority, Region, nation

KIND = "impact"
CHUNK = 10_000
"""Titles in a part: a task takes about a second, its transaction stays short, and the progress is seen."""
MAX_ATTEMPTS = 3
SAMPLED = 20
"""Titles of a study, or one of each part where there are more, that the scalar scoring scores again."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked: two rules, the changes to the second, whose titles, which year's figures.

    ``basis`` is an earlier study whose frozen figures are used again.
    """

    before: SchemeVersion
    after: SchemeVersion
    year: int
    changes: Changes = field(default_factory=dict)
    level: int | None = None
    region: Region | None = None
    note: str = ""
    basis: Study | None = None


@transaction.atomic
def study(*, by: Any, question: Question) -> Study:
    """A study is asked for and waits for a worker. Nothing about any case or title changes by it."""
    if not may_study(by):
        raise NotYours(_("Administrators, approvers and reviewers make impact studies."), code="role")
    authority = nation() if by.role == Role.ADMINISTRATOR else by.authority
    _must_make_sense(question, authority)
    begun = now()
    title = question.note or str(question.after)
    seal = hashlib.sha256(f"{KIND}:{by.pk}:{begun.isoformat()}:{title}".encode()).hexdigest()
    made = Study(
        **{**vars(question), "changes": dict(question.changes), "basis": _usable(question, authority)},
        authority=authority,
        as_of=today(),
        job=Job.objects.create(kind=KIND, title=title, digest=seal, by=by),
        by=by,
        at=begun,
    )
    if not levels_of(made):
        raise Refused(_("No level is offered by both rules."), code="levels", field="level")
    made.save()
    told = {"year": made.year, "level": made.level, "changes": made.changes, "region": made.region_id}
    record("study", made, by=by, before=str(made.before), after=str(made.after), **told)
    return made


def _must_make_sense(question: Question, authority: Authority) -> None:
    if question.before.scheme.subject != question.after.scheme.subject:
        raise Refused(_("Both rules must be for the same kind of subject."), code="subject", field="after")
    region = question.region
    if region is not None and not (region.desk and authority.covers(region.desk)):
        raise Refused(_("This region is not in your territory."), code="region", field="region")
    changed(question.after.definition, question.changes)
    if question.before == question.after and not question.changes:
        raise Refused(_("Both rules are the same: change something."), code="no_change", field="changes")


def _usable(question: Question, authority: Authority) -> Study | None:
    """The study whose frozen figures are used again: of the same titles, with all that these rules read."""
    if question.basis is None:
        return None
    root = question.basis.basis or question.basis
    same = (root.year, root.level, root.region, root.authority, root.before.scheme_id) == (
        question.year,
        question.level,
        question.region,
        authority,
        question.before.scheme_id,
    )
    read = {question.before.digest, question.after.digest} <= set(root.outcome.get("versions", ()))
    if not same or not read or root.state != State.DONE:
        message = _("That study has other titles or another year: leave it out, and figures are frozen anew.")
        raise Refused(message, code="basis", field="basis")
    return root


@transaction.atomic
def divide(study: Study) -> list[int]:
    """The study's parts stand; the numbers of those still to be computed. Safe to run twice."""
    study = Study.objects.select_for_update(of=("self",)).select_related("job").get(pk=study.pk)
    if study.state != State.WAITING:
        return []
    if not study.parts.exists():
        source = study.basis.parts.order_by("number") if study.basis else None
        batches = [bytes(part.titles) for part in source] if source else _batches(keys_of(study))
        StudyPart.objects.bulk_create(
            [StudyPart(study=study, number=number, titles=titles) for number, titles in enumerate(batches)]
        )
        total = sum(len(titles) // TITLE.itemsize for titles in batches)
        Job.objects.filter(pk=study.job_id).update(total=total, updated_at=now())
    if not study.parts.exists():
        _finish(study, [])
        return []
    return list(study.parts.filter(done_at=None).order_by("number").values_list("pk", flat=True))


def _batches(keys: Sequence[int]) -> list[bytes]:
    return [np.array(keys[at : at + CHUNK], dtype=TITLE).tobytes() for at in range(0, len(keys), CHUNK)]


def compute(part: StudyPart) -> None:
    """The part's rows stand, once however often this runs; the last part sums the study up."""
    # Counted before the work and outside its transaction: what kills the worker is counted too.
    StudyPart.objects.filter(pk=part.pk, done_at=None).update(attempts=F("attempts") + 1)
    with transaction.atomic():
        part = StudyPart.objects.select_for_update(of=("self",)).select_related("study").get(pk=part.pk)
        if part.done_at is not None or part.study.state != State.WAITING:
            return
        if part.attempts > MAX_ATTEMPTS:
            _give_up(part)
            return
        _write(part, part.study)
    finish(part.study)


def _write(part: StudyPart, study: Study) -> None:
    frozen = _frozen(part, study)
    before, after = (
        Rules(definition=definition, benchmarks=_benchmarks(study, version, skipped))
        for definition, version, skipped in zip(
            rules_of(study), (study.before, study.after), ((), study.changes), strict=True
        )
    )
    compared = comparing.compare(frozen, before, after)
    StudyRow.objects.filter(study=study, part=part).delete()
    store(compared, part)
    many = max(1, SAMPLED // max(1, study.parts.count()))
    tried, equal = comparing.sampled(compared, many=many, seed=study.pk * 1000 + part.number)
    titles = len(keys_in(part))
    part.told = {**comparing.sums(compared), "titles": titles, "sampled": tried, "equal": equal}
    part.done_at = now()
    part.save()
    Job.objects.filter(pk=study.job_id).update(read=F("read") + titles, updated_at=now())


def _frozen(part: StudyPart, study: Study) -> Frozen:
    """The part's figures: those frozen before, those of the basis, else as they stand now."""
    source = part
    if study.basis_id:
        source = StudyPart.objects.get(study=study.basis_id, number=part.number)
    if source.figures is None:
        source.figures = pack(freeze(part, study))
        source.digest = hashlib.sha256(source.figures).hexdigest()
    part.digest = source.digest
    return unpack(bytes(source.figures))


def _benchmarks(study: Study, version: SchemeVersion, skipped: Iterable[str]) -> list[Benchmark]:
    rows = Benchmark.objects.filter(scheme_version=version, valid_from__lte=study.as_of)
    changed_scale = {code for code in skipped if set(study.changes[code]) & {"base", "lead"}}
    return [row for row in rows if row.indicator not in changed_scale]


def _give_up(part: StudyPart) -> None:
    Study.objects.filter(pk=part.study_id).update(state=State.FAILED)
    Job.objects.filter(pk=part.study.job_id).update(state=Job.State.FAULTY, ended_at=now(), updated_at=now())
    record("break_off", part.study, by=None, part=part.number)


@transaction.atomic
def finish(study: Study) -> bool:
    """The study is summed up, once all its parts are computed; whether it was."""
    study = Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
    if study.state != State.WAITING or study.parts.filter(done_at=None).exists():
        return False
    _finish(study, list(study.parts.order_by("number").defer("titles", "figures")))
    return True


def _finish(study: Study, parts: list[StudyPart]) -> None:
    study.outcome = summed([part.told for part in parts], rules_of(study))
    study.outcome["versions"] = [version.digest for version in read_by(study)]
    study.digest = hashlib.sha256("\n".join(part.digest for part in parts).encode()).hexdigest()
    study.state = State.DONE
    study.save()
    Job.objects.filter(pk=study.job_id).update(
        state=Job.State.DONE, outcome={"titles": study.outcome["titles"]}, ended_at=now(), updated_at=now()
    )
    told = {key: study.outcome[key] for key in ("titles", "scored", "sampled", "equal")}
    record("sum_up", study, by=None, digest=study.digest, **told)
