"""The peer: a task that scores one site and writes one row."""

import json

from celery import shared_task
from django.db import connection

from certification.assessment.scoring import score
from certification.impact.freezing import rules_of
from certification.impact.models import Study, StudyRow
from suppliers.models import Level


@shared_task(name="bench.alone")
def alone(study_id: int, place: int) -> None:
    """Read what one site reported, score it by both rules, write the row."""
    study = Study.objects.select_related("before", "after").get(pk=study_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reported FROM bench_one WHERE place = %s", [place])
        values = json.loads(cursor.fetchone()[0])
    before, after = (score(rules, values=values, tables={}) for rules in rules_of(study))
    verdicts = [
        2 * one.reaches(study.before.definition.pass_score_at(Level.PROVINCIAL)) for one in (before, after)
    ]
    StudyRow.objects.create(
        study=study,
        part_id=0,
        title_id=place,
        region="110100",
        division="13",
        level=Level.PROVINCIAL,
        output=0,
        low_before=int(before.low * 10_000),
        high_before=int(before.high * 10_000),
        low_after=int(after.low * 10_000),
        high_after=int(after.high * 10_000),
        verdict_before=verdicts[0],
        verdict_after=verdicts[1],
        moved=(verdicts[1] > verdicts[0]) - (verdicts[1] < verdicts[0]),
    )
