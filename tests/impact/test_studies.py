"""A study's rows are what the scalar scoring says of each title; it may break off anywhere and run twice."""

from decimal import Decimal
from typing import Any

import pytest

from certification.assessment.casefile import nearest
from certification.assessment.scoring import Score, score
from certification.assessment.vector import VERDICTS, in_parts, verdict_of
from certification.impact import actions
from certification.impact.actions import Question
from certification.impact.actions import study as ask
from certification.impact.models import StudyRow
from certification.impact.packing import pack, unpack
from certification.impact.scenario import changed
from certification.impact.told import lines, shifts, whole
from certification.models import Benchmark, Designation, Study
from certification.scheme.loading import store
from certification.tasks import study as divide
from certification.tasks import study_part, sweep
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Authority, SiteYear, SubjectYear
from tests.cast import YEAR, Cast
from tests.factories_suppliers import EnterpriseFactory
from tests.impact.conftest import Studied, computed
from tests.scheme.small import block, indicator, small

D = Decimal
COUNTED = 'kind = "quantitative"\nformula = "suppliers_total"\nunit = "suppliers"\n'
STRICTER = {"E3": {"base": "1", "lead": "0.1"}, "national": {"pass_score": "85"}}


def asked(cast: Cast) -> Study:
    """A study that waits for a worker."""
    question = Question(before=cast.national, after=cast.national, year=YEAR, changes=STRICTER)
    return ask(by=cast.approver_CN, question=question)


def scored(cast: Cast, title: Designation, changes: dict[str, dict[str, str]]) -> Score:
    """The scalar score of a title's figures under the changed rules."""
    report = SiteYear.objects.get(site=title.site, year=YEAR)
    rows = Benchmark.objects.filter(scheme_version=cast.national)
    own = {key: getattr(report, key) for key in ("gross_output", "export_value")}
    return score(
        changed(cast.national.definition, changes),
        values={**report.values, **own},
        tables=report.tables(),
        benchmarks=nearest(rows, title.site.industry),
    )


def test_every_row_is_what_the_scalar_scoring_says(
    cast: Cast, titles: list[Designation], studied: Studied
) -> None:
    made = studied(changes=STRICTER)
    rows = {row.title_id: row for row in made.rows.all()}
    assert rows.keys() == {title.pk for title in titles[:3]}, "who reported nothing is listed and not scored"
    for title in titles[:3]:
        row = rows[title.pk]
        before, after = scored(cast, title, {}), scored(cast, title, STRICTER)
        assert (row.low_before, row.high_before) == (in_parts(before.low), in_parts(before.high))
        assert (row.low_after, row.high_after) == (in_parts(after.low), in_parts(after.high))
        assert VERDICTS[row.verdict_before] == verdict_of(before, cast.national.definition.pass_score_at(3))
        assert VERDICTS[row.verdict_after] == verdict_of(after, D(85))
        assert row.output == (SiteYear.objects.get(site=title.site).gross_output or 0) * 10_000
        assert (row.region, row.division, row.level) == (title.region_id, title.site.industry_id[:2], 3)


def test_the_sums_are_those_of_the_rows(titles: list[Designation], studied: Studied) -> None:
    made = studied(changes=STRICTER)
    outcome, total, rows = made.outcome, whole(made.outcome), list(made.rows.all())
    assert (outcome["titles"], outcome["scored"]) == (len(titles), 3)
    assert (outcome["sampled"], outcome["equal"]) == (3, 3)
    assert total.titles == 3
    assert total.falls == sum(row.moved == -1 for row in rows) > 0
    assert total.rises == sum(row.moved == 1 for row in rows)
    assert total.output == sum(row.output for row in rows) / 1e8
    assert total.affected == 100 * sum(row.output for row in rows if row.moved) / sum(
        row.output for row in rows
    )
    for by, key in (("region", "33"), ("industry", rows[0].division), ("level", "3")):
        (line,) = lines(outcome, by)
        assert (line.key, line.titles, line.falls) == (key, 3, total.falls)
    first = shifts(outcome, (made.before.definition, made.after.definition))[0]
    assert first.code == "E3"
    assert first.change < 0


def test_chunks_of_any_size_make_the_same_rows(
    titles: list[Designation], studied: Studied, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(made: Study) -> Any:
        fields = [field.name for field in StudyRow._meta.fields if field.name not in {"id", "study", "part"}]
        outcome = {key: made.outcome[key] for key in ("titles", "scored", "groups", "before", "after")}
        return outcome, list(made.rows.order_by("title").values_list(*fields))

    whole_at_once = told(studied(changes=STRICTER))
    monkeypatch.setattr(actions, "CHUNK", 1)
    one_by_one = studied(changes=STRICTER)
    assert one_by_one.parts.count() == len(titles)
    assert told(one_by_one) == whole_at_once


def test_a_study_runs_twice_and_goes_on_where_it_broke_off(
    cast: Cast, titles: list[Designation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "CHUNK", 2)
    made = ask(
        by=cast.approver_CN,
        question=Question(before=cast.national, after=cast.national, year=YEAR, changes=STRICTER),
    )
    divide(made.pk)
    divide(made.pk)
    first, second = made.parts.order_by("number")
    study_part(first.pk)
    study_part(first.pk)
    made.refresh_from_db()
    assert (made.state, made.job.read, made.job.total, made.rows.count()) == ("waiting", 2, len(titles), 2)
    study_part(second.pk)
    study_part(second.pk)
    made.refresh_from_db()
    made.job.refresh_from_db()
    assert (made.state, made.job.state, made.job.read, made.rows.count()) == ("done", "done", 4, 3)
    divide(made.pk)
    assert [entry.verb for entry in history(made)] == ["study", "sum_up"]


def test_what_breaks_three_times_is_given_up(
    cast: Cast, titles: list[Designation], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_anything: Any) -> None:
        raise RuntimeError("no such luck")

    monkeypatch.setattr(actions, "store", broken)
    made = ask(
        by=cast.approver_CN,
        question=Question(before=cast.national, after=cast.national, year=YEAR, changes=STRICTER),
    )
    for _attempt in range(4):
        made = computed(made)
    assert (made.state, made.job.state) == ("failed", "faulty")
    assert not made.rows.exists()
    assert len(titles) == 4


def test_the_sweep_starts_a_silent_study_again(
    cast: Cast, titles: list[Designation], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr("certification.tasks.send", lambda task, *keys: sent.append((task, *keys)))
    made = ask(
        by=cast.approver_CN,
        question=Question(before=cast.national, after=cast.national, year=YEAR, changes=STRICTER),
    )
    sweep()
    made.job.updated_at = made.at.replace(year=2020)
    made.job.save()
    sweep()
    assert sent == [("certification.tasks.study", made.pk)]
    assert titles


def test_a_further_study_can_have_the_same_figures(
    cast: Cast, titles: list[Designation], studied: Studied
) -> None:
    first = studied(changes=STRICTER)
    SiteYear.objects.update(gross_output=1)
    second = studied(changes={"national": {"pass_score": "99"}}, basis=first)
    assert second.digest == first.digest
    assert not second.parts.filter(figures__isnull=False).exists()
    same = dict.fromkeys(("title", "low_before", "output"))
    assert list(second.rows.order_by("title").values(*same)) == list(
        first.rows.order_by("title").values(*same)
    )
    assert titles
    with pytest.raises(Refused) as no:
        studied(changes=STRICTER, basis=first, region=cast.site.region)
    assert no.value.code == "basis"


def test_a_study_of_nobody_is_done_at_once(studied: Studied) -> None:
    made = studied(changes=STRICTER)
    assert (made.state, made.outcome["titles"], whole(made.outcome).affected) == ("done", 0, None)


def test_only_the_territory_is_studied(cast: Cast, titles: list[Designation], studied: Studied) -> None:
    assert studied(by=cast.reviewer_33, changes=STRICTER).outcome["titles"] == len(titles)
    assert studied(by=cast.approver_44, changes=STRICTER).outcome["titles"] == 0
    assert studied(by=cast.administrator, changes=STRICTER).outcome["titles"] == len(titles)
    with pytest.raises(Refused) as no:
        studied(by=cast.approver_44, changes=STRICTER, region=titles[0].region)
    assert no.value.code == "region"


@pytest.mark.parametrize("who", ["auditor_CN", "owner", "evaluator", "expert_a"])
def test_nobody_else_makes_one(cast: Cast, studied: Studied, who: str) -> None:
    with pytest.raises(NotYours):
        studied(by=cast.people[who], changes=STRICTER)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Z9": {"base": "1"}}, "indicators: .*E1–E.*; its levels: "),
        ({"municipal": {"pass_score": "60"}}, "does not offer the level “municipal”, only: national."),
        ({"national": {"pass_score": "101"}}, "from 0 to 100"),
        ({"E3": {"weight": "9"}}, "The weights add up to"),
        ({"E3": {"weight": "0"}}, "a weight is above 0"),
        ({"E3": {"base": "1", "lead": "1"}}, "lead must differ from base"),
        ({}, "Both rules are the same"),
    ],
)
def test_rules_that_do_not_hold_together_are_refused(studied: Studied, changes: Any, said: str) -> None:
    with pytest.raises(Refused, match=said):
        studied(changes=changes)


def test_who_sees_a_study_and_its_rows(cast: Cast, titles: list[Designation], studied: Studied) -> None:
    made, mine = studied(changes=STRICTER), studied(by=cast.approver_33, changes=STRICTER)
    sees = {
        name: set(Study.objects.visible_to(cast.people[name]))
        for name in ("approver_CN", "administrator", "approver_33", "reviewer_3306", "auditor_33", "owner")
    }
    assert sees["approver_CN"] == sees["administrator"] == {made, mine}
    assert sees["approver_33"] == sees["auditor_33"] == {mine}
    assert sees["reviewer_3306"] == sees["owner"] == set()
    assert StudyRow.objects.visible_to(cast.approver_CN).count() == 6
    assert StudyRow.objects.visible_to(cast.approver_33).count() == 3
    assert not StudyRow.objects.visible_to(cast.administrator).exists()
    assert titles


def test_frozen_figures_come_back_and_equal_ones_are_equal_bytes(
    titles: list[Designation], studied: Studied
) -> None:
    SiteYear.objects.filter(site=titles[0].site).update(
        values={"co2_t": "123456789012345678.5", "energy_tce": "5"}
    )
    made = studied(changes=STRICTER)
    data = bytes(made.parts.get().figures or b"")
    frozen = unpack(data)
    assert set(frozen.columns.beyond) == {0}
    assert frozen.columns.inputs(0).value("co2_t") == D("123456789012345678.5")
    assert pack(frozen) == data
    again = studied(changes=STRICTER)
    assert again.digest == made.digest


def test_figures_of_an_enterprise_are_studied_too(cast: Cast, studied: Studied) -> None:
    version = store(
        small(block("A", 100), indicator("A1", "A", 100, COUNTED, base=0, lead=100)).replace(
            'subject = "site"', 'subject = "enterprise"'
        ),
        name="small",
    )
    enterprise = EnterpriseFactory.create()
    row = SubjectYear.objects.create(
        enterprise=enterprise, year=YEAR, values={"suppliers_total": "80"}, reported_by=cast.owner
    )
    title = Designation.objects.create(
        number="SM-1",
        scheme=version.scheme,
        level=2,
        authority=Authority.objects.get(code="33"),
        enterprise=enterprise,
        name="E",
        list_year=YEAR,
        announced_on=today(),
        basis="list",
        status="current",
    )
    title.spells.create(starts_on=today())
    made = studied(before=version, after=version, changes={"provincial": {"pass_score": "81"}})
    (found,) = made.rows.all()
    assert (found.low_before, found.verdict_before, found.verdict_after, found.moved) == (800_000, 2, 0, -1)
    assert (found.region, found.division, row.year) == ("000000", "00", YEAR)
    assert [line.name for line in lines(made.outcome, "industry")] == ["none stated"]
