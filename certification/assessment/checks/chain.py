"""Whether what an enterprise says of its suppliers is what its declared links say."""

from decimal import Decimal

from django.utils.translation import gettext_noop

from certification.assessment.casefile import CaseFile
from certification.assessment.checks.registry import Found, check
from certification.assessment.models import Severity
from certification.assessment.wording import joined, named
from greenchain.languages import spoken

TOTAL, GREEN = "suppliers_total", "suppliers_green"
NEAR = Decimal("0.1")
"""Links are those of today, the figure is that of the year: a tenth either way is no contradiction (ours)."""
UNLINKED = gettext_noop(
    "No supplier is declared in the supply chain: “%(what)s” cannot be compared with anything."
)
DIFFERS = gettext_noop("%(what)s: %(typed)s was reported, the declared links say %(linked)s.")
DECLARE = gettext_noop(
    "Declare the suppliers (Supply chain), or import the list; titles are then counted by themselves."
)


@check("chain.suppliers", gettext_noop("Supplier figures agree with the declared supply chain"))
def suppliers(case: CaseFile) -> Found | None:
    """The number of suppliers, and of those that hold a title in force at every site."""
    typed = {key: Decimal(case.values[key]) for key in (TOTAL, GREEN) if case.values.get(key)}
    if not typed:
        return None
    if case.facts.suppliers is None:
        return Found(Severity.INFORMS, spoken(UNLINKED, what=named(typed)), spoken(DECLARE))
    linked = dict(zip((TOTAL, GREEN), map(Decimal, case.facts.suppliers), strict=True))
    far = [key for key, value in typed.items() if abs(value - linked[key]) > NEAR * max(value, linked[key])]
    if not far:
        return None
    told = [spoken(DIFFERS, what=named([key]), typed=f"{typed[key]:f}", linked=linked[key]) for key in far]
    return Found(
        Severity.ASKS,
        joined(*told),
        spoken(DECLARE),
        about={key: f"{typed[key]:f} / {linked[key]}" for key in far},
    )
