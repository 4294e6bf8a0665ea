"""A grading: who is in it and why not, dry run before anything is public, the same again from its snapshot."""

import datetime as dt
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from certification import tasks
from certification.grading import actions, cohort
from certification.grading.actions import freeze, prepare, publish, take_part, withdraw
from certification.grading.proof import differences, prove
from certification.models import Designation, Entry, Grade, Grading, Obligation
from greenchain.audit.immutable import lifted
from greenchain.audit.trail import history
from greenchain.clock import stopped_at
from greenchain.languages import pick
from greenchain.refusals import NotYours, Refused
from suppliers.models import Site
from tests.cast import YEAR, Cast
from tests.codes import MAY, dry_run, full_report
from tests.factories_suppliers import ComplianceRecordFactory
from tests.grading.conftest import Title


def site_of(row: Designation) -> Site:
    """The site of a linked title."""
    assert row.site is not None
    return row.site


def code_of(grading: Grading, row: Designation) -> tuple[str, str, Decimal | None]:
    """Code, refusal and score of a title."""
    entry = grading.entries.get(title=row)
    return getattr(getattr(entry, "grade", None), "code", ""), entry.refusal, entry.score


def test_titles_are_ranked_and_graded(cast: Cast, ladder: list[Designation]) -> None:
    grading = dry_run(cast)

    found = [code_of(grading, row) for row in ladder]
    scores = [score for _code, _refusal, score in found]
    assert scores == sorted(scores, reverse=True)  # type: ignore[type-var]
    assert scores[0] == Decimal(100)
    assert scores[6] == scores[7] != scores[5]
    assert [code for code, _refusal, _score in found] == ["A+", "A", "A", "A", "B", "B", "B", "B"]
    assert grading.outcome == {"codes": {"A+": 1, "A": 3, "B": 4}, "refused": {}}
    assert Grade.objects.get(entry__title=ladder[7]).rank == 7
    assert (grading.job.read, grading.job.total, grading.job.state) == (8, 8, "done")


def test_the_score_is_what_the_years_figures_bring_and_people_do_not_judge(cast: Cast, title: Title) -> None:
    """Three cases are half claimed in these figures: they neither help nor harm."""
    row = title()
    inputs = {**dry_run(cast).entries.get(title=row).inputs}
    assert inputs["year"] == YEAR
    assert {"R1", "R2", "P1"} <= {code for code, said in inputs["corrections"].items()}
    assert cohort.rescored(cast.national.definition, inputs) == 100
    inputs["corrections"] = {}
    assert cohort.rescored(cast.national.definition, inputs) < 100


def test_each_refusal_says_why_in_three_languages(cast: Cast, title: Title) -> None:
    recorded = title()
    ComplianceRecordFactory.create(enterprise=recorded.site.enterprise, happened_on=dt.date(YEAR, 6, 1))
    unfiled = title()
    Obligation.objects.create(designation=unfiled, year=YEAR, due_on=dt.date(YEAR + 1, 4, 15))
    swung = title()
    full_report(site_of(swung), YEAR - 1, cast.owner, energy_tce="1000")
    gone = dict.fromkeys(("energy_tce", "water_m3", "co2_t", "land_area_m2", "solid_waste_t", "revenue_3y"))
    wanted = {
        "opted_out": title(willing=False),
        "unlinked": title(linked=False),
        "suspended": title(status="suspended"),
        "record": recorded,
        "no_form": unfiled,
        "stale": title(year=YEAR - 2),
        "no_figures": title(figures=None),
        "abnormal": swung,
        "incomplete": title(figures=gone),
    }
    silent = title(willing=None)

    grading = dry_run(cast)

    assert {key: code_of(grading, row) for key, row in wanted.items()} == {
        key: ("", key, None) for key in wanted
    }
    assert code_of(grading, silent)[1] == "opted_out"
    assert grading.outcome["refused"]["opted_out"] == 2
    reasons = {key: grading.entries.get(title=row).reason for key, row in wanted.items()}
    for texts in reasons.values():
        assert set(texts) == {"en", "zh-hans", "id"}
        assert "{" not in "".join(texts.values())
    assert "+100 %" in reasons["abnormal"]["en"]
    assert str(YEAR - 2) in reasons["stale"]["id"]
    assert "Discharge" in pick(reasons["record"])
    assert Entry.objects.get(title=wanted["opted_out"]).inputs == {}


def test_a_swing_that_the_desk_finds_explained_does_not_refuse(cast: Cast, title: Title) -> None:
    swung = title()
    full_report(site_of(swung), YEAR - 1, cast.owner, energy_tce="1000")

    with pytest.raises(Refused, match="reasons"):
        dry_run(cast, explained=[swung.number])
    grading = dry_run(cast, explained=[swung.number], reasons="A second line was opened.")

    assert code_of(grading, swung)[0] == "A+"
    assert "second line" in history(grading).get(verb="prepare_codes").data["reasons"]


@pytest.mark.parametrize(
    "changes",
    [{"level": 2}, {"status": "revoked"}, {"announced_on": dt.date(YEAR + 1, 3, 1)}],
)
def test_who_is_not_a_national_factory_of_that_year_is_not_in_it(
    cast: Cast, title: Title, changes: dict[str, Any]
) -> None:
    row = title(**changes)
    assert not dry_run(cast).entries.filter(title=row).exists()


def test_it_goes_on_where_it_broke_off_and_a_second_run_changes_nothing(
    cast: Cast, ladder: list[Designation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cohort, "CHUNK", 3)
    with stopped_at(MAY):
        grading = prepare(by=cast.auditor_CN, year=YEAR)
    taken = cohort.entries(grading)
    Entry.objects.bulk_create(next(taken))
    first = list(grading.entries.values_list("pk", flat=True))

    tasks.grade(grading.pk)

    grading.refresh_from_db()
    assert grading.state == "dry_run"
    assert list(grading.entries.order_by("pk").values_list("pk", flat=True))[:3] == first
    assert grading.entries.count() == len(ladder)
    seal, entries = grading.digest, history(grading).count()
    tasks.grade(grading.pk)
    freeze(grading)
    assert (Grading.objects.get(pk=grading.pk).digest, history(grading).count()) == (seal, entries)


def test_what_breaks_three_times_is_given_up(cast: Cast, title: Title) -> None:
    title()
    with stopped_at(MAY):
        grading = prepare(by=cast.auditor_CN, year=YEAR)
    Grading.objects.filter(pk=grading.pk).update(attempts=actions.MAX_ATTEMPTS)
    assert freeze(grading).state == "failed"
    assert grading.job.__class__.objects.get(pk=grading.job_id).state == "faulty"
    assert prepare(by=cast.auditor_CN, year=YEAR).number == 2


def test_the_queries_grow_with_the_chunks_not_with_the_titles(cast: Cast, title: Title) -> None:
    def cost() -> int:
        with stopped_at(MAY):
            grading = prepare(by=cast.auditor_CN, year=YEAR)
        with CaptureQueriesContext(connection) as caught:
            freeze(grading)
        return len(caught)

    title()
    one = cost()
    title()
    title()
    assert cost() == one < 50


def test_it_comes_out_of_its_snapshot_again(cast: Cast, ladder: list[Designation]) -> None:
    grading = dry_run(cast)
    best = ladder[0].site.years.get()
    best.values["energy_tce"] = "9000"
    best.save()

    prove(grading, by=cast.auditor_CN)
    out = StringIO()
    call_command("verify_green_codes", YEAR, stdout=out)

    assert history(grading).get(verb="prove_codes").data["equal"] is True
    assert f"{grading}: equal, 8 titles" in out.getvalue()


def test_a_changed_score_rank_or_figure_is_found(cast: Cast, ladder: list[Designation]) -> None:
    grading = dry_run(cast)
    with lifted():
        Grade.objects.filter(entry__title=ladder[4]).update(code="A+")
        entry = grading.entries.get(title=ladder[5])
        entry.inputs["values"]["energy_tce"] = "1"
        entry.save()

    found = list(differences(grading))

    assert [line.split(":")[0] for line in found] == [row.number for row in (ladder[4], ladder[5], ladder[5])]
    with pytest.raises(Refused, match="does not come out"):
        prove(grading, by=cast.auditor_CN)
    with pytest.raises(CommandError, match="do not come out"):
        call_command("verify_green_codes", stderr=StringIO())


def test_rows_of_a_snapshot_are_never_changed(cast: Cast, title: Title) -> None:
    title()
    grading = dry_run(cast)
    for row in (grading.entries.get(), Grade.objects.get()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            row.save()


class TestMoves:
    """Auditors of the nation prepare, approvers of the nation publish and withdraw."""

    @pytest.mark.parametrize("who", ["auditor_33", "approver_CN", "reviewer_CN", "administrator", "owner"])
    def test_nobody_else_prepares(self, cast: Cast, who: str) -> None:
        with pytest.raises(NotYours):
            prepare(by=cast.people[who], year=YEAR)

    @pytest.mark.parametrize("who", ["auditor_CN", "approver_33", "administrator", "owner"])
    def test_nobody_else_publishes_or_withdraws(self, cast: Cast, title: Title, who: str) -> None:
        title()
        grading = dry_run(cast)
        with pytest.raises(NotYours):
            publish(grading, by=cast.people[who])
        publish(grading, by=cast.approver_CN)
        with pytest.raises(NotYours):
            withdraw(grading, by=cast.people[who], reasons="x")

    def test_published_once_a_year_and_again_after_it_was_withdrawn(self, cast: Cast, title: Title) -> None:
        title()
        first, second = dry_run(cast), dry_run(cast)
        publish(first, by=cast.approver_CN)
        with pytest.raises(Refused) as twice:
            publish(first, by=cast.approver_CN)
        assert twice.value.code == "already_done"
        with pytest.raises(Refused) as beside:
            publish(second, by=cast.approver_CN)
        assert beside.value.code == "published_already"
        with pytest.raises(Refused, match="reasons"):
            withdraw(first, by=cast.approver_CN, reasons=" ")
        withdraw(first, by=cast.approver_CN, reasons="A benchmark was wrong.")
        publish(second, by=cast.approver_CN)
        assert list(Grading.objects.published()) == [second]
        assert [entry.verb for entry in history(first)] == [
            "prepare_codes",
            "freeze_codes",
            "publish_codes",
            "withdraw_codes",
        ]

    def test_a_snapshot_from_before_the_forms_were_due_is_not_published(
        self, cast: Cast, title: Title
    ) -> None:
        title()
        with stopped_at(dt.datetime(YEAR + 1, 4, 15, 4, tzinfo=dt.UTC)):
            early = freeze(prepare(by=cast.auditor_CN, year=YEAR))
        with pytest.raises(Refused) as no:
            publish(early, by=cast.approver_CN)
        assert no.value.code == "forms_due"

    def test_a_year_that_is_not_over_is_not_graded(self, cast: Cast) -> None:
        with pytest.raises(Refused) as no:
            prepare(by=cast.auditor_CN, year=YEAR + 1)
        assert no.value.code == "year"

    def test_one_dry_run_of_a_year_at_a_time(self, cast: Cast) -> None:
        prepare(by=cast.auditor_CN, year=YEAR)
        with pytest.raises(Refused, match="being computed"):
            prepare(by=cast.auditor_CN, year=YEAR)

    def test_owners_decide_whether_to_take_part(self, cast: Cast, title: Title) -> None:
        row, below = title(willing=None), title(level=2)
        for who in (cast.stranger, cast.auditor_CN, cast.editor):
            with pytest.raises(NotYours):
                take_part(row, by=who, willing=True)
        assert take_part(row, by=cast.owner, willing=True).takes_part
        with pytest.raises(Refused) as twice:
            take_part(row, by=cast.owner, willing=True)
        assert twice.value.code == "already_done"
        take_part(row, by=cast.owner, willing=False)
        assert [entry.verb for entry in history(row)] == ["take_part", "stay_out"]
        with pytest.raises(Refused) as no:
            take_part(below, by=cast.owner, willing=True)
        assert no.value.code == "not_for_this_title"
