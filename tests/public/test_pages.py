"""The public pages: what a stranger sees, in three languages, without an account."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from certification.designation.models import Credential
from certification.models import Designation, PublicNotice
from greenchain.clock import now, today
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "zh-hans", "id")
LISTS = ("/", "/progress/", "/register/", "/schemes/", "/deadlines/", "/notices/", "/verify/")


def read(client: Client, address: str, language: str = "en") -> str:
    """The page's text; it must be there."""
    answer = client.get(address, headers={"accept-language": language})
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", LISTS)
def test_empty_pages_say_what_comes_next(client: Client, address: str, language: str) -> None:
    assert "<h1" in read(client, address, language)


@pytest.fixture
def title(cast: Cast) -> Designation:
    return cast.granted()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_title_is_in_the_register(client: Client, title: Designation, language: str) -> None:
    assert title.number in read(client, "/register/", language)
    page = read(client, f"/register/{title.number}/", language)
    assert title.name in page
    assert "<svg" in page
    assert read(client, f"/verify/?number={title.number.lower()}", language).count(title.name)


def test_the_title_page_tells_class_and_desks_but_no_points(client: Client, title: Designation) -> None:
    page = read(client, f"/register/{title.number}/")
    assert "Shaoxing" in page
    assert "of 100" in page
    assert not re.search(rf"\b{re.escape(title.basis_detail['score'])}\b", page)


def test_the_certificate_is_a_pdf_that_can_be_verified(client: Client, title: Designation) -> None:
    answer = client.get(f"/register/{title.number}/certificate.pdf")
    assert answer.content.startswith(b"%PDF")
    again = client.get(f"/register/{title.number}/certificate.pdf")
    assert again.content == answer.content
    upload = SimpleUploadedFile("c.pdf", answer.content, "application/pdf")
    checked = client.post("/verify/", {"file": upload})
    assert title.name in checked.content.decode()


def _shown(client: Client, content: bytes) -> str:
    return client.post("/verify/", {"file": SimpleUploadedFile("shown", content)}).content.decode()


def test_a_certificate_in_another_name_is_told(client: Client, title: Designation) -> None:
    certificate = client.get(f"/register/{title.number}/certificate.pdf").content
    assert "Compare the rest with the register" in _shown(client, certificate)
    Designation.objects.filter(pk=title.pk).update(name="某厂", name_en="Some Mill")
    assert "The name in this file is not the holder" in _shown(client, certificate)


def test_a_credential_is_checked_by_its_signature(client: Client, title: Designation) -> None:
    token = client.get(
        f"/register/{title.number}/credential", headers={"accept": "application/vc+jwt"}
    ).content
    genuine = _shown(client, token)
    assert "The signature is ours" in genuine
    assert title.name in genuine
    header, payload, signature = token.split(b".")
    for changed in (b".".join([header, payload[:-4] + b"AAAA", signature]), b"a.b.c", b"nothing"):
        assert "does not bear our signature" in _shown(client, changed)


def test_a_credential_of_before_a_suspension_was_withdrawn(client: Client, title: Designation) -> None:
    token = client.get(
        f"/register/{title.number}/credential", headers={"accept": "application/vc+jwt"}
    ).content
    Credential.objects.filter(designation=title).update(revoked_at=now())
    assert "This credential was withdrawn" in _shown(client, token)


def test_an_unknown_number_is_no_title(client: Client) -> None:
    assert "No such title" in read(client, "/verify/?number=GF-X-1")
    assert client.get("/register/GF-X-1/").status_code == 404


def test_the_register_is_filtered_and_exported(client: Client, title: Designation) -> None:
    assert title.number in read(client, "/register/?level=municipal&scheme=green_factory&region=330000")
    assert title.number not in read(client, "/register/?level=national")
    answer = client.get("/register/?format=csv")
    assert title.number in answer.getvalue().decode()


def test_anyone_objects_while_the_notice_runs(client: Client, cast: Cast) -> None:
    case = cast.selected(cast.draft(round_=cast.round("noticed", notice_days=15)))
    row = PublicNotice.objects.get()
    page = read(client, row.get_absolute_url())
    assert cast.site.name in page
    said = {
        "application": case.pk,
        "name": "Li",
        "contact": "li@example.org",
        "statement": "I saw the smoke.",
    }
    answer = client.post(row.get_absolute_url(), said)
    assert answer.status_code == 302
    assert case.objections.get().name == "Li"
    assert client.post(row.get_absolute_url(), {**said, "name": ""}).status_code == 422
    assert case.objections.count() == 1
    PublicNotice.objects.update(
        starts_on=today() - dt.timedelta(days=9), ends_on=today() - dt.timedelta(days=1)
    )
    assert client.post(row.get_absolute_url(), said).status_code == 404
    assert case.objections.count() == 1


def test_an_announcement_lists_what_is_new(client: Client, title: Designation) -> None:
    entry = title.announced_in.get()
    page = read(client, entry.announcement.get_absolute_url())
    assert title.name in page
    assert "new" in page


def test_a_scheme_can_be_read_in_full(client: Client, cast: Cast) -> None:
    page = read(client, f"/schemes/green_factory/{cast.version.pk}/")
    assert "E3" in page
    assert "renewable_tce / energy_tce * 100" in page
    assert "sample" in page
    for words in (
        "Panel and ranking",
        "Points by which two experts may differ",
        "confirmed score, panel score",
    ):
        assert words in page
