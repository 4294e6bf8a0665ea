"""Rules that are not in force: a version with other base and lead values, weights and pass scores."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from certification.scheme.definition import Block, Definition, Indicator
from certification.scheme.definition.parts import LEVELS
from greenchain.languages import listed
from greenchain.refusals import Refused

NUMBERS = ("base", "lead", "weight")
SCORE = "pass_score"
Changes = Mapping[str, Mapping[str, str]]
"""By indicator code: base, lead, weight; by level word: pass_score. Decimals as text."""


def changed(definition: Definition, changes: Changes) -> Definition:
    """The definition with the changes; Refused, with what is wrong, where it would not hold together."""
    for key in changes:
        if definition.indicator(key) is None and key not in LEVELS:
            message = _(
                "This version has no indicator and no level “%(key)s”. "
                "Its indicators: %(codes)s; its levels: %(levels)s."
            )
            raise _wrong(message % {"key": key, "codes": _codes(definition), "levels": _words(definition)})
    indicators = tuple(_indicator(each, changes.get(each.code, {})) for each in definition.indicators)
    rules = dict(definition.level_rules)
    for level, given in ((LEVELS.index(key), given) for key, given in changes.items() if key in LEVELS):
        if level not in rules:
            message = _("This version does not offer the level “%(key)s”, only: %(levels)s.")
            raise _wrong(message % {"key": LEVELS[level], "levels": _words(definition)})
        rules[level] = replace(rules[level], pass_score=_pass_score(definition, given))
    blocks = tuple(_block(block, indicators) for block in definition.blocks)
    made = replace(definition, indicators=indicators, level_rules=rules, blocks=blocks)
    _adds_up(definition, made)
    return made


def _codes(definition: Definition) -> str:
    """The codes of the indicators, block by block: the first and the last of each."""
    blocks = [[each.code for each in definition.in_block(block.code)] for block in definition.blocks]
    return listed(codes[0] if len(codes) == 1 else f"{codes[0]}–{codes[-1]}" for codes in blocks if codes)


def _words(definition: Definition) -> str:
    """The levels that are offered, by the words that a change is written with."""
    return listed(LEVELS[level] for level in definition.levels)


def _wrong(message: str) -> Refused:
    return Refused(message, code="changes", field="changes")


def _pass_score(definition: Definition, given: Mapping[str, str]) -> Decimal:
    score = Decimal(given[SCORE]) if set(given) == {SCORE} else Decimal(-1)
    if not 0 <= score <= definition.max:
        raise _wrong(_("A pass score is from 0 to %(max)s.") % {"max": definition.max})
    return score


def _indicator(indicator: Indicator, given: Mapping[str, str]) -> Indicator:
    if not given:
        return indicator
    numbers = {key: Decimal(text) for key, text in given.items()}
    weight = numbers.pop("weight", None)
    if weight is not None and weight <= 0:
        raise _wrong(_("%(code)s: a weight is above 0.") % {"code": indicator.code})
    method = indicator.method
    if numbers and (method is None or set(numbers) - set(NUMBERS)):
        raise _wrong(_("%(code)s is judged by people: it has a weight only.") % {"code": indicator.code})
    if method is not None and numbers:
        method = replace(
            method,
            base=numbers.get("base", method.base),
            lead=numbers.get("lead", method.lead),
            base_by=None if "base" in numbers else method.base_by,
            lead_by=None if "lead" in numbers else method.lead_by,
        )
        if method.base is not None and method.base == method.lead:
            raise _wrong(_("%(code)s: lead must differ from base.") % {"code": indicator.code})
    exact = indicator.exact_weight if weight is None else Fraction(weight)
    return replace(indicator, method=method, exact_weight=exact)


def _block(block: Block, indicators: tuple[Indicator, ...]) -> Block:
    """A block weighs what its indicators weigh."""
    held = [each.exact_weight for each in indicators if each.block == block.code and each.is_fixed]
    return replace(block, exact_weight=sum(held, Fraction(0)))


def _adds_up(was: Definition, made: Definition) -> None:
    """What counts for everybody still weighs as much in all."""
    fixed = [
        sum((each.exact_weight for each in one.indicators if each.is_fixed), Fraction(0))
        for one in (was, made)
    ]
    if fixed[0] != fixed[1]:
        message = _("The weights add up to %(now)s, not to %(was)s: what one gains another must lose.")
        raise _wrong(message % {"now": float(fixed[1]), "was": float(fixed[0])})
