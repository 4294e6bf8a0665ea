"""A scheme file, read strictly: every key is asked for, every number says where it comes from.

All faults are collected with their lines; see ``rules`` for what is checked across the parts.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from certification.scheme.definition import rules
from certification.scheme.definition.gates import Gate
from certification.scheme.definition.judging import judging_in
from certification.scheme.definition.methods import (
    LIMITS,
    NUMBERS,
    fraction,
    method_in,
    provenance_of,
    threshold_in,
)
from certification.scheme.definition.parts import (
    LEVELS,
    MARKS,
    SUBJECTS,
    Block,
    FormField,
    Indicator,
    LevelRules,
    Method,
    Option,
    Procedure,
    Requirement,
    Source,
)
from certification.scheme.definition.shape import Definition, SchemeError
from greenchain.located import Document, Table
from suppliers.evidence.kinds import KINDS
from suppliers.reporting.catalogue import STAGES

UNKNOWN = Source(key="", mark=MARKS[-1], texts={}, url="")
FIELD_KINDS = ("text", "paragraph", "choice", "email", "phone")
EVALUATION = ("none", "optional", "required")
MEASURED = {*NUMBERS, "unit", "unpublished", "by_product", "scoring", "less_is_better"}
DAYS = ("notice_days", "desk_days", "return_days", "max_returns", "appeal_days", "barred_years")


def parse(source: str, *, path: str = "scheme", known_checks: Collection[str] | None = None) -> Definition:
    """The definition in a file's text; ``known_checks`` are the check keys that gates may name.

    Raises SchemeError with every fault found, each as path:line message.
    """
    document = Document(path, source, SchemeError)
    root = document.root
    sources = _sources(root)
    definition = Definition(
        key=root.text("key"),
        prefix=root.text("prefix"),
        version=root.text("version"),
        names=root.texts("names"),
        version_names=root.texts("version_names"),
        subject=root.choice("subject", SUBJECTS),
        effective_on=root.day("effective_on") or dt.date.min,
        retired_on=root.day("retired_on", required=False),
        only_in=root.text("only_in", required=False),
        clause=root.wording("clause"),
        max=root.number("max") or Decimal(0),
        pick=root.whole("pick", minimum=1) if root.has("pick") else 0,
        bonus_max=root.number("bonus_max", required=False) or Decimal(0),
        provenance=provenance_of(root, sources, ("pick", "bonus_max")),
        sources=sources,
        level_rules=_levels(root, sources),
        procedure=_procedure(root.table("procedure"), sources),
        judging=judging_in(root, sources),
        blocks=tuple(_block(entry, sources) for entry in root.tables("blocks")),
        indicators=tuple(_indicator(entry, sources) for entry in root.tables("indicators")),
        gates=tuple(_gate(entry, sources) for entry in root.tables("gates")),
        checks=root.words("checks"),
        form=tuple(_field(entry) for entry in root.tables("form")),
        commitment=root.texts("commitment"),
        digest=_digest(root),
    )
    root.close()
    rules.check(definition, root, known_checks)
    document.finish()
    return definition


def _digest(root: Table) -> str:
    """SHA-256 of what the file says; comments, layout and a clause's translations do not count."""
    said = json.dumps(
        _untranslated(root.data), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
    return hashlib.sha256(said.encode()).hexdigest()


def _untranslated(data: Any) -> Any:
    """The same with each clause in English only: to translate where a rule stands makes no new version."""
    if isinstance(data, list):
        return [_untranslated(each) for each in data]
    if not isinstance(data, dict):
        return data
    return {
        key: value.get("en", "") if key == "clause" and isinstance(value, dict) else _untranslated(value)
        for key, value in data.items()
    }


def _sources(root: Table) -> Mapping[str, Source]:
    sources: dict[str, Source] = {}
    for entry in root.tables("sources"):
        key, mark = entry.text("key"), entry.choice("mark", MARKS)
        if key in sources:
            entry.fault("key", f"source '{key}' stands twice")
        url = entry.text("url", required=False)
        sources[key] = Source(key=key, mark=mark, texts=entry.texts("texts"), url=url)
        entry.close()
    return sources


def _levels(root: Table, sources: Mapping[str, Source]) -> Mapping[int, LevelRules]:
    levels: dict[int, LevelRules] = {}
    for entry in root.tables("levels"):
        level = _level(entry, "level")
        if level in levels:
            entry.fault("level", f"level '{LEVELS[level]}' stands twice")
        lower = [word for word in entry.words("counts_as", required=False) if _is_lower(entry, word, level)]
        years = entry.whole("validity_years", minimum=1, maximum=50) if entry.has("validity_years") else None
        levels.setdefault(
            level,
            LevelRules(
                level=level,
                pass_score=entry.number("pass_score") or Decimal(0),
                requires=tuple(_requirement(item) for item in entry.tables("requires", required=False)),
                counts_as=tuple(LEVELS.index(word) for word in lower),
                validity_years=years,
                provenance=provenance_of(
                    entry, sources, ("pass_score", "requires", "counts_as", "validity_years")
                ),
            ),
        )
        entry.close()
    return levels


def _level(entry: Table, key: str) -> int:
    word = entry.choice(key, LEVELS)
    return LEVELS.index(word) if word in LEVELS else 0


def _is_lower(entry: Table, word: str, level: int) -> bool:
    lower = word in LEVELS[:level]
    if not lower:
        entry.fault("counts_as", f"'{word}' is not a level below '{LEVELS[level]}'", word)
    return lower


def _requirement(entry: Table) -> Requirement:
    requirement = Requirement(entry.text("scheme"), _level(entry, "at_least"))
    entry.close()
    return requirement


def _procedure(entry: Table, sources: Mapping[str, Source]) -> Procedure:
    told = tuple(key for key in ("public_waivers", "rebenchmark_months") if entry.has(key))
    months = entry.whole("rebenchmark_months", minimum=1) if "rebenchmark_months" in told else None
    procedure = Procedure(
        **{key: entry.whole(key) for key in DAYS},
        evaluation=entry.choice("evaluation", EVALUATION),
        panel=entry.flag("panel"),
        public_waivers=entry.flag("public_waivers"),
        rebenchmark_months=months,
        provenance=provenance_of(entry, sources, (*DAYS, "evaluation", "panel", *told)),
    )
    entry.close()
    return procedure


def _block(entry: Table, sources: Mapping[str, Source]) -> Block:
    block = Block(
        code=entry.text("code"),
        names=entry.texts("names"),
        exact_weight=fraction(entry, "weight", zero=True),
        provenance=provenance_of(entry, sources, ("weight",)),
    )
    entry.close()
    return block


def _indicator(entry: Table, sources: Mapping[str, Source]) -> Indicator:
    kind = entry.choice("kind", ("quantitative", "qualitative"))
    provenance = provenance_of(entry, sources, ("weight", *NUMBERS))
    indicator = Indicator(
        code=entry.text("code"),
        block=entry.text("block"),
        names=entry.texts("names"),
        kind=kind,
        exact_weight=fraction(entry, "weight"),
        stage=entry.choice("stage", STAGES),
        clause=entry.wording("clause", required=False),
        method=method_in(entry, provenance) if kind == "quantitative" else None,
        by_product=_by_product(entry, sources) if kind == "quantitative" else None,
        evidence=_kinds(entry, "evidence"),
        evidence_if_any=_kinds(entry, "evidence_if_any"),
        provenance={"weight": provenance.get("weight", UNKNOWN)},
        must=entry.flag("must"),
        group=entry.text("group", required=False),
        bonus=entry.flag("bonus"),
    )
    for key in entry.data.keys() & MEASURED - entry.asked:
        entry.asked.add(key)
        entry.fault(key, f"a qualitative indicator has no '{key}'")
    entry.close()
    return indicator


def _by_product(entry: Table, sources: Mapping[str, Source]) -> Method | None:
    if not entry.has("by_product"):
        return None
    part = entry.table("by_product")
    method = method_in(part, provenance_of(part, sources, NUMBERS))
    part.close()
    return method


def _gate(entry: Table, sources: Mapping[str, Source]) -> Gate:
    kind, source = entry.choice("kind", ("veto", "basic")), entry.text("source")
    if source and source not in sources:
        entry.fault("source", f"there is no source '{source}'")
    own = not entry.has("check")
    gate = Gate(
        key=_own_key(entry, kind) if own else entry.text("check"),
        kind=kind,
        names=entry.texts("names"),
        question=entry.texts("question", required=kind == "veto" and not entry.has("formula")),
        clause=entry.wording("clause"),
        evidence=_kinds(entry, "evidence"),
        evidence_if_any=_kinds(entry, "evidence_if_any"),
        source=sources.get(source, UNKNOWN),
        threshold=threshold_in(entry, provenance_of(entry, sources, ("formula", *LIMITS))) if own else None,
        is_own=own,
    )
    if own and not entry.has("formula") and not gate.evidence:
        entry.fault("", "a gate needs a 'check', a 'formula' or 'evidence'")
    entry.close()
    return gate


def _own_key(entry: Table, kind: str) -> str:
    """The key of a gate that no registered check judges; its start tells a veto from a basic requirement."""
    key, start = entry.text("key"), "veto." if kind == "veto" else "gate."
    if key and not key.startswith(start):
        entry.fault("key", f"the key of this gate must start with '{start}'")
    return key


def _kinds(entry: Table, key: str) -> tuple[str, ...]:
    kinds = entry.words(key, required=False)
    for kind in kinds:
        if kind not in KINDS:
            entry.fault(key, f"there is no kind of evidence '{kind}'", kind)
    return kinds


def _field(entry: Table) -> FormField:
    kind = entry.choice("kind", FIELD_KINDS)
    options = []
    for item in entry.tables("options", required=False):
        options.append(Option(key=item.text("key"), names=item.texts("names")))
        item.close()
    if (kind == "choice") is not bool(options):
        entry.fault("", "a field has options if, and only if, it is a choice")
    field = FormField(
        key=entry.text("key"),
        names=entry.texts("names"),
        kind=kind,
        required=entry.flag("required"),
        max_length=entry.whole("max_length", minimum=1) if entry.has("max_length") else 200,
        options=tuple(options),
    )
    entry.close()
    return field
