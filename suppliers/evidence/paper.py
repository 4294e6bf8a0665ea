"""Look into an uploaded file before it is kept: its bytes decide what it is, not its name."""

import hashlib
import io
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TypeAlias

from django.conf import settings
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from greenchain.refusals import Refused

MAX_PIXELS = 60_000_000
MAX_MEMBERS = 5_000
MAX_UNPACKED = 150 * 1024 * 1024
MAX_NAME = 120
CHUNK = 1024 * 1024

Upload: TypeAlias = "File[bytes]"

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "ofd": "application/ofd",
}
"""What the vault keeps: endings and media types."""

INLINE = frozenset({TYPES["pdf"], TYPES["png"], TYPES["jpg"]})
"""Media types that may be shown in a sandboxed page; all others are only ever downloaded."""

MAGIC = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"PK\x03\x04", "zip"))


@dataclass(frozen=True)
class Paper:
    """What is known of a file after a look inside."""

    filename: str
    media_type: str
    size: int
    sha256: str


def examine(upload: Upload) -> Paper:
    """Open the file as what its first bytes say it is; Refused with the reason where it is not sound."""
    content = _content(upload)
    ending = next((ending for magic, ending in MAGIC if content.startswith(magic)), None)
    if ending is None:
        raise _refused(
            _("Only PDF, PNG, JPEG, XLSX, DOCX and OFD files can be kept; this file is none of them."), "type"
        )
    ending = OPENERS[ending](content)
    return Paper(
        filename=clean_name(upload.name or "", ending),
        media_type=TYPES[ending],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def clean_name(name: str, ending: str) -> str:
    """The given name without folders, control and direction marks, with the ending that the content has."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1]
    shown = "".join(each for each in last if unicodedata.category(each)[0] != "C" and each not in '<>:"|?*')
    path = PurePosixPath(shown.strip(" .") or "file")
    endings = {f".{ending}", ".jpeg"} if ending == "jpg" else {f".{ending}"}
    stem = path.stem if path.suffix.lower() in endings else path.name
    return f"{stem[:MAX_NAME].rstrip(' .')}.{ending}"


def _content(upload: Upload) -> bytes:
    limit: int = settings.UPLOAD_LIMIT
    if (upload.size or 0) > limit:
        raise _too_large(limit)
    upload.seek(0)
    content = upload.read(limit + 1)
    upload.seek(0)
    if len(content) > limit:
        raise _too_large(limit)
    if not content:
        raise _refused(_("The file is empty."), "empty")
    return bytes(content)


def _too_large(limit: int) -> Refused:
    return _refused(_("The file is larger than %(limit)s.") % {"limit": filesizeformat(limit)}, "too_large")


def _refused(message: str, code: str) -> Refused:
    return Refused(message, code=f"file_{code}", field="file")


def _pdf(content: bytes) -> str:
    from pypdf import PdfReader  # noqa: PLC0415 - takes 0.2 s to import

    try:
        reader = PdfReader(io.BytesIO(content))
        encrypted = reader.is_encrypted
        pages = 0 if encrypted else len(reader.pages)
    except Exception as error:  # a parser that is fed hostile bytes may fail in any way
        raise _refused(_("The PDF is damaged and cannot be opened."), "damaged") from error
    if encrypted:
        raise _refused(_("The PDF is protected by a password. Please save it without one."), "encrypted")
    if pages == 0:
        raise _refused(_("The PDF has no pages."), "damaged")
    return "pdf"


def _image(content: bytes, form: str, ending: str) -> str:
    from PIL import Image  # noqa: PLC0415 - only needed for pictures

    damaged = _("The picture is damaged and cannot be opened.")
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as picture:
            width, height = picture.size
            if sound := width * height <= MAX_PIXELS:
                picture.draft("RGB", (max(1, width // 8), max(1, height // 8)))
                picture.load()
    except Exception as error:
        raise _refused(damaged, "damaged") from error
    if not sound:
        raise _refused(_("The picture has too many pixels. Please save it smaller."), "too_large")
    return ending


def _png(content: bytes) -> str:
    return _image(content, "PNG", "png")


def _jpeg(content: bytes) -> str:
    return _image(content, "JPEG", "jpg")


def _package(content: bytes) -> str:
    """An office document is a zip with a table of its parts; nothing else in a zip is taken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _sound(archive)
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise _refused(_("The document is damaged and cannot be opened."), "damaged") from error
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _refused(_("The document contains macros. Please save it without them."), "macros")
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return "xlsx"
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return "docx"
    raise _refused(_("Archives are not kept. Please upload the documents inside one by one."), "type")


def _sound(archive: zipfile.ZipFile) -> None:
    """Every part unpacks, and all of them together stay within bounds, whatever the directory claims."""
    members = archive.infolist()
    bomb = _refused(_("The document unpacks to far more than its size. It is refused as unsafe."), "bomb")
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise bomb
    unpacked = 0
    for member in members:
        if member.flag_bits & 1:
            raise _refused(
                _("The document is protected by a password. Please save it without one."), "encrypted"
            )
        with archive.open(member) as part:
            unpacked = _measure(part, unpacked, bomb)


def _measure(part: IO[bytes], unpacked: int, bomb: Refused) -> int:
    while chunk := part.read(CHUNK):
        unpacked += len(chunk)
        if unpacked > MAX_UNPACKED:
            raise bomb
    return unpacked


OPENERS: dict[str, Callable[[bytes], str]] = {"pdf": _pdf, "png": _png, "jpg": _jpeg, "zip": _package}
