"""What an evaluator finds: points with a reason, a correction "from A to B because …", and each gate met or not."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.application.models import Application
from certification.assessment.casefile import gather
from certification.scheme.definition import Indicator

MET = (("yes", gettext_lazy("met")), ("no", gettext_lazy("not met")))
LONGEST = 1000
"""Characters of a reason."""


def number(text: Any) -> Decimal | None:
    """The number that a text holds; None where it holds none."""
    try:
        found = Decimal(str(text).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def faults_of(entry: Any, item: Indicator) -> dict[str, str]:
    """What is wrong with an indicator's entry, in words by part: points, reason, to, because."""
    given: Mapping[str, Any] = entry if isinstance(entry, Mapping) else {}
    points, reason = number(given.get("points")), str(given.get("reason") or "").strip()
    faults = {}
    if points is None or not 0 <= points <= item.weight:
        words = _("must be a number from 0 to %(weight)s.")
        faults["points"] = words % {"weight": f"{item.weight.normalize():f}"}
    if not reason:
        faults["reason"] = _("is needed.")
    to, because = str(given.get("to") or "").strip(), str(given.get("because") or "").strip()
    if to and number(to) is None:
        faults["to"] = _("must be a number.")
    if to and item.is_qualitative:
        faults["to"] = _("This indicator is judged; it has no value to correct.")
    if bool(to) != bool(because):
        faults["because" if to else "to"] = _("A correction needs both the new value and the reason.")
    for part, text in (("reason", reason), ("because", because)):
        if len(text) > LONGEST:
            faults[part] = _("is longer than %(max)d characters.") % {"max": LONGEST}
    return faults


def complete(entries: Mapping[str, Any], items: Iterable[Indicator]) -> list[str]:
    """The codes of the indicators whose entry is missing or wrong."""
    return [item.code for item in items if faults_of(entries.get(item.code), item)]


def values_of(application: Application) -> dict[str, Any]:
    """Each indicator's result on the frozen figures, corrections aside: what an evaluator starts from."""
    file = gather(application, facts=False)
    return {each.code: each for each in replace(file, corrections={}).score.results}


def as_reported(application: Application, entries: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The entries as the report keeps them: a correction says from what, to what, and why."""
    results = values_of(application) if any(entry.get("to") for entry in entries.values()) else {}
    told: dict[str, dict[str, Any]] = {}
    for code, entry in entries.items():
        told[code] = {"points": str(entry["points"]), "reason": str(entry["reason"]).strip()}
        if entry.get("to"):
            result = results[code]
            told[code]["correction"] = {
                "from": "" if result.value is None else f"{result.value:f}",
                "to": str(entry["to"]).strip(),
                "because": str(entry["because"]).strip(),
                "unit": result.unit,
            }
    return told
