"""The gates of a scheme version: one-vote vetoes and basic requirements, some of which figures decide."""

from dataclasses import dataclass, field
from decimal import Decimal

from certification.scheme.definition.parts import Bands, Provenance, Source
from certification.scheme.formula import Formula
from greenchain.languages import pick
from greenchain.located import Texts


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A limit that a gate holds a formula's value to: at least, at most, or by size band."""

    formula: Formula
    unit: str
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    minimum_by: Bands | None = None
    maximum_by: Bands | None = None
    provenance: Provenance = field(default_factory=dict)

    @property
    def sized_by(self) -> frozenset[str]:
        """The metrics that decide the size class."""
        return frozenset(bands.metric for bands in (self.minimum_by, self.maximum_by) if bands)


@dataclass(frozen=True, kw_only=True)
class Gate:
    """A one-vote veto or a basic requirement.

    ``key`` names a registered check; a gate of its own (``is_own``) is judged by its ``threshold``, or without
    one by whether valid evidence is cited. ``question`` is what the pre-check asks before any typing: yes means
    that the veto holds.
    """

    key: str
    kind: str
    names: Texts
    question: Texts
    clause: Texts
    evidence: tuple[str, ...]
    evidence_if_any: tuple[str, ...]
    source: Source
    threshold: Threshold | None = None
    is_own: bool = False

    @property
    def is_veto(self) -> bool:
        """Whether one hit is enough."""
        return self.kind == "veto"

    def __str__(self) -> str:
        return pick(self.names)
