"""A certificate or a credential as somebody presents it: which number it bears, and what it proves by itself."""

import base64
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from certification.designation.credential import conformity, current_credential
from certification.designation.models import Designation
from certification.designation.signing import bears_our_signature

NUMBER = re.compile(r"[A-Z]{2,6}-[A-Z0-9-]{3,36}")
PAGES = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be said of the file beside the state of its title; ``severity`` as checks have it."""

    severity: str
    title: str
    text: str


def read(content: bytes) -> tuple[str, Finding]:
    """The number that the file bears, or "", and what the file proves."""
    if content.startswith(b"%PDF"):
        return _certificate(content)
    return _credential(content.strip())


def _credential(token: bytes) -> tuple[str, Finding]:
    """Its signature is checked, and whether it is the credential that stands."""
    if token.count(b".") != 2 or not bears_our_signature(token):  # noqa: PLR2004 - header, payload, signature
        words = _("It was changed, comes from elsewhere, or is no credential. Do not rely on this file.")
        return "", Finding("blocks", _("This file does not bear our signature"), words)
    payload = json.loads(base64.urlsafe_b64decode(token.split(b".")[1] + b"=="))
    number = str(payload.get("credentialSubject", {}).get("name", "")).partition(" ")[0]
    title = Designation.objects.filter(number=number).first()
    if title is None or not _stands(title, str(payload.get("id"))):
        words = _("The signature is ours, but this credential no longer stands. Ask for the present one.")
        return number, Finding("blocks", _("This credential was withdrawn"), words)
    words = _("The file is as we issued it, and it was not withdrawn.")
    return number, Finding("passed", _("The signature is ours"), words)


def _stands(title: Designation, address: str) -> bool:
    newest = current_credential(title)
    return bool(newest and newest.revoked_at is None and conformity(title, newest)["id"] == address)


def _certificate(content: bytes) -> tuple[str, Finding]:
    """Number and name are compared with the register; a PDF bears no signature."""
    text = _text_of(content)
    numbers = NUMBER.findall(text)
    known = {title.number: title for title in Designation.objects.filter(number__in=numbers)}
    number = next((number for number in numbers if number in known), numbers[0] if numbers else "")
    if not number:
        words = _("Choose the certificate as it was downloaded, or type its number.")
        return "", Finding("blocks", _("No number was found in this file"), words)
    if number in known and not any(name in _joined(text) for name in _names(known[number])):
        words = _(
            "The register gives the number to another name than the file does. Do not rely on this file."
        )
        return number, Finding("blocks", _("The name in this file is not the holder's"), words)
    words = _("Of the PDF only number and name were read; it bears no signature. What counts stands here.")
    return number, Finding("informs", _("Compare the rest with the register"), words)


def _names(title: Designation) -> Iterator[str]:
    return (_joined(name) for name in (title.name, title.name_en) if name)


def _joined(text: str) -> str:
    return "".join(text.split())


def _text_of(content: bytes) -> str:
    """The text of the first pages; "" where it cannot be read."""
    from pypdf import PdfReader  # noqa: PLC0415 - heavy, and only here
    from pypdf.errors import PyPdfError  # noqa: PLC0415 - as above

    try:
        pages: Any = PdfReader(io.BytesIO(content)).pages[:PAGES]
        return "\n".join(page.extract_text() for page in pages)
    except (PyPdfError, ValueError, KeyError):
        return ""
