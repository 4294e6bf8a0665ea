"""The package as paper: the ranked table as XLSX, letter and table as DOCX and PDF, the opinions as DOCX.

The table has the columns that recommending authorities are asked for; which ones is from memory, not from a published
form, and the table says so.
"""

import io
from collections.abc import Callable
from typing import Any

import xlsxwriter
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification import letters
from certification.letters import Letter
from certification.recommendation.models import Recommendation, Recommended
from greenchain.exports import cell
from greenchain.languages import comma

XLSX = f"{letters.OFFICE}.spreadsheetml.sheet"


def heads() -> list[str]:
    """The columns of the summary table, in words."""
    return [
        _("Rank"),
        _("Unit"),
        _("Credit code"),
        _("Industry"),
        _("Place"),
        _("Contact"),
        _("Evaluated by"),
        _("Score"),
    ]


WIDTHS = [0.5, 2.0, 2.5, 1.5, 1.8, 1.7, 1.0, 1.0]
"""Parts of the page; a credit code of 18 signs and a score with four decimals stay on one line."""


def lines_of(package: Recommendation) -> list[Recommended]:
    """The cases, the best first."""
    return list(package.recommended.select_related("application").order_by("rank", "application__number"))


def _cells(line: Recommended) -> list[Any]:
    return [
        line.rank,
        line.name,
        line.identifier,
        line.industry,
        line.address,
        line.contact,
        line.evaluated_by,
        round(line.score, 4),
    ]


def table_xlsx(package: Recommendation) -> bytes:
    """The ranked summary table; a text that a spreadsheet would run as a formula stays text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("summary")
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_row(0, 0, [*heads(), _("Case"), _("Opinion")], bold)
        for number, line in enumerate(lines_of(package), 1):
            row = [*_cells(line), line.application.number, line.opinion]
            sheet.write_row(number, 0, [cell(value) for value in row], wrapped)
        for column, width in enumerate([*WIDTHS, 2.0, 4.0]):
            sheet.set_column(column, column, width * 12)
        sheet.freeze_panes(1, 2)
    return out.getvalue()


def letter_of(package: Recommendation) -> Letter:
    """The recommendation letter with the table."""
    lines, day = lines_of(package), localdate(package.at)
    count = ngettext(
        "We recommend the %(count)d unit of the table below, ranked by its confirmed score.",
        "We recommend the %(count)d units of the table below, ranked by their confirmed scores.",
        len(lines),
    )
    return Letter(
        title=_("Recommendation"),
        number=package.number,
        to=f"{package.to.name}:",
        words=[
            f"{package.round}{comma()}{package.get_level_display()}",
            *package.letter.splitlines(),
            count % {"count": len(lines)},
        ],
        sender=package.authority.name,
        date=[day.year, day.month, day.day],
        list_title=_("Summary table"),
        head=heads(),
        rows=[[str(value) for value in _cells(line)] for line in lines],
        widths=WIDTHS,
        closing=[
            _("The choice of columns is from memory: compare it with the form that the notice asks for.")
        ],
    )


def opinions_of(package: Recommendation) -> Letter:
    """The desk's opinion on each case."""
    base = letter_of(package)
    rows = [
        [str(line.rank), line.name, line.application.number, f"{line.score:.4f}", line.opinion]
        for line in lines_of(package)
    ]
    return Letter(
        title=_("Opinions on the cases recommended"),
        number=package.number,
        to=base.to,
        words=base.words[:1],
        sender=base.sender,
        date=base.date,
        list_title=_("Opinions"),
        head=[_("Rank"), _("Unit"), _("Case"), _("Score"), _("Opinion")],
        rows=rows,
        widths=[0.6, 2.0, 2.0, 0.8, 4.0],
    )


PAPERS: dict[str, tuple[Callable[[Recommendation], bytes], str]] = {
    "table.xlsx": (table_xlsx, XLSX),
    "letter.docx": (lambda package: letters.docx(letter_of(package)), letters.TYPES["docx"]),
    "letter.pdf": (lambda package: letters.pdf(letter_of(package)), letters.TYPES["pdf"]),
    "opinions.docx": (lambda package: letters.docx(opinions_of(package)), letters.TYPES["docx"]),
}
"""By the file's name: how it is made, and its media type."""
