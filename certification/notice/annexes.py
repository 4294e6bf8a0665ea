"""An announcement's annexes in the columns of the ministry's lists: for the page and as CSV, XLSX and DOCX."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certification.notice.models import Annex, Announcement, AnnouncementEntry
from greenchain.exports import cell
from greenchain.languages import pick

SHEET_NAME = 31
"""Signs that a spreadsheet takes for the name of a sheet."""


@dataclass(slots=True)
class Row:
    """One line of an annex, in the reader's language."""

    place: int
    region: str
    unit: str
    name: str
    scheme: str
    industry: str
    assessor: str
    note: str
    entry: AnnouncementEntry
    corrections: list[AnnouncementEntry] = field(default_factory=list)

    def cells(self) -> list[Any]:
        """As the lists have them."""
        told = [self.place, self.region, self.unit, self.name, self.scheme, self.industry, self.assessor]
        return [*told, self.note]


@dataclass(slots=True)
class Part:
    """One annex."""

    number: int
    key: str
    name: str
    note: str
    rows: list[Row]


def head(part: Part | None = None) -> list[str]:
    """The columns' names; the last one is the annex's own."""
    return [
        _("No."),
        _("Region"),
        _("Reporting unit"),
        _("Name"),
        _("Title"),
        _("Industry"),
        _("Third-party body"),
        part.note if part else _("Note"),
    ]


def parts_of(announcement: Announcement) -> list[Part]:
    """The annexes that have entries, numbered in their order."""
    related = ("designation", "corrects__announcement")
    entries = announcement.entries.select_related(*related).prefetch_related("corrections__announcement")
    rows: dict[str, list[Row]] = {}
    for entry in entries.order_by("place", "pk"):
        rows.setdefault(entry.annex, []).append(_row(entry))
    notes = {
        Annex.REMOVED: _("Cause"),
        Annex.RENAMED: _("Former name"),
        Annex.CORRECTED: _("What is corrected"),
    }
    filled = [annex for annex in Annex if annex in rows]
    return [
        Part(number, annex.value, str(annex.label), notes.get(annex, ""), rows[annex])
        for number, annex in enumerate(filled, start=1)
    ]


def _row(entry: AnnouncementEntry) -> Row:
    told = entry.columns
    industry = told.get("industry") or {}
    label = " ".join(filter(None, [industry.get("code", ""), pick(industry)])) if industry else ""
    return Row(
        place=entry.place,
        region=pick(told.get("region")),
        unit=pick(told.get("unit")),
        name=entry.name,
        scheme=f"{pick(told.get('scheme'))} {told.get('number', entry.designation.number)}".strip(),
        industry=label or told.get("industry_label", ""),
        assessor=told.get("assessor", ""),
        note=_note(entry),
        entry=entry,
        corrections=list(entry.corrections.all()),
    )


def _note(entry: AnnouncementEntry) -> str:
    if entry.annex == Annex.REMOVED:
        return str(cause_words().get(entry.detail, entry.detail))
    if entry.annex == Annex.CORRECTED and entry.corrects is not None:
        was = entry.corrects
        told = {"number": was.announcement.number, "annex": was.get_annex_display(), "name": was.name}
        return f"{_('%(number)s, %(annex)s: %(name)s') % told}. {_(entry.detail)}"
    return entry.detail


def cause_words() -> dict[str, str]:
    """Why a title is no longer there."""
    return {
        "fault": _("fault"),
        "closed": _("closed"),
        "relocated": _("relocated"),
        "merged": _("merged"),
        "surrender": _("given back by the holder"),
    }


def title_of(part: Part) -> str:
    """``Annex 1: new``."""
    return _("Annex %(number)d: %(name)s") % {"number": part.number, "name": part.name}


def lines(announcement: Announcement) -> Iterator[list[Any]]:
    """All annexes as lines, the annex first."""
    for part in parts_of(announcement):
        for row in part.rows:
            yield [part.key, *row.cells()]


def workbook(announcement: Announcement) -> bytes:
    """One sheet per annex."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        for part in parts_of(announcement):
            sheet = book.add_worksheet(title_of(part).replace(":", "")[:SHEET_NAME])
            sheet.write_row(0, 0, head(part), bold)
            for number, row in enumerate(part.rows, start=1):
                sheet.write_row(number, 0, [cell(value) for value in row.cells()])
            sheet.set_column(0, 0, 6)
            sheet.set_column(1, 7, 24)
            sheet.freeze_panes(1, 0)
    return out.getvalue()


def document(announcement: Announcement) -> bytes:
    """As a text document, for the letterhead and the seal that are still put on paper."""
    from docx import Document  # noqa: PLC0415 - only where one is made
    from docx.enum.section import WD_ORIENT  # noqa: PLC0415 - as above
    from docx.oxml.ns import qn  # noqa: PLC0415 - as above

    paper = Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    paper.core_properties.title, paper.core_properties.author = (
        announcement.titled(),
        announcement.authority.name,
    )
    paper.add_heading(announcement.titled(), 0)
    day = date_format(announcement.announced_on, "DATE_FORMAT")
    paper.add_paragraph(f"{announcement.number} · {day}")
    for part in parts_of(announcement):
        paper.add_heading(title_of(part), 1)
        table = paper.add_table(rows=0, cols=len(head()), style="Table Grid")
        for number, line in enumerate([head(part), *(row.cells() for row in part.rows)]):
            for place, value in zip(table.add_row().cells, line, strict=True):
                run = place.paragraphs[0].add_run(_plain(str(value)))
                run.bold = number == 0
    for name in ("Normal", "Title", "Heading 1"):
        fonts = paper.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), "SimSun")
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _plain(text: str) -> str:
    """Without the signs that no text document may hold."""
    return "".join(sign for sign in text if sign in "\n\t" or sign.isprintable())
