"""A look into office documents and OFD: zips with a table of their parts; nothing else in a zip is taken."""

import io
import re
import zipfile
from collections.abc import Collection
from typing import IO

from django.utils.translation import gettext as _

from greenchain.refusals import Refused
from suppliers.evidence.condition import Condition, refused

MAX_MEMBERS = 5_000
MAX_UNPACKED = 150 * 1024 * 1024
CHUNK = 1024 * 1024
BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
"""An encrypted XLSX or DOCX is an old-style container with a stream of this name (MS-OFFCRYPTO, 2.3.4)."""

PICTURES = re.compile(r"\.(?:png|jpe?g|jb2|jp2|bmp|gif|tiff?)$", re.IGNORECASE)
WORDS = {
    "ofd": (re.compile(r"^Doc_.*\.xml$", re.IGNORECASE), b"TextCode"),
    "docx": (re.compile(r"^word/(?:document|header\d*|footer\d*)\.xml$"), b"<w:t"),
}
"""Where the text of a kind stands, and the element that holds it (GB/T 33190-2016, 11.3; ECMA-376-1, 17.3.3)."""


def look(content: bytes) -> tuple[str, Condition]:
    """The document's ending and condition; Refused where it must not be kept."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _sound(archive)
            names = archive.namelist()
            ending = _ending(names)
            return ending, _condition(archive, ending, names)
    except BROKEN as error:
        raise refused(_("The document is damaged and cannot be opened."), "damaged") from error


def look_old(content: bytes) -> tuple[str, Condition]:
    """An old container is an encrypted document, or one in a format that is no longer kept: refused either way."""
    if LOCKED_OFFICE in content:
        raise refused(_("The document is protected by a password. Please save it without one."), "encrypted")
    raise refused(_("This is an old Office format. Please save it as XLSX or DOCX, or as PDF."), "type")


def ends_as_zip(content: bytes) -> bool:
    """Whether the last bytes are the directory of an archive: a file that is two things at once."""
    place = content.rfind(b"PK\x05\x06", -(22 + 0xFFFF))
    if place < 0 or place + 22 > len(content):
        return False
    comment = int.from_bytes(content[place + 20 : place + 22], "little")
    return place + 22 + comment == len(content)


def _ending(names: Collection[str]) -> str:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise refused(_("The document contains macros. Please save it without them."), "macros")
    if "Encryptions.xml" in names:  # an encrypted OFD (GM/T 0099-2020, from memory)
        raise refused(_("The document is protected by a password. Please save it without one."), "encrypted")
    if "OFD.xml" in names:
        return "ofd"
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return "xlsx"
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return "docx"
    raise refused(_("Archives are not kept. Please upload the documents inside one by one."), "type")


def _condition(archive: zipfile.ZipFile, ending: str, names: Collection[str]) -> Condition:
    """Pictures without a word are a scan; a table without pictures or words is the reader's business."""
    if ending not in WORDS or not any(PICTURES.search(name) for name in names):
        return Condition.GOOD
    where, mark = WORDS[ending]
    told = any(mark in archive.read(name) for name in names if where.match(name))
    return Condition.GOOD if told else Condition.SCANNED


def _sound(archive: zipfile.ZipFile) -> None:
    """Every part unpacks, and all of them together stay within bounds, whatever the directory claims."""
    members = archive.infolist()
    bomb = refused(_("The document unpacks to far more than its size. It is refused as unsafe."), "bomb")
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
        raise bomb
    unpacked = 0
    for member in members:
        if member.flag_bits & 1:
            raise refused(
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
