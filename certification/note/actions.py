"""Write an internal note."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.note.models import READERS, InternalNote
from greenchain.audit.canonical import digest
from greenchain.audit.trail import record
from greenchain.refusals import NotYours, Refused


@transaction.atomic
def write_note(application: Application, *, by: Any, text: str, shared: bool = False) -> InternalNote:
    """The note is kept. The record says that it was written, in a chain of its own and without its words.

    Not an entry of the case: others read the case's record, and to write a note is to take no part in it.
    """
    sees = Application.objects.visible_to(by).filter(pk=application.pk).exists()
    if not sees or not by.is_official or by.role not in READERS:
        raise NotYours(_("Auditors and approvers of the case's authorities write notes."), code="role")
    if not text.strip():
        raise Refused(_("Write the note."), code="text", field="text")
    note = InternalNote.objects.create(
        application=application, authority=by.authority, by=by, text=text.strip(), shared=shared
    )
    record("write_note", note, by=by, shared=shared, sha256=digest("", note.text))
    return note
