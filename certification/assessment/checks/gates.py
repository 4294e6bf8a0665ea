"""What a scheme states itself: gates with a threshold, gates that want evidence, and must items."""

from django.utils.translation import gettext_noop

from certification.assessment.casefile import CaseFile
from certification.assessment.checks.registry import CHECKS, Check, Found, Run, check
from certification.assessment.models import MUST, Severity
from certification.scheme.definition import Definition, Gate
from greenchain.languages import spoken

NO_EVIDENCE = gettext_noop("No valid evidence is cited for this requirement.")
CITE = gettext_noop("Cite a file that proves it and is valid today.")
MEND = gettext_noop(
    "Compare the figures with their sources; what the scheme demands here cannot be made up for."
)
UNMET = gettext_noop("Must items not met: %(codes)s.")
UNJUDGED = gettext_noop("Must items that a person has still to judge: %(codes)s.")
MEET = gettext_noop(
    "Every must item has to be met in full: show it with a case or a figure, and cite the proof."
)


def checks_of(definition: Definition) -> list[Check]:
    """Everything that a run of this version looks at: its gates, its checks, and the must items if it has some."""
    gates = {gate.key: gate for gate in definition.gates}
    keys = [*gates, *(key for key in definition.checks if key not in gates)]
    if any(indicator.must for indicator in definition.indicators) and MUST not in keys:
        keys.append(MUST)
    return [_own(gates[key]) if key in gates and gates[key].is_own else CHECKS[key] for key in keys]


def _own(gate: Gate) -> Check:
    return Check(gate.key, gate.names, _limit(gate) if gate.threshold else _evidence(gate))


def _evidence(gate: Gate) -> Run:
    def run(case: CaseFile) -> Found | None:
        return (
            None
            if case.good_proofs_for(gate.key)
            else Found(Severity.BLOCKS, spoken(NO_EVIDENCE), spoken(CITE))
        )

    return run


def _limit(gate: Gate) -> Run:
    def run(case: CaseFile) -> Found | None:
        judged = next(each for each in case.score.limits if each.key == gate.key)
        graveness = {True: Severity.PASSED, False: Severity.BLOCKS, None: Severity.ASKS}[judged.kept]
        about = {"value": f"{judged.value:f} {judged.unit}"} if judged.value is not None else {}
        remedy = {} if judged.kept else spoken(MEND)
        return Found(graveness, dict(judged.reason), remedy, about=about)

    return run


@check(MUST, gettext_noop("Every must item is met"))
def must_items(case: CaseFile) -> Found | None:
    """One must item not met bars the title, however high the score; an unjudged one keeps the case."""
    for codes, severity, message in (
        (case.score.unmet, Severity.BLOCKS, UNMET),
        (case.score.unsettled, Severity.ASKS, UNJUDGED),
    ):
        if codes:
            told = ", ".join(codes)
            return Found(severity, spoken(message, codes=told), spoken(MEET), about={"codes": told})
    return None
