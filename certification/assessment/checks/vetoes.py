"""The one-vote vetoes of article 15 (MIIT document 13/2024): a confirmed record blocks, a possible one asks."""

from django.utils.translation import gettext_noop

from certification.assessment.casefile import CaseFile
from certification.assessment.checks.registry import Found, Run, check
from certification.assessment.models import Severity
from greenchain.languages import spoken
from suppliers.record.models import ComplianceRecord

TITLES = {
    "not_operating": gettext_noop("Operating, and not on the abnormal-operation list"),
    "accident_or_violation": gettext_noop("No safety, quality or environmental accident, no violation"),
    "removed_before": gettext_noop("Not removed from a green-manufacturing list"),
    "inspection_problem": gettext_noop("No serious problem found in inspections"),
    "energy_supervision": gettext_noop("Energy-conservation supervision: all rectified"),
    "dishonest_debtor": gettext_noop("Not a dishonest judgment debtor"),
}
CONFIRMED = gettext_noop(
    "%(title)s (%(day)s; source: %(source)s). A record within the last three years bars the title."
)
POSSIBLE = gettext_noop(
    "Possible match: %(title)s (%(day)s; source: %(source)s). A person must confirm or clear it."
)
CLEARED = gettext_noop("An auditor cleared this hit: %(title)s.")
REMEDY = gettext_noop("If the record is wrong, ask the authority that entered it to clear it, with proof.")


def _veto(kind: str) -> Run:
    def run(case: CaseFile) -> Found | None:
        hits = [record for record in case.records if record.kind == kind]
        if not hits:
            return None
        worst = next((hit for hit in hits if hit.confirmed), hits[0])
        ruled = case.corrections.get(f"veto.{kind}", {}).get("veto")
        told = {"title": worst.title, "day": worst.happened_on, "source": worst.source}
        about = {"record": str(worst.id)}
        if ruled == "cleared" and not worst.confirmed:
            return Found(Severity.INFORMS, spoken(CLEARED, title=worst.title), about=about)
        if worst.confirmed or ruled == "confirmed":
            return Found(Severity.BLOCKS, spoken(CONFIRMED, **told), spoken(REMEDY), about=about)
        return Found(Severity.ASKS, spoken(POSSIBLE, **told), spoken(REMEDY), about=about)

    return run


for _kind in ComplianceRecord.Kind.values:
    check(f"veto.{_kind}", TITLES[_kind])(_veto(_kind))
