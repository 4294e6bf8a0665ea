"""In what condition a file is: good, or in which way a reader cannot use it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from greenchain.refusals import Refused


class Condition(models.TextChoices):
    """What a look inside told; "unseen" where nobody has looked yet."""

    UNSEEN = "unseen", _("not looked into yet")
    GOOD = "good", _("readable")
    SCANNED = "scanned", _("pictures of pages, without text")
    BLANK = "blank", _("empty pages")
    ENCRYPTED = "encrypted", _("protected by a password")
    DAMAGED = "damaged", _("damaged")
    LOST = "lost", _("missing from the store, or changed there")

    @property
    def advice(self) -> str:
        """What to do about it; "" where nothing need be done."""
        return str(ADVICE.get(self, ""))


UNREADABLE = frozenset({Condition.BLANK, Condition.ENCRYPTED, Condition.DAMAGED, Condition.LOST})
"""Nobody can read such a file."""

ADVICE = {
    Condition.SCANNED: _(
        "People can read it, searching and copying do not work. Where you have the original document, "
        "save that as PDF; else run text recognition over the scan."
    ),
    Condition.BLANK: _("No page shows anything. Please upload the document once more."),
    Condition.ENCRYPTED: _("Please save it without a password and replace the file."),
    Condition.DAMAGED: _("Parts of it cannot be read. Please save the document anew and replace the file."),
    Condition.LOST: _("Please upload the file once more; the store no longer has what was put in."),
}


def refused(message: str, code: str) -> Refused:
    """The refusal of an uploaded file."""
    return Refused(message, code=f"file_{code}", field="file")
