"""What must hold across the parts of a scheme version."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from fractions import Fraction

from certification.scheme.definition.parts import LEVELS, Indicator, Method
from certification.scheme.definition.shape import Definition
from greenchain.located import Table


def check(definition: Definition, root: Table, known_checks: Collection[str] | None) -> None:
    """Note every broken rule at its place in the file."""
    document = root.document

    def note(part: str, number: int, key: str, message: str) -> None:
        document.report((part, number, key), message)

    for number, code in _repeated(block.code for block in definition.blocks):
        note("blocks", number, "code", f"block '{code}' stands twice")
    for number, code in _repeated(indicator.code for indicator in definition.indicators):
        note("indicators", number, "code", f"indicator '{code}' stands twice")
    for number, key in _repeated(gate.key for gate in definition.gates):
        note("gates", number, "check", f"gate '{key}' stands twice")
    for number, key in _repeated(field.key for field in definition.form):
        note("form", number, "key", f"field '{key}' stands twice")
    _weights(definition, root)
    for number, indicator in enumerate(definition.indicators):
        for key, message in _scale_faults(indicator):
            note("indicators", number, key, message)
    for level, rules in definition.level_rules.items():
        _level(definition, root, level, rules.pass_score)
    _checks(definition, root, known_checks)


def _repeated(keys: Iterable[str]) -> list[tuple[int, str]]:
    """Where a key stands that stood before."""
    listed = list(keys)
    return [(number, key) for number, key in enumerate(listed) if key and key in listed[:number]]


def _weights(definition: Definition, root: Table) -> None:
    """Indicators add up to their block, blocks to the maximum, exactly."""
    document = root.document
    total = sum((block.exact_weight for block in definition.blocks), Fraction(0))
    if total != Fraction(definition.max):
        root.fault("max", f"the blocks' weights add up to {_shown(total)}, not to {definition.max}")
    codes = {block.code for block in definition.blocks}
    for number, indicator in enumerate(definition.indicators):
        if indicator.block and indicator.block not in codes:
            document.report(("indicators", number, "block"), f"there is no block '{indicator.block}'")
    for number, block in enumerate(definition.blocks):
        weights = [indicator.exact_weight for indicator in definition.in_block(block.code)]
        held = sum(weights, Fraction(0))
        if all(weights) and held != block.exact_weight:
            message = f"the indicators of block '{block.code}' add up to {_shown(held)}, not to "
            document.report(("blocks", number, "weight"), message + _shown(block.exact_weight))


def _shown(number: Fraction) -> str:
    return str(number) if number.denominator != 1 else str(number.numerator)


def _scale_faults(indicator: Indicator) -> list[tuple[str, str]]:
    """A base that equals a lead can score nobody."""
    message = f"'{indicator.code}' has a lead value that equals its base value"
    faults = []
    if indicator.method and not _bases(indicator.method).isdisjoint(_leads(indicator.method)):
        faults.append(("lead_by" if indicator.method.lead_by else "lead", message))
    if indicator.by_product and not _bases(indicator.by_product).isdisjoint(_leads(indicator.by_product)):
        faults.append(("by_product", f"{message} by product"))
    return faults


def _bases(method: Method) -> set[Decimal]:
    bands = [band.value for band in method.base_by.bands] if method.base_by else []
    return {*bands, *([method.base] if method.base is not None else [])}


def _leads(method: Method) -> set[Decimal]:
    bands = [band.value for band in method.lead_by.bands] if method.lead_by else []
    return {*bands, *([method.lead] if method.lead is not None else [])}


def _level(definition: Definition, root: Table, level: int, pass_score: Decimal) -> None:
    document, word = root.document, LEVELS[level]
    number = list(definition.level_rules).index(level)
    if not 0 <= pass_score <= definition.max:
        message = f"the pass score of '{word}' is not from 0 to {definition.max}"
        document.report(("levels", number, "pass_score"), message)
    for requirement in definition.level_rules[level].requires:
        if requirement.scheme == definition.key and requirement.at_least >= level:
            message = f"'{word}' requires a title of the same scheme that is not lower"
            document.report(("levels", number, "requires"), message)


def _checks(definition: Definition, root: Table, known: Collection[str] | None) -> None:
    if known is None:
        return
    for number, gate in enumerate(definition.gates):
        if gate.key and gate.key not in known:
            root.document.report(("gates", number, "check"), f"there is no check '{gate.key}'")
    for key in definition.checks:
        if key not in known:
            root.fault("checks", f"there is no check '{key}'", f'"{key}"')
