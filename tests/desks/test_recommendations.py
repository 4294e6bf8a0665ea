import io
import json
from decimal import Decimal

import pytest
from docx import Document
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from certification.designation.actions import issue
from certification.models import Endorsement, Recommendation
from certification.recommendation.actions import recommend, seal, word_opinions
from certification.recommendation.papers import PAPERS
from certification.verbs import perform
from greenchain.audit.proof import breaks
from greenchain.audit.trail import history
from greenchain.refusals import NotYours, Refused
from suppliers.models import Level
from tests.desks.conftest import sealed

QUEUE = "/admin/certification/application/"
PACKAGES = "/admin/certification/recommendation/"


def post(browser, action, cases, **inputs):
    chosen = {"action": action, "_selected_action": [case.pk for case in cases]}
    return browser.post(f"{QUEUE}?where=endorsed", {**chosen, **inputs}, follow=True)


def provincial(cast):
    """A case for the provincial level, of a site that holds the municipal title."""
    site = cast.another_site()
    issue(site, version=cast.version, level=Level.MUNICIPAL, authority=cast.auditor_3306.authority)
    return cast.examined(cast.draft(site, level=Level.PROVINCIAL))


@pytest.fixture
def cases(cast):
    """Provincial cases that Shaoxing endorsed: they lie at Zhejiang's desk now."""
    made = []
    for number in range(3):
        case = provincial(cast)
        perform(case, "endorse", by=cast.auditor_3306, data={"opinion": f"=opinion {number}"})
        made.append(case)
    return made


@pytest.fixture
def package(cast, cases):
    return recommend(cases, by=cast.auditor_3306, letter="Advanced and true.")


def test_the_package_ranks_what_the_desk_endorsed(cast, cases, package):
    assert (package.to.code, package.level, package.number[:8]) == ("33", Level.PROVINCIAL, "RC-3306-")
    lines = list(package.recommended.order_by("rank", "pk"))
    assert [line.rank for line in lines] == [1, 1, 1]
    assert {line.opinion for line in lines} == {f"=opinion {number}" for number in range(3)}
    assert {line.score for line in lines} == set(Endorsement.objects.values_list("score", flat=True))
    for case in cases:
        assert history(case).last().data["recommendation"] == package.number
    assert list(breaks()) == []
    with pytest.raises(Refused, match="in the package"):
        recommend(cases[:1], by=cast.auditor_3306, letter="again")


def test_ranks_follow_the_scores_and_ties_share(cast, cases, monkeypatch):
    from certification.recommendation import actions  # noqa: PLC0415 - to give other scores

    plain = actions._endorsed
    scores = dict(zip((case.pk for case in cases), (Decimal(70), Decimal(90), Decimal(70)), strict=True))

    def scored(*args):
        found = plain(*args)
        for key, row in found.items():
            row.score = scores[key]
        return found

    monkeypatch.setattr(actions, "_endorsed", scored)
    made = recommend(
        cases, by=cast.auditor_3306, letter="x", opinion="shared", opinions={cases[1].pk: "the best"}
    )
    told = {line.application_id: (line.rank, line.opinion) for line in made.recommended.all()}
    assert [told[case.pk] for case in cases] == [(2, "shared"), (1, "the best"), (2, "shared")]


def test_the_papers_say_the_same(package):
    papers = {name: make(package) for name, (make, _media) in PAPERS.items()}
    line = package.recommended.order_by("rank", "application__number")[0]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(papers["table.xlsx"])).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["Rank", "Unit", "Credit code"]
    assert len(rows) == 4
    assert rows[1][1:3] == [line.name, line.identifier]
    assert all(str(row[9]).startswith("'=opinion") for row in rows[1:])
    for name in ("letter.docx", "opinions.docx"):
        paper = Document(io.BytesIO(papers[name]))
        assert len(paper.tables[0].rows) == 4
        assert package.number in "\n".join(one.text for one in paper.paragraphs)
    assert "Advanced and true." in "\n".join(
        one.text for one in Document(io.BytesIO(papers["letter.docx"])).paragraphs
    )
    shown = "".join(page.extract_text() for page in PdfReader(io.BytesIO(papers["letter.pdf"])).pages)
    assert line.identifier in shown
    assert "from memory" in shown


def test_opinions_are_worded_until_the_seal_is_on(cast, cases, package):
    word_opinions(package, by=cast.auditor_3306, opinions={cases[0].pk: "very good"})
    assert package.recommended.get(application=cases[0]).opinion == "very good"
    with pytest.raises(Refused):
        word_opinions(package, by=cast.auditor_3306, opinions={cases[0].pk: " "})
    with pytest.raises(NotYours):
        seal(package, by=cast.auditor_33, upload=sealed())
    seal(package, by=cast.auditor_3306, upload=sealed("package.png"))
    for again in (
        lambda: word_opinions(package, by=cast.auditor_3306, opinions={cases[0].pk: "x"}),
        lambda: seal(package, by=cast.auditor_3306, upload=sealed()),
    ):
        with pytest.raises(Refused, match="on file"):
            again()
    assert all(history(case).last().verb == "seal" for case in cases)


def test_what_may_not_be_recommended(cast, cases):
    own = cast.examined(cast.draft(cast.another_site()))
    with pytest.raises(NotYours):
        recommend(cases, by=cast.approver_3306, letter="x")
    with pytest.raises(Refused, match="nobody to recommend to"):
        recommend([own], by=cast.auditor_3306, letter="x")
    with pytest.raises(Refused, match="one round and one level"):
        recommend([own, *cases], by=cast.auditor_3306, letter="x")
    with pytest.raises(Refused, match="nobody to recommend to"):
        recommend(cases, by=cast.auditor_33, letter="x")
    perform(cases[0], "withdraw", by=cast.owner, data={"reasons": "moved"})
    with pytest.raises(Refused, match=cases[0].number):
        recommend(cases, by=cast.auditor_3306, letter="x")
    waits = provincial(cast)
    with pytest.raises(Refused, match="Not endorsed by your desk"):
        recommend([waits], by=cast.auditor_3306, letter="x")


def test_from_the_queue_to_the_desk_above_in_a_browser(cast, cases, browse):
    browser, above = browse(cast.auditor_3306), browse(cast.auditor_33)
    keys = [case.pk for case in cases]
    assert browser.get(f"{QUEUE}?where=endorsed").context["cl"].result_count == 3
    page = post(browser, "recommend_batch", cases, index="0")
    assert "Shared opinion" in page.content.decode()
    page = post(browser, "recommend_batch", cases, confirmed="1", letter="Good.", opinion="")
    package = Recommendation.objects.get()
    address = f"{PACKAGES}{package.pk}/"
    assert page.redirect_chain[-1][0] == f"{address}change/"
    browser.post(f"{address}word/", {f"opinion_{key}": f"worded {key}" for key in keys})
    browser.post(f"{address}seal/", {"upload": sealed("package.png")})
    file = above.get(f"/admin/certification/application/{keys[0]}/change/").content.decode()
    assert package.number in file
    assert f"worded {keys[0]}" in file
    assert f"worded {keys[1]}" not in file
    assert b"".join(above.get(f"{address}sealed/").streaming_content).startswith(b"\x89PNG")
    for name in PAPERS:
        assert above.get(f"{address}papers/{name}").status_code == 200
    assert above.get(f"{address}papers/other.pdf").status_code == 404
    assert above.post(f"{address}seal/", {"upload": sealed()}).status_code == 403
    for path in ("change/", "sealed/", "papers/table.xlsx"):
        assert browse(cast.auditor_44).get(f"{address}{path}").status_code == 404
        assert browse(cast.administrator).get(f"{address}{path}").status_code == 403
        assert browse(cast.owner).get(f"{address}{path}", follow=True).status_code == 403


def test_the_same_by_the_api_and_nothing_for_applicants(cast, cases, browse):
    browser, keys = browse(cast.auditor_3306), [case.pk for case in cases]

    def send(path, body):
        return browser.post(
            f"/api/v1/recommendations/{path}", json.dumps(body), content_type="application/json"
        )

    own = [{"application": keys[1], "opinion": "SECRET"}]
    made = send("", {"applications": keys, "letter": "Good.", "opinions": own})
    assert made.status_code == 201, made.content
    path = f"{made.json()['id']}/"
    assert {line["opinion"] for line in made.json()["recommended"]} == {"=opinion 0", "SECRET", "=opinion 2"}
    told = send(f"{path}opinions/", {"opinions": [{"application": keys[0], "opinion": "SECRET too"}]})
    assert "SECRET too" in {line["opinion"] for line in told.json()["recommended"]}
    told = browser.post(f"/api/v1/recommendations/{path}seal/", {"file": sealed()})
    assert told.status_code == 200, told.content
    assert len(told.json()["sealed"]) == 64
    assert browser.get(f"/api/v1/recommendations/{path}papers/letter.pdf/").content.startswith(b"%PDF-")
    owner = browse(cast.owner)
    assert owner.get(f"/api/v1/recommendations/{path}").status_code == 404
    assert browse(cast.auditor_44).get(f"/api/v1/recommendations/{path}").status_code == 404
    for page in (f"/applications/{keys[1]}/", f"/api/v1/applications/{keys[1]}/history/"):
        words = owner.get(page).content.decode()
        assert "SECRET" not in words
        assert made.json()["number"] not in words
