"""Read request bodies strictly: what could not be stored, or would exhaust the server, is bad input."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import parsers
from rest_framework.exceptions import APIException, ParseError

UNSTORABLE = gettext_lazy("Texts must not contain NUL characters or halves of surrogate pairs.")


class TooLarge(APIException):
    """More than the server reads into memory at once."""

    status_code = 413
    default_code = "too_large"


class JSONParser(parsers.JSONParser):
    """JSON in UTF-8 (RFC 8259) without NUL characters, lone surrogates and infinite numbers."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002 - DRF's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002 - as above
    ) -> Any:
        """The body as Python values; ParseError or TooLarge."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge(_("The body is larger than %(limit)d bytes.") % {"limit": limit})
        try:
            found = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
        except (ValueError, RecursionError) as error:
            raise ParseError(_("The body is not JSON: %(error)s") % {"error": error}) from error
        if not _storable(found):
            raise ParseError(UNSTORABLE)
        return found


class MultiPartParser(parsers.MultiPartParser):
    """Forms with files, in UTF-8 whatever the header says."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Fields and files."""
        found = super().parse(stream, media_type, {**(parser_context or {}), "encoding": "utf-8"})
        if not _storable(dict(found.data.lists())):
            raise ParseError(UNSTORABLE)
        return found


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _storable(found: Any) -> bool:
    waiting = [found]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str) and not _clean(value):
            return False
    return True


def _clean(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
