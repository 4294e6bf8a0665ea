"""The indicators of a case page, block by block, with the figures and claims that feed them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from certification.admin import trace
from certification.application.models import Citation
from certification.scheme.definition import Block, Indicator
from greenchain.languages import pick
from suppliers.reporting.catalogue import METRICS, TABLES

if TYPE_CHECKING:
    from certification.views.casepage import CasePage


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator: what was entered, what came of it, why, and what proves it."""

    item: Indicator
    result: Any
    claim: Any = None
    waived: Any = None
    note: Any = None
    cited: Sequence[Citation] = ()

    @property
    def reason(self) -> str:
        """Why it scored so, in the reader's language."""
        return pick(self.result.reason) if self.result else ""

    @property
    def trace(self) -> list[trace.Line]:
        """The evaluated formula in words."""
        return list(trace.lines(self.result.trace)) if self.result else []

    @property
    def unit(self) -> str:
        """The unit of the value."""
        return getattr(self.result, "unit", "") or self.item.unit

    @property
    def marks(self) -> list[str]:
        """Where numbers of it come from that no published source states."""
        sources = [*self.item.provenance.values()]
        sources += [source for method in self.item.methods for source in method.provenance.values()]
        return sorted({source.mark for source in sources if source.mark != "source"})


@dataclass(frozen=True, slots=True)
class Part:
    """A block: the figures that it reads first, and its indicators."""

    block: Block
    figures: list[dict[str, Any]]
    tables: list[Any]
    rows: list[Row]


def parts_of(page: "CasePage") -> Iterator[Part]:
    """Each block; a figure that several blocks read stands in the first of them, one that gates read on top."""
    left, tables = set(page.figures.fields), set(page.definition.tables)
    before = page.reports.get(page.application.year - 1)
    gates, gate_tables = _read_by_gates(page)
    for block in page.definition.blocks:
        items = page.definition.in_block(block.code)
        names = [
            key for key in METRICS if key in left and (key in gates or any(key in _reads(i) for i in items))
        ]
        rows_of = [
            key
            for key in TABLES
            if key in tables and (key in gate_tables or any(key in _tables(i) for i in items))
        ]
        left.difference_update(names)
        tables.difference_update(rows_of)
        figures = [
            {"field": page.figures[key], "metric": METRICS[key], "before": before and before.metric(key)}
            for key in names
        ]
        yield Part(block, figures, [TABLES[key] for key in rows_of], [_row(page, item) for item in items])


def _read_by_gates(page: "CasePage") -> tuple[set[str], set[str]]:
    """The metrics and tables that the gates' formulas read."""
    rules = [gate.threshold for gate in page.definition.thresholds if gate.threshold]
    metrics = set().union(*(rule.formula.names | rule.sized_by for rule in rules))
    return metrics, set().union(*(rule.formula.tables for rule in rules))


def _row(page: "CasePage", item: Indicator) -> Row:
    claims, code = page.claims, item.code
    return Row(
        item,
        page.results.get(code),
        claims[f"claim_{code}"] if item.is_qualitative else None,
        claims[f"na_{code}"],
        claims[f"note_{code}"],
        page.cited.get(code, ()),
    )


def _reads(item: Indicator) -> set[str]:
    return set().union(*(method.formula.names | method.sized_by for method in item.methods))


def _tables(item: Indicator) -> set[str]:
    return set().union(*(method.formula.tables for method in item.methods))
