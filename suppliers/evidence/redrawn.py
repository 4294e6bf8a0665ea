"""A picture as it is shown: drawn anew from its pixels, so that nothing else that the file holds reaches a browser.

No metadata (places, names, colour profiles), no further frames, nothing behind the end; smaller where it is large.
The file itself stays in the vault as it came, with its digest, and is what is downloaded.
"""

import io
from typing import IO

from django.utils.translation import gettext as _

from greenchain.refusals import Refused
from suppliers.evidence.paper import MAX_PIXELS, TYPES

LONGEST = 2400
"""Pixels of the longer edge, at most; enough to read a scanned page."""
FORMS = {TYPES["png"]: "PNG", TYPES["jpg"]: "JPEG"}
"""By media type: the one form as which the file is read and drawn."""


def redraw(file: IO[bytes], media_type: str) -> io.BytesIO:
    """The picture in the same form, RGB, upright; Refused where it is none, is damaged or has too many pixels."""
    try:
        return _drawn(file, FORMS[media_type])
    except Exception as error:  # whatever a hostile file makes the reader do
        message = _("This picture cannot be shown here. Download the file instead.")
        raise Refused(message, code="not_shown") from error


def _drawn(file: IO[bytes], form: str) -> io.BytesIO:
    from PIL import Image, ImageOps  # noqa: PLC0415 - only needed for pictures

    drawn = io.BytesIO()
    with Image.open(file, formats=[form]) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError(picture.size)
        picture.draft("RGB", (LONGEST, LONGEST))
        picture.thumbnail((LONGEST, LONGEST))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    clean = Image.new("RGB", upright.size, "white")
    clean.paste(upright, mask=upright)
    clean.save(drawn, form)
    drawn.seek(0)
    return drawn
