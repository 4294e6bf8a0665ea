"""A grading as pages tell it: its bands with their places and ties, and why titles have no code."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from certification.designation.models import Designation
from certification.grading.actions import may_take_part
from certification.grading.catalogue import catalogue
from certification.grading.models import Entry, Grade, Grading
from certification.grading.ranking import last_places
from greenchain.languages import pick


@dataclass(frozen=True, slots=True)
class Share:
    """One code: its share of the ranks in per cent, its last place overall, and how many titles have it."""

    code: str
    share: int
    last: int
    count: int


@dataclass(frozen=True, slots=True)
class Border:
    """Where a band ends: the last rank in it, and how many share it; ``beyond`` are in it by the tie alone."""

    code: str
    rank: int
    tied: int
    beyond: int


def ranked_in(grading: Grading) -> int:
    """How many titles were ranked."""
    return sum(grading.outcome.get("codes", {}).values())


def shares_of(grading: Grading) -> list[Share]:
    """The codes, the best first."""
    counts: Mapping[str, int] = grading.outcome.get("codes", {})
    bands = grading.numbers["bands"]
    ends = dict(last_places(ranked_in(grading), bands))
    return [Share(code, share, ends[code], counts.get(code, 0)) for code, share in bands]


def borders_of(grading: Grading) -> list[Border]:
    """The overall ranks at which bands end; the last band ends with the field and has no border."""
    found = []
    for code, last in last_places(ranked_in(grading), grading.numbers["bands"])[:-1]:
        rows = Grade.objects.filter(entry__grading=grading, rank__lte=last)
        row = rows.values("rank").annotate(tied=Count("pk")).order_by("-rank").first()
        if row:
            beyond = max(row["rank"] + row["tied"] - 1 - last, 0)
            found.append(Border(code, row["rank"], row["tied"], beyond))
    return found


def refusals_of(grading: Grading) -> list[dict[str, Any]]:
    """Why titles have no code, in words that name nobody, with how many."""
    texts, counts = catalogue().refusals, grading.outcome.get("refused", {})
    blanks = {"what": "…", "missing": "…", "whole": "…", "newest": "…"}
    known = {"year": grading.year, "leap": grading.numbers["leap"], **blanks}
    return [
        {"key": key, "words": pick(texts[key]).format(**known), "count": count}
        for key, count in counts.items()
    ]


def shown_code(title: Designation) -> Entry | None:
    """The title's newest published code, if it holds and its holder lets it be shown."""
    if not may_take_part(title):
        return None
    newest = Grading.objects.published().order_by("-year").values("pk")[:1]
    rows = Entry.objects.shown().filter(title=title, grading=newest)
    return rows.select_related("grade", "grading").first()


def held_code(title: Designation) -> Entry | None:
    """What the newest published grading says of a title, for those who read it in full."""
    rows = Entry.objects.filter(title=title, grading__in=Grading.objects.published())
    return rows.select_related("grade", "grading").order_by("-grading__year").first()
