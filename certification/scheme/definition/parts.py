"""The parts of a scheme version. They are read from a file, never changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from certification.scheme.formula import Formula
from greenchain.languages import pick
from greenchain.located import Texts

MARKS = ("source", "sample", "memory", "suggestion")
"""Where a number comes from: a published source, partly sample data, memory, or our own suggestion."""

SUBJECTS = ("site", "enterprise", "product", "park")
LEVELS = ("county", "municipal", "provincial", "national")
"""The words for levels; a level's number is its place here, as in ``Level``."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where numbers of a scheme come from. ``mark`` says how far to trust them."""

    key: str
    mark: str
    texts: Texts
    url: str

    def __str__(self) -> str:
        return pick(self.texts)


Provenance = Mapping[str, Source]
"""For each number of a part, by its key in the file, where it comes from."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A group of indicators with the weight that they share."""

    code: str
    names: Texts
    exact_weight: Fraction
    provenance: Provenance

    @property
    def weight(self) -> Decimal:
        """The weight in points, to 28 digits."""
        return in_decimal(self.exact_weight)

    def __str__(self) -> str:
        return pick(self.names)


@dataclass(frozen=True)
class Band:
    """From this size on, this value."""

    at_least: Decimal
    value: Decimal


@dataclass(frozen=True)
class Bands:
    """A value that depends on a subject's size, by a metric; the largest band comes first."""

    metric: str
    bands: tuple[Band, ...]

    def value(self, size: Decimal) -> Decimal | None:
        """The value for a size; None below the lowest band."""
        return next((band.value for band in self.bands if size >= band.at_least), None)


SCORINGS = ("linear", "ratio", "step")
"""How a value becomes points: on the line from base to lead; as its ratio to lead; all at lead or none."""


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to arrive at an indicator's value: formula, unit, what it is measured against, and how.

    ``less_is_better`` is stated for ratio and step; on a line, base and lead say it themselves.
    """

    formula: Formula
    unit: str
    base: Decimal | None = None
    lead: Decimal | None = None
    base_by: Bands | None = None
    lead_by: Bands | None = None
    scoring: str = SCORINGS[0]
    less_is_better: bool = False
    provenance: Provenance = field(default_factory=dict)

    @property
    def has_base(self) -> bool:
        """Whether a base value has a part in the points."""
        return self.scoring == SCORINGS[0]

    @property
    def sized_by(self) -> frozenset[str]:
        """The metrics that decide the size class."""
        return frozenset(bands.metric for bands in (self.base_by, self.lead_by) if bands)


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One indicator: quantitative with a method, or qualitative, judged on a case.

    ``by_product``, where there is one, goes first: it applies when a product has a mandatory limit. A ``must``
    item has to be met in full. A member of a ``group`` is optional: the version says how many of them count
    (``Definition.pick``). A ``bonus`` comes on top of the score.
    """

    code: str
    block: str
    names: Texts
    kind: str
    exact_weight: Fraction
    stage: str
    clause: Texts
    method: Method | None
    by_product: Method | None
    evidence: tuple[str, ...]
    evidence_if_any: tuple[str, ...]
    provenance: Provenance
    must: bool = False
    group: str = ""
    bonus: bool = False

    @property
    def is_fixed(self) -> bool:
        """Whether it belongs to the score of everybody: neither optional nor a bonus."""
        return not self.group and not self.bonus

    @property
    def weight(self) -> Decimal:
        """The most points that it brings, to 28 digits."""
        return in_decimal(self.exact_weight)

    @property
    def scoring(self) -> str:
        """How the main method's value becomes points; "" where people judge."""
        return self.method.scoring if self.method else ""

    @property
    def less_is_better(self) -> bool:
        """Whether a smaller value brings more."""
        method = self.method
        if method is None or not method.has_base or method.base is None or method.lead is None:
            return bool(method and method.less_is_better)
        return method.lead < method.base

    @property
    def is_qualitative(self) -> bool:
        """Whether people judge it."""
        return self.kind == "qualitative"

    @property
    def formula(self) -> Formula | None:
        """The main method's formula."""
        return self.method.formula if self.method else None

    @property
    def unit(self) -> str:
        """The main method's unit."""
        return self.method.unit if self.method else ""

    @property
    def base(self) -> Decimal | None:
        """The value that brings no points yet, where one is published."""
        return self.method.base if self.method else None

    @property
    def lead(self) -> Decimal | None:
        """The value that brings all points, where one is published for every size."""
        return self.method.lead if self.method else None

    @property
    def lead_by(self) -> Bands | None:
        """The lead value by size class."""
        return self.method.lead_by if self.method else None

    @property
    def methods(self) -> Iterator[Method]:
        """The methods in the order in which they are tried."""
        return (method for method in (self.by_product, self.method) if method)

    @property
    def metrics(self) -> frozenset[str]:
        """The metrics that its formulas and size classes read."""
        return frozenset().union(*(method.formula.names | method.sized_by for method in self.methods))

    def __str__(self) -> str:
        return f"{self.code} {pick(self.names)}"


@dataclass(frozen=True)
class Requirement:
    """A title that must be in force first."""

    scheme: str
    at_least: int


@dataclass(frozen=True, kw_only=True)
class LevelRules:
    """What holds at one level. ``counts_as`` are lower levels on whose lists a title also counts."""

    level: int
    pass_score: Decimal
    requires: tuple[Requirement, ...]
    counts_as: tuple[int, ...]
    validity_years: int | None
    provenance: Provenance


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """Defaults that a round may set otherwise, and the years for which a removed subject is barred."""

    notice_days: int
    desk_days: int
    return_days: int
    max_returns: int
    appeal_days: int
    barred_years: int
    evaluation: str
    panel: bool
    public_waivers: bool
    """Whether a title's public page tells which findings were set aside, and why."""
    provenance: Provenance
    rebenchmark_months: int | None = None
    """In how many months after this version is in force titles under older ones are measured by it."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of the answers that a form field takes."""

    key: str
    names: Texts

    def __str__(self) -> str:
        return pick(self.names)


@dataclass(frozen=True, kw_only=True)
class FormField:
    """A field of the application form itself, beside the figures."""

    key: str
    names: Texts
    kind: str
    required: bool
    max_length: int
    options: tuple[Option, ...]

    def __str__(self) -> str:
        return pick(self.names)


def in_decimal(exact: Fraction) -> Decimal:
    """A fraction as a decimal number to 28 digits."""
    return Decimal(exact.numerator) / Decimal(exact.denominator)
