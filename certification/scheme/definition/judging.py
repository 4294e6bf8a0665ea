"""How a version has experts judge a case and cases ranked; what a file does not say is ours, and told so."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from certification.scheme.definition.methods import provenance_of
from certification.scheme.definition.parts import Provenance, Source
from greenchain.languages import pick
from greenchain.located import Table, Texts

COMBINE = ("nearest", "median")
RANKED_BY = ("score", "panel")
FULL = Decimal(100)
TOLD = ("threshold", "days", "combine", "rank_by")


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """What experts give points for; the points of all criteria together are 100."""

    code: str
    names: Texts
    points: Decimal

    def __str__(self) -> str:
        return pick(self.names)


@dataclass(frozen=True, kw_only=True)
class Judging:
    """``threshold``: points of 100 by which two experts may differ; ``days``: working days to score.

    ``combine`` three: "nearest", the mean of the two that lie nearest to each other (of all three where the third
    lies just between them), or "median". ``rank_by``: what decides the rank, and what decides among equals.
    """

    threshold: Decimal = Decimal(10)
    days: int = 10
    combine: str = "nearest"
    rank_by: tuple[str, ...] = ("score", "panel")
    criteria: tuple[Criterion, ...] = ()
    provenance: Provenance

    def is_ours(self, key: str) -> bool:
        """Whether the file says nothing of it, so that our own choice holds."""
        return key not in self.provenance


def judging_in(root: Table, sources: Mapping[str, Source]) -> Judging:
    """The ``[judging]`` table of a file; without one all of it is ours."""
    if not root.has("judging"):
        return Judging(provenance={})
    entry = root.table("judging")
    said: dict[str, object] = {}
    if entry.has("threshold"):
        said["threshold"] = entry.number("threshold") or Decimal(0)
    if entry.has("days"):
        said["days"] = entry.whole("days", minimum=1, maximum=250)
    if entry.has("combine"):
        said["combine"] = entry.choice("combine", COMBINE)
    if entry.has("rank_by"):
        said["rank_by"] = _ranked_by(entry)
    criteria = tuple(_criterion(item) for item in entry.tables("criteria", required=False))
    if criteria and sum(item.points for item in criteria) != FULL:
        entry.fault("criteria", "the points of the criteria must add up to 100")
    if len({item.code for item in criteria}) != len(criteria):
        entry.fault("criteria", "two criteria have the same code")
    provenance = provenance_of(entry, sources, (*TOLD, "criteria"))
    entry.close()
    return Judging(**said, criteria=criteria, provenance=provenance)  # type: ignore[arg-type]


def _ranked_by(entry: Table) -> tuple[str, ...]:
    words = entry.words("rank_by")
    if not words or len(set(words)) != len(words) or not set(words) <= set(RANKED_BY):
        entry.fault("rank_by", f"'rank_by' lists each of {', '.join(RANKED_BY)} once at most")
    return tuple(words)


def _criterion(entry: Table) -> Criterion:
    points = entry.number("points") or Decimal(0)
    if points <= 0:
        entry.fault("points", "'points' must be above 0")
    found = Criterion(code=entry.text("code"), names=entry.texts("names"), points=points)
    entry.close()
    return found
