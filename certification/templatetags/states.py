"""How each state looks: one colour, one shape and one word, wherever it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

RING = '<circle cx="5" cy="5" r="4" fill="none" stroke-width="1.3"/>'
SHAPES = {
    "full": '<circle cx="5" cy="5" r="4.5" stroke="none"/>',
    "half": RING + '<path d="M5 1a4 4 0 0 0 0 8z" stroke="none"/>',
    "ring": RING,
    "target": RING + '<circle cx="5" cy="5" r="2" stroke="none"/>',
    "square": '<path d="M.8.8h8.4v8.4H.8z" stroke="none"/>',
    "box": '<path d="M1.3 1.3h7.4v7.4H1.3z" fill="none" stroke-width="1.3"/>',
    "triangle": '<path d="M5 .6l4.8 8.6H.2z" stroke="none"/>',
    "diamond": '<path d="M5 .8L9.2 5 5 9.2.8 5z" fill="none" stroke-width="1.3"/>',
    "tick": '<path d="M1 5.3l2.8 2.9L9 2.2" fill="none" stroke-width="1.9" stroke-linecap="round"/>',
}


@dataclass(frozen=True, slots=True)
class Look:
    """Colour, shape and word of a state."""

    tone: str
    shape: str
    word: Any

    @property
    def drawing(self) -> SafeString:
        """The shape as the inside of an SVG of 10 by 10."""
        return mark_safe(SHAPES[self.shape])  # noqa: S308 - our own constant above


def _looks(rows: dict[str, tuple[str, str, Any]]) -> dict[str, Look]:
    return {key: Look(*row) for key, row in rows.items()}


APPLICATION = _looks(
    {
        "draft": ("grey", "ring", _("draft")),
        "submitted": ("grey", "half", _("submitted")),
        "evaluation": ("blue", "half", _("evaluation")),
        "examination": ("blue", "half", _("examination")),
        "returned": ("amber", "triangle", _("returned")),
        "panel": ("blue", "half", _("panel")),
        "selection": ("blue", "half", _("selection")),
        "notice": ("blue", "target", _("public notice")),
        "decision": ("blue", "target", _("decision")),
        "granted": ("green", "tick", _("granted")),
        "refused": ("red", "square", _("refused")),
        "rejected": ("red", "square", _("rejected")),
        "not_selected": ("grey", "box", _("not selected")),
        "withdrawn": ("grey", "box", _("withdrawn")),
        "lapsed": ("grey", "box", _("lapsed")),
    }
)
TITLE = _looks(
    {
        "current": ("green", "full", _("current")),
        "suspended": ("amber", "triangle", _("suspended")),
        "revoked": ("red", "square", _("revoked")),
        "surrendered": ("grey", "box", _("surrendered")),
        "expired": ("grey", "box", _("expired")),
        "superseded": ("grey", "diamond", _("superseded")),
    }
)
RESULT = _looks(
    {
        "computed": ("green", "full", _("computed")),
        "awaiting": ("amber", "half", _("awaiting judgement")),
        "no_benchmark": ("blue", "ring", _("no benchmark")),
        "not_applicable": ("grey", "box", _("not applicable")),
        "missing": ("red", "diamond", _("value missing")),
        "undefined": ("red", "diamond", _("cannot be computed")),
    }
)
FINDING = _looks(
    {
        "blocks": ("red", "square", _("blocks")),
        "asks": ("amber", "triangle", _("asks")),
        "informs": ("blue", "full", _("informs")),
        "passed": ("green", "tick", _("passed")),
    }
)
CODE = _looks(
    {
        "A+": ("green", "target", "A+"),
        "A": ("green", "full", "A"),
        "B": ("grey", "ring", "B"),
    }
)
OTHER = _looks(
    {
        "shared": ("green", "tick", _("shares with you")),
        "answered": ("blue", "full", _("has answered")),
        "joined": ("blue", "half", _("has joined")),
        "claimed": ("amber", "half", _("claim at the desk")),
        "opened": ("amber", "target", _("opened")),
        "invited": ("grey", "half", _("invited")),
        "declined": ("red", "box", _("declined")),
        "accepted": ("green", "tick", _("joined")),
        "cancelled": ("grey", "box", _("cancelled")),
        "sent": ("grey", "half", _("invited")),
        "not_yet": ("grey", "ring", _("not yet invited")),
        "pending": ("grey", "half", _("pending")),
        "confirmed": ("green", "tick", _("confirmed")),
        "possible": ("amber", "triangle", _("possible match")),
        "disputed": ("amber", "triangle", _("disputed")),
        "open": ("blue", "target", _("open")),
        "closed": ("grey", "box", _("closed")),
        "upheld": ("red", "square", _("upheld")),
        "dismissed": ("grey", "box", _("dismissed")),
        "none": ("grey", "ring", _("no title")),
        "green": ("green", "full", _("green")),
        "partly": ("blue", "half", _("partly green")),
        "declared": ("grey", "half", _("not yet confirmed")),
        "registered": ("green", "tick", _("registered")),
        "coming": ("grey", "ring", _("not yet begun")),
        "ended": ("grey", "box", _("ended")),
        "stale": ("amber", "diamond", _("out of date")),
        "running": ("blue", "half", _("running")),
        "waiting": ("grey", "ring", _("waiting")),
        "done": ("green", "tick", _("done")),
        "failed": ("red", "square", _("failed")),
        "dry_run": ("amber", "triangle", _("dry run")),
        "published": ("green", "tick", _("published")),
        "overdue": ("red", "square", _("overdue")),
        "soon": ("amber", "triangle", _("due soon")),
        "high": ("red", "square", _("high risk")),
        "medium": ("amber", "triangle", _("medium risk")),
        "low": ("green", "full", _("low risk")),
        "planned": ("blue", "ring", _("planned")),
        "estimated": ("amber", "diamond", _("demo estimate")),
        "success": ("green", "tick", _("Done")),
        "warning": ("amber", "triangle", _("Please note")),
        "error": ("red", "square", _("Not done")),
        "info": ("blue", "full", _("For your information")),
        "debug": ("grey", "ring", _("Debug")),
    }
)
LOOKS = APPLICATION | TITLE | RESULT | FINDING | CODE | OTHER


def look(key: Any) -> Look:
    """The look of a status, result state, severity or message level; a grey ring for other words."""
    plain = str(getattr(key, "value", key))
    return LOOKS.get(plain) or Look("grey", "ring", plain)


LESS_TRUSTED = ("memory", "suggestion", "sample")


def trust(origin: Any) -> dict[str, Any]:
    """The mark of where a number comes from, and the source's own words; empty for a published source."""
    sources = list(origin.values()) if isinstance(origin, Mapping) else [origin]
    marked = {str(getattr(source, "mark", source or "")): source for source in sources}
    worst = next((mark for mark in reversed(LESS_TRUSTED) if mark in marked), "")
    source = marked.get(worst)
    return {"mark": worst, "said": str(source) if worst and source != worst else ""}
