"""The evaluator's workspace: drafts, corrections, days on site, and a workbook that goes out and comes in again."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from certification.evaluation.actions import add_visit, declare, save_worksheet, take_workbook
from certification.evaluation.workbook import FINDINGS, GATES, VISITS, workbook
from certification.models import Evaluation, Seat, Visit, VisitPhoto, Worksheet
from certification.verbs import perform
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from greenchain.sheets import FaultySheet
from tests.cast import Cast
from tests.papers import image, pdf
from tests.portal.conftest import As

DAY = dt.timedelta(days=1)
TODAY = today().isoformat()
SEEN: dict[str, Any] = {
    "place": "越城区印染一厂",
    "people": "Sun Li, Wang Wei",
    "seen": "Heat recovery runs.",
}


@pytest.fixture
def held(cast: Cast) -> Seat:
    """A seat whose holder declared."""
    case = cast.examined(cast.draft(round_=cast.round("evaluated", evaluation="required")))
    seat = perform(case, "assign", by=cast.auditor_3306, data={"user": cast.evaluator.pk})
    return declare(seat, by=cast.evaluator, declared="I have no ties.")


def _photo(name: str = "boiler.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, image())


def _book(
    path: Path,
    findings: Sequence[list[Any]],
    gates: Sequence[list[Any]] = (),
    visits: Sequence[list[Any]] = (),
) -> Path:
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}
    ) as book:
        for head, rows in ((FINDINGS, findings), (GATES, gates), (VISITS, visits)):
            sheet = book.add_worksheet()
            for number, row in enumerate([head, *rows]):
                for place, value in enumerate(row):
                    sheet.write(number, place, value)
    return path


def _finding(
    code: str, points: Any = "1", reason: str = "seen", to: str = "", because: str = ""
) -> list[Any]:
    return [code, "", "", "", "", points, reason, to, because]


def test_a_draft_is_kept_and_comes_back(cast: Cast, held: Seat, signed_in: As) -> None:
    browser, save = signed_in(cast.evaluator), reverse("seat-save", args=[held.pk])
    page = reverse("seat", args=[held.pk])
    wrong = browser.post(save, {"points_E1": "999"})
    assert wrong.status_code == 422
    given = {"points_E1": "2", "reason_E1": "half seen", "gate_0": "no", "gate_reason_0": "An accident."}
    assert browser.post(save, given)["Location"] == page
    text = browser.get(page).content.decode()
    assert "half seen" in text
    assert "An accident." in text
    assert held.application.evaluations.count() == 0
    assert history(held.application).filter(verb="save_worksheet").count() == 1
    assert "half seen" not in str(history(held.application).values_list("body"))
    assert signed_in(cast.expert_a).post(save, given).status_code == 404
    assert signed_in(cast.owner).post(save, given).status_code == 404
    assert signed_in(None).post(save, given).status_code == 302
    with pytest.raises(NotYours):
        save_worksheet(held.application, by=cast.auditor_3306, content={})


def test_nothing_is_kept_before_the_declaration_or_after_the_case_moved(cast: Cast, held: Seat) -> None:
    Seat.objects.filter(pk=held.pk).update(declared="")
    with pytest.raises(Refused) as undeclared:
        save_worksheet(held.application, by=cast.evaluator, content={})
    assert undeclared.value.field == "declared"
    Seat.objects.filter(pk=held.pk).update(declared="No ties.")
    due = today() + 9 * DAY
    perform(
        held.application,
        "send_back",
        by=cast.evaluator,
        data={"codes": ["clarify"], "note": "?", "due_on": due},
    )
    with pytest.raises(Refused) as moved:
        add_visit(held.application, by=cast.evaluator, visited_on=today(), **SEEN)
    assert moved.value.code == "wrong_status"
    assert not Worksheet.objects.exists()


def _report(held: Seat, **entry: str) -> dict[str, Any]:
    points: dict[str, dict[str, str]] = {
        item.code: {"points": "1", "reason": "seen"}
        for item in held.application.scheme_version.definition.indicators
    }
    points["E1"] |= entry
    gate = "veto.records"
    keys = [gate.key for gate in held.application.scheme_version.definition.gates]
    gates = {(gate if gate in keys else keys[0]): {"met": "yes", "reason": "no record found"}}
    return {"technical_reviewer": "Staff 0", "signatory": "Zhao", "points": points, "gates": gates}


def test_a_correction_says_from_what_to_what_and_why(cast: Cast, held: Seat) -> None:
    for entry in ({"to": "41.2"}, {"because": "meter read"}, {"to": "much", "because": "meter read"}):
        with pytest.raises(Refused) as no:
            perform(held.application, "evaluate", by=cast.evaluator, data=_report(held, **entry))
        assert no.value.code == "all_points"
    data = _report(held, to="41.2", because="the meter was read on site")
    perform(held.application, "evaluate", by=cast.evaluator, data=data)
    report = Evaluation.objects.get()
    correction = report.points["E1"]["correction"]
    assert (correction["to"], correction["because"]) == ("41.2", "the meter was read on site")
    assert float(correction["from"]) > 0
    assert correction["unit"]
    assert list(report.gates.values()) == [{"met": "yes", "reason": "no record found"}]
    assert report.engagement.seat == held


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ({"technical_reviewer": "Stranger"}, "technical_reviewer"),
        ({"signatory": "Stranger"}, "signatory"),
        ({"technical_reviewer": "Staff 0", "signatory": "staff 0 "}, "technical_reviewer"),
        ({"technical_reviewer": "", "signatory": "Staff 1"}, None),
    ],
)
def test_reviewer_and_signatory_are_two_others_of_the_body(
    cast: Cast, held: Seat, names: dict[str, str], field: str | None
) -> None:
    with pytest.raises(Exception, match=r".") as no:
        perform(held.application, "evaluate", by=cast.evaluator, data=_report(held) | names)
    assert getattr(no.value, "field", None) == field
    assert not Evaluation.objects.exists()


def test_a_day_on_site_with_photos(cast: Cast, held: Seat, signed_in: As) -> None:
    browser, address = signed_in(cast.evaluator), reverse("seat-visit", args=[held.pk])
    given = {**SEEN, "visited_on": TODAY}
    early = browser.post(address, {**given, "visited_on": (today() - DAY).isoformat()})
    assert early.status_code == 409
    assert (
        browser.post(address, {**given, "photos": [SimpleUploadedFile("a.pdf", pdf("x"))]}).status_code == 409
    )
    assert not Visit.objects.exists()
    browser.post(address, {**given, "photos": [_photo(), _photo("again.png")]})
    photo = VisitPhoto.objects.get()
    assert history(held.application).filter(verb="add_visit").count() == 1
    assert SEEN["place"] in browser.get(reverse("seat", args=[held.pk])).content.decode()
    shown = reverse("visit-photo", args=[photo.pk])
    for person in (cast.evaluator, cast.auditor_3306, cast.auditor_33):
        assert signed_in(person).get(shown).getvalue()
    for person in (cast.owner, cast.auditor_44, cast.expert_a):
        assert signed_in(person).get(shown).status_code == 404
    held.until_on = today()
    held.save()
    assert browser.get(shown).status_code == 404


def test_the_workbook_goes_out_and_comes_in_unchanged(cast: Cast, held: Seat, tmp_path: Path) -> None:
    content = {"points": {"E1": {"points": "2", "reason": "=1+1", "to": "-3.5", "because": "read"}}}
    path = tmp_path / "out.xlsx"
    path.write_bytes(workbook(held.application, content))
    book = CalamineWorkbook.from_path(str(path))
    rows = book.get_sheet_by_index(0).to_python()
    codes = [item.code for item in held.application.scheme_version.definition.indicators]
    assert [row[0] for row in rows] == ["code", *codes]
    mine = next(row for row in rows if row[0] == "E1")
    assert mine[5:] == ["2", "'=1+1", "-3.5", "read"]
    assert take_workbook(held.application, by=cast.evaluator, path=path) == (1, 0)
    assert Worksheet.objects.get().content["points"]["E1"]["to"] == "-3.5"


def test_a_filled_workbook_comes_in_with_its_photos(cast: Cast, held: Seat, tmp_path: Path) -> None:
    gate = held.application.scheme_version.definition.gates[0].key
    path = _book(
        tmp_path / "in.xlsx",
        [_finding("E1", 2.5), _finding("E2", "", "")],
        [[gate, "", "yes", "none found"]],
        [[TODAY, *SEEN.values(), "boiler.png；roof.png"], [today(), "roof", "Sun", "panels", ""]],
    )
    photos = [_photo(), SimpleUploadedFile("roof.png", image(size=(9, 9)))]
    assert take_workbook(held.application, by=cast.evaluator, path=path, photos=photos) == (1, 2)
    sheet = Worksheet.objects.get().content
    assert sheet["points"] == {"E1": {"points": "2.5", "reason": "seen"}}
    assert sheet["gates"] == {gate: {"met": "yes", "reason": "none found"}}
    assert sorted(visit.photos.count() for visit in Visit.objects.all()) == [0, 2]
    assert take_workbook(held.application, by=cast.evaluator, path=path, photos=photos) == (1, 0)


@pytest.mark.parametrize(
    ("findings", "gates", "visits", "words"),
    [
        ([_finding("NO")], [], [], "Row 2, code: “NO” is no indicator of this case."),
        ([_finding("E1", "99")], [], [], "Row 2, points: must be a number from 0 to"),
        ([_finding("E1"), _finding("E1")], [], [], "Row 3, code: stands twice."),
        ([_finding("E1", reason="")], [], [], "Row 2, reason: is needed."),
        ([_finding("E1", reason="=HYPERLINK(1)")], [], [], "Row 2, reason: begins with “=”"),
        ([_finding("E1", reason="a\u202eb")], [], [], "Row 2, reason: holds signs"),
        ([_finding("E1", to="3")], [], [], "A correction needs both"),
        ([_finding("E1", points="NaN")], [], [], "Row 2, points: must be a number"),
        ([], [["no.gate", "", "yes", ""]], [], "Row 2, gates, gate: “no.gate” is no gate"),
        ([], [["G", "", "perhaps", ""]], [], "must be yes or no"),
        ([], [], [["soon", "a", "b", "c", ""]], "Row 2, visits, date: must be a date"),
        ([], [], [["2999-01-01", "a", "b", "c", ""]], "lies in the future"),
        ([], [], [[TODAY, "", "b", "c", ""]], "Row 2, visits, place: is needed."),
        ([], [], [[TODAY, "@x", "b", "c", ""]], "begins with “@”"),
        ([], [], [[TODAY, "a", "b", "c", "gone.png"]], "“gone.png” was not uploaded along."),
    ],
)
def test_a_faulty_workbook_changes_nothing_and_says_why(
    cast: Cast,
    held: Seat,
    tmp_path: Path,
    findings: list[list[Any]],
    gates: list[list[Any]],
    visits: list[list[Any]],
    words: str,
) -> None:
    real = held.application.scheme_version.definition.gates[0].key
    gates = [[real if key == "G" else key, *rest] for key, *rest in gates]
    path = _book(tmp_path / "in.xlsx", [_finding("E2"), *findings][len(findings) > 0 :], gates, visits)
    with pytest.raises(FaultySheet) as no:
        take_workbook(held.application, by=cast.evaluator, path=path)
    assert words in no.value.listed()
    assert not Worksheet.objects.exists()
    assert not Visit.objects.exists()


def test_the_workbook_is_taken_in_on_its_page(cast: Cast, held: Seat, signed_in: As, tmp_path: Path) -> None:
    browser, address = signed_in(cast.evaluator), reverse("seat-workbook-in", args=[held.pk])
    out = browser.get(reverse("seat-workbook", args=[held.pk]))
    assert out.content.startswith(b"PK")

    def send(content: bytes) -> Any:
        return browser.post(address, {"file": SimpleUploadedFile("in.xlsx", content)})

    faulty = send(_book(tmp_path / "a.xlsx", [_finding("E1", "99")]).read_bytes())
    assert faulty.status_code == 422
    assert "Row 2, points" in faulty.content.decode()
    assert send(b"PK\x03\x04 no workbook").status_code == 409
    assert send(_book(tmp_path / "b.xlsx", [_finding("E1")]).read_bytes()).status_code == 302
    for name in ("seat-workbook", "seat-workbook-in", "seat-visit"):
        page = reverse(name, args=[held.pk])
        assert signed_in(cast.auditor_3306).get(page).status_code == 404
        assert signed_in(cast.expert_a).get(page).status_code == 404
    Seat.objects.filter(pk=held.pk).update(declared="")
    assert browser.get(reverse("seat-workbook", args=[held.pk])).status_code == 404
