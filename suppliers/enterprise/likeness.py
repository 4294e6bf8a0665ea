"""Which enterprises a name may mean, how sure, and why: the one matcher of sheets of suppliers and published lists.

Many names are answered with a few queries: whole names by an index, similar ones among those enterprises only whose
names begin alike (``_beginnings``), so that the work grows with the names asked and not with the enterprises known.
What differs in its first characters is not found by likeness; it is found by a former name or by its identifier.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import islice
from operator import or_
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from suppliers.enterprise.identity import spelled
from suppliers.enterprise.models import Enterprise, FormerName
from suppliers.enterprise.naming import Name, Reader
from suppliers.place.models import Region

CHUNK = 500
"""Names in one query."""
ALIKE = 4_000
"""Enterprises that are compared with the names of one query at most."""
SHOWN = 3
LIKE_ENOUGH, CORE_ENOUGH = 82, 60
"""How like the whole names, and what is left of them without place and form, must be: 0 to 100."""


class How(models.TextChoices):
    """What speaks for an enterprise."""

    SAME = "same", _("bears this name")
    BORNE = "borne", _("bore this name before")
    PART = "part", _("the name is that of a part of it")
    TOLD = "told", _("the name in brackets, as former or later name, is its own")
    ALSO = "also", _("the other name in brackets is its own")
    PLACE_WORDS = "place_words", _("the same but for 省 or 市")
    FORM = "form", _("the same but for the legal form")
    PLACE = "place", _("the same but for a place in the name")
    LIKE = "like", _("a similar name")


WHOLE = frozenset({How.SAME, How.BORNE, How.PART, How.TOLD})
"""A whole name of the enterprise is in the name that was asked for: sure, where only one enterprise is meant."""
SCORES: Mapping[How, int] = {
    How.SAME: 100,
    How.BORNE: 98,
    How.PART: 97,
    How.TOLD: 96,
    How.ALSO: 90,
    How.PLACE_WORDS: 94,
    How.FORM: 92,
    How.PLACE: 85,
}
"""How much each says, 0 to 100 (ours); likeness counts 0.85 of its own figure."""
OF_LIKENESS = 0.85


@dataclass(frozen=True, slots=True)
class Match:
    """An enterprise that a name may mean. ``only``: no other enterprise is meant as wholly."""

    enterprise: Enterprise
    how: How
    score: int
    unit: str = ""
    """The sub-unit that the name says it is about."""
    only: bool = False

    @property
    def sure(self) -> bool:
        """Whether the name says it: a whole name, and of one enterprise only."""
        return self.only and self.how in WHOLE


class Likeness:
    """The matcher, over the enterprises ``among`` (all of them, unless a scope is given)."""

    def __init__(self, among: "models.QuerySet[Enterprise] | None" = None) -> None:
        self.among = Enterprise.objects.all() if among is None else among

    @cached_property
    def reader(self) -> Reader:
        """Places as the reference data know them."""
        counties: list[str] = []
        wide: list[str] = []
        for kind, name in Region.objects.values_list("kind", "name_zh"):
            (counties if kind == Region.Kind.COUNTY else wide).append(name)
        return Reader(wide, counties)

    def whole(self, texts: Iterable[str]) -> dict[str, list[Match]]:
        """By text: the enterprises whose whole name is in it, the likeliest first."""
        names = {text: self.reader.read(text) for text in texts}
        keys = {key for name in names.values() for key, _how, _unit in _wholes(name)}
        borne = bearing(keys, self.among)
        return {text: _settled(name, borne) for text, name in names.items()}

    def similar(self, texts: Iterable[str]) -> dict[str, list[Match]]:
        """By text: as ``whole``; where that is not sure, enterprises with a similar name too; at most ``SHOWN``."""
        found = self.whole(texts)
        unsure = [text for text, matches in found.items() if not any(match.sure for match in matches)]
        names = {text: self.reader.read(text) for text in unsure}
        alike = self._alike(names)
        for text in unsure:
            matches = found[text]
            there = {match.enterprise.pk for match in matches}
            more = sorted(
                (each for each in alike.get(text, {}).values() if each.enterprise.pk not in there),
                key=lambda match: (-match.score, match.enterprise.pk),
            )
            found[text] = [*matches, *more][:SHOWN]
        return found

    def _alike(self, names: Mapping[str, Name]) -> dict[str, dict[int, Match]]:
        """By text and enterprise: what is similar enough, each enterprise by its likest name."""
        asked: dict[str, list[str]] = defaultdict(list)
        for text, name in names.items():
            for start in _beginnings(name):
                asked[start].append(text)
        found: dict[str, dict[int, Match]] = defaultdict(dict)
        for enterprise, key in self._beginning(list(asked)):
            theirs = self.reader.read(key)
            for start in {key[:length] for length in range(2, 12)} & asked.keys():
                for text in asked[start]:
                    match = compared(names[text], theirs, enterprise)
                    if match and match.score > _score(found[text].get(enterprise.pk)):
                        found[text][enterprise.pk] = match
        return found

    def _beginning(self, starts: list[str]) -> Iterator[tuple[Enterprise, str]]:
        """Enterprises with a name, of now or before, that begins like this; with that name."""
        for part in chunks(sorted(starts)):
            begins = reduce(or_, (Q(name_key__startswith=start) for start in part))
            for enterprise in self.among.filter(begins)[:ALIKE]:
                yield enterprise, enterprise.name_key
            former = FormerName.objects.filter(begins, enterprise__in=self.among).select_related("enterprise")
            for row in former[:ALIKE]:
                yield row.enterprise, row.name_key


def bearing(
    keys: Iterable[str], among: "models.QuerySet[Enterprise]"
) -> dict[str, list[tuple[Enterprise, How]]]:
    """By name, as ``spelled``: who bears or bore it."""
    found: dict[str, list[tuple[Enterprise, How]]] = defaultdict(list)
    for part in chunks(sorted(set(keys) - {""})):
        for enterprise in among.filter(name_key__in=part):
            found[enterprise.name_key].append((enterprise, How.SAME))
        former = FormerName.objects.filter(name_key__in=part, enterprise__in=among)
        for row in former.select_related("enterprise").order_by("pk"):
            if row.enterprise not in [enterprise for enterprise, _how in found[row.name_key]]:
                found[row.name_key].append((row.enterprise, How.BORNE))
    return found


def _wholes(name: Name) -> Iterator[tuple[str, How | None, str]]:
    """The whole names in a name, what they say of who bears them (None: whatever their bearer says), and the part."""
    yield from ((key, How.PART if unit else None, unit) for key, unit in name.stages)
    yield from ((former, How.TOLD, name.unit) for former in name.former)
    yield from ((other, How.ALSO, name.unit) for other in name.also)


def _settled(name: Name, borne: Mapping[str, list[tuple[Enterprise, How]]]) -> list[Match]:
    """Who is meant. Where somebody bears the name with its part, the name without it names nobody else."""
    found: dict[int, Match] = {}
    parts = {key for key, _unit in name.stages}
    for key, says, unit in _wholes(name):
        if key in parts and found:
            continue
        for enterprise, how in borne.get(key, ()):
            means = says or how
            if enterprise.pk not in found:
                found[enterprise.pk] = Match(enterprise, means, SCORES[means], unit)
    meant = [match for match in found.values() if match.how in WHOLE]
    only = len(meant) == 1
    told = [
        Match(match.enterprise, match.how, match.score, match.unit, only and match is meant[0])
        for match in found.values()
    ]
    return sorted(told, key=lambda match: (-match.score, match.enterprise.pk))


def compared(name: Name, other: Name, enterprise: Enterprise) -> Match | None:
    """How like the two names are; None where they are not, or name different places."""
    if not name.core or not (name.places <= other.places or other.places <= name.places):
        return None
    if name.core == other.core:
        how = How.PLACE if name.places != other.places else _same_place(name, other)
        return Match(enterprise, how, SCORES[how], name.unit)
    return _like(name, other, enterprise)


def _same_place(name: Name, other: Name) -> How:
    return How.PLACE_WORDS if name.form == other.form else How.FORM


def _like(name: Name, other: Name, enterprise: Enterprise) -> Match | None:
    from rapidfuzz import fuzz  # noqa: PLC0415 - only needed where a name is wrong

    core = fuzz.ratio(name.core, other.core)
    if core < CORE_ENOUGH or fuzz.ratio(name.holder, other.holder) < LIKE_ENOUGH:
        return None
    return Match(enterprise, How.LIKE, round(core * OF_LIKENESS), name.unit)


def _beginnings(name: Name) -> set[str]:
    """With what the names of similar enterprises begin: with its places, without them, and with 省 or 市."""
    core = name.core[:2]
    found = {name.head, name.core[:3], f"{core}("}
    for place in name.places:
        found |= {f"{place}{core}", f"{place}省{core}", f"{place}市{core}"}
    return {spelled(start) for start in found if len(start) > 1}


def _score(match: Match | None) -> int:
    return match.score if match else 0


def chunks(items: list[Any]) -> Iterator[list[Any]]:
    """The items in lists that fit into one query."""
    rest = iter(items)
    while part := list(islice(rest, CHUNK)):
        yield part
