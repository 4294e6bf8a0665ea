"""Filed annual forms as a spreadsheet, in the columns of the national form (policy 1.5, [S44])."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from certification.scheme.subject import owner_of
from certification.surveillance.annual import Filing
from certification.surveillance.catalogue import catalogue
from certification.surveillance.models import Obligation
from greenchain.exports import cell
from suppliers.reporting.units import unit_name


def head() -> list[str]:
    """The columns, in the reader's language."""
    return [
        _("Title number"),
        _("Name"),
        _("Credit code"),
        _("Region"),
        _("Level"),
        _("Year"),
        *(f"{figure} ({unit_name(figure.unit)})" for figure in catalogue().figures.values()),
        _("Explanation of large swings"),
        *(str(kind) for kind in catalogue().changes.values()),
        _("Due on"),
        _("Filed at"),
        _("Late"),
        _("Opinion"),
        _("Text of the opinion"),
        _("Digest"),
    ]


def lines(obligations: Iterable[Obligation]) -> Iterator[list[Any]]:
    """One line per form, those that are not filed with empty figures."""
    for row in obligations:
        filing: Filing | None = max(row.filings.all(), key=lambda one: one.number, default=None)
        yield _line(row, filing)


def _line(row: Obligation, filing: Filing | None) -> list[Any]:
    title, said = row.designation, filing.content if filing else {}
    figures, why = said.get("figures", {}), said.get("explanations", {})
    opinion = filing.opinion if filing else None
    words = catalogue().figures
    return [
        title.number,
        title.name,
        owner_of(title.subject).identifier if title.subject else "",
        title.region_id or "",
        title.get_level_display(),
        row.year,
        *(_number(figures.get(key)) for key in words),
        "; ".join(f"{words[key]}: {text}" for key, text in why.items() if key in words),
        *(said.get("changes", {}).get(key, "") for key in catalogue().changes),
        row.due_on.isoformat(),
        filing.at.date().isoformat() if filing else "",
        (_("yes") if filing.late else _("no")) if filing else "",
        opinion.get_outcome_display() if opinion else "",
        opinion.text if opinion else "",
        filing.digest if filing else "",
    ]


def workbook(obligations: Iterable[Obligation]) -> bytes:
    """The forms as XLSX; no text is ever run as a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("annual forms")
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        sheet.freeze_panes(1, 2)
        for place, words in enumerate(head()):
            sheet.write_string(0, place, words, bold)
            sheet.set_column(place, place, 22)
        for count, line in enumerate(lines(obligations), start=1):
            for place, value in enumerate(line):
                if isinstance(value, int | float):
                    sheet.write_number(count, place, value)
                else:
                    sheet.write_string(count, place, str(cell(value)))
    return out.getvalue()


def _number(text: str | None) -> float | str:
    return "" if text is None else float(text)
