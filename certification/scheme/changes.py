"""What differs between two versions of a scheme: for the page that shows them side by side, and for the command."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from certification.scheme.definition import Definition
from certification.scheme.facts import (
    Fact,
    block_facts,
    field_facts,
    gate_facts,
    head_facts,
    indicator_facts,
    judging_facts,
    level_facts,
    level_rules,
    procedure_facts,
    scheme_names,
)
from greenchain.languages import phrased, pick

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that differs: which part (its key and name), what of it, both texts, how far to trust each number."""

    kind: str
    where: str
    name: str = ""
    what: str = ""
    before: str = ""
    after: str = ""
    before_mark: str = ""
    after_mark: str = ""

    def __str__(self) -> str:
        sign = {ADDED: "+", REMOVED: "-", CHANGED: "~"}[self.kind]
        whole = phrased(filter(None, (self.name, self.before or self.after)))
        told = whole if self.kind != CHANGED else f"{self.before} → {self.after}"
        marks = " → ".join(filter(None, (self.before_mark, self.after_mark)))
        about = ", ".join(filter(None, (self.where, self.what)))
        return f"{sign} {about}: {told}{f' ({marks})' if marks else ''}"


@dataclass(frozen=True)
class Section:
    """A part of the scheme with its differences."""

    title: str
    rows: tuple[Difference, ...]


Facts = Callable[[Any], list[Fact]]


def changes(old: Definition, new: Definition) -> list[Section]:
    """Every difference, section by section; a section without one is left out."""
    levels = partial(level_facts, schemes=scheme_names())
    parts = [
        Section(_("The version"), tuple(_compared("", head_facts(old), head_facts(new)))),
        Section(_("Levels"), _of(level_rules(old), level_rules(new), levels)),
        Section(_("Procedure"), tuple(_compared("", _procedure(old), _procedure(new)))),
        Section(_("Gates"), _of(_keyed(old.gates, "key"), _keyed(new.gates, "key"), gate_facts)),
        Section(
            _("Blocks of indicators"),
            _of(_keyed(old.blocks, "code"), _keyed(new.blocks, "code"), block_facts),
        ),
        Section(
            _("Indicators"),
            _of(_keyed(old.indicators, "code"), _keyed(new.indicators, "code"), indicator_facts),
        ),
        Section(_("Application form"), _of(_keyed(old.form, "key"), _keyed(new.form, "key"), field_facts)),
    ]
    return [section for section in parts if section.rows]


def _of(old: Mapping[str, Any], new: Mapping[str, Any], facts: Facts) -> tuple[Difference, ...]:
    """Parts that came, went or changed, in the order of the new version."""
    rows: list[Difference] = []
    for key in [*new, *(key for key in old if key not in new)]:
        name = pick(getattr(new.get(key, old.get(key)), "names", None))
        if key not in old:
            rows.append(
                Difference(kind=ADDED, where=key, name=name, **_whole("after", facts(new[key]), name))
            )
        elif key not in new:
            rows.append(
                Difference(kind=REMOVED, where=key, name=name, **_whole("before", facts(old[key]), name))
            )
        else:
            found = _compared(key, facts(old[key]), facts(new[key]))
            rows += (replace(each, name=name) for each in found)
    return tuple(rows)


def _whole(side: str, facts: Sequence[Fact], name: str) -> dict[str, str]:
    """Everything that is said of a part but its name."""
    mark = next((fact.mark for fact in facts if fact.mark), "")
    said = phrased(f"{fact.what} {fact.text}" for fact in facts if fact.text and fact.text != name)
    return {side: said, f"{side}_mark": mark}


def _compared(where: str, old: Sequence[Fact], new: Sequence[Fact]) -> Iterator[Difference]:
    """Facts stand in the same order on both sides."""
    for before, after in zip(old, new, strict=True):
        if (before.text, before.mark) != (after.text, after.mark):
            yield Difference(
                kind=CHANGED,
                where=where,
                what=before.what,
                before=before.text or "–",
                after=after.text or "–",
                before_mark=before.mark,
                after_mark=after.mark,
            )


def _procedure(definition: Definition) -> list[Fact]:
    return [*procedure_facts(definition), *judging_facts(definition)]


def _keyed(parts: Iterable[Any], key: str) -> dict[str, Any]:
    return {getattr(part, key): part for part in parts}
