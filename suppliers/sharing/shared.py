"""What a supplier shares with one buyer today: asked anew each time, so that a withdrawal holds at once."""

from dataclasses import dataclass
from typing import Any

from suppliers.enterprise.models import Enterprise
from suppliers.evidence.models import Evidence, EvidenceQuerySet
from suppliers.sharing.models import AnswerSet, Consent


@dataclass(frozen=True)
class Shared:
    """The answers, where they are open and confirmed, and the kinds of files that are open."""

    supplier: Enterprise
    open: bool
    answers: AnswerSet | None
    kinds: frozenset[str]
    named: bool

    @property
    def anything(self) -> bool:
        """Whether there is something to read."""
        return self.answers is not None or bool(self.kinds)

    def files(self) -> EvidenceQuerySet:
        """The files of the open kinds, neither replaced nor retracted."""
        found = Evidence.objects.current().filter(enterprise=self.supplier, kind__in=self.kinds)
        return found.order_by("kind", "-uploaded_at", "pk")


def shared_with(buyers: Any, supplier: Enterprise) -> Shared:
    """What ``supplier`` opens to ``buyers`` (keys), all consents together: two queries."""
    given = list(Consent.objects.reaching(buyers).filter(enterprise=supplier))
    opened = any(each.answers for each in given)
    rows = AnswerSet.objects.confirmed().filter(enterprise=supplier).order_by("-confirmed_at")
    return Shared(
        supplier=supplier,
        open=opened,
        answers=rows.first() if opened else None,
        kinds=frozenset(kind for each in given for kind in each.kinds),
        named=any(each.named for each in given),
    )
