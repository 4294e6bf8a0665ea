"""The forms of a draft's figures and claims, and the mark of what they were filled from."""

from typing import Any

from certification.application.forms import ClaimsForm, claims_initial
from certification.application.models import Application
from certification.assessment.known import claimed_in
from greenchain.audit.canonical import canonical, digest, plain
from suppliers.reporting.catalogue import METRICS
from suppliers.reporting.forms import ValuesForm, seen_of
from suppliers.reporting.models import Figures


def seen(application: Application, report: Figures | None) -> str:
    """A mark of the figures and claims stored now; a form filled from something else is out of date."""
    return f"{seen_of(report)}.{digest('', canonical(application.claims))[:12]}"


def figures_form(application: Application, report: Figures | None, data: Any = None) -> ValuesForm:
    """The single values that the scheme reads, as a form."""
    keys = [key for key in METRICS if key in application.scheme_version.definition.metrics]
    initial = {key: value for key in keys if report and (value := report.metric(key)) is not None}
    return ValuesForm(data, keys=keys, initial=plain(initial))


def claims_now(application: Application, report: Figures | None) -> dict[str, Any]:
    """What is claimed: on the application, else with the cases that were reported."""
    told = claimed_in(report.tables().get("cases", ())) if report else {}
    return {**told, **application.claims}


def claims_form(application: Application, claims: dict[str, Any], data: Any = None) -> ClaimsForm:
    """The claims as a form."""
    definition = application.scheme_version.definition
    return ClaimsForm(data, definition=definition, initial=claims_initial(definition, claims))
