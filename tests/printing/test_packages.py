"""The application as one PDF: what stands in it, who gets it, and what hostile files cannot do there."""

import datetime as dt
import io
import re

import pytest
from django.core.files.base import ContentFile
from django.utils.translation import override
from pypdf import PdfReader

from certification.application import actions as applying
from certification.models import Package
from certification.printing import actions
from certification.printing.annexes import numbered
from certification.printing.merging import NotPagesError, joined, page_count, pages_of
from certification.printing.models import State
from certification.tasks import package as make_package
from greenchain.audit.trail import history
from greenchain.clock import now
from greenchain.refusals import NotYours, Refused
from suppliers.evidence.actions import attach
from tests.papers import drawn, image, pdf, xlsx


def cited(cast, application, content, name, kind="green_plan"):
    """A file of the vault, cited under the gate that asks for its kind."""
    proofs = application.scheme_version.definition.proofs()
    under = next(key for key, kinds in proofs.items() if kind in kinds)
    proof = attach(
        cast.enterprise, by=cast.owner, kind=kind, title=name, upload=ContentFile(content, name=name)
    )
    applying.cite(application, by=cast.owner, requirement=under, evidence=proof)
    return proof


def printed(package):
    with package.file.open("rb") as file:
        return PdfReader(io.BytesIO(file.read()))


def made(application, by, language="en"):
    with override(language):
        return actions.make(actions.ask(application, by=by))


def text_of(page):
    return " ".join(page.extract_text().split())


@pytest.fixture
def case(cast):
    """Submitted, with a PDF of three pages, a picture and a workbook."""
    draft = cast.draft()
    cited(cast, draft, pdf("the plan", pages=3), "plan.pdf")
    cited(cast, draft, image(size=(60, 40)), "chart.png", "organisation_chart")
    cited(cast, draft, xlsx(), "targets.xlsx")
    return cast.submitted(draft)


def test_the_paper_says_what_the_frozen_file_says(cast, case):
    package = made(case, cast.owner)
    assert package.state == State.READY
    reader = printed(package)
    pages = [text_of(page) for page in reader.pages]
    digest = " ".join(re.findall(".{16}", case.dossier.digest))
    assert len(pages) == package.pages
    for number, page in enumerate(pages, start=1):
        assert f"{number} / {package.pages}" in page
        assert case.number in page
        assert digest in page
    whole = " ".join(pages)
    for said in (
        "Contents",
        "plan.pdf",
        "chart.png",
        "targets.xlsx",
        "as a file",
        "Signed by Wang",
        "Dyeing and finishing",
    ):
        assert said in whole
    for row in case.dossier.content["citations"]:
        assert all(part in whole for part in re.findall(".{16}", row["sha256"]))
    annexes = [page for page in pages if re.search(r"· \d+ / \d+", page)]
    assert len(annexes) == 4
    assert package.left_out == len(numbered(case.dossier.content)) - 2
    assert [entry.verb for entry in history(package)] == ["package", "pack"]


def test_the_same_dossier_gives_the_same_bytes_and_every_language(cast, case):
    first, again = made(case, cast.owner), made(case, cast.owner)
    assert first.sha256 == again.sha256
    chinese = made(case, cast.owner, "zh-hans")
    assert chinese.sha256 != first.sha256
    assert case.scheme_version.scheme.names["zh-hans"] in text_of(printed(chinese).pages[0])


def test_the_contents_name_the_page_of_each_annex(cast, case):
    reader = printed(made(case, cast.owner))
    starts = re.findall(r"Annex (\d+) (\S+\.(?:pdf|png)) (\d+)", text_of(reader.pages[0]))
    assert len(starts) == 2
    for number, name, page in starts:
        assert f"Annex {number} {name}" in text_of(reader.pages[int(page) - 1])
    assert len(reader.outline) >= 2


def test_a_draft_says_that_nothing_is_frozen(cast):
    package = made(cast.draft(), cast.owner)
    assert package.dossier is None
    assert all("draft, not submitted" in text_of(page) for page in printed(package).pages)


def test_another_file_than_the_dossier_names_is_never_printed(cast):
    draft = cast.draft()
    proof = cited(cast, draft, pdf("the plan"), "plan.pdf")
    case = cast.submitted(draft)
    proof.file.storage.delete(proof.file.name)
    proof.file.storage.save(proof.file.name, ContentFile(pdf("another plan")))
    package = made(case, cast.owner)
    assert package.left_out == len(numbered(case.dossier.content))
    assert not [page for page in printed(package).pages if re.search(r"· \d+ / \d+", text_of(page))]


def test_scripts_and_actions_stay_behind_and_looks_go_along():
    hostile = drawn(b"BT /F1 12 Tf 72 700 Td (kept) Tj ET", action="app.alert(1)")
    whole = joined(pdf("front"), pdf("frame"), [("Annex 1", pages_of(hostile, "application/pdf"))])
    assert b"JavaScript" not in whole
    assert b"OpenAction" not in whole
    assert page_count(whole) == 2


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (pdf("x", password="secret"), "application/pdf"),
        (b"%PDF-1.7 nothing at all", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n broken", "image/png"),
        (pdf("x", pages=201), "application/pdf"),
        (xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_what_cannot_be_printed_goes_along_as_a_file(content, media):
    with pytest.raises(NotPagesError):
        pages_of(content, media)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("owner", 302),
        ("editor", 302),
        ("viewer", 302),
        ("auditor_3306", 302),
        ("approver_33", 302),
        ("auditor_44", 404),
        ("stranger", 404),
        ("evaluator", 404),
        ("administrator", 404),
    ],
)
def test_who_may_ask_for_it(cast, case, client, name, status):
    client.force_login(cast.people[name])
    assert client.post(f"/applications/{case.pk}/package/").status_code == status
    assert Package.objects.filter(by=cast.people[name]).exists() == (status == 302)
    answer = client.post("/api/v1/packages/", {"application": case.pk}, content_type="application/json")
    assert answer.status_code == {302: 201, 404: 404}[status]


def test_everybody_has_their_own_only(cast, case, client):
    client.force_login(cast.owner)
    page = client.post(f"/applications/{case.pk}/package/", follow=True)
    assert "Download (PDF)" in page.content.decode()
    package = Package.objects.get()
    answer = client.get(f"/packages/{package.pk}/file")
    assert (answer["Content-Type"], b"".join(answer)[:5]) == ("application/pdf", b"%PDF-")
    rows = client.get("/api/v1/packages/").json()["results"]
    assert [(row["state"], row["dossier"]) for row in rows] == [("ready", case.dossier.digest)]
    answer = client.get(f"/api/v1/packages/{package.pk}/file")
    assert (answer.status_code, b"".join(answer)[:5]) == (200, b"%PDF-")
    for other in ("editor", "auditor_3306", "stranger"):
        client.force_login(cast.people[other])
        assert client.get(f"/packages/{package.pk}/").status_code == 404
        assert client.get(f"/packages/{package.pk}/file").status_code == 404
    client.logout()
    assert client.get(f"/packages/{package.pk}/file").status_code == 302
    assert client.post(f"/applications/{case.pk}/package/").status_code == 302


def test_no_evaluator_is_given_one(cast, case):
    with pytest.raises(NotYours):
        actions.ask(case, by=cast.evaluator)


def test_what_is_large_is_made_in_the_queue_once(cast, case, client, monkeypatch):
    monkeypatch.setattr(actions, "SMALL_BYTES", 10)
    client.force_login(cast.owner)
    page = client.post(f"/applications/{case.pk}/package/", follow=True).content.decode()
    assert "This page looks again by itself." in page
    package = Package.objects.get()
    with pytest.raises(Refused) as no:
        actions.fetch(package)
    assert no.value.code == "not_ready"
    client.post(f"/applications/{case.pk}/package/")
    assert Package.objects.count() == 1
    make_package(package.pk)
    package.refresh_from_db()
    assert (package.state, package.job.read, package.job.state) == (State.READY, package.job.total, "done")
    seal = package.sha256
    make_package(package.pk)
    package.refresh_from_db()
    assert (package.sha256, package.attempts) == (seal, 1)


def test_what_breaks_off_three_times_is_given_up(cast, case):
    package = actions.ask(case, by=cast.owner)
    Package.objects.update(attempts=actions.MAX_ATTEMPTS)
    assert actions.make(package).state == State.FAILED
    with pytest.raises(Refused):
        actions.fetch(Package.objects.get())


def test_old_ones_are_forgotten_with_their_file(cast, case):
    package = made(case, cast.owner)
    storage, name = package.file.storage, package.file.name
    assert not Package.objects.old().exists()
    Package.objects.update(at=now() - dt.timedelta(days=8))
    actions.forget(Package.objects.old().get())
    assert not storage.exists(name)
    assert not Package.objects.exists()
