"""Read a published list of titles into checked lines: who recommended whom, in which batch and year.

Columns: ``batch year seq region_as_published name_zh`` are needed; ``province_code reporting_unit
industry_label third_party_assessor`` may stand beside them. The ministry's lists name no credit codes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from greenchain.clock import today
from greenchain.sheets import Fault, FaultySheet, Row, formula_in, read
from suppliers.place.actions import CORPS
from suppliers.place.models import Authority, Level, Region

NEEDED = ("batch", "year", "seq", "region_as_published", "name_zh")
LENGTHS = {
    "name_zh": 200,
    "industry_label": 100,
    "third_party_assessor": 200,
    "region_as_published": 60,
    "batch": 20,
}
FIRST_YEAR = 2000
CORPS_WORD = "兵团"
"""The corps stands in the lists under three spellings; all of them hold this word."""
RECOMMENDING = (Authority.Kind.PROVINCE, Authority.Kind.PLANNED_CITY, Authority.Kind.CORPS)


@dataclass(frozen=True)
class Line:
    """One title of the list; ``name`` byte for byte as published."""

    row: int
    year: int
    batch: str
    seq: int
    name: str
    region_label: str
    recommending: Authority
    region: Region | None
    industry_label: str
    assessor: str

    @property
    def place(self) -> str:
        """Where in the lists the title stands: year, batch and number."""
        return f"{self.year}:{self.batch}:{self.seq}"


def lines_of(path: Path) -> list[Line]:
    """Every line of the list; FaultySheet with all faults where any row is wrong."""
    reader = _Reader()
    lines = [line for row in read(path, needed=NEEDED) if (line := reader.line(row)) is not None]
    if reader.faults:
        raise FaultySheet(reader.faults)
    return lines


class _Reader:
    """Knows the authorities, and gathers the faults."""

    def __init__(self) -> None:
        found = Authority.objects.filter(kind__in=RECOMMENDING, level=Level.PROVINCIAL)
        self.authorities = list(found.select_related("region__parent"))
        corps = Region.objects.filter(desk__code=CORPS).order_by("pk")
        self.corps_region = corps.select_related("parent").first()
        self.faults: list[Fault] = []
        self.places: dict[str, int] = {}

    def line(self, row: Row) -> Line | None:
        """The line that a row holds; None where it is faulty."""
        before = len(self.faults)
        self.faults += [Fault(row.number, column, message) for column, message in _texts(row)]
        year = self.whole(row, "year", FIRST_YEAR, today().year)
        seq = self.whole(row, "seq", 1, 99_999)
        recommending = self.authority(row)
        if len(self.faults) > before or recommending is None:
            return None
        line = Line(
            row=row.number,
            year=year,
            batch=row.text("batch"),
            seq=seq,
            name=row.cells["name_zh"],
            region_label=row.text("region_as_published"),
            recommending=recommending,
            region=self.region(recommending),
            industry_label=row.text("industry_label"),
            assessor=row.text("third_party_assessor"),
        )
        return self.once(line)

    def whole(self, row: Row, column: str, least: int, most: int) -> int:
        text = row.text(column)
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        message = _("must be a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
        self.faults.append(Fault(row.number, column, message))
        return least

    def authority(self, row: Row) -> Authority | None:
        """Who recommended: 31 provinces, five separately planned cities and the corps."""
        label = row.text("region_as_published")
        found = self.named(label)
        if found is None:
            message = _("“%(label)s” is no province, separately planned city or corps.") % {"label": label}
            self.faults.append(Fault(row.number, "region_as_published", message))
            return None
        province, unit = _codes(found, self.region(found))
        for column, code in (("province_code", province), ("reporting_unit", unit)):
            given = row.text(column)
            if column in row.cells and given not in {code, ""}:
                message = _("“%(given)s” does not fit “%(label)s”.") % {"given": given, "label": label}
                self.faults.append(Fault(row.number, column, message))
        return found

    def named(self, label: str) -> Authority | None:
        if not label:
            return None
        if CORPS_WORD in label:
            return next((each for each in self.authorities if each.code == CORPS), None)
        others = [each for each in self.authorities if each.code != CORPS]
        return next((each for each in others if each.name_zh.startswith(label)), None)

    def region(self, authority: Authority) -> Region | None:
        """Where a title recommended by this authority lies, as closely as the list tells."""
        if authority.code == CORPS:
            return self.corps_region.parent if self.corps_region else None
        return authority.region

    def once(self, line: Line) -> Line | None:
        earlier = self.places.setdefault(line.place, line.row)
        if earlier == line.row:
            return line
        message = _("repeats row %(row)d: same year, batch and number.") % {"row": earlier}
        self.faults.append(Fault(line.row, "seq", message))
        return None


def _codes(authority: Authority, region: Region | None) -> tuple[str, str]:
    """The province's code and the reporting unit's, as the lists give them."""
    if authority.kind == Authority.Kind.PROVINCE:
        return (region.pk if region else ""), ""
    if authority.kind == Authority.Kind.CORPS:
        return (region.pk if region else ""), CORPS
    return (region.parent_id or "" if region else ""), (region.pk if region else "")


def _texts(row: Row) -> Iterator[tuple[str, str]]:
    """What is wrong with the texts of a row: column and words."""
    for column, longest in LENGTHS.items():
        cell = row.cells.get(column, "")
        if column in NEEDED and not cell.strip():
            yield column, _("is needed.")
        elif fault := formula_in(cell):
            yield column, fault
        elif len(cell) > longest:
            yield column, _("is longer than %(max)d characters.") % {"max": longest}
        elif not cell.isprintable():
            yield column, _("holds signs that cannot be printed.")
