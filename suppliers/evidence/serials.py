"""Certificate numbers as they are typed, as ranges that can be compared: "GEC2025000001~000500；GEC2025000700"."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

DIGITS = 15
"""So many of a number's last digits count; what stands before them is its stem."""
SHORTEST = 5
"""What is shorter, or has no digit ("none", "N/A"), names nothing."""
LONGEST = 90
MOST = 200
"""So many ranges are read from one field at most."""

APART = re.compile(r"[,;，；、\n]+")
UNTIL = re.compile(r"\s*(?:~|～|〜|–|—|\.\.+|…|至|到|\bto\b|\bs/d\b)\s*", re.IGNORECASE)
NOISE = re.compile(r"[\s\-_/‐‑.:：()（）【】\[\]]+")
ENDS_IN_DIGITS = re.compile(rf"^(.*?)(\d{{1,{DIGITS}}})$")


class Serials(NamedTuple):
    """The numbers from ``first`` to ``last`` on one stem; a number without digits is its stem and 0."""

    stem: str
    first: int
    last: int

    def meets(self, other: "Serials") -> bool:
        """Whether a number stands in both."""
        return self.stem == other.stem and self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        before, _mark, length = self.stem.rstrip(":").partition("#")
        if not length:
            return before
        first, last = (f"{before}{number:0{length}}" for number in (self.first, self.last))
        return first if first == last else f"{first}–{last}"


def read(typed: str) -> tuple[Serials, ...]:
    """The numbers in a field; what separates their parts (spaces, hyphens, case, width) does not tell them apart."""
    found = dict.fromkeys(_read(unicodedata.normalize("NFKC", typed).upper()))
    return tuple(found)[:MOST]


def _read(typed: str) -> Iterator[Serials]:
    for part in APART.split(typed):
        ends = [NOISE.sub("", end) for end in UNTIL.split(part, maxsplit=1)]
        if len(ends[0]) < SHORTEST or not any(map(str.isdigit, ends[0])):
            continue
        first = _one(ends[0])
        yield (_range(first, ends[0], ends[1]) if len(ends) > 1 and ends[1] else first)


def _one(number: str) -> Serials:
    found = ENDS_IN_DIGITS.match(number)
    if found is None:
        return Serials(number[:LONGEST], 0, 0)
    # How long the digits are tells numbers apart: 007 is not 7.
    return Serials(f"{found[1][:LONGEST]}#{len(found[2])}:", int(found[2]), int(found[2]))


def _range(first: Serials, begin: str, end: str) -> Serials:
    """``end`` may be written short: only the digits that differ."""
    whole = end if len(end) >= len(begin) else begin[: len(begin) - len(end)] + end
    last = _one(whole)
    return Serials(first.stem, first.first, last.last) if last.stem == first.stem and last > first else first
