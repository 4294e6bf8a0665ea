"""What reported figures must be to one another, read once from ``plausibility.toml``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from certification.scheme.formula import Formula, FormulaError, parse
from greenchain import located
from greenchain.located import Texts
from suppliers.reporting.catalogue import METRICS

FILE = Path(__file__).parent / "plausibility.toml"
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, kw_only=True)
class Balance:
    """``part`` is not more than ``whole`` × (1 + tolerance)."""

    key: str
    part: Formula
    whole: Formula
    grave: str
    tolerance: Decimal
    unit: str
    says: Texts


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """Two metrics by which sites are compared."""

    key: str
    over: str
    per: str
    times: Decimal
    unit: str
    names: Texts

    def of(self, figure: Callable[[str], Decimal | None]) -> Decimal | None:
        """Its value from a lookup of metrics; None where it cannot be had or is not above zero."""
        over, per = figure(self.over), figure(self.per)
        if over is None or per is None or over <= 0 or per <= 0:
            return None
        return over / per * self.times


@dataclass(frozen=True, kw_only=True)
class Size:
    """A class of size, by gross output in 10,000 CNY."""

    key: str
    at_least: Decimal
    names: Texts


@dataclass(frozen=True)
class Rules:
    """Everything in the file."""

    balances: tuple[Balance, ...]
    ratios: Mapping[str, Ratio]
    sizes: tuple[Size, ...]

    def size_of(self, output: Decimal | None) -> Size | None:
        """The class of a site's output; None where it is not known."""
        if output is None:
            return None
        return next((size for size in self.sizes if output >= size.at_least), None)


def read_rules(path: Path) -> Rules:
    """The rules of a file; raises FaultyFileError with lines."""
    document = located.Document(path.name, path.read_text(encoding="utf-8"))
    root = document.root
    rules = Rules(
        balances=tuple(_balance(entry) for entry in root.tables("balances")),
        ratios=MappingProxyType({ratio.key: ratio for ratio in map(_ratio, root.tables("ratios"))}),
        sizes=tuple(_size(entry) for entry in root.tables("sizes")),
    )
    root.close()
    document.finish()
    return rules


def _balance(entry: located.Table) -> Balance:
    balance = Balance(
        key=entry.text("key"),
        part=_formula(entry, "part"),
        whole=_formula(entry, "whole"),
        grave=entry.choice("grave", ("blocks", "asks")),
        tolerance=entry.number("tolerance", required=False) or ZERO,
        unit=entry.text("unit"),
        says=entry.texts("says"),
    )
    entry.close()
    return balance


def _formula(entry: located.Table, key: str) -> Formula:
    source = entry.text(key)
    try:
        formula = parse(source)
    except FormulaError as error:
        entry.fault(key, str(error))
        return parse("0")
    for name in sorted(formula.names - METRICS.keys()):
        entry.fault(key, f"there is no metric '{name}'")
    return formula


def _ratio(entry: located.Table) -> Ratio:
    for key in ("over", "per"):
        if entry.text(key) not in METRICS:
            entry.fault(key, f"there is no metric '{entry.text(key)}'")
    ratio = Ratio(
        key=entry.text("key"),
        over=entry.text("over"),
        per=entry.text("per"),
        times=entry.number("times") or ONE,
        unit=entry.text("unit"),
        names=entry.texts("names"),
    )
    entry.close()
    return ratio


def _size(entry: located.Table) -> Size:
    size = Size(key=entry.text("key"), at_least=entry.number("at_least") or ZERO, names=entry.texts("names"))
    entry.close()
    return size


RULES = read_rules(FILE)
