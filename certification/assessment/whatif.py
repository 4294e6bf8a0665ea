"""What if: a case with other figures, rows or claims, its score and verdict, and the way on from there.

Nothing is stored. While the applicant may edit, what counts is what stands in the form now; afterwards the
frozen dossier, with the desks' corrections.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from certification.application.dossier import compose
from certification.application.models import Application
from certification.assessment.casefile import benchmarks_of, corrections_of
from certification.assessment.gap import IndicatorGap, gaps
from certification.assessment.known import Known, known_of
from certification.assessment.path import Path, path
from certification.assessment.scoring import Score, result_of, total_of
from certification.scheme.definition import Definition
from certification.scheme.models import SchemeVersion
from certification.workflow import Status
from greenchain.audit.canonical import plain
from greenchain.clock import today
from suppliers.place.models import Level

EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
Tables = Mapping[str, Sequence[Mapping[str, Any]]]


class Verdict(StrEnum):
    """What a score means for the level that is sought."""

    PASSES = "passes"
    POSSIBLE = "possible"
    SHORT = "short"
    HELD_BACK = "held_back"


def verdict(score: Score, passing: Decimal) -> Verdict:
    """Enough and nothing open; enough if what awaits judgement is confirmed; not enough; or kept by a rule."""
    if score.reaches(passing):
        return Verdict.PASSES
    if score.unmet or score.broken:
        return Verdict.HELD_BACK
    return Verdict.POSSIBLE if score.high >= passing else Verdict.SHORT


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What a case is scored on."""

    values: Mapping[str, Any]
    tables: Tables
    claims: Mapping[str, Any]
    corrections: Mapping[str, Mapping[str, str]]
    benchmarks: Mapping[str, tuple[Decimal, Decimal, str]]

    def known(self, benchmarks: Mapping[str, tuple[Decimal, Decimal, str]] | None = None) -> Known:
        """Ready for scoring, by these benchmarks or by others."""
        return known_of(
            values=self.values,
            tables=self.tables,
            claims=self.claims,
            corrections=self.corrections,
            benchmarks=self.benchmarks if benchmarks is None else benchmarks,
        )


def standing(application: Application) -> Standing:
    """What the case is scored on as it stands."""
    dossier = None if application.status in EDITABLE else application.dossier
    content = dossier.content if dossier else compose(application)
    figures = content["figures"].get(str(application.year)) or {}
    return Standing(
        values=figures.get("values", {}),
        tables=figures.get("tables", {}),
        claims=content["claims"],
        corrections=corrections_of(application),
        benchmarks=benchmarks_of(application),
    )


def scored(definition: Definition, known: Known) -> Score:
    """The score of what is known."""
    return total_of(definition, [result_of(item, known) for item in definition.indicators], known)


@dataclass(frozen=True)
class Upward:
    """A level, the version that offers it, and the greedy path to its pass score."""

    level: int
    version: SchemeVersion
    path: Path

    @property
    def word(self) -> str:
        """The level in the reader's language."""
        return str(Level(self.level).label)


@dataclass(frozen=True)
class WhatIf:
    """A case as it stands and as it would."""

    application: Application
    before: Standing
    after: Standing

    @property
    def definition(self) -> Definition:
        """The scheme version."""
        return self.application.scheme_version.definition

    @property
    def passing(self) -> Decimal:
        """The score that the level wants, of 100."""
        return self.definition.pass_score_at(Level(self.application.level))

    @cached_property
    def known(self) -> Known:
        """What the score is taken of."""
        return self.after.known()

    @cached_property
    def score(self) -> Score:
        """The score as it would be."""
        return scored(self.definition, self.known)

    @cached_property
    def was(self) -> Score:
        """The score as it stands."""
        return self.score if self.before is self.after else scored(self.definition, self.before.known())

    def with_(
        self,
        *,
        values: Mapping[str, Any] | None = None,
        tables: Tables | None = None,
        claims: Mapping[str, Any] | None = None,
    ) -> "WhatIf":
        """The same case with these in place of what stands, as for ``what_if``."""
        if not (values or tables or claims):
            return self
        now = self.before
        typed = {**now.values, **{key: plain(value) for key, value in (values or {}).items()}}
        after = Standing(
            values={key: value for key, value in typed.items() if value is not None},
            tables={**now.tables, **(tables or {})},
            claims={**now.claims, **(claims or {})},
            corrections=now.corrections,
            benchmarks=now.benchmarks,
        )
        return WhatIf(self.application, now, after)

    @property
    def verdict(self) -> Verdict:
        """What it means for the level sought."""
        return verdict(self.score, self.passing)

    @cached_property
    def gaps(self) -> list[IndicatorGap]:
        """Each indicator's gap from there."""
        return gaps(self.definition, self.known)

    @cached_property
    def paths(self) -> list[Upward]:
        """The way to this level's pass score, and to the next level's, where there is one."""
        sought = Upward(
            self.application.level,
            self.application.scheme_version,
            path(self.definition, self.known, self.passing),
        )
        return [sought, *([above] if (above := self._next()) else [])]

    def _next(self) -> Upward | None:
        found = next_level(self.application)
        if found is None:
            return None
        version, level = found
        same = version.pk == self.application.scheme_version_id
        known = self.known if same else self.after.known(benchmarks_of(self.application, version))
        wanted = version.definition.pass_score_at(level)
        return Upward(level, version, path(version.definition, known, wanted))


def what_if(
    application: Application,
    *,
    values: Mapping[str, Any] | None = None,
    tables: Tables | None = None,
    claims: Mapping[str, Any] | None = None,
) -> WhatIf:
    """The case with these in place of what stands; what is not given stays as it is.

    ``values`` by metric key, Decimals in the catalogue's units or None for none; ``tables`` by key, rows as they
    are stored, each replacing a whole table; ``claims`` by indicator code.
    """
    before = standing(application)
    return WhatIf(application, before, before).with_(values=values, tables=tables, claims=claims)


def next_level(application: Application) -> tuple[SchemeVersion, int] | None:
    """The next higher level of the same scheme and the version that offers it: its own, else the newest."""
    version = application.scheme_version
    above = [level for level in version.definition.levels if level > application.level]
    if above:
        return version, min(above)
    others = SchemeVersion.objects.filter(scheme=version.scheme_id, effective_on__lte=today())
    offers = {
        level: other
        for other in others.select_related("scheme").order_by("effective_on", "pk")
        for level in other.definition.levels
        if level > application.level
    }
    return (offers[min(offers)], min(offers)) if offers else None
