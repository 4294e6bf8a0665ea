"""Which suppliers to push next towards a title, each with the reason of its place.

Greedy: one after the other the supplier with the highest worth is taken, where the worth is the share of purchases that
would turn green, times how near it is to a title, times a weight of its risk (numbers of the rulebook, ours). The
parts do not depend on each other, so this is the order of worth. Without a declared spend a supplier counts as one of
all, and says so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from certification.chain.status import State
from certification.sourcing.grading import Facts
from certification.sourcing.models import SupplierGrade
from certification.sourcing.rules import Nearness, Rulebook, current
from suppliers.enterprise.models import Enterprise

HEAD = "place supplier name_en identifier state grade share_of_purchases nearness risk_weight worth green_after".split()


@dataclass(frozen=True, slots=True)
class Pushed:
    """One place of the list; shares are 0 to 1. ``after``: the green share by spend once it and all before it are."""

    place: int
    supplier: Enterprise
    state: State
    grade: SupplierGrade
    share: Decimal
    share_known: bool
    nearness: Nearness
    weight: Decimal
    after: Decimal | None

    @property
    def worth(self) -> Decimal:
        """What decides the place, in points of a hundred."""
        return self.share * self.nearness.factor * self.weight * 100


@dataclass(frozen=True)
class PushList:
    """The list, from how much is green by spend now; ``waiting`` are all suppliers that are not green."""

    rows: tuple[Pushed, ...]
    green: Decimal | None
    waiting: int
    book: Rulebook


def push_list(buyer: Enterprise, *, places: int | None = None) -> PushList:
    """The next ones, by what the suppliers were graded by last: one query."""
    book = current()
    grades = SupplierGrade.objects.current().filter(buyer=buyer).select_related("supplier__region")
    found = [(row, Facts.read(row.facts)) for row in grades]
    waiting = [(row, facts) for row, facts in found if facts.state != State.GREEN]
    rated = [_rated(row, facts, book, len(found)) for row, facts in waiting]
    rated.sort(key=lambda one: (-one.worth, one.supplier.pk))
    after = green = _green(facts for _row, facts in found)
    rows = []
    for place, one in enumerate(rated[: places or book.numbers["places"]], start=1):
        if after is not None and one.share_known:
            after += one.share
        rows.append(replace(one, place=place, after=after))
    return PushList(tuple(rows), green, len(waiting), book)


def cells(rows: Iterable[Pushed]) -> Iterator[tuple[object, ...]]:
    """The list as a sheet."""
    for row in rows:
        who, factors = row.supplier, (row.nearness.factor, row.weight, round(row.worth, 3))
        share = f"{row.share:.4f}" if row.share_known else ""
        after = "" if row.after is None else f"{row.after:.4f}"
        yield (
            *(row.place, who.name, who.name_en, who.identifier, row.state.value, row.grade.grade, share),
            *factors,
            after,
        )


def _rated(grade: SupplierGrade, facts: Facts, book: Rulebook, suppliers: int) -> Pushed:
    """With its worth; place and what comes after are set once the order is known."""
    return Pushed(
        place=0,
        supplier=grade.supplier,
        state=State(facts.state),
        grade=grade,
        share=facts.share if facts.share is not None else Decimal(1) / suppliers,
        share_known=facts.share is not None,
        nearness=next(each for each in book.nearness if each.fits(facts)),
        weight=book.weights[grade.grade],
        after=None,
    )


def _green(facts: Iterable[Facts]) -> Decimal | None:
    """The share of purchases from green suppliers, 0 to 1; None where no share is known."""
    shares = [(one.share, one.state) for one in facts if one.share is not None]
    green = sum((share for share, state in shares if state == State.GREEN), Decimal(0))
    return green if shares else None
