"""The checklist of a visit: the scheme's indicators and gates, each with what the applicant claimed."""

from collections.abc import Collection, Iterator
from typing import Any

from certification.application.local import gates_of
from certification.application.models import Application
from certification.assessment.guards import latest_run


def checklist(application: Application, codes: Collection[str] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """Code and claim of every indicator and gate, or of those named: values as the newest run read them."""
    run = latest_run(application)
    scores = {row.code: row for row in run.scores.all()} if run else {}
    findings = {row.check_key: row for row in run.findings.all()} if run else {}
    for item in application.scheme_version.definition.indicators:
        if not codes or item.code in codes:
            yield item.code, _indicator(application, item, scores.get(item.code))
    for gate in gates_of(application):
        if not codes or gate.key in codes:
            found = findings.get(gate.key)
            yield gate.key, {"finding": found.severity, "reason": found.reason} if found else {}


def _indicator(application: Application, item: Any, score: Any) -> dict[str, Any]:
    dossier = application.dossier
    content = dossier.content if dossier else {}
    claim = content.get("claims", {}).get(item.code, {})
    told: dict[str, Any] = {key: claim[key] for key in ("claim", "not_applicable", "note") if claim.get(key)}
    if score is not None and score.value is not None and not item.is_qualitative:
        told |= {"value": f"{score.value.normalize():f}", "unit": item.unit}
    if score is not None:
        told |= {"points": f"{score.points.normalize():f}", "weight": f"{score.weight.normalize():f}"}
    return told
