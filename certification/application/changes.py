"""Differences between two submissions, in words: which field, figure, claim or file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from certification.application.dossier import Change
from certification.scheme.definition import Definition, FormField
from suppliers.reporting.catalogue import METRICS, TABLES

PARTS: Mapping[str, Any] = {
    "form": gettext_lazy("Form"),
    "figures": gettext_lazy("Figures"),
    "claims": gettext_lazy("Self-scores"),
    "evidence": gettext_lazy("Evidence"),
}
SHARES: Mapping[str, Any] = {
    "none": gettext_lazy("none"),
    "half": gettext_lazy("half"),
    "full": gettext_lazy("full"),
}


@dataclass(frozen=True, slots=True)
class NamedChange:
    """One difference: the part, what it is called, and both values as text."""

    part: str
    name: str
    before: str
    after: str


def named(changes: Sequence[Change], definition: Definition) -> list[NamedChange]:
    """The differences as people read them."""
    return [
        NamedChange(
            str(PARTS[change.part]), _name(change, definition), _text(change.before), _text(change.after)
        )
        for change in changes
    ]


def answers_of(definition: Definition, form: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The form's own fields with what was filled in, choices in words."""
    return [(str(field), _answer(field, form.get(field.key))) for field in definition.form]


def _answer(field: FormField, given: Any) -> str:
    return next((str(option) for option in field.options if option.key == given), str(given or ""))


def _name(change: Change, definition: Definition) -> str:
    match change.part:
        case "form":
            found = next((field for field in definition.form if field.key == change.key), None)
        case "figures":
            year, _blank, key = change.key.partition(" ")
            name = METRICS.get(key) or TABLES.get(key) or key
            return f"{name}, {year}"
        case _:
            gates = {gate.key: gate for gate in definition.gates}
            return str(definition.indicator(change.key) or gates.get(change.key) or change.key)
    return str(found or change.key)


def _text(value: Any) -> str:
    match value:
        case None | "":
            return "–"
        case dict() if "claim" in value:
            if value.get("not_applicable"):
                return _("does not apply")
            return str(SHARES.get(value["claim"], "–"))
        case list() if value and isinstance(value[0], dict):
            return ngettext("%(count)d row", "%(count)d rows", len(value)) % {"count": len(value)}
        case list():
            return "; ".join(str(item) for item in value)
        case _:
            return str(value)
