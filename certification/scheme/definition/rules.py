"""What must hold across the parts of a scheme version."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from fractions import Fraction

from certification.scheme.definition.gates import Threshold
from certification.scheme.definition.parts import LEVELS, SUBJECTS, Indicator, Method
from certification.scheme.definition.shape import Definition
from greenchain.located import Table
from suppliers.reporting.catalogue import METRICS, TABLES, metrics_for, tables_for


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
        note(
            "gates",
            number,
            "key" if definition.gates[number].is_own else "check",
            f"gate '{key}' stands twice",
        )
    for number, key in _repeated(field.key for field in definition.form):
        note("form", number, "key", f"field '{key}' stands twice")
    if definition.retired_on and definition.retired_on <= definition.effective_on:
        root.fault("retired_on", "'retired_on' must lie after 'effective_on'")
    _weights(definition, root)
    _optional(definition, root)
    _bonus(definition, root)
    for number, indicator in enumerate(definition.indicators):
        for key, message in _scale_faults(indicator):
            note("indicators", number, key, message)
    for level, rules in definition.level_rules.items():
        _level(definition, root, level, rules.pass_score)
    _figures(definition, root)
    _checks(definition, root, known_checks)


def _repeated(keys: Iterable[str]) -> list[tuple[int, str]]:
    """Where a key stands that stood before."""
    listed = list(keys)
    return [(number, key) for number, key in enumerate(listed) if key and key in listed[:number]]


def _weights(definition: Definition, root: Table) -> None:
    """Fixed indicators add up to their block; blocks, and the optional ones that count, to the maximum, exactly."""
    document = root.document
    total = sum((block.exact_weight for block in definition.blocks), Fraction(0))
    optional = [indicator.exact_weight for indicator in definition.indicators if indicator.group]
    total += definition.pick * (optional[0] if optional else 0)
    if total != Fraction(definition.max):
        extra = f" and {definition.pick} optional indicators" if definition.pick else ""
        root.fault("max", f"the blocks' weights{extra} add up to {_shown(total)}, not to {definition.max}")
    codes = {block.code for block in definition.blocks}
    for number, indicator in enumerate(definition.indicators):
        if indicator.block and indicator.block not in codes:
            document.report(("indicators", number, "block"), f"there is no block '{indicator.block}'")
    for number, block in enumerate(definition.blocks):
        inside = definition.in_block(block.code)
        weights = [indicator.exact_weight for indicator in inside if indicator.is_fixed]
        held = sum(weights, Fraction(0))
        if all(weights) and held != block.exact_weight:
            message = f"the indicators of block '{block.code}' add up to {_shown(held)}, not to "
            document.report(("blocks", number, "weight"), message + _shown(block.exact_weight))


def _optional(definition: Definition, root: Table) -> None:
    """Members of groups weigh the same, and there are groups enough to pick from."""
    members = [(n, item) for n, item in enumerate(definition.indicators) if item.group]
    groups = {item.group for _n, item in members}
    if members and not definition.pick:
        root.document.report(("indicators", members[0][0], "group"), "there is a group, yet no 'pick'")
    if definition.pick > len(groups):
        root.fault("pick", f"'pick' is {definition.pick}, but there are {len(groups)} groups")
    for number, item in members:
        if item.exact_weight != members[0][1].exact_weight:
            message = f"optional indicators weigh the same: '{item.code}' does not weigh what the first does"
            root.document.report(("indicators", number, "weight"), message)


def _bonus(definition: Definition, root: Table) -> None:
    """A bonus has a cap that can be reached; roles of an indicator do not mix; a must item is met or not."""
    bonuses = [item for item in definition.indicators if item.bonus]
    total = sum((item.exact_weight for item in bonuses), Fraction(0))
    if bonuses and not definition.bonus_max:
        root.fault("", "'bonus_max' is missing: there are bonus indicators")
    elif Fraction(definition.bonus_max) > total or definition.bonus_max < 0:
        root.fault(
            "bonus_max", f"'bonus_max' is {definition.bonus_max}, the bonuses add up to {_shown(total)}"
        )
    for number, item in enumerate(definition.indicators):
        roles = [word for word in ("must", "group", "bonus") if getattr(item, word)]
        if len(roles) > 1:
            message = f"'{item.code}' is '{roles[0]}' and '{roles[1]}' at once"
            root.document.report(("indicators", number, roles[1]), message)
        if item.must and any(method.scoring != "step" for method in item.methods):
            message = f"'{item.code}' must be met: that takes step scoring, or a person's judgement"
            root.document.report(("indicators", number, "must"), message)


def _shown(number: Fraction) -> str:
    return str(number) if number.denominator != 1 else str(number.numerator)


def _scale_faults(indicator: Indicator) -> list[tuple[str, str]]:
    """A base that equals a lead can score nobody; nothing can be a ratio of a lead that is not above 0."""
    faults = []
    for method in indicator.methods:
        key = "by_product" if method is indicator.by_product else "lead_by" if method.lead_by else "lead"
        where = " by product" if method is indicator.by_product else ""
        if not _bases(method).isdisjoint(_leads(method)):
            message = f"'{indicator.code}' has a lead value that equals its base value{where}"
            faults.append((key, message))
        if method.scoring == "ratio" and any(lead <= 0 for lead in _leads(method)):
            faults.append((key, f"'{indicator.code}' is scored as a ratio: its lead value must be above 0"))
    return faults


def _bases(method: Method) -> set[Decimal]:
    bands = [band.value for band in method.base_by.bands] if method.base_by else []
    return {*bands, *([method.base] if method.base is not None else [])}


def _leads(method: Method) -> set[Decimal]:
    bands = [band.value for band in method.lead_by.bands] if method.lead_by else []
    return {*bands, *([method.lead] if method.lead is not None else [])}


def _figures(definition: Definition, root: Table) -> None:
    """What is read is reported about the scheme's kind of subject."""
    if definition.subject not in SUBJECTS:
        return
    metrics, tables = metrics_for(definition.subject), tables_for(definition.subject)
    parts: list[tuple[tuple[str, int, str], Method | Threshold]] = []
    for number, item in enumerate(definition.indicators):
        parts += [(("indicators", number, "formula"), method) for method in item.methods]
    parts += [
        (("gates", number, "formula"), gate.threshold)
        for number, gate in enumerate(definition.gates)
        if gate.threshold
    ]
    for where, part in parts:
        for key in sorted((part.formula.names | part.sized_by) & METRICS.keys() - metrics.keys()):
            root.document.report(where, f"'{key}' is not a figure of the subject '{definition.subject}'")
        for key in sorted(part.formula.tables & TABLES.keys() - tables.keys()):
            root.document.report(where, f"'{key}' is not a table of the subject '{definition.subject}'")


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
        if gate.is_own and gate.key in known:
            message = f"'{gate.key}' is a registered check: name it as 'check', or choose another key"
            root.document.report(("gates", number, "key"), message)
        elif gate.key and not gate.is_own and gate.key not in known:
            root.document.report(("gates", number, "check"), f"there is no check '{gate.key}'")
    for key in definition.checks:
        if key not in known:
            root.fault("checks", f"there is no check '{key}'", f'"{key}"')
