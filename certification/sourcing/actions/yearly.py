"""Take the counted figures over into the enterprise's yearly report."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from certification.sourcing.figures import COUNTED, figures_of
from certification.sourcing.models import Programme
from greenchain.accounts.models import User
from greenchain.audit.trail import record
from greenchain.languages import pick, spoken
from greenchain.refusals import Refused
from suppliers.enterprise.access import must
from suppliers.enterprise.models import Enterprise
from suppliers.reporting.actions import report
from suppliers.reporting.models import SubjectYear

COUNTED_HERE = gettext_noop("Supplier figures: counted by supplier management")
LONGEST = SubjectYear._meta.get_field("source").max_length or 0


@transaction.atomic
def take_over(buyer: Enterprise, year: int, *, by: User) -> Any:
    """The year's report says the counted numbers, and that they were counted here; other figures stay as they are."""
    must(by, buyer, "edit")
    figures = figures_of(buyer, year)
    if not figures.complete:
        words = _("Not every supplier had a grade on that day, so the year cannot be counted.")
        raise Refused(words, code="incomplete")
    values = {metric: str(figures.count(metric)) for metric in COUNTED}
    before = figures.report.source if figures.report else ""
    row = report(buyer, year, by=by, values=values, source=_source(before))
    programme = Programme.objects.get(buyer=buyer)
    record("take_over_figures", programme, by=by, year=year, day=figures.day, values=values)
    return row


def _source(before: str) -> str:
    """What the report named so far, and that the supplier figures were counted; once, however often it is done."""
    said = spoken(COUNTED_HERE)
    if any(words in before for words in said.values()):
        return before
    return "; ".join(filter(None, (before[: LONGEST - len(pick(said)) - 2], pick(said))))
