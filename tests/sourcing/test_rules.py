"""The rules as data, the grades by them, the plan's days: no database."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from certification.sourcing.grading import Facts, grade, worded
from certification.sourcing.plan import due
from certification.sourcing.rules import FOLDER, GRADES, RULEBOOKS, read_rulebook
from greenchain.located import FaultyFileError

BOOK = RULEBOOKS["2026-1"]
PLAIN = Facts(industry="3511", share=Decimal("0.01"), state="green", answers="shared")
"""A machine maker whose sites are all green, small, and open: nothing counts against it."""


def by_rules(**facts: Any):
    return grade(replace(PLAIN, **facts), BOOK)


def test_points_add_up_with_their_reasons():
    graded = by_rules(industry="2614", share=Decimal("0.12"), state="none", answers="none")
    assert [(each.rule, each.points) for each in graded.reasons] == [
        ("energy_heavy", 25),
        ("large_share", 25),
        ("title_none", 10),
        ("answers_none", 20),
    ]
    assert (graded.points, graded.grade) == (80, "high")
    assert [each.value for each in graded.reasons] == ["2614", "0.12", "none", "none"]


@pytest.mark.parametrize(
    ("share", "rule"),
    [("0.1", "large_share"), ("0.099999", "notable_share"), ("0.03", "notable_share"), ("0.029999", None)],
)
def test_a_share_counts_from_its_border_on(share, rule):
    found = {each.rule for each in by_rules(share=Decimal(share)).reasons}
    assert found & {"large_share", "notable_share"} == ({rule} if rule else set())


def test_a_grade_begins_at_its_points():
    """35 points are medium, 34 are low; 65 are high, 64 are medium: each border is met exactly."""
    edge: dict[str, list[int]] = {}
    for points in range(100):
        book = replace(
            BOOK,
            rules={
                "only": replace(BOOK.rules["answers_stale"], points=points, fact="answers", equals="shared")
            },
        )
        edge.setdefault(grade(PLAIN, book).grade, []).append(points)
    assert (edge["low"][-1], edge["medium"][0], edge["medium"][-1], edge["high"][0]) == (34, 35, 64, 65)


def test_nothing_known_of_the_spend_is_a_reason_itself():
    assert "unknown_share" in {each.rule for each in by_rules(share=None).reasons}


@pytest.mark.parametrize(
    ("facts", "least"),
    [
        ({"violations": 1}, "high"),
        ({"audit": "failed"}, "high"),
        ({"state": "suspended"}, "medium"),
        ({"state": "revoked"}, "medium"),
        ({"open_major": 1}, "medium"),
        ({"overdue": 1}, "medium"),
    ],
)
def test_some_facts_lift_the_grade_whatever_the_points(facts, least):
    graded = by_rules(**facts)
    assert graded.points < BOOK.numbers["high_from"]
    assert graded.grade == least


def test_good_things_bring_points_down_but_never_below_nothing():
    graded = by_rules(ems="yes", enms="yes", audit="passed")
    assert (graded.points, graded.grade) == (0, "low")
    assert {each.rule for each in graded.reasons} == {"title_green", "ems", "enms", "audit_passed"}


def test_of_a_group_only_the_first_counts():
    found = [each.rule for each in by_rules(industry="2650", share=Decimal("0.5"), state="partly").reasons]
    assert found == ["energy_heavy", "large_share", "title_partly"]


def test_stored_reasons_are_told_in_the_words_of_their_version():
    kept = [each.kept() for each in by_rules(violations=2).reasons]
    assert [said for said, _row in worded(kept, "2026-1")] == [
        "A confirmed record stands against the supplier",
        "Every site holds a green title",
    ]
    assert [said for said, _row in worded(kept, "gone")] == ["violation", "title_green"]


def test_every_version_has_a_plan_for_each_grade_and_a_last_nearness_that_always_fits():
    for book in RULEBOOKS.values():
        assert set(book.plan) == set(GRADES)
        assert book.nearness[-1].fits(Facts())
        assert book.mark == "suggestion"
        assert {rule.fact for rule in book.rules.values()} <= {*Facts.__slots__, "share_known"}


def test_a_faulty_rulebook_says_where(tmp_path: Path):
    text = (FOLDER / "2026-1.toml").read_text(encoding="utf-8")
    path = tmp_path / "broken.toml"
    path.write_text(text.replace('is = "no"', 'is = "no"\nfrom = 1', 1), encoding="utf-8")
    with pytest.raises(FaultyFileError, match=r"broken.toml:\d+ wants exactly one"):
        read_rulebook(path)


GRADED = dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("risk", "last", "kind", "day"),
    [
        ("high", {}, "onsite", dt.date(2026, 5, 30)),
        ("high", {"onsite": dt.date(2026, 2, 28)}, "onsite", dt.date(2027, 2, 28)),
        ("high", {"document": dt.date(2026, 2, 28)}, "onsite", dt.date(2026, 5, 30)),
        ("high", {"onsite": dt.date(2024, 1, 1)}, "onsite", dt.date(2026, 5, 30)),
        ("medium", {"document": dt.date(2025, 6, 30)}, "document", dt.date(2027, 6, 30)),
        (
            "medium",
            {"document": dt.date(2025, 1, 1), "onsite": dt.date(2025, 8, 31)},
            "document",
            dt.date(2027, 8, 31),
        ),
        ("low", {"onsite": dt.date(2020, 1, 1)}, "", None),
    ],
)
def test_the_next_audit_is_due(risk, last, kind, day):
    found = due(risk, GRADED, last, BOOK)
    assert (found.kind, found.day) == (kind, day)
