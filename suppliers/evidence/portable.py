"""A look into a PDF: may it be opened, does it run anything, is there text to read or only pictures of pages."""

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from greenchain.refusals import Refused
from suppliers.evidence.condition import Condition, refused

if TYPE_CHECKING:
    from pypdf import PdfReader
    from pypdf.generic import DictionaryObject

SOME_PAGES = 40
SOME_FORMS = 60
MOST_READ = 24 * 1024 * 1024
"""A look reads so many pages, nested drawings and unpacked bytes at most, whatever the file holds."""

SHOWN = re.compile(rb"[)>\]]\s*(?:Tj|TJ|'|\")(?=[\s\]/<(\[]|$)")
"""The operators that show text (ISO 32000-1, 9.4.3), each after its string or array."""
PAINTED = re.compile(rb"(?:^|\s)(?:Do|BI|f\*?|F|S|s|B\*?|b\*?|sh)(?=\s|$)")
"""The operators that paint a picture or a path."""


def look(content: bytes) -> Condition:
    """Whether a person can read the PDF, and a machine too; Refused where it must not be kept."""
    reader = _opened(content)
    if _runs(reader):
        raise refused(_("The PDF contains scripts. Please print it to a new PDF."), "scripts")
    try:
        return _condition(reader)
    except Exception:  # noqa: BLE001 - a page that cannot be read is told, the file as such was opened
        return Condition.DAMAGED


def _opened(content: bytes) -> "PdfReader":
    from pypdf import PdfReader  # noqa: PLC0415 - takes 0.2 s to import

    try:
        reader = PdfReader(io.BytesIO(content))
        # Forbidding only to print or to copy leaves the password empty: anybody may read such a file.
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = 0 if locked else len(reader.pages)
    except Exception as error:  # a parser that is fed hostile bytes may fail in any way
        raise refused(_("The PDF is damaged and cannot be opened."), "damaged") from error
    if locked:
        raise refused(_("The PDF is protected by a password. Please save it without one."), "encrypted")
    if pages == 0:
        raise refused(_("The PDF has no pages."), "damaged")
    return reader


def _runs(reader: "PdfReader") -> bool:
    """Whether opening the document starts a script or a program."""
    try:
        root = reader.root_object
        names = _dictionary(root.get("/Names"))
        opened = _dictionary(root.get("/OpenAction"))
        return (
            "/JavaScript" in names
            or "/AA" in root
            or str(opened.get("/S")) in {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm"}
        )
    except Refused:
        raise
    except Exception as error:
        raise refused(_("The PDF is damaged and cannot be opened."), "damaged") from error


def _condition(reader: "PdfReader") -> Condition:
    """Good as soon as one page shows text; else what the pages show instead."""
    painted, read = False, 0
    for stream in _streams(reader):
        if SHOWN.search(stream):
            return Condition.GOOD
        painted = painted or PAINTED.search(stream) is not None
        read += len(stream)
        if read > MOST_READ:
            break
    return Condition.SCANNED if painted else Condition.BLANK


def _streams(reader: "PdfReader") -> Iterator[bytes]:
    """What the first pages draw, and the drawings that they name."""
    seen: set[int] = set()
    for number in range(min(len(reader.pages), SOME_PAGES)):
        page = reader.pages[number]
        contents = page.get_contents()
        if contents is not None:
            yield contents.get_data()
        yield from _forms(_dictionary(page.get("/Resources")), seen)


def _forms(resources: "DictionaryObject | dict[str, Any]", seen: set[int]) -> Iterator[bytes]:
    for each in _dictionary(resources.get("/XObject")).values():
        drawing = each.get_object()
        if id(drawing) in seen or len(seen) >= SOME_FORMS or drawing.get("/Subtype") != "/Form":
            continue
        seen.add(id(drawing))
        yield drawing.get_data()
        yield from _forms(_dictionary(drawing.get("/Resources")), seen)


def _dictionary(value: Any) -> Any:
    """The dictionary behind a value that may be a reference; an empty one for anything else."""
    found = value.get_object() if hasattr(value, "get_object") else value
    return found if isinstance(found, dict) else {}
