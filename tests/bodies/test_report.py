"""The evaluation report as PDF and DOCX: what stands in it, and who may have it."""

import io
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from docx import Document
from pypdf import PdfReader

from certification.evaluation.actions import add_visit, declare
from certification.evaluation.report import docx, pdf, report_of
from certification.models import Evaluation
from certification.verbs import perform
from greenchain.clock import today
from tests.cast import Cast
from tests.papers import image
from tests.portal.conftest import As


@pytest.fixture
def evaluation(cast: Cast) -> Evaluation:
    """A report with a correction, a gate that is not met, and a visit."""
    case = cast.examined(cast.draft(round_=cast.round("evaluated", evaluation="required")))
    given = {"user": cast.evaluator.pk, "contract_number": "C-77"}
    seat = perform(case, "assign", by=cast.auditor_3306, data=given)
    declare(seat, by=cast.evaluator, declared="No ties.")
    add_visit(
        case,
        by=cast.evaluator,
        visited_on=today(),
        photos=[SimpleUploadedFile("锅炉.png", image())],
        place="绍兴市越城区",
        people="Sun Li",
        seen="The boiler was replaced.",
    )
    definition = case.scheme_version.definition
    points: dict[str, dict[str, str]] = {
        item.code: {"points": "1", "reason": "seen"} for item in definition.indicators
    }
    points["E1"] |= {"reason": "bad \x07sign", "to": "41.2", "because": "the meter says so"}
    data: dict[str, Any] = {
        "technical_reviewer": "Staff 0",
        "signatory": "Zhao",
        "conclusion": "符合要求。",
        "points": points,
        "gates": {definition.gates[0].key: {"met": "no", "reason": "An accident in May."}},
    }
    made = perform(case, "evaluate", by=cast.evaluator, data=data)
    assert isinstance(made, Evaluation)
    return made


def _text_of(paper: bytes) -> str:
    document = Document(io.BytesIO(paper))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def test_what_stands_in_the_report(evaluation: Evaluation) -> None:
    text = _text_of(docx(report_of(evaluation)))
    for words in (
        "Third-party evaluation report",
        evaluation.application.number,
        "绍兴市越城区",
        "The boiler was replaced. Photos: 锅炉.png.",
        "to 41.2",
        "because the meter says so",
        "An accident in May.",
        "not met",
        "not judged",
        "符合要求。",
        "We answer for the truth and accuracy of this report.",
        "Staff 0",
        "C-77",
        "Seal of the body",
    ):
        assert words in text, words
    assert "\x07" not in text


def test_the_pdf_says_the_same_and_is_the_same_twice(evaluation: Evaluation) -> None:
    with override("zh-hans"):
        once, again = pdf(report_of(evaluation)), pdf(report_of(evaluation))
    assert once == again
    pages = PdfReader(io.BytesIO(once)).pages
    text = "".join(page.extract_text() for page in pages)
    assert len(pages) > 2
    assert evaluation.application.number in text
    assert "越城区" in text


def test_a_sign_that_no_font_has_does_not_stop_the_report(evaluation: Evaluation) -> None:
    report = replace(report_of(evaluation), conclusion=("Conclusion", "Good \U0001f44d \ue000 \u0378 end"))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf(report))).pages)
    assert "Good" in text


def test_who_may_have_the_report(cast: Cast, evaluation: Evaluation, signed_in: As) -> None:
    paper = reverse("evaluation-docx", args=[evaluation.pk])
    for person in (cast.evaluator, cast.auditor_3306, cast.auditor_33, cast.owner):
        answer = signed_in(person).get(paper)
        assert answer.status_code == 200
        assert answer.content.startswith(b"PK")
    for person in (cast.auditor_44, cast.stranger, cast.expert_a, cast.administrator):
        assert signed_in(person).get(paper).status_code == 404
    assert signed_in(None).get(paper).status_code == 302
    assert (
        signed_in(cast.auditor_3306).get(reverse("evaluation-pdf", args=[evaluation.pk])).content[:4]
        == b"%PDF"
    )
    listed = signed_in(cast.evaluator).get(reverse("seats")).content.decode()
    assert paper in listed
    shown = signed_in(cast.auditor_3306).get(
        reverse("admin:certification_application_change", args=[evaluation.application_id])
    )
    assert "The boiler was replaced." in shown.content.decode()
