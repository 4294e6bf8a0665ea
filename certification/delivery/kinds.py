"""What messages are about, how they come when nobody chose, and how quiet a person may make them."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How a message reaches a person; it always stands in the inbox."""

    NOW = "now", _("by mail, at once")
    DIGEST = "digest", _("by mail, in the digest")
    IN_APP = "in_app", _("in the inbox only")


class Rhythm(models.TextChoices):
    """How often the digest comes."""

    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("every Monday")
    NEVER = "never", _("never")


QUIETER = (Way.NOW, Way.DIGEST, Way.IN_APP)
"""From the loudest to the quietest."""


@dataclass(frozen=True, slots=True)
class Kind:
    """``quietest``: how far a person may turn it down."""

    key: str
    name: Any
    about: Any
    quietest: Way = Way.IN_APP
    usual: Way = Way.NOW

    @property
    def ways(self) -> tuple[Way, ...]:
        """What a person may choose."""
        return QUIETER[: QUIETER.index(self.quietest) + 1]


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "decision",
            _("Decisions"),
            _("The outcome of your own case, appeal or title."),
            quietest=Way.NOW,
        ),
        Kind(
            "answer",
            _("Your answer is asked for"),
            _("A case was sent back, a title is proposed to be removed: there is a day to answer by."),
            quietest=Way.NOW,
        ),
        Kind(
            "seat",
            _("A seat in a case"),
            _("You are assigned to evaluate or to give points, or the case of your seat is over."),
            quietest=Way.DIGEST,
        ),
        Kind(
            "reminder",
            _("Days that come closer"),
            _("30, 7 and 1 days before something is due; for evidence 60, 30 and 7."),
            quietest=Way.DIGEST,
        ),
        Kind(
            "progress",
            _("Steps of your cases"),
            _("Your own case or title moved, and nothing is asked of you."),
        ),
        Kind(
            "work",
            _("Work at your desk"),
            _("A case has come to your desk, or left it, or waits for an answer."),
        ),
        Kind(
            "chain",
            _("Your supply chain"),
            _("Something happened to a supplier; buyers invite you, suppliers answer you."),
        ),
        Kind(
            "brief",
            _("What broke in your territory"),
            _(
                "Once a day at most: suppliers that lost a title or were found in violation, and whom it touches."
            ),
        ),
    )
}


class Dropped(models.TextChoices):
    """Why a mail that was written is not sent; the message stays in the inbox."""

    MOVED = "moved", _("the case has moved on since")
    OVER = "over", _("the case is over")
    ANSWERED = "answered", _("it has been answered")
    READ = "read", _("read in the inbox before the digest was made")
    LEFT = "left", _("the person has left")
    ADDRESS = "address", _("no address, to be read here")
