"""What may be reported of a site, enterprise, product or park: the metric catalogue, read once from its files.

A metric is one value for a year; a table holds rows with typed columns. Keys are what scheme formulas name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from greenchain import located
from greenchain.languages import pick
from greenchain.located import Texts
from suppliers.place.reference import reference_loader
from suppliers.reporting.measures import unknown_in

FOLDER = Path(__file__).parent / "catalogue"
STAGES = ("design", "manufacturing", "use", "recycling", "circular")
"""The life-cycle stages, in their order."""

SUBJECTS = ("site", "enterprise", "product", "park")
"""What is reported about; where a file says nothing, a figure is a site's."""

KINDS = ("number", "whole", "year", "text", "choice", "flag")
"""What a column's cells may be."""

ROLES = ("lever", "size", "norm")
"""What a number says: what is done (and may be done better), how large the unit is, or what others demand."""

PLACES = 6
MAX_TEXT = 200


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One value per subject and year; ``minimum`` and ``maximum`` bound what is plausible."""

    key: str
    unit: str
    names: Texts
    form: str
    stage: str
    minimum: Decimal | None
    maximum: Decimal | None
    places: int = PLACES
    """The most decimals that a value may have."""
    subjects: tuple[str, ...] = SUBJECTS[:1]
    """For which kinds of subject it may be reported."""

    role: str = ROLES[0]

    def __str__(self) -> str:
        return pick(self.names)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of the words that a choice column takes."""

    key: str
    names: Texts

    def __str__(self) -> str:
        return pick(self.names)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a table."""

    key: str
    kind: str
    names: Texts
    unit: str
    minimum: Decimal | None
    maximum: Decimal | None
    required: bool
    unique: bool
    max_length: int
    within_years: int
    options: tuple[Option, ...]
    role: str = ROLES[0]

    def __str__(self) -> str:
        return pick(self.names)

    @property
    def is_number(self) -> bool:
        """Whether formulas may calculate with it."""
        return self.kind in {"number", "whole", "year"}


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows per product, per outlet and pollutant, per ticked function, per case."""

    key: str
    names: Texts
    help: Texts
    form: str
    stage: str
    max_rows: int
    columns: Mapping[str, Column]
    subjects: tuple[str, ...] = SUBJECTS[:1]

    def __str__(self) -> str:
        return pick(self.names)


def read_metrics(path: Path) -> Mapping[str, Metric]:
    """The metrics of a file, by key; raises FaultyFileError with lines."""
    document = located.Document(path.name, path.read_text(encoding="utf-8"))
    metrics: dict[str, Metric] = {}
    for entry in document.root.tables("metrics"):
        metric = Metric(
            key=_new_key(entry, metrics),
            unit=_unit(entry),
            names=entry.texts("names"),
            form=entry.text("form", blank=True),
            stage=entry.choice("stage", STAGES),
            minimum=entry.number("min"),
            maximum=entry.number("max"),
            places=entry.whole("places", maximum=PLACES) if entry.has("places") else PLACES,
            subjects=_subjects(entry),
            role=entry.choice("role", ROLES, default=ROLES[0]),
        )
        _bounds(entry, metric.minimum, metric.maximum)
        metrics[metric.key] = metric
        entry.close()
    document.root.close()
    document.finish()
    return MappingProxyType(metrics)


def read_tables(path: Path) -> Mapping[str, Table]:
    """The tables of a file, by key; raises FaultyFileError with lines."""
    document = located.Document(path.name, path.read_text(encoding="utf-8"))
    tables: dict[str, Table] = {}
    for entry in document.root.tables("tables"):
        table = Table(
            key=_new_key(entry, tables),
            names=entry.texts("names"),
            help=entry.texts("help"),
            form=entry.text("form", blank=True),
            stage=entry.choice("stage", STAGES),
            max_rows=entry.whole("max_rows", minimum=1),
            columns=_columns(entry),
            subjects=_subjects(entry),
        )
        tables[table.key] = table
        entry.close()
    document.root.close()
    document.finish()
    return MappingProxyType(tables)


def _subjects(entry: located.Table) -> tuple[str, ...]:
    words = entry.words("subjects", required=False)
    for word in words:
        if word not in SUBJECTS:
            entry.fault("subjects", f"'{word}' is not one of {', '.join(SUBJECTS)}", word)
    return words or SUBJECTS[:1]


def _columns(table: located.Table) -> Mapping[str, Column]:
    columns: dict[str, Column] = {}
    for entry in table.tables("columns"):
        column = _column(entry, _new_key(entry, columns))
        columns[column.key] = column
        entry.close()
    return MappingProxyType(columns)


def _column(entry: located.Table, key: str) -> Column:
    kind = entry.choice("kind", KINDS)
    numeric = kind in {"number", "whole"}
    minimum, maximum = (entry.number("min"), entry.number("max")) if numeric else (None, None)
    _bounds(entry, minimum, maximum)
    return Column(
        key=key,
        kind=kind,
        names=entry.texts("names"),
        unit=_unit(entry, required=kind == "number"),
        minimum=minimum,
        maximum=maximum,
        required=entry.flag("required"),
        unique=entry.flag("unique"),
        max_length=entry.whole("max_length", minimum=1) if entry.has("max_length") else MAX_TEXT,
        within_years=entry.whole("within_years", maximum=10, required=False),
        options=_options(entry) if kind == "choice" else (),
        role=entry.choice("role", ROLES, default=ROLES[0]),
    )


def _options(column: located.Table) -> tuple[Option, ...]:
    options: dict[str, Option] = {}
    for entry in column.tables("options"):
        key = _new_key(entry, options)
        options[key] = Option(key=key, names=entry.texts("names"))
        entry.close()
    return tuple(options.values())


def _new_key(entry: located.Table, known: Mapping[str, object]) -> str:
    key = entry.text("key")
    if key in known:
        entry.fault("key", f"'{key}' stands twice")
    if not (key.isidentifier() and key.isascii() and key == key.lower()):
        entry.fault("key", f"key '{key}' must be lower-case letters, digits and underscores")
    return key


def _unit(entry: located.Table, *, required: bool = True) -> str:
    """A unit that ``units.toml`` knows, or one made of such."""
    text = entry.text("unit", required=required)
    for name in unknown_in(text):
        entry.fault("unit", f"there is no unit '{name}' in units.toml")
    return text


def _bounds(entry: located.Table, minimum: Decimal | None, maximum: Decimal | None) -> None:
    if minimum is not None and maximum is not None and minimum >= maximum:
        entry.fault("max", "'max' must be above 'min'")


METRICS: Mapping[str, Metric] = read_metrics(FOLDER / "metrics.toml")
TABLES: Mapping[str, Table] = read_tables(FOLDER / "tables.toml")


def metrics_for(subject: str) -> Mapping[str, Metric]:
    """The metrics of one kind of subject, by key."""
    return {key: metric for key, metric in METRICS.items() if subject in metric.subjects}


def tables_for(subject: str) -> Mapping[str, Table]:
    """The tables of one kind of subject, by key."""
    return {key: table for key, table in TABLES.items() if subject in table.subjects}


@reference_loader("metrics")
def count() -> int:
    """The catalogue was read, and so checked, when this module was imported: nothing is stored."""
    return len(METRICS) + len(TABLES)
