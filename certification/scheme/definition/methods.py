"""How an indicator's value is found and measured, read from its table in a scheme file."""

import re
from collections.abc import Mapping
from fractions import Fraction

from certification.scheme.definition.parts import Band, Bands, Method, Provenance, Source
from certification.scheme.formula import Formula, FormulaError, parse
from greenchain.located import Table
from suppliers.reporting.catalogue import METRICS, TABLES

EXACT = re.compile(r"[0-9]{1,6}/[1-9][0-9]{0,5}")
UNITS = {key: metric.unit for key, metric in METRICS.items()}
NUMBERS = ("formula", "base", "lead", "base_by", "lead_by")
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


def fraction(entry: Table, key: str) -> Fraction:
    """A number above 0, or an exact fraction in quotes such as "60/11"."""
    given = entry.data.get(key)
    if isinstance(given, str) and EXACT.fullmatch(given):
        return Fraction(entry.text(key))
    number = entry.number(key)
    if number is None:
        return Fraction(0)
    if number <= 0:
        entry.fault(key, f"'{key}' must be above 0")
    return Fraction(number)


def method_in(entry: Table, provenance: Provenance) -> Method | None:
    """The method that a table states; None where its formula cannot be used."""
    formula, unit = _formula(entry), entry.text("unit")
    base, lead = (entry.number(key, required=False) for key in ("base", "lead"))
    base_by, lead_by = bands_of(entry, "base_by"), bands_of(entry, "lead_by")
    _scale(entry, unpublished=entry.flag("unpublished"))
    if formula is None:
        return None
    return Method(
        formula=formula,
        unit=unit,
        base=base,
        lead=lead,
        base_by=base_by,
        lead_by=lead_by,
        provenance={key: source for key, source in provenance.items() if key in NUMBERS},
    )


def _scale(entry: Table, *, unpublished: bool) -> None:
    """Base and lead each stand once, or the file says that none is published."""
    for key in ("base", "lead"):
        given = [name for name in (key, f"{key}_by") if entry.has(name)]
        if len(given) > 1:
            entry.fault(key, f"'{key}' and '{key}_by' cannot both stand")
        if unpublished and given:
            entry.fault("unpublished", f"'unpublished', yet there is '{given[0]}'")
        if not unpublished and not given:
            entry.fault("", f"'{key}' is missing; say 'unpublished = true' if none is published")


def bands_of(entry: Table, key: str) -> Bands | None:
    """Values by size class: a metric and its bands from the largest to 0."""
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
    if limits != sorted(set(limits), reverse=True) or (limits and limits[-1] != 0):
        table.fault("bands", "bands must go from the largest size down to 0")
    return Bands(metric, tuple(bands)) if bands else None


def _formula(entry: Table) -> Formula | None:
    source = entry.text("formula")
    if not source:
        return None
    try:
        formula = parse(source, units=UNITS)
    except FormulaError as problem:
        entry.fault("formula", str(problem))
        return None
    for name in sorted(formula.names - METRICS.keys()):
        entry.fault("formula", f"there is no metric '{name}'")
    for use in sorted(formula.uses):
        if problem_of := _misuse(*use):
            entry.fault("formula", problem_of)
    return formula


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
