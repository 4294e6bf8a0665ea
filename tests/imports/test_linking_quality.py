"""How well titles find their enterprises, on the ministry's names.

What is measured: the names of the ministry's lists of factories stand as registered names of enterprises with one
site each; four in five of them are known to the platform. Titles are made from all of them by changes that we chose
(``CHANGES``), so that whom each means is known. This is no sample of mistakes that people made: it says what the
matcher does with these changes among names as like each other as real ones are, and not how often lists have them.
"""

import csv
import random
from collections import Counter
from collections.abc import Callable

import pytest

from certification.designation.suggesting import Suggestion, suggest
from certification.models import Designation, Scheme
from greenchain.accounts.models import Role
from suppliers.enterprise.models import FormerName
from suppliers.models import Authority, Enterprise, Level, Region, Site
from suppliers.place.actions import load_industries, load_places
from tests.factories_suppliers import UserFactory
from tests.imports.lists import published
from tests.uscc import uscc

pytestmark = [pytest.mark.django_db, pytest.mark.single]
FACTORIES = "miit_green_factories_2017_2021.csv"
Changed = Callable[[str, random.Random], str]


def _typo(name: str, luck: random.Random) -> str:
    place = luck.randrange(4, max(len(name) - 4, 5))
    return f"{name[:place]}示{name[place + 1 :]}"


def _form(name: str, _luck: random.Random) -> str:
    if name.endswith("股份有限公司"):
        return name.removesuffix("股份有限公司") + "有限公司"
    return name.removesuffix("有限公司") + "股份有限公司"


def _blank(name: str, luck: random.Random) -> str:
    place = luck.randrange(2, len(name) - 2)
    return f"{name[:place]} {name[place:]}"


CHANGES: dict[str, Changed] = {
    "as registered": lambda name, _luck: name,
    "brackets": lambda name, _luck: name.translate(str.maketrans("（）()", "()（）")),
    "a blank": _blank,
    "a part": lambda name, _luck: f"{name}（二车间）",
    "former in brackets": lambda name, _luck: f"新{name[2:]}（原{name}）",
    "a former name": lambda name, _luck: f"旧{name[1:]}",
    "legal form": _form,
    "市 left out": lambda name, _luck: name.replace("市", "", 1),
    "a typing mistake": _typo,
}
WHOLE = {"as registered", "brackets", "a blank", "a part", "former in brackets", "a former name"}
"""Changes after which the name is still wholly there: these should be sure."""


def _names() -> list[tuple[str, str]]:
    """Name and province of each enterprise of the lists, once."""
    with published(FACTORIES).open(encoding="utf-8") as file:
        rows = {row["name_zh"]: row["province_code"] for row in csv.DictReader(file)}
    return [(name, code) for name, code in rows.items() if name.endswith("公司") and len(name) > 8]


def _register(known: list[tuple[str, str]]) -> None:
    """Each known enterprise with one site that bears the name of its second workshop, and a former name."""
    firms = Enterprise.objects.bulk_create(
        Enterprise(name=name, identifier=uscc(number, "330602"), region_id=code)
        for number, (name, code) in enumerate(known)
    )
    Site.objects.bulk_create(
        Site(enterprise=firm, name="二车间", region=firm.region, address="x", industry_id="1751")
        for firm in firms
    )
    FormerName.objects.bulk_create(FormerName(enterprise=firm, name=f"旧{firm.name[1:]}") for firm in firms)


def test_what_is_sure_is_right_and_what_is_whole_is_sure(record_property):
    luck = random.Random(20211231)  # noqa: S311 - the same sample each time
    load_places()
    load_industries()
    names = _names()
    known = {name for name, _code in names if luck.random() < 0.8}
    _register([(name, code) for name, code in names if name in known])
    scheme = Scheme.objects.create(key="green_factory", subject="site", prefix="GF", names={"en": "x"})
    top = Authority.objects.get(code="CN")
    official = UserFactory.create(role=Role.AUDITOR, authority=top, is_staff=True)
    regions = Region.objects.in_bulk()
    seen: dict[str, Counter[str]] = {}
    for kind, change in CHANGES.items():
        fitting = [each for each in names if kind == "as registered" or change(each[0], luck) != each[0]]
        tried = luck.sample(fitting, min(600, len(fitting)))
        titles = [
            Designation(
                name=change(name, luck), scheme=scheme, level=Level.NATIONAL, region=regions[code], home=top
            )
            for name, code in tried
        ]
        seen[kind] = Counter()
        for (name, _code), found in zip(tried, suggest(titles, official), strict=True):
            seen[kind].update(_judged(name, name in known, found))
    record_property("counted", {kind: dict(counted) for kind, counted in seen.items()})
    total = sum(seen.values(), Counter())
    assert total["sure and right"] / (total["sure and right"] + total["sure and wrong"]) >= 0.995
    for kind in WHOLE:
        assert seen[kind]["sure and right"] / seen[kind]["known"] >= 0.97, kind
    for kind in CHANGES.keys() - WHOLE:
        assert seen[kind]["among three"] / seen[kind]["known"] >= 0.85, kind


def _judged(name: str, known: bool, found: Suggestion) -> list[str]:  # noqa: FBT001 - a fact about the name
    told = ["known"] if known else ["unknown"]
    names = [one.enterprise.name for one in found.candidates]
    if known and name in names[:3]:
        told.append("among three")
    if found.sure is not None:
        told.append("sure and right" if found.sure.enterprise.name == name else "sure and wrong")
    return told
