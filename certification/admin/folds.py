"""The folded parts of the case file, each with its count; an empty one is left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from certification.admin.casefile import CasePage, Fold
from certification.application.changes import named
from certification.application.local import gates_of
from certification.templatetags.figures import as_decimal
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.kinds import KINDS
from suppliers.reporting.catalogue import METRICS, TABLES

STEM = "admin/certification/application/folds"


def folds_of(page: CasePage) -> list[Fold]:
    """What there is, in the order of the work."""
    parts: list[tuple[str, str, Any]] = [
        ("form", _("Form"), list(_form(page))),
        ("figures", _("Figures"), list(_figures(page))),
        ("tables", _("Tables"), list(_tables(page))),
        ("evidence", _("Evidence"), list(_evidence(page))),
        (
            "differences",
            _("Changed since the last submission"),
            named(page.differences, page.definition),
        ),
        ("returned", _("Returns"), page.returned()),
        ("questions", _("Questions to the applicant"), page.questions()),
        ("verifications", _("On-site verification"), page.verifications()),
        ("nonconformities", _("Nonconformities"), page.nonconformities()),
        ("corrections", _("Corrections"), page.corrections),
        ("waivers", _("Waivers"), page.waivers),
        ("evaluations", _("Third-party evaluation"), page.evaluations()),
        ("consultations", _("Departments consulted"), page.heard),
        ("endorsements", _("Endorsements"), page.endorsements()),
        ("recommendations", _("Recommendations"), page.recommended()),
        ("panel", _("Panel scores"), page.panel()),
        ("draws", _("Draws of experts"), page.draws()),
        ("objections", _("Objections"), page.objections()),
        ("decisions", _("Decisions"), page.decisions()),
        ("appeals", _("Appeals"), page.appeals()),
        ("notes", _("Internal notes"), page.notes()),
        ("letters", _("Letters"), page.letters()),
        ("seats", _("People with a part"), page.seats()),
        ("runs", _("Earlier runs of the checks"), page.runs()),
    ]
    return [Fold(key, title, rows, f"{STEM}/{key}.html") for key, title, rows in parts if rows]


@dataclass(frozen=True, slots=True)
class Said:
    """A question and what was answered."""

    name: str
    value: str


def _form(page: CasePage) -> Iterator[Said]:
    given = page.content.get("form", {})
    for item in page.definition.form:
        value = given.get(item.key)
        if value in {None, ""}:
            continue
        option = next((option for option in item.options if option.key == value), None)
        yield Said(str(item), str(option or value))
    applicant = page.content.get("applicant", {})
    for key in ("legal_representative", "address", "contact_name", "contact_phone", "contact_email"):
        if applicant.get(key):
            field = Enterprise._meta.get_field(key)
            yield Said(str(getattr(field, "verbose_name", key)).capitalize(), str(applicant[key]))
    commitment = page.content.get("commitment")
    if commitment:
        yield Said(_("Commitment signed by"), f"{commitment['signed_by']} · {commitment['at'][:10]}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric in the reporting year and the year before; ``change`` is in per cent."""

    name: str
    unit: str
    before: Any
    now: Any
    change: Decimal | None


def _figures(page: CasePage) -> Iterator[Figure]:
    now, before = (
        _year(page, year).get("values", {}) for year in (page.application.year, page.application.year - 1)
    )
    for key, metric in METRICS.items():
        if key in now or key in before:
            old, new = as_decimal(before.get(key)), as_decimal(now.get(key))
            change = (new - old) / abs(old) * 100 if old and new is not None else None
            yield Figure(str(metric), metric.unit, old, new, change)


def _year(page: CasePage, year: int) -> Mapping[str, Any]:
    found: Mapping[str, Any] = page.content.get("figures", {}).get(str(year), {})
    return found


def _tables(page: CasePage) -> Iterator[tuple[Any, list[Any]]]:
    for key, rows in _year(page, page.application.year).get("tables", {}).items():
        if key in TABLES and rows:
            yield TABLES[key], rows


@dataclass(frozen=True, slots=True)
class Cited:
    """A file and everything it is cited under."""

    evidence: Any
    kind: str
    under: list[str]


def _evidence(page: CasePage) -> Iterator[Cited]:
    names = {gate.key: str(gate) for gate in gates_of(page.application)}
    under: dict[int, list[str]] = {}
    for row in page.content.get("citations", []):
        under.setdefault(row["evidence"], []).append(names.get(row["requirement"], row["requirement"]))
    for key, requirements in under.items():
        if proof := page.evidence.get(key):
            yield Cited(proof, str(KINDS.get(proof.kind, proof.kind)), requirements)
