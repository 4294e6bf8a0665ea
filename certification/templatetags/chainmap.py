"""Where each node and flow of a picture is drawn: pixels as text for SVG attributes, tiers as columns."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.chain.picture.nodes import Flow, Node, Picture
from certification.chain.status import State
from certification.templatetags.figures import number, share
from certification.templatetags.states import Look, look

COLUMN, GAP, ROW, TOP = 244, 64, 24, 48
WORDS = 20
"""So many narrow letters of a name fit."""
WIDE = 1.75
"""A Chinese character is as wide as so many of them."""
THICK = 12
"""The width of the widest flow in pixels; the thinnest is one."""


@dataclass(frozen=True)
class Spot:
    """A node where it is drawn: the middle of its row, and what is read of it."""

    node: Node
    x: int
    y: int
    name: str
    label: str
    told: str
    figure: str
    look: Look | None
    lost: bool
    """It, or something behind it, lost its title."""
    url: str
    """Its own page where the reader may open it, else its row in the table."""
    through: str
    """The name of whom it stands behind."""

    @property
    def exposed(self) -> str:
        """The exposure as it may be told, for the table."""
        return figure(self.node)

    @property
    def words_at(self) -> int:
        """Where the name begins."""
        return self.x + 16

    @property
    def shape_at(self) -> int:
        """The upper edge of the shape."""
        return self.y - 5

    @property
    def line_at(self) -> int:
        """The base line of its words."""
        return self.y + 4

    @property
    def end(self) -> int:
        """Where its column ends."""
        return self.x + COLUMN

    @property
    def upper(self) -> int:
        """The upper edge of its row."""
        return self.y - ROW // 2


@dataclass(frozen=True)
class Curve:
    """A flow as a path; ``lost`` where it leads to a title that was lost."""

    path: str
    width: str
    lost: bool


@dataclass(frozen=True)
class Column:
    """A tier: what stands above it and in it."""

    x: int
    head: str
    below: str
    spots: list[Spot]


@dataclass(frozen=True)
class Drawing:
    """Everything from back to front."""

    width: int
    height: int
    columns: list[Column]
    curves: list[Curve]
    legend: list[Look] = field(default_factory=lambda: [look(state) for state in State])

    @property
    def rows(self) -> list[Spot]:
        """The suppliers in the order in which they are read."""
        return [spot for column in self.columns[1:] for spot in column.spots]


def drawing(picture: Picture, urls: Mapping[int, str]) -> Drawing:
    """The picture laid out; an empty one has no columns. ``urls``: pages of enterprises by key."""
    weak = _behind_lost(picture)
    tiers: dict[int, list[Node]] = {}
    for node in picture.nodes:
        tiers.setdefault(node.tier, []).append(node)
    columns = []
    for place, nodes in enumerate(tiers.values()):
        x = place * (COLUMN + GAP)
        spotted = [_spot(picture, node, x, row, weak, urls) for row, node in enumerate(nodes)]
        columns.append(_column(x, nodes, spotted))
    spots = {spot.node.number: spot for column in columns for spot in column.spots}
    most = picture.flows[0].share if picture.flows else 0.0
    tallest = max((len(column.spots) for column in columns), default=0)
    return Drawing(
        width=len(columns) * (COLUMN + GAP) - GAP,
        height=TOP + tallest * ROW + 4,
        columns=columns,
        curves=[_curve(flow, spots, most) for flow in reversed(picture.flows)],
    )


def said(node: Node) -> str:
    """What a node is called: several are counted, the rest of a tier has no name."""
    if node.folded:
        counted = ngettext("%(count)s more supplier", "%(count)s more suppliers", node.count)
        return counted % {"count": number(node.count, 0)}
    return node.name if node.count == 1 else f"{number(node.count, 0)} × {node.name}"


def figure(node: Node) -> str:
    """Its exposure as it may be told."""
    if node.exposure is None:
        return ""
    return share(node.exposure) if node.exact else node.band


def states(node: Node) -> str:
    """How many of a folded rest stand in each state."""
    return ", ".join(f"{number(count, 0)} {state.label}" for state, count in node.states)


def _column(x: int, nodes: list[Node], spots: list[Spot]) -> Column:
    tier, count = nodes[0].tier, sum(node.count for node in nodes)
    counted = ngettext("%(count)s supplier", "%(count)s suppliers", count) % {"count": number(count, 0)}
    head = _("Tier %(number)s") % {"number": tier} if tier else _("The enterprise")
    return Column(x, head, counted if tier else "", spots)


def _spot(picture: Picture, node: Node, x: int, row: int, weak: set[int], urls: Mapping[int, str]) -> Spot:
    name, looks = said(node), None if node.folded else look(node.state)
    exposed, state = figure(node) if node.tier else "", str(looks.word) if looks else states(node)
    short = exposed if node.exact else ""
    told = (name, state, _("%(share)s of purchases") % {"share": exposed} if exposed else "")
    return Spot(
        node=node,
        x=x,
        y=TOP + row * ROW + ROW // 2,
        name=name,
        label=fitted(name, WORDS + (0 if short else 7)),
        told=", ".join(part for part in told if part),
        figure=short,
        look=looks,
        lost=node.number in weak,
        url=urls.get(node.key or 0) or f"#node-{node.number}",
        through=said(picture.nodes[node.behind]) if node.behind else "",
    )


def _curve(flow: Flow, spots: dict[int, Spot], most: float) -> Curve:
    buyer, supplier = spots[flow.buyer], spots[flow.supplier]
    start, end = buyer.x + COLUMN + 4, supplier.x - 6
    half = (start + end) // 2
    path = f"M{start} {buyer.y}C{half} {buyer.y} {half} {supplier.y} {end} {supplier.y}"
    lost = supplier.lost and supplier.node.behind == flow.buyer
    part = flow.share / most if most else 0.0
    return Curve(path, f"{1 + (THICK - 1) * part:.1f}", lost)


def _behind_lost(picture: Picture) -> set[int]:
    """The nodes that lost their titles, and everything on the way to them."""
    found: set[int] = set()
    for node in picture.suppliers:
        at = node.number if node.lost else None
        while at and at not in found:
            found.add(at)
            at = picture.nodes[at].behind
    return found


def fitted(text: str, room: int) -> str:
    """As much of a name as fits into so many narrow letters."""
    used = 0.0
    for place, letter in enumerate(text):
        used += WIDE if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > room:
            return f"{text[: max(place - 1, 1)].rstrip()}…"
    return text
