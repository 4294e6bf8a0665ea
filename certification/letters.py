"""Official letters as PDF and as text documents from the same content: words, a list, a place for a seal."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certification.designation.certificate import compiler
from greenchain.clock import today

TEMPLATE = Path(__file__).with_suffix(".typ")
OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {"pdf": "application/pdf", "docx": f"{OFFICE}.wordprocessingml.document"}
"""The forms of a letter and their media types."""


@dataclass(frozen=True)
class Letter:
    """What stands in a letter; ``widths`` are the columns' shares of the page, ``date`` is year, month and day."""

    title: str
    number: str
    to: str
    words: list[str]
    sender: str
    date: list[int]
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    list_title: str = ""
    closing: list[str] = field(default_factory=list)

    @property
    def day(self) -> str:
        """The day in words."""
        return date_format(today().replace(*self.date), "DATE_FORMAT")


def language() -> str:
    """The active language as typesetting calls it."""
    active = get_language() or "en"
    return "zh" if active.startswith("zh") else active


def pdf(letter: Letter) -> bytes:
    """The letter as PDF; the same letter gives the same bytes."""
    told = plain({**asdict(letter), "day": letter.day, "seal": _("(seal)"), "language": language()})
    inputs = {"told": json.dumps(told, ensure_ascii=False)}
    made = compiler(TEMPLATE.parent).compile(input=str(TEMPLATE), format="pdf", sys_inputs=inputs)
    return bytes(made)


def docx(letter: Letter) -> bytes:
    """The letter as a text document, to be changed, printed and sealed."""
    from docx import Document  # noqa: PLC0415 - only where a letter is made
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - as above

    paper = Document()
    paper.core_properties.title, paper.core_properties.author = letter.title, ""
    paper.add_heading(plain(letter.title), 0)
    paper.add_paragraph(plain(letter.number))
    paper.add_paragraph(plain(letter.to))
    for words in letter.words:
        paper.add_paragraph(plain(words))
    for words in (letter.sender, _("(seal)"), letter.day):
        paper.add_paragraph(plain(words)).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if letter.rows:
        paper.add_heading(plain(letter.list_title), 1)
        grid(paper, letter.head, letter.rows)
    for words in letter.closing:
        paper.add_paragraph(plain(words))
    speak_chinese(paper)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


MAKERS = {"pdf": pdf, "docx": docx}


def grid(paper: Any, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table in a text document; its head, if it has one, is repeated on each page."""
    wide = len(head or rows[0])
    table = paper.add_table(rows=0, cols=wide, style="Table Grid")
    for number, row in enumerate([head, *rows] if head else rows):
        made = table.add_row()
        for cell, text in zip(made.cells, row, strict=True):
            run = cell.paragraphs[0].add_run(plain(text))
            run.bold = bool(head) and number == 0
        if head and number == 0:
            _repeat(made)
    paper.add_paragraph()


def _repeat(row: Any) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - only where a letter is made

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - the library has no other door


def plain(value: Any) -> Any:
    """The same, without the signs that no document may hold."""
    match value:
        case str():
            return "".join(sign for sign in value if sign in "\n\t" or sign.isprintable())
        case list() | tuple():
            return [plain(each) for each in value]
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case _:
            return value


def speak_chinese(paper: Any) -> None:
    """Chinese signs get a Chinese face wherever the document is opened."""
    from docx.oxml.ns import qn  # noqa: PLC0415 - only where a letter is made

    for name in ("Normal", "Title", "Heading 1"):
        fonts = paper.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(qn("w:eastAsia"), "SimSun")
