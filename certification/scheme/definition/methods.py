"""How an indicator's value is found and measured, read from its table in a scheme file."""

import re
from collections.abc import Mapping
from fractions import Fraction

from certification.scheme.definition import dimensions
from certification.scheme.definition.gates import Threshold
from certification.scheme.definition.parts import (
    SCORINGS,
    Band,
    Bands,
    Method,
    Provenance,
    Source,
)
from certification.scheme.formula import Formula, FormulaError, parse
from greenchain.located import Table
from suppliers.reporting.catalogue import METRICS, TABLES
from suppliers.reporting.measures import unknown_in

EXACT = re.compile(r"[0-9]{1,6}/[1-9][0-9]{0,5}")
UNITS = {key: metric.unit for key, metric in METRICS.items()}
NUMBERS = ("formula", "base", "lead", "base_by", "lead_by")
LIMITS = ("minimum", "maximum", "minimum_by", "maximum_by")
OPTIONAL = {"formula", "counts_as", "requires"}
"""Keys that may go without a source: they are rules more often than numbers."""


def provenance_of(entry: Table, sources: Mapping[str, Source], numbers: tuple[str, ...]) -> Provenance:
    """The ``from`` table: for each number that stands in the part, the key of a source."""
    stated = entry.table("from", required=False)
    found: dict[str, Source] = {}
    for key in numbers:
        if not entry.has(key):
            continue
        name = stated.text(key, required=False)
        if not name and key not in OPTIONAL:
            entry.fault(key, f"'from' does not say where '{key}' comes from")
        elif name and name not in sources:
            stated.fault(key, f"'from' names an unknown source '{name}'")
        elif name:
            found[key] = sources[name]
    stated.close()
    return found


def fraction(entry: Table, key: str, *, zero: bool = False) -> Fraction:
    """A number above 0 (or 0 itself, where ``zero``), or an exact fraction in quotes such as "60/11"."""
    given = entry.data.get(key)
    if isinstance(given, str) and EXACT.fullmatch(given):
        return Fraction(entry.text(key))
    number = entry.number(key)
    if number is None:
        return Fraction(0)
    if number < 0 or (number == 0 and not zero):
        entry.fault(key, f"'{key}' must be above 0")
    return Fraction(number)


def method_in(entry: Table, provenance: Provenance) -> Method | None:
    """The method that a table states; None where its formula cannot be used."""
    formula, unit = measured_in(entry)
    base, lead = (entry.number(key, required=False) for key in ("base", "lead"))
    base_by, lead_by = bands_of(entry, "base_by"), bands_of(entry, "lead_by")
    scoring = entry.choice("scoring", SCORINGS, default=SCORINGS[0])
    less_is_better = entry.flag("less_is_better")
    _scale(entry, scoring, unpublished=entry.flag("unpublished"))
    if formula is None:
        return None
    return Method(
        formula=formula,
        unit=unit,
        base=base,
        lead=lead,
        base_by=base_by,
        lead_by=lead_by,
        scoring=scoring,
        less_is_better=less_is_better,
        provenance={key: source for key, source in provenance.items() if key in NUMBERS},
    )


def _scale(entry: Table, scoring: str, *, unpublished: bool) -> None:
    """Base and lead each stand once, or the file says that none is published; a ratio or step has no base."""
    linear = scoring == SCORINGS[0]
    if scoring not in SCORINGS:
        return
    for key in ("base", "lead") if linear else ("lead",):
        given = [name for name in (key, f"{key}_by") if entry.has(name)]
        if len(given) > 1:
            entry.fault(key, f"'{key}' and '{key}_by' cannot both stand")
        if unpublished and given:
            entry.fault("unpublished", f"'unpublished', yet there is '{given[0]}'")
        if not unpublished and not given:
            entry.fault("", f"'{key}' is missing; say 'unpublished = true' if none is published")
    for key in ("less_is_better",) if linear else ("base", "base_by"):
        if entry.has(key):
            entry.fault(key, f"'{key}' has no part in {scoring} scoring")


def threshold_in(entry: Table, provenance: Provenance) -> Threshold | None:
    """The threshold that a gate states; None where it has none, or its formula cannot be used."""
    if not entry.has("formula"):
        for key in ("unit", *LIMITS):
            if entry.has(key):
                entry.fault(key, f"'{key}' stands without a formula")
                entry.asked.add(key)
        return None
    formula, unit = measured_in(entry)
    minimum, maximum = (entry.number(key, required=False) for key in ("minimum", "maximum"))
    by = [bands_of(entry, key, to_zero=False) for key in ("minimum_by", "maximum_by")]
    for key in ("minimum", "maximum"):
        if entry.has(key) and entry.has(f"{key}_by"):
            entry.fault(key, f"'{key}' and '{key}_by' cannot both stand")
    if not any(entry.has(key) for key in LIMITS):
        entry.fault("formula", "a gate with a formula needs a minimum or a maximum")
    if minimum is not None and maximum is not None and minimum >= maximum:
        entry.fault("maximum", "'maximum' must be above 'minimum'")
    if formula is None:
        return None
    return Threshold(
        formula=formula,
        unit=unit,
        minimum=minimum,
        maximum=maximum,
        minimum_by=by[0],
        maximum_by=by[1],
        provenance=provenance,
    )


def bands_of(entry: Table, key: str, *, to_zero: bool = True) -> Bands | None:
    """Values by size class: a metric and its bands from the largest down, to 0 where every size needs one."""
    if not entry.has(key):
        return None
    table = entry.table(key)
    metric = table.text("metric")
    if metric and metric not in METRICS:
        table.fault("metric", f"there is no metric '{metric}'")
    bands = []
    for item in table.tables("bands"):
        at_least, value = item.number("at_least"), item.number("value")
        item.close()
        if at_least is not None and value is not None:
            bands.append(Band(at_least, value))
    table.close()
    limits = [band.at_least for band in bands]
    if limits != sorted(set(limits), reverse=True) or (to_zero and limits and limits[-1] != 0):
        end = " to 0" if to_zero else ""
        table.fault("bands", f"bands must go from the largest size down{end}")
    return Bands(metric, tuple(bands)) if bands else None


def formula_in(entry: Table) -> Formula | None:
    """The table's formula; None, with its faults noted, where it cannot be used."""
    source = entry.text("formula")
    if not source:
        return None
    try:
        formula = parse(source, units=UNITS)
    except FormulaError as problem:
        entry.fault("formula", str(problem))
        return None
    for message in _strangers(formula):
        entry.fault("formula", message)
    return formula


def measured_in(entry: Table) -> tuple[Formula | None, str]:
    """The table's formula and its unit; what the formula measures is what the unit says."""
    formula, unit = formula_in(entry), entry.text("unit")
    strange = unknown_in(unit)
    for name in strange:
        entry.fault("unit", f"there is no unit '{name}' in units.toml")
    if formula and unit and not strange and not _strangers(formula):
        for message in dimensions.faults(formula.tree, unit):
            entry.fault("formula", message)
    return formula, unit


def _strangers(formula: Formula) -> list[str]:
    """The names that nobody reports, and the columns that are used for what they are not."""
    unreported = [f"there is no metric '{name}'" for name in sorted(formula.names - METRICS.keys())]
    return [*unreported, *filter(None, (_misuse(*use) for use in sorted(formula.uses)))]


def _misuse(table: str, column: str, kind: str, words: tuple[str, ...]) -> str:
    """What is wrong with the use of a column; "" when nothing is."""
    if table not in TABLES:
        return f"there is no table '{table}'"
    if not column:
        return ""
    found = TABLES[table].columns.get(column)
    if found is None:
        return f"table '{table}' has no column '{column}'"
    fits = {"number": found.is_number, "flag": found.kind == "flag", "word": found.kind in {"choice", "text"}}
    if not fits[kind]:
        return f"column '{table}.{column}' is a {found.kind}, used as a {kind}"
    options = {option.key for option in found.options}
    unknown = [word for word in words if options and word not in options]
    return f"'{unknown[0]}' is not an option of '{table}.{column}'" if unknown else ""
