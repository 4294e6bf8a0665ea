"""CSV as it leaves the house: streamed, for spreadsheets in any language, and never run as a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.http import StreamingHttpResponse

from greenchain.sheets import FORMULA

STARTS = (*FORMULA, "\n", "＝", "＋", "－", "＠")  # a spreadsheet set to Chinese takes the wide ones too
BYTE_ORDER_MARK = "\ufeff"
"""Without it a spreadsheet takes UTF-8 for the machine's own encoding and breaks Chinese names."""


class Echo:
    """A file for ``csv.writer`` that hands each line on."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Rows as the attachment ``name``; the rows are read while they are sent."""
    return StreamingHttpResponse(
        _lines(head, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow([cell(value) for value in row])


def cell(value: object) -> object:
    """A text that a spreadsheet would run as a formula gets a quote before it; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(STARTS) else text
