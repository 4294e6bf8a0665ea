"""What the vault's door lets in, by a look at the bytes."""

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from greenchain.refusals import Refused
from suppliers.evidence import packages, paper
from suppliers.evidence.condition import Condition
from suppliers.evidence.paper import clean_name, examine
from tests import papers


def upload(content, name="paper.pdf"):
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("content", "media_type", "name"),
    [
        (papers.pdf(), "application/pdf", "a.pdf"),
        (papers.image("PNG"), "image/png", "a.png"),
        (papers.image("JPEG"), "image/jpeg", "a.jpg"),
        (papers.xlsx(), paper.TYPES["xlsx"], "a.xlsx"),
        (papers.docx(), paper.TYPES["docx"], "a.docx"),
        (papers.ofd(), "application/ofd", "a.ofd"),
    ],
)
def test_papers_are_known_by_their_bytes(content, media_type, name):
    found = examine(upload(content, "a.whatever"))
    assert found.media_type == media_type
    assert found.size == len(content)
    assert found.filename == f"a.whatever.{name.split('.')[1]}"


def flagged(package, value):
    """The zip with a flag bit set in its first local and central header."""
    content = bytearray(package)
    content[6] |= value
    content[content.index(b"PK\x01\x02") + 8] |= value
    return bytes(content)


def png_that_claims(width, height):
    """A PNG header that promises an enormous picture."""
    body = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + body
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + papers.image()[33:]
    )


HOSTILE = {
    "empty": (b"", "file_empty"),
    "locked workbook": (
        packages.OLD_OFFICE + bytes(80) + packages.LOCKED_OFFICE + bytes(80),
        "file_encrypted",
    ),
    "old workbook": (packages.OLD_OFFICE + bytes(200), "file_type"),
    "locked ofd": (papers.package(("OFD.xml", b""), ("Encryptions.xml", b"")), "file_encrypted"),
    "pdf and zip": (papers.pdf() + papers.package(("a.exe", b"MZ")), "file_two_things"),
    "picture and zip": (papers.image() + papers.xlsx(), "file_two_things"),
    "pdf with a script": (papers.drawn(papers.WRITTEN, action="app.alert(1)"), "file_scripts"),
    "text": (b"hello", "file_type"),
    "html": (b"<html><script>alert(1)</script>", "file_type"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_type"),
    "program": (b"\x7fELF" + b"\0" * 100, "file_type"),
    "not really a pdf": (b"%PDF-1.7 nothing follows", "file_damaged"),
    "cut pdf": (papers.pdf()[:200], "file_damaged"),
    "encrypted pdf": (papers.pdf(password="secret"), "file_encrypted"),
    "pdf without pages": (papers.pdf(pages=0), "file_damaged"),
    "cut png": (papers.image()[:40], "file_damaged"),
    "cut jpeg": (papers.image("JPEG", (64, 64))[:-200], "file_damaged"),
    "gif behind a png's name": (b"GIF89a" + papers.image(), "file_type"),
    "picture too large": (png_that_claims(30_000, 30_000), "file_damaged"),
    "picture rather large": (png_that_claims(9_000, 9_000), "file_too_large"),
    "plain zip": (papers.package(("a.txt", b"a")), "file_type"),
    "presentation": (
        papers.package(("[Content_Types].xml", b""), ("ppt/presentation.xml", b"")),
        "file_type",
    ),
    "macros": (
        papers.package(("[Content_Types].xml", b""), ("xl/workbook.xml", b""), ("xl/vbaProject.bin", b"x")),
        "file_macros",
    ),
    "cut zip": (papers.xlsx()[:60], "file_damaged"),
    "encrypted zip": (flagged(papers.xlsx(), 1), "file_encrypted"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_uploads_are_refused_in_words(name):
    content, code = HOSTILE[name]
    with pytest.raises(Refused) as refusal:
        examine(upload(content))
    assert refusal.value.code == code
    assert refusal.value.field == "file"


CONDITIONS = {
    "text": (papers.drawn(papers.WRITTEN), Condition.GOOD),
    "text in an array": (papers.drawn(b"BT [(En) -20 (ergy)] TJ ET"), Condition.GOOD),
    "text in a drawing": (papers.drawn(b"/F Do", form=papers.WRITTEN), Condition.GOOD),
    "forbidden to print": (papers.drawn(papers.WRITTEN, password="owner's"), Condition.GOOD),
    "scan": (papers.drawn(papers.SCAN), Condition.SCANNED),
    "scan in a drawing": (papers.drawn(b"/F Do", form=papers.SCAN), Condition.SCANNED),
    "a comment that looks like text": (papers.drawn(b"% (no text) to read\n/Im0 Do"), Condition.SCANNED),
    "blank": (papers.pdf(), Condition.BLANK),
    "ofd with words": (papers.ofd(), Condition.GOOD),
    "scanned ofd": (
        papers.package(
            ("OFD.xml", b""), ("Doc_0/Pages/Page_0/Content.xml", b"<p/>"), ("Doc_0/Res/1.jpg", b"x")
        ),
        Condition.SCANNED,
    ),
    "ofd with picture and words": (
        papers.package(
            ("OFD.xml", b""),
            ("Doc_0/Pages/Page_0/Content.xml", b"<ofd:TextCode>x</ofd:TextCode>"),
            ("Doc_0/Res/1.jpg", b"x"),
        ),
        Condition.GOOD,
    ),
    "docx of pictures": (
        papers.package(
            ("[Content_Types].xml", b""), ("word/document.xml", b"<w:p/>"), ("word/media/image1.png", b"x")
        ),
        Condition.SCANNED,
    ),
    "picture": (papers.image(), Condition.GOOD),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_scans_and_blank_pages_are_told_from_text(name):
    content, condition = CONDITIONS[name]
    assert examine(upload(content)).condition == condition


def test_a_page_that_cannot_be_read_is_told_and_the_file_kept():
    broken = papers.drawn(papers.WRITTEN).replace(b"/Length", b"/Filter /NoSuch /Length")
    assert examine(upload(broken)).condition == Condition.DAMAGED


def test_every_condition_that_asks_for_something_says_what_to_do():
    assert all(each.advice for each in Condition if each not in {Condition.UNSEEN, Condition.GOOD})


def test_a_bomb_is_refused_by_what_it_claims(monkeypatch):
    monkeypatch.setattr(packages, "MAX_UNPACKED", 1000)
    with pytest.raises(Refused) as refusal:
        examine(upload(papers.package(("[Content_Types].xml", b""), ("xl/workbook.xml", b"\0" * 5000))))
    assert refusal.value.code == "file_bomb"


def test_a_bomb_that_lies_about_its_size_is_measured(monkeypatch):
    monkeypatch.setattr(packages, "MAX_UNPACKED", 1000)
    content = bytearray(papers.package(("[Content_Types].xml", b""), ("xl/workbook.xml", b"\0" * 5000)))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 900)
    with pytest.raises(Refused) as refusal:
        examine(upload(bytes(content)))
    assert refusal.value.code in {"file_bomb", "file_damaged"}


def test_too_many_parts_are_a_bomb(monkeypatch):
    monkeypatch.setattr(packages, "MAX_MEMBERS", 1)
    with pytest.raises(Refused) as refusal:
        examine(upload(papers.xlsx()))
    assert refusal.value.code == "file_bomb"


def test_unpacking_is_counted_across_parts(monkeypatch):
    monkeypatch.setattr(packages, "MAX_UNPACKED", 10)
    bomb = Refused("bomb", code="file_bomb")
    with pytest.raises(Refused):
        packages._measure(io.BytesIO(b"x" * 6), 5, bomb)


def test_too_large_is_refused_by_size_and_by_content(settings):
    settings.UPLOAD_LIMIT = 100
    untold = ContentFile(papers.pdf())
    untold.size = 0
    for file in (upload(papers.pdf()), untold):
        with pytest.raises(Refused) as refusal:
            examine(file)
        assert refusal.value.code == "file_too_large"


@given(
    st.binary(max_size=400),
    st.sampled_from([b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04", b""]),
)
def test_no_bytes_crash_the_door(body, magic):
    with suppress(Refused):
        examine(upload(magic + body))


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("报告.pdf", "报告.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\work\\report.PDF", "report.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        ('a"b<c>.pdf', "abc.pdf"),
        ("\x00\n.pdf", "pdf.pdf"),
        ("", "file.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
        ("photo.jpeg", "photo.jpeg.pdf"),
    ],
)
def test_names_are_cleaned(given_name, kept):
    assert clean_name(given_name, "pdf") == kept


def test_jpeg_has_two_endings():
    assert clean_name("photo.JPEG", "jpg") == "photo.jpg"


def test_packages_need_no_directories():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("OFD.xml", b"<OFD/>")
    assert examine(upload(stream.getvalue())).media_type == "application/ofd"
