"""What ``docs/conformity.md`` claims: the tests that it names are there, and those that no other folder has."""

import ast
import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from certification.application import actions as applying
from certification.delivery.actions import send_mails
from certification.models import Delivery, Designation, Dossier
from certification.notice.actions import close
from certification.verbs import perform
from certification.workflow import MOVES, Status
from greenchain.audit.trail import history
from greenchain.refusals import NotYours, Refused
from suppliers.models import Level
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "conformity.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
CLAUSES = range(2, 14)
WHY = {"reasons": "The figures do not follow from the bills."}


def defined(path: Path) -> set[str]:
    """The tests of a file: functions, and methods as ``Class::method``."""
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return found


def test_every_test_that_the_page_names_exists() -> None:
    named = set(NAMED.findall(PAGE))
    assert len(named) > len(CLAUSES)
    missing = [f"{path}::{name}" for path, name in named if name not in defined(ROOT / path)]
    assert missing == []


def test_every_clause_has_its_rows_and_each_row_a_test_or_a_gap() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| 7\.\d", line)]
    clauses = {int(re.findall(r"7\.(\d+)", row)[0]) for row in rows}
    assert clauses == set(CLAUSES)
    assert [row for row in rows if not NAMED.search(row) and "**Gap**" not in row] == []


@pytest.mark.django_db
class TestApplication:
    """What cannot be certified is told before work begins."""

    def test_what_no_round_offers_is_declined_at_the_start(self, cast: Cast) -> None:
        call = cast.round("municipal", levels=[Level.MUNICIPAL])
        with pytest.raises(Refused) as no:
            applying.start(call, level=Level.NATIONAL, subject=cast.site, by=cast.owner)
        assert no.value.code == "offered"

    def test_what_is_incomplete_is_not_taken_and_says_what_is_missing(self, cast: Cast) -> None:
        case = applying.start(cast.round(), level=Level.MUNICIPAL, subject=cast.site, by=cast.owner)
        with pytest.raises(Refused, match="Still missing") as no:
            perform(case, "submit", by=cast.owner, data={"commitment": True, "signed_by": "Wang"})
        assert no.value.code == "complete"


@pytest.mark.django_db
class TestDecision:
    """Who examined does not decide; a refusal has reasons and reaches the applicant."""

    def test_who_took_part_does_not_decide(self, cast: Cast) -> None:
        case = cast.selected(cast.draft(round_=cast.round("noticed", notice_days=5)))
        cast.contested(case, by=cast.stranger)
        perform(case, "dismiss", by=cast.approver_3306_b, data=WHY)
        notice = case.notices.get()
        notice.starts_on = notice.ends_on = notice.starts_on.replace(year=notice.starts_on.year - 1)
        notice.save()
        close(case)
        with pytest.raises(NotYours) as no:
            perform(case, "grant", by=cast.approver_3306_b, data=WHY)
        assert no.value.code == "apart_from"
        perform(case, "grant", by=cast.approver_3306, data=WHY)

    def test_the_table_keeps_evaluation_examination_and_decision_apart(self) -> None:
        rows = {move.verb: move for move in MOVES if move.case == "A"}
        for verb in ("endorse", "reject", "conclude"):
            assert "evaluate" in rows[verb].apart_from
        for verb in ("grant", "refuse", "confirm", "overturn", "dismiss", "uphold", "waive"):
            assert "ALL" in rows[verb].apart_from, verb

    def test_a_refusal_has_reasons_and_they_reach_the_applicant(self, cast: Cast) -> None:
        case = cast.selected()
        with pytest.raises(ValidationError):
            perform(case, "refuse", by=cast.approver_3306_b, data={"reasons": " "})
        perform(case, "refuse", by=cast.approver_3306_b, data=WHY)
        send_mails()
        told = Delivery.objects.get(addressee=cast.owner, entry__verb="refuse")
        assert WHY["reasons"] in told.text
        assert "appeal" in told.text
        assert told.kind == "decision"

    def test_there_is_no_document_before_the_decision(self, cast: Cast) -> None:
        case = cast.selected()
        assert not Designation.objects.exists()
        decision = perform(case, "grant", by=cast.approver_3306, data={})
        title = decision.designation
        assert title.basis_detail["application"] == case.number
        answer = Client().get(f"/register/{title.number}/certificate.pdf")
        assert answer.headers["Content-Type"] == "application/pdf"


@pytest.mark.django_db
class TestRecords:
    """What was decided can be followed from beginning to end, when it is long over."""

    def test_a_refused_case_keeps_all_that_it_stood_on(self, cast: Cast) -> None:
        case = cast.selected()
        perform(case, "refuse", by=cast.approver_3306_b, data=WHY)
        verbs = [entry.verb for entry in history(case)]
        assert verbs[0] == "start"
        assert {"submit", "check", "endorse", "select", "refuse"} <= set(verbs)
        assert Dossier.objects.filter(application=case).exists()
        assert case.assessments.exists()
        assert case.decisions.get().reasons == WHY["reasons"]


@pytest.mark.django_db
class TestAppeals:
    """An appeal is answered by somebody who took no part, and the answer has reasons."""

    def test_who_decided_does_not_answer_the_appeal(self, cast: Cast) -> None:
        case = cast.selected()
        perform(case, "refuse", by=cast.approver_3306_b, data=WHY)
        perform(case, "appeal", by=cast.owner, data={"reasons": "The bills were complete."})
        for name in ("approver_3306", "approver_3306_b"):
            with pytest.raises(NotYours):
                perform(case, "overturn", by=getattr(cast, name), data=WHY)
        with pytest.raises(ValidationError):
            perform(case, "overturn", by=cast.approver_33, data={})
        perform(case, "overturn", by=cast.approver_33, data=WHY)
        assert case.status == Status.DECISION
