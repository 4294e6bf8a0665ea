"""A scheme version as a whole, and the questions that the rest of the product asks it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from certification.scheme.definition.gates import Gate, Threshold
from certification.scheme.definition.judging import Judging
from certification.scheme.definition.parts import (
    LEVELS,
    Block,
    FormField,
    Indicator,
    LevelRules,
    Method,
    Procedure,
    Provenance,
    Requirement,
    Source,
)
from greenchain.located import FaultyFileError, Texts


class SchemeError(FaultyFileError):
    """A scheme file that cannot be used: every fault with its line."""


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A scheme version."""

    key: str
    prefix: str
    version: str
    names: Texts
    version_names: Texts
    subject: str
    effective_on: dt.date
    retired_on: dt.date | None
    only_in: str
    """The code of the one authority in whose territory this version holds; "" for everywhere."""
    clause: Texts
    max: Decimal
    pick: int
    """How many optional indicators count: those that bring most, at most one of each group."""
    bonus_max: Decimal
    """The most that all bonus indicators together add to a score of 100."""
    provenance: Provenance
    sources: Mapping[str, Source]
    level_rules: Mapping[int, LevelRules]
    procedure: Procedure
    judging: Judging
    blocks: tuple[Block, ...]
    indicators: tuple[Indicator, ...]
    gates: tuple[Gate, ...]
    checks: tuple[str, ...]
    form: tuple[FormField, ...]
    commitment: Texts
    digest: str

    def __str__(self) -> str:
        return f"{self.key} {self.version}"

    @property
    def levels(self) -> tuple[int, ...]:
        """The levels at which this version may be sought, lowest first."""
        return tuple(sorted(self.level_rules))

    @property
    def pass_scores(self) -> Mapping[int, Decimal]:
        """The pass score of each level, of 100."""
        return {level: rules.pass_score for level, rules in self.level_rules.items()}

    def pass_score_at(self, level: int) -> Decimal:
        """The pass score of a level; KeyError where this version does not offer it."""
        return self.level_rules[level].pass_score

    def required_at(self, level: int) -> tuple[Requirement, ...]:
        """The titles that must be in force first; KeyError as above."""
        return self.level_rules[level].requires

    def validity_years(self, level: int) -> int | None:
        """For how many years a title holds; None for no fixed end. KeyError as above."""
        return self.level_rules[level].validity_years

    def counts_as(self, level: int) -> tuple[int, ...]:
        """The lower levels on whose lists a title of this level also counts. KeyError as above."""
        return self.level_rules[level].counts_as

    @cached_property
    def _by_code(self) -> Mapping[str, Indicator]:
        return {indicator.code: indicator for indicator in self.indicators}

    def indicator(self, code: str) -> Indicator | None:
        """The indicator with that code."""
        return self._by_code.get(code)

    def in_block(self, code: str) -> tuple[Indicator, ...]:
        """A block's indicators, in order."""
        return tuple(indicator for indicator in self.indicators if indicator.block == code)

    @cached_property
    def clauses(self) -> Mapping[str, Texts]:
        """Where each gate's rule is said, by the gate's key."""
        return {gate.key: gate.clause for gate in self.gates}

    @property
    def vetoes(self) -> tuple[Gate, ...]:
        """The gates that the pre-check asks about before any typing; those that figures decide come later."""
        return tuple(gate for gate in self.gates if gate.is_veto and gate.question)

    @property
    def thresholds(self) -> tuple[Gate, ...]:
        """The gates that a formula's value decides."""
        return tuple(gate for gate in self.gates if gate.threshold)

    @cached_property
    def metrics(self) -> frozenset[str]:
        """The metrics that the formulas and size classes read."""
        return frozenset().union(*(part.formula.names | part.sized_by for part in self._measures))

    @cached_property
    def tables(self) -> frozenset[str]:
        """The tables that the formulas read."""
        return frozenset().union(*(part.formula.tables for part in self._measures))

    @property
    def _measures(self) -> list[Method | Threshold]:
        """Everything with a formula: the indicators' methods, then the gates' thresholds."""
        methods = [method for indicator in self.indicators for method in indicator.methods]
        return [*methods, *(gate.threshold for gate in self.thresholds if gate.threshold)]

    def proofs(self) -> Mapping[str, tuple[str, ...]]:
        """The kinds of evidence that may be cited, by gate key and indicator code."""
        parts = [(gate.key, gate) for gate in self.gates] + [(item.code, item) for item in self.indicators]
        kinds = {key: (*part.evidence, *part.evidence_if_any) for key, part in parts}
        return {key: accepted for key, accepted in kinds.items() if accepted}

    def placeholders(self) -> list[tuple[str, str, Source]]:
        """The numbers that no published source states: part, key, where they come from."""
        parts: list[tuple[str, Provenance]] = [
            ("", self.provenance),
            ("procedure", self.procedure.provenance),
            ("judging", self.judging.provenance),
        ]
        parts += [(LEVELS[level], rules.provenance) for level, rules in self.level_rules.items()]
        parts += [(block.code, block.provenance) for block in self.blocks]
        for indicator in self.indicators:
            parts += [(indicator.code, indicator.provenance)]
            parts += [(indicator.code, method.provenance) for method in indicator.methods]
        parts += [(gate.key, gate.threshold.provenance) for gate in self.gates if gate.threshold]
        return [
            (part, key, source)
            for part, provenance in parts
            for key, source in provenance.items()
            if source.mark != "source"
        ]
