"""Take the name of an enterprise apart as lists and sheets write it: whom it means, which part, where, in which form.

Pure: what a place is called is given (``Reader``). Lists name sub-units ("…公司二车间", "…公司(春晓工厂)"), former
names ("(原…)"), other names in brackets, and places with or without 省 and 市; brackets are of either width.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from suppliers.enterprise.identity import spelled

FORMS = ("股份有限公司", "有限责任公司", "有限公司", "集团公司", "总公司", "公司")
"""Legal forms at the end of a name, the longest first."""
SUFFIX = re.compile("(?:维吾尔|壮族|回族)?自治区|自治州|地区|[省盟]|市(?![政场])")
"""What may stand behind a place's short name; 市 is no suffix in 市政 and 市场."""
PEOPLES = re.compile(
    "(?:(?:朝鲜|土家|苗|藏|羌|彝|布依|侗|哈尼|壮|傣|白|景颇|傈僳|回|蒙古)族|蒙古|柯尔克孜|哈萨克)+(?=自治州$)"
)
FORMERLY = re.compile("^(?:原名?|曾用名|现?更名为|现名?)[:：为]?")
TRAILING = re.compile(r"^(?P<before>.+?)\((?P<inside>(?:[^()]|\([^()]*\))*)\)$")
PARTS = (
    re.compile(r"^(?P<holder>.*?有限(?:责任)?公司)(?P<unit>[^()].*)$"),
    re.compile(r"^(?P<holder>.*?公司)(?P<unit>[^()].*)$"),
)
"""A sub-unit behind a legal form, the clearer one first."""
BRACKETED = re.compile(r"\(([^()]*)\)")
COUNTRY = "中国"
SHORTEST = 2
"""Characters of a place's short name at least."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name, taken apart. Everything is compared as ``spelled`` does: brackets half-width, no blanks."""

    key: str
    """The whole."""
    holder: str
    """The legal person in it: without sub-unit, former and other names."""
    unit: str
    """The sub-unit that it names, e.g. 春晓工厂; empty where it names none."""
    stages: tuple[tuple[str, str], ...]
    """From the whole down to ``holder``: what may be a legal person of its own, and the sub-unit left over."""
    former: tuple[str, ...]
    """Names that it says the legal person bore, or bears by now."""
    also: tuple[str, ...]
    """Other legal persons in brackets."""
    places: frozenset[str]
    """The short names of the places in ``holder``."""
    form: str
    """Its legal form."""
    core: str
    """What is left of ``holder`` without places, legal form, brackets and 集团; half-width and in small letters."""
    head: str
    """The beginning of ``holder`` up to the second character behind the places that it begins with."""


class Reader:
    """Knows what places are called: ``wide`` ones by their short names, ``narrow`` ones (counties) in full only.

    Too many brands bear the short name of a county: 吉利, 东风, 光明.
    """

    def __init__(self, wide: Iterable[str], narrow: Iterable[str] = ()) -> None:
        self.places = {COUNTRY, *map(shortened, wide), *narrow}
        self.longest = max(map(len, self.places))

    def read(self, text: str) -> Name:
        """The name taken apart."""
        key = holder = spelled(text)
        unit, former, also = "", [], []
        stages = [(key, "")]
        while match := TRAILING.match(holder):
            inside = match["inside"]
            told = FORMERLY.sub("", inside)
            if told != inside:
                former.append(told)
            elif inside.endswith("公司"):
                also.append(inside)
            elif inside and match["before"].endswith(FORMS):
                unit = inside
            else:
                break
            holder = match["before"]
            stages.append((holder, unit))
        if part := next(filter(None, (each.match(holder) for each in PARTS)), None):
            holder, unit = part["holder"], part["unit"] + unit
            stages.append((holder, unit))
        return self._name(stages, tuple(former), tuple(also))

    def _name(self, stages: list[tuple[str, str]], former: tuple[str, ...], also: tuple[str, ...]) -> Name:
        (key, _none), (holder, unit) = stages[0], stages[-1]
        rest, places = self._without_places(holder)
        head = holder[: len(holder) - len(rest) + SHORTEST]
        form = next((form for form in FORMS if rest.endswith(form)), "")
        rest = rest.removesuffix(form)
        for inside in BRACKETED.findall(rest):
            left, found = self._without_places(inside)
            if not left:
                rest = rest.replace(f"({inside})", "")
                places |= found
        core = unicodedata.normalize("NFKC", rest).casefold()
        core = re.sub("[()·—–-]|集团", "", core) or core
        return Name(key, holder, unit, tuple(stages), former, also, frozenset(places), form, core, head)

    def _without_places(self, text: str) -> tuple[str, set[str]]:
        """The text behind the places that it begins with, and these."""
        found: set[str] = set()
        while word := self._place_at_start(text):
            found.add(word)
            suffix = SUFFIX.match(text, len(word))
            text = text[suffix.end() if suffix else len(word) :]
        return text, found

    def _place_at_start(self, text: str) -> str:
        lengths = range(min(self.longest, len(text)), SHORTEST - 1, -1)
        return next((text[:length] for length in lengths if text[:length] in self.places), "")


def shortened(place: str) -> str:
    """A place's name without what kind of place it is: 浙江, 延边, 大兴安岭."""
    short = PEOPLES.sub("", place)
    ending = SUFFIX.search(short, SHORTEST)
    return short[: ending.start()] if ending else short
