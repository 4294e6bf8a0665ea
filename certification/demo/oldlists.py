"""An older list of the nation comes in: its titles name firms as lists do, and officials link them."""

import csv
import tempfile
from collections.abc import Iterator
from pathlib import Path

from certification.demo.firms import Firm
from certification.demo.walks import World
from certification.designation.importing import import_list
from certification.designation.linking import link
from certification.designation.models import Designation
from certification.designation.suggesting import suggest
from suppliers.enterprise.models import FormerName
from suppliers.place.models import Level

FILE = "green_factories_demo_list.csv"
HEADER = ("batch", "year", "seq", "region_as_published", "name_zh", "third_party_assessor")
WRITTEN = (
    "{name}",
    "{name}二车间",
    "{name}（原{former}）",
    "{former}",
    "{shorter}",
    "演示无名{name}",
)
"""As lists write names: whole, with a part, with a former name, by it alone, without 市; and one nobody bears."""
YEARS_AGO = 5
PROVINCE, PLANNED, ALONE = "33", "3302", ("city-", "plain-")


def import_old_list(world: World) -> None:
    """Six titles; the first is linked with the only site of the firm that bears its name."""
    firms = sorted(_alone(world), key=lambda firm: firm.plan.is_national)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *_rows(firms, world.today.year - YEARS_AGO)])
        import_list(path, scheme="green_factory", by=world.people["administrator"])
    official = world.people["auditor-zhejiang"]
    titles = (
        Designation.objects.to_link_by(official).select_related("scheme", "home", "region").order_by("pk")
    )
    first, *_others = suggest(list(titles), official)
    if first.sure is not None:
        link(first.title, by=official, subject=first.sure.subject, how=first.sure.how)


def _alone(world: World) -> Iterator[Firm]:
    """Firms of the province without a case; some hold a title of the nation already."""
    for key, firm in sorted(world.firms.items()):
        here = firm.plan.region.startswith(PROVINCE) and not firm.plan.region.startswith(PLANNED)
        if here and key.startswith(ALONE):
            yield firm


def _rows(firms: list[Firm], year: int) -> Iterator[tuple[object, ...]]:
    for seq, (words, firm) in enumerate(zip(WRITTEN, firms, strict=False), start=1):
        name = firm.enterprise.name
        former = f"{name.removesuffix('有限公司')}厂"
        if "former" in words and "原" not in words:
            FormerName.objects.create(enterprise=firm.enterprise, name=former)
        told = words.format(name=name, former=former, shorter=name.replace("市", "", 1))
        home = firm.site.desk.desk_for(Level.PROVINCIAL).name_zh
        yield "1", year, seq, home, told, "演示评价机构"
