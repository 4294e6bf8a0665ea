"""The same study three ways: by the product through its queue, by one plain loop, by a task for each site."""

import itertools
import json
import time
from typing import Any

import numpy as np
from celery import current_app
from django.db import connection, transaction

from bench.kernel import kernel
from bench.scheme import figures, formulas, text
from certification.impact import storing
from certification.impact.actions import KIND, Question, study
from certification.impact.freezing import TITLE
from certification.impact.models import State, Study, StudyPart, StudyRow
from certification.impact.packing import Frozen, pack, unpack
from certification.scheme.loading import store
from greenchain.accounts.models import User
from greenchain.clock import now, today
from greenchain.jobs.models import Job
from suppliers.models import Authority, Level

PART = 10_000
PASS_SCORE = 550_000
ALONE = 200
"""Sites that are each given a task of their own; the rest is reckoned from them."""
HARDER = 0.05
PATIENCE = 600.0
PLAIN, ONE = "bench_plain", "bench_one"
YEAR = 2025
LOOK = 0.01


class Bench:
    """Frozen figures in the database, and what is done with them."""

    def __init__(self, count: int, vendor: str) -> None:
        self.count, self.vendor = count, vendor
        self.before, self.after = (store(text(*args), name="bench") for args in (("1",), ("2",)))
        nation = Authority.objects.create(
            code="CN", kind="nation", level=Level.NATIONAL, path="CN/", name_zh="全国"
        )
        self.by = User.objects.create(username="bench", role="administrator")
        self.scales = [
            [(base, lead + harder * (lead - base)) for _formula, _unit, base, lead in formulas()]
            for harder in (0.0, HARDER)
        ]
        self.changes = {
            f"I{place}": {"lead": f"{lead:.6f}"}
            for place, (_base, lead) in enumerate(self.scales[1], start=1)
        }
        self.scales[1] = [
            (base, float(self.changes[f"I{place}"]["lead"]))
            for place, (base, _lead) in enumerate(self.scales[1], start=1)
        ]
        self.basis = self._frozen(nation)
        self.rounds = itertools.count(1)
        self._alone()
        with connection.cursor() as cursor:
            like = "(LIKE certification_studyrow INCLUDING ALL)"
            made = like if vendor == "postgresql" else "AS SELECT * FROM certification_studyrow"
            cursor.execute(f"CREATE TABLE {PLAIN} {made}")

    def _frozen(self, nation: Authority) -> Study:
        """A study that is done: its figures are the basis of all others."""
        job = Job.objects.create(kind=KIND, title="basis", digest="0" * 64, by=self.by, state=Job.State.DONE)
        versions = [self.before, self.after]
        basis = Study.objects.create(
            authority=nation,
            before=self.before,
            after=self.after,
            year=YEAR,
            as_of=today(),
            state=State.DONE,
            job=job,
            by=self.by,
            changes=self.changes,
            outcome={"versions": [version.digest for version in versions]},
        )
        for number, first in enumerate(range(0, self.count, PART)):
            frozen = figures(min(PART, self.count - first), first=first)
            StudyPart.objects.create(
                study=basis,
                number=number,
                titles=frozen.title.astype(TITLE).tobytes(),
                figures=pack(frozen),
                digest=str(number),
                done_at=now(),
            )
        return basis

    def ours(self) -> Any:
        """Ask, and wait until the workers have read, scored, written and summed up."""
        question = Question(
            before=self.before,
            after=self.after,
            year=YEAR,
            changes=self.changes,
            basis=self.basis,
            note=f"round {next(self.rounds)}",
        )
        made = study(by=self.by, question=question)
        until = time.monotonic() + PATIENCE
        while Study.objects.values_list("state", flat=True).get(pk=made.pk) == State.WAITING:
            if time.monotonic() > until:
                raise SystemExit("the study was not done in time")
            time.sleep(LOOK)
        made.refresh_from_db()
        if made.outcome["equal"] != made.outcome["sampled"]:
            raise SystemExit("a sampled title scores otherwise by the scalar evaluator")
        return self._told(StudyRow._meta.db_table, f"WHERE study_id = {made.pk}")

    def plain(self) -> Any:
        """Read, score and copy in one loop, with nothing around it."""
        with connection.cursor() as cursor:
            cursor.execute(f"{'TRUNCATE' if self.vendor == 'postgresql' else 'DELETE FROM'} {PLAIN}")
        for key in list(
            StudyPart.objects.filter(study=self.basis).order_by("number").values_list("pk", flat=True)
        ):
            with transaction.atomic():
                frozen = unpack(bytes(StudyPart.objects.get(pk=key).figures or b""))
                self._write(frozen, key)
        return self._told(PLAIN, "")

    def _write(self, frozen: Frozen, key: int) -> None:
        before, after = (kernel(dict(frozen.columns.values), scales, PASS_SCORE) for scales in self.scales)
        count = frozen.columns.count
        columns = {
            "study_id": 0,
            "part_id": key,
            "title_id": frozen.title,
            "region": np.array(frozen.region, dtype="S6"),
            "division": np.array(frozen.industry, dtype="S2"),
            "level": frozen.level,
            "output": frozen.output,
            "low_before": before.total,
            "high_before": before.total,
            "low_after": after.total,
            "high_after": after.total,
            "verdict_before": before.verdict,
            "verdict_after": after.verdict,
            "moved": np.sign(after.verdict - before.verdict),
        }
        storing.write(PLAIN, columns, count)

    def _told(self, table: str, where: str) -> Any:
        """What the rows add up to."""
        sums = "count(*), sum(low_before), sum(low_after), sum(moved), sum(verdict_after), sum(output), sum(title_id)"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {sums} FROM {table} {where}")  # noqa: S608 - our own names
            return [int(number) for number in cursor.fetchone()]

    def alone(self) -> None:
        """A task for each of the first sites, as one would write it first: read one, score it, write it."""
        StudyRow.objects.filter(study=self.basis).delete()
        for place in range(ALONE):
            current_app.send_task("bench.alone", args=[self.basis.pk, place], ignore_result=True)
        until = time.monotonic() + PATIENCE
        while StudyRow.objects.filter(study=self.basis).count() < ALONE and time.monotonic() < until:
            time.sleep(LOOK)

    def _alone(self) -> None:
        """The figures of some sites as they are reported: decimals as text, in JSON, a row for each."""
        frozen = figures(ALONE)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TABLE {ONE} (place integer PRIMARY KEY, reported text)")
            for place in range(ALONE):
                given = frozen.columns.inputs(place).values
                values = {key: str(value) for key, value in given.items() if value is not None}
                cursor.execute(f"INSERT INTO {ONE} VALUES (%s, %s)", [place, json.dumps(values)])  # noqa: S608
