"""Give a file of the vault to somebody who may read it, in a way that it can do no harm."""

from typing import Any, Protocol

from django.http import FileResponse
from django.utils.translation import gettext as _

from greenchain.refusals import Refused
from suppliers.evidence.paper import INLINE
from suppliers.evidence.redrawn import FORMS, redraw

CAGE = (
    "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; object-src 'self'; "
    "frame-ancestors 'self'"
)
"""What a file may do when it is shown: nothing but be drawn. No scripts, no forms, no address of ours."""


class Kept(Protocol):
    """A row that keeps a file."""

    file: Any
    media_type: Any

    @property
    def filename(self) -> Any:
        """What it is called when it is fetched."""


def hand_over(evidence: Kept, *, inline: bool = False) -> FileResponse:
    """The file as a download, as it came; when ``inline`` PDF are shown in place, and pictures drawn anew."""
    shown = inline and evidence.media_type in INLINE
    try:
        content = evidence.file.open("rb")
    except FileNotFoundError as gone:
        raise Refused(
            _("The store no longer has this file. Please upload it once more."), code="file_lost"
        ) from gone
    if shown and evidence.media_type in FORMS:
        with content:
            content = redraw(content, evidence.media_type)
    response = FileResponse(
        content,
        as_attachment=not shown,
        filename=evidence.filename,
        content_type=evidence.media_type,
    )
    response["Content-Security-Policy"] = CAGE
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "private, no-store"
    return response
