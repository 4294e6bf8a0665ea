"""The ranking as a workbook, for the meeting that decides."""

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from certification.notice.ranking import Ranked, Ranking

WIDTHS = (8, 22, 40, 40, 14, 14, 12, 22)


def sheet_of(ranking: Ranking) -> bytes:
    """XLSX: one row per case, best first; numbers stay numbers, and no text is a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page, bold = book.add_worksheet(_("Ranking")[:31]), book.add_format({"bold": True})
        page.freeze_panes(1, 0)
        for column, (name, width) in enumerate(zip(_head(), WIDTHS, strict=True)):
            page.write_string(0, column, name, bold)
            page.set_column(column, column, width)
        for place, row in enumerate(ranking.rows, start=1):
            for column, value in enumerate(_row(row)):
                if value is not None:
                    write = page.write_string if isinstance(value, str) else page.write_number
                    write(place, column, value)
    return out.getvalue()


def _head() -> list[str]:
    return [
        _("Rank"),
        _("Number"),
        _("Subject"),
        _("Applicant"),
        _("Confirmed score"),
        _("Panel score"),
        _("Tied"),
        _("Status"),
    ]


def _row(row: Ranked) -> list[Any]:
    return [
        row.rank,
        row.case.number,
        str(getattr(row.case.subject, "name", "")),
        row.case.applicant.name,
        float(row.score),
        None if row.panel is None else float(row.panel),
        _("yes") if row.tied else "",
        str(row.case.get_status_display()),
    ]
