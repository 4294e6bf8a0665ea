"""The annexes of a package: each cited file once, by its number, and the page on which it begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from django.utils.translation import gettext as _

from suppliers.evidence.kinds import KINDS


@dataclass(frozen=True)
class Annex:
    """One cited file, by its number in the list; without pages it goes along as a file."""

    number: int
    key: int
    title: str
    about: str
    filename: str
    sha256: str
    pages: int = 0

    def __str__(self) -> str:
        return f"{_('Annex')} {self.number} {self.title}"

    def with_pages(self, pages: int) -> "Annex":
        """The same, once it is known how many pages it has."""
        return replace(self, pages=pages)


@dataclass(frozen=True)
class Starts:
    """On which page each annex begins, by its number, and how many pages there are."""

    pages: Mapping[int, int]
    total: int


def numbered(content: Mapping[str, Any]) -> list[Annex]:
    """Each cited file once, in the order in which the dossier names it."""
    found: dict[int, Annex] = {}
    for row in content["citations"]:
        period = " – ".join(filter(None, (row.get("period_from"), row.get("period_to"))))
        about = " · ".join(
            filter(None, (str(KINDS.get(row["kind"], row["kind"])), row.get("issuer"), period))
        )
        key = row["evidence"]
        if key not in found:
            found[key] = Annex(len(found) + 1, key, row["title"], about, row["filename"], row["sha256"])
    return list(found.values())


def starts_after(front: int, annexes: Sequence[Annex]) -> Starts:
    """The first page of each annex, behind so many pages of the front."""
    printed = [annex for annex in annexes if annex.pages]
    ends = list(accumulate((annex.pages for annex in printed), initial=front))
    return Starts({annex.number: end + 1 for annex, end in zip(printed, ends, strict=False)}, ends[-1])


def places(annexes: Sequence[Annex], starts: Starts) -> dict[str, Any]:
    """What the contents say of the annexes."""
    rows = [[str(annex), starts.pages[annex.number]] for annex in annexes if annex.pages]
    return {"annexes": rows, "total": starts.total}
