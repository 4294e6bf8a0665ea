"""The vault: what is kept, what is refused, and how a file is handed over."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from greenchain.accounts.models import User
from suppliers.models import Evidence, Membership
from tests import papers
from tests.factories_suppliers import EvidenceFactory, MembershipFactory, SiteFactory, few_places
from tests.portal.conftest import As


@pytest.fixture
def owner(db: None) -> User:  # noqa: ARG001 - opens the database
    few_places()
    return MembershipFactory.create(user__username="owner").user


def _upload(content: bytes = b"", name: str = "paper.pdf", **changes: Any) -> dict[str, Any]:
    return {"kind": "other", "title": "A paper", "file": SimpleUploadedFile(name, content), **changes}


def _attach(owner: User) -> str:
    return reverse("evidence-new", args=[Membership.objects.get(user=owner).enterprise_id])


def test_attach_replace_retract(owner: User, signed_in: As) -> None:
    browser = signed_in(owner)
    assert browser.post(_attach(owner), _upload(papers.pdf("one"))).status_code == 302
    first = Evidence.objects.get()
    again = browser.post(_attach(owner), _upload(papers.pdf("one")), follow=True)
    assert "was in the vault already" in again.content.decode()
    newer = _upload(papers.pdf("two"), title="")
    assert browser.post(reverse("evidence-replace", args=[first.pk]), newer).status_code == 302
    second = Evidence.objects.get(replaces=first)
    assert (second.title, second.version) == ("A paper", 2)
    assert "There is a newer version" in browser.get(reverse("evidence", args=[first.pk])).content.decode()
    assert browser.post(reverse("evidence-retract", args=[second.pk]), {"reasons": ""}).status_code == 422
    browser.post(reverse("evidence-retract", args=[second.pk]), {"reasons": "wrong file"})
    again = browser.post(
        reverse("evidence-retract", args=[second.pk]), {"reasons": "wrong file"}, follow=True
    )
    assert "was retracted" in again.content.decode()
    second.refresh_from_db()
    assert second.retracted_at is not None


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "empty.pdf", "is empty"),
        (b"<html><script>alert(1)</script></html>", "page.pdf", "none of them"),
        (b"%PDF-1.7 not really", "broken.pdf", "damaged"),
        (papers.pdf("secret", password="x"), "locked.pdf", "password"),
        (b"MZ\x90\x00", "tool.exe", "none of them"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "picture.png", "none of them"),
        (papers.package(("a.txt", b"x")), "archive.xlsx", "Archives are not kept"),
        (
            papers.package(
                ("[Content_Types].xml", b""), ("xl/workbook.xml", b""), ("xl/vbaProject.bin", b"x")
            ),
            "m.xlsx",
            "macros",
        ),
    ],
)
def test_hostile_uploads_are_refused(
    owner: User, signed_in: As, content: bytes, name: str, words: str
) -> None:
    answer = signed_in(owner).post(_attach(owner), _upload(content, name))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_scan_is_kept_and_told_with_what_to_do(owner: User, signed_in: As) -> None:
    browser = signed_in(owner)
    told = browser.post(_attach(owner), _upload(papers.drawn(papers.SCAN), "scan.doc"), follow=True)
    proof = Evidence.objects.get()
    assert (proof.condition, proof.filename) == ("scanned", "scan.doc.pdf")
    assert "run text recognition" in told.content.decode()
    faulty = browser.get(reverse("evidence-list"), {"state": "faulty"})
    assert list(faulty.context["page"].object_list) == [proof]
    browser.post(_attach(owner), _upload(papers.drawn(papers.WRITTEN)))
    assert len(browser.get(reverse("evidence-list"), {"state": "faulty"}).context["page"].object_list) == 1


def test_a_file_too_large_is_refused(owner: User, signed_in: As, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 1000
    answer = signed_in(owner).post(_attach(owner), _upload(papers.pdf("x" * 3000)))
    assert (answer.status_code, "is larger than" in answer.content.decode()) == (422, True)


def test_a_name_can_not_lead_elsewhere(owner: User, signed_in: As) -> None:
    name = "..\\..\\evil\u202e<b>\"'.pdf"
    signed_in(owner).post(_attach(owner), _upload(papers.pdf("n"), name))
    proof = Evidence.objects.get()
    assert "/" not in proof.filename
    assert "<" not in proof.filename
    assert "evil" not in str(proof.file.name)


def test_what_the_kind_needs(owner: User, signed_in: As) -> None:
    browser = signed_in(owner)
    certificate = browser.post(_attach(owner), _upload(papers.pdf("c"), kind="ems_certificate"))
    assert "please give the date on it" in certificate.content.decode()
    yearly = browser.post(_attach(owner), _upload(papers.pdf("y"), kind="ghg_report"))
    assert "first and last day" in yearly.content.decode()
    elsewhere = _upload(papers.pdf("s"), site=SiteFactory.create().pk)
    assert browser.post(_attach(owner), elsewhere).status_code == 422
    assert not Evidence.objects.exists()


def test_a_file_is_handed_over_caged(owner: User, signed_in: As) -> None:
    enterprise = Membership.objects.get(user=owner).enterprise
    proof = EvidenceFactory.create(enterprise=enterprise, filename="licence.pdf")
    page = EvidenceFactory.create(enterprise=enterprise, filename="table.xlsx", media_type="text/html")
    browser = signed_in(owner)
    for address, shown in (
        (reverse("evidence-file", args=[proof.pk]), False),
        (reverse("evidence-file", args=[proof.pk]) + "?inline", True),
        (reverse("evidence-file", args=[page.pk]) + "?inline", False),
    ):
        answer = browser.get(address)
        assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "private" in answer["Cache-Control"]
        assert answer.getvalue()


def test_pictures_and_documents_are_shown_or_offered(owner: User, signed_in: As) -> None:
    enterprise = Membership.objects.get(user=owner).enterprise
    for media_type, mark in (
        ("image/png", "paper-image"),
        ("application/pdf", "<iframe"),
        ("application/ofd", "download it"),
    ):
        proof = EvidenceFactory.create(enterprise=enterprise, media_type=media_type)
        assert mark in signed_in(owner).get(reverse("evidence", args=[proof.pk])).content.decode()
