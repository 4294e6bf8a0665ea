"""Bars of states and drawn chains for pages of supply chains."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _

from certification.chain.history.years import Point
from certification.chain.picture.nodes import Picture
from certification.chain.status import State
from certification.chain.tally import Tally
from certification.chain.territory.matrix import OTHERS
from certification.templatetags import chainmap, chart, drawings, figures, states

register = template.Library()


@register.inclusion_tag("certification/chain/state_bar.html")
def state_bar(tally: Tally, by: str = "count") -> dict[str, Any]:
    """How many direct suppliers, or which share of spend, stand in each state; states that nobody has are left out."""
    looks = [(states.look(state), *_part(tally, state, by)) for state in State]
    parts = [
        {"label": look.word, "value": value, "tone": look.tone, "shape": look.shape}
        for look, value, _said in looks
        if value
    ]
    said = [said for _look, value, said in looks if value]
    return {"parts": list(zip(drawings.shares(parts), said, strict=True))}


@register.simple_tag
def drawn(picture: Picture, pages: Mapping[int, str]) -> chainmap.Drawing:
    """A chain laid out with its tiers as columns; ``pages``: by key of an enterprise what its node opens."""
    return chainmap.drawing(picture, pages)


@register.inclusion_tag("certification/chain/history_chart.html")
def history_chart(points: Iterable[Point]) -> dict[str, Any]:
    """The green share by number and by spend at the end of each year."""
    rows = [
        {
            "year": point.day.year,
            "number": _per_cent(point.green_share),
            "spend": _per_cent(point.spend_share),
        }
        for point in points
    ]
    return {"chart": chart.share_chart(rows, {"number": _("by number"), "spend": _("by spend")})}


def _per_cent(share: Any) -> Any:
    return None if share is None else float(share) * 100


@register.simple_tag
def group(named: Mapping[int, Any], code: int) -> str:
    """The region or industry that enterprises are counted in."""
    if code == OTHERS:
        return _("all others")
    return figures.named(named.get(code)) or _("abroad or not known")


def _part(tally: Tally, state: State, by: str) -> tuple[Any, str]:
    if by == "count":
        count = tally.count(state)
        return count, figures.number(count, 0)
    spend = tally.spends.get(state)
    return spend, figures.share(spend / tally.spend) if spend else ""
