"""Look into an uploaded file before it is kept: its bytes decide what it is, not its name."""

import hashlib
import io
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TypeAlias

from django.conf import settings
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from greenchain.refusals import Refused
from suppliers.evidence import packages, portable
from suppliers.evidence.condition import Condition, refused

MAX_PIXELS = 60_000_000
MAX_NAME = 120

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

MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"PK\x03\x04", "zip"),
    (packages.OLD_OFFICE, "ole"),
)


@dataclass(frozen=True)
class Paper:
    """What is known of a file after a look inside."""

    filename: str
    media_type: str
    size: int
    sha256: str
    condition: Condition


def examine(upload: Upload) -> Paper:
    """Open the file as what its first bytes say it is; Refused with the reason where it is not sound."""
    content = _content(upload)
    ending = next((ending for magic, ending in MAGIC if content.startswith(magic)), None)
    if ending is None:
        raise refused(
            _("Only PDF, PNG, JPEG, XLSX, DOCX and OFD files can be kept; this file is none of them."), "type"
        )
    if ending in {"pdf", "png", "jpg"} and packages.ends_as_zip(content):
        raise refused(_("This file is an archive as well. It is refused as unsafe."), "two_things")
    ending, condition = OPENERS[ending](content)
    return Paper(
        filename=clean_name(upload.name or "", ending),
        media_type=TYPES[ending],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        condition=condition,
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
        raise refused(_("The file is empty."), "empty")
    return bytes(content)


def _too_large(limit: int) -> Refused:
    return refused(_("The file is larger than %(limit)s.") % {"limit": filesizeformat(limit)}, "too_large")


def _pdf(content: bytes) -> tuple[str, Condition]:
    return "pdf", portable.look(content)


def _image(content: bytes, form: str, ending: str) -> tuple[str, Condition]:
    from PIL import Image  # noqa: PLC0415 - only needed for pictures

    damaged = _("The picture is damaged and cannot be opened.")
    try:
        with Image.open(io.BytesIO(content), formats=[form]) as picture:
            width, height = picture.size
            if sound := width * height <= MAX_PIXELS:
                picture.draft("RGB", (max(1, width // 8), max(1, height // 8)))
                picture.load()
    except Exception as error:
        raise refused(damaged, "damaged") from error
    if not sound:
        raise refused(_("The picture has too many pixels. Please save it smaller."), "too_large")
    return ending, Condition.GOOD


def _png(content: bytes) -> tuple[str, Condition]:
    return _image(content, "PNG", "png")


def _jpeg(content: bytes) -> tuple[str, Condition]:
    return _image(content, "JPEG", "jpg")


Opener: TypeAlias = Callable[[bytes], tuple[str, Condition]]
OPENERS: dict[str, Opener] = {
    "pdf": _pdf,
    "png": _png,
    "jpg": _jpeg,
    "zip": packages.look,
    "ole": packages.look_old,
}
