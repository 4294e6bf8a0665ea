"""What may happen to a supplier, by the verb of the record: in which words it is told, and of what kind it is."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.designation.life import TOLD


class Change(models.TextChoices):
    """The kinds of change that buyers are told of."""

    LOST = "lost", _("a title does not stand any more")
    VIOLATION = "violation", _("a violation is confirmed")
    GIVEN = "given", _("a title is given or stands again")
    LIFTED = "lifted", _("a violation counts no longer")


@dataclass(frozen=True, slots=True)
class Cause:
    """``words`` as a badge says them, ``look`` the state whose look the badge wears."""

    change: Change
    words: Any
    look: str = "current"


RECORDS = {
    "enter": Cause(Change.VIOLATION, _("violation on record"), "blocks"),
    "confirm_record": Cause(Change.VIOLATION, _("violation confirmed"), "blocks"),
    "clear": Cause(Change.LIFTED, _("violation cleared")),
    "refute": Cause(Change.LIFTED, _("violation refuted")),
}
"""Of compliance records."""
TITLES = {
    "issue": Cause(Change.GIVEN, TOLD["issue"]),
    "suspend": Cause(Change.LOST, TOLD["suspend"], "suspended"),
    "reinstate": Cause(Change.GIVEN, TOLD["reinstate"]),
    "revoke": Cause(Change.LOST, TOLD["revoke"], "revoked"),
    "surrender": Cause(Change.LOST, TOLD["surrender"], "surrendered"),
    "expire": Cause(Change.LOST, TOLD["expire"], "expired"),
    "end": Cause(Change.LOST, TOLD["end"], "expired"),
    "overturn": Cause(Change.GIVEN, TOLD["overturn"]),
    "restore_title": Cause(Change.GIVEN, TOLD["restore_title"]),
}
"""Of titles."""
CAUSES = {**TITLES, **RECORDS}
VERBS = tuple(CAUSES)


def verbs_of(*changes: Change) -> tuple[str, ...]:
    """The verbs that are changes of these kinds."""
    return tuple(verb for verb, cause in CAUSES.items() if cause.change in changes)


BROKEN = verbs_of(Change.LOST)
"""After these a title does not stand."""
