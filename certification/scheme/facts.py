"""How each part of a scheme reads: its facts in the reader's language, each with where its number comes from."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from certification.scheme.definition import Definition, Indicator, Method, Provenance
from certification.scheme.definition.parts import Requirement
from certification.scheme.limits import exact, limits_in_words, number, value_in_words
from certification.scheme.models import Evaluating, Scheme
from greenchain.languages import listed, phrased, pick
from suppliers.evidence.kinds import KINDS
from suppliers.place.models import Authority, Level
from suppliers.reporting.units import unit_name

OURS = "suggestion"
"""The mark of what no file says."""
CHECK_TITLES: dict[str, str] = {}
"""What each automatic check is called, to be translated; the checks enter themselves, since they come later."""


class Fact:
    """One readable fact of a part: what it is called, its text, and where its number comes from."""

    def __init__(self, what: str, text: Any, provenance: Provenance | None = None, *keys: str) -> None:
        self.what = what
        self.text = "" if text is None else str(text)
        marks = [provenance[key].mark for key in keys if provenance and key in provenance]
        self.mark = next((mark for mark in marks if mark != "source"), "")


def level_rules(definition: Definition) -> dict[str, Any]:
    """The rules of each level, by its name."""
    return {str(Level(level).label): definition.level_rules[level] for level in definition.levels}


def head_facts(definition: Definition) -> list[Fact]:
    """What holds for the whole version."""
    source = definition.provenance
    return [
        Fact(_("in force since"), definition.effective_on.isoformat()),
        Fact(_("clause"), pick(definition.clause)),
        Fact(_("only in"), _place(definition.only_in)),
        Fact(_("optional indicators that count"), definition.pick or "", source, "pick"),
        Fact(
            _("bonus at most"),
            number(definition.bonus_max) if definition.bonus_max else "",
            source,
            "bonus_max",
        ),
        Fact(_("checks"), listed(_(CHECK_TITLES.get(key, key)) for key in definition.checks)),
    ]


def _place(code: str) -> str:
    """The authority of that code by its name."""
    authority = Authority.objects.filter(code=code).first() if code else None
    return str(authority or code)


def scheme_names() -> dict[str, str]:
    """What each scheme is called, by its key."""
    return {key: pick(names) for key, names in Scheme.objects.values_list("key", "names")}


def level_facts(rules: Any, schemes: Mapping[str, str]) -> list[Fact]:
    """What a level asks and what its titles are worth; ``schemes`` names those of other titles."""
    source = rules.provenance
    return [
        Fact(_("pass score"), number(rules.pass_score), source, "pass_score"),
        Fact(_("needs"), listed(_requirement(each, schemes) for each in rules.requires), source, "requires"),
        Fact(
            _("counts as"),
            listed(Level(level).label for level in rules.counts_as),
            source,
            "counts_as",
        ),
        Fact(_("years of validity"), rules.validity_years, source, "validity_years"),
    ]


def _requirement(need: Requirement, schemes: Mapping[str, str]) -> str:
    return f"{schemes.get(need.scheme, need.scheme)} ({Level(need.at_least).label})"


def procedure_facts(definition: Definition) -> list[Fact]:
    """Days, tries and who is heard, unless a round says otherwise."""
    told = definition.procedure
    names = {
        "notice_days": _("days of public notice"),
        "desk_days": _("working days per desk"),
        "return_days": _("working days to answer a return"),
        "max_returns": _("returns allowed"),
        "appeal_days": _("days to appeal"),
        "barred_years": _("barred years"),
        "evaluation": _("third-party evaluation"),
        "panel": _("expert panel"),
    }
    return [Fact(name, _word_of(getattr(told, key)), told.provenance, key) for key, name in names.items()]


def judging_facts(definition: Definition) -> list[Fact]:
    """How panel and ranking judge, unless a round says otherwise."""
    judged = definition.judging
    how = {
        "threshold": _("points by which two experts may differ"),
        "days": _("working days of an expert"),
        "combine": _("three experts' points"),
        "rank_by": _("ranked by"),
    }
    told = [
        Fact(name, _judging_word(getattr(judged, key)), judged.provenance, key) for key, name in how.items()
    ]
    for key, fact in zip(how, told, strict=True):
        fact.mark = OURS if judged.is_ours(key) else fact.mark
    criteria = listed(f"{item} {number(item.points)}" for item in judged.criteria)
    return [*told, Fact(_("panel's criteria"), criteria, judged.provenance, "criteria")]


def _judging_word(value: Any) -> str:
    """A rule of panel and rank in the reader's language; numbers as they are."""
    words = {
        "nearest": _("the mean of the two nearest"),
        "median": _("the median"),
        "score": _("confirmed score"),
        "panel": _("panel score"),
    }
    if isinstance(value, tuple):
        return listed(words[each] for each in value)
    return words[value] if isinstance(value, str) else number(Decimal(value))


def _word_of(value: Any) -> Any:
    """Yes, no and whether an evaluation is wanted, in the reader's language; numbers as they are."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return Evaluating(value).label if isinstance(value, str) else value


def gate_facts(gate: Any) -> list[Fact]:
    """A veto or basic requirement."""
    rule = gate.threshold
    source = {} if gate.source.mark == "source" else {"gate": gate.source}
    numbers = rule.provenance if rule else {}
    return [
        Fact(_("name"), pick(gate.names), source, "gate"),
        Fact(_("kind"), _word(gate.kind)),
        Fact(_("clause"), pick(gate.clause)),
        Fact(_("formula"), rule.formula.source if rule else "", numbers, "formula"),
        Fact(_("limit"), phrased(limits_in_words(rule)) if rule else "", numbers, *numbers),
        Fact(_("evidence"), _kinds(gate.evidence)),
    ]


def block_facts(block: Any) -> list[Fact]:
    """A block of indicators."""
    return [
        Fact(_("name"), pick(block.names)),
        Fact(_("weight"), exact(block.exact_weight), block.provenance, "weight"),
    ]


def indicator_facts(item: Indicator) -> list[Fact]:
    """An indicator with its way or ways to measure."""
    by_product = item.by_product
    return [
        Fact(_("name"), pick(item.names)),
        Fact(_("block"), item.block),
        Fact(_("weight"), exact(item.exact_weight), item.provenance, "weight"),
        Fact(_("kind"), _word(item.kind)),
        Fact(_("stage"), _word(item.stage)),
        Fact(_("role"), _role(item)),
        *_method(item.method),
        Fact(
            _("by product"),
            phrased(fact.text for fact in _method(by_product) if fact.text) if by_product else "",
        ),
        Fact(_("evidence"), _kinds(item.evidence)),
    ]


def _role(item: Indicator) -> str:
    if item.group:
        return _("optional, of group %(group)s") % {"group": item.group}
    return _("must") if item.must else _("bonus") if item.bonus else ""


def _word(key: str) -> str:
    """A word of the file in the reader's language."""
    words = {
        "qualitative": _("judged on a case"),
        "quantitative": _("measured"),
        "veto": _("one-vote veto"),
        "basic": _("basic requirement"),
        "linear": _("from base to lead"),
        "ratio": _("as a ratio to lead"),
        "step": _("all at lead, or nothing"),
        "design": _("product design"),
        "manufacturing": _("manufacturing"),
        "use": _("use"),
        "recycling": _("recycling"),
        "circular": _("circular use"),
        "text": _("one line"),
        "paragraph": _("several lines"),
        "choice": _("a choice"),
        "email": _("e-mail address"),
        "phone": _("telephone number"),
    }
    return words.get(key, key)


def _method(method: Method | None) -> list[Fact]:
    source = method.provenance if method else {}
    return [
        Fact(_("formula"), method.formula.source if method else "", source, "formula"),
        Fact(_("unit"), unit_name(method.unit) if method else ""),
        Fact(_("scoring"), _word(method.scoring) if method else ""),
        Fact(
            _("base"),
            value_in_words(method.base, method.base_by) if method else "",
            source,
            "base",
            "base_by",
        ),
        Fact(
            _("lead"),
            value_in_words(method.lead, method.lead_by) if method else "",
            source,
            "lead",
            "lead_by",
        ),
    ]


def field_facts(field: Any) -> list[Fact]:
    """A field of the application form."""
    return [
        Fact(_("name"), pick(field.names)),
        Fact(_("kind"), _word(field.kind)),
        Fact(_("required"), _("yes") if field.required else _("no")),
        Fact(_("longest"), field.max_length),
    ]


def _kinds(keys: Iterable[str]) -> str:
    return listed(pick(KINDS[key].names) for key in keys)
