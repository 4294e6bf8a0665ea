"""Files of the vault as pages of one PDF: only drawn, never run; each page in its frame, with its number."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    StreamObject,
)

from suppliers.evidence.paper import TYPES

WIDTH, HEIGHT = 595.276, 841.89
FRAME = (42.5, 48.0, WIDTH - 42.5, HEIGHT - 62.0)
"""Where a page of evidence is drawn: left, bottom, right, top, in points of an A4 page."""
MOST_OF_A_FILE = 200
MOST_PIXELS = 2400
UNSEEN = 0b100010
"""Flags of an annotation that is hidden or not to be viewed."""
MIXED = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, RecursionError)
"""What a file that is not sound makes its reader raise."""

Matrix = tuple[float, float, float, float, float, float]


class NotPagesError(Exception):
    """The file cannot be printed as pages: it goes along as a file."""


@dataclass
class Pages:
    """A file as pages; ``count`` of them."""

    content: bytes = field(repr=False)
    count: int


def pages_of(content: bytes, media_type: str) -> Pages:
    """A PDF or picture as pages; NotPagesError where it has none, too many, or cannot be read."""
    try:
        if media_type in {TYPES["png"], TYPES["jpg"]}:
            content = _picture(content)
        elif media_type != TYPES["pdf"]:
            raise NotPagesError
        reader = PdfReader(io.BytesIO(content))
        count = 0 if reader.is_encrypted else len(reader.pages)
    except (*MIXED, UnidentifiedImageError) as fault:
        raise NotPagesError from fault
    if not 0 < count <= MOST_OF_A_FILE:
        raise NotPagesError
    return Pages(content, count)


def _picture(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as found:
        upright = ImageOps.exif_transpose(found)
        upright.thumbnail((MOST_PIXELS, MOST_PIXELS))
        page, out = upright.convert("RGB"), io.BytesIO()
        page.save(out, "PDF", resolution=200, title="", producer="", creationDate=None, modDate=None)
        return out.getvalue()


def joined(front: bytes, frames: bytes, annexes: list[tuple[str, Pages]]) -> bytes:
    """The front matter, then each annex's pages drawn into the frames, with bookmarks."""
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(front)))
    framed = iter(PdfReader(io.BytesIO(frames)).pages) if annexes else iter(())
    for name, pages in annexes:
        reader = PdfReader(io.BytesIO(pages.content))
        for place, source in enumerate(reader.pages):
            page = writer.add_page(next(framed))
            if place == 0:
                writer.add_outline_item(title=name, page_number=len(writer.pages) - 1)
            _draw(writer, page, source)
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def page_count(content: bytes) -> int:
    """How many pages a PDF of our own has."""
    return len(PdfReader(io.BytesIO(content)).pages)


def _draw(writer: PdfWriter, page: PageObject, source: PageObject) -> None:
    """``source`` within the frame of ``page``, no larger than it is. What cannot be drawn leaves an empty frame."""
    try:
        parts = list(_parts(writer, source))
        turned, wide, high = _upright(source)
    except MIXED:
        return
    left, bottom, right, top = FRAME
    scale = min((right - left) / wide, (top - bottom) / high, 1.0)
    across, up = (left + right - wide * scale) / 2, (bottom + top - high * scale) / 2
    drawn = [f"q {_written((scale, 0, 0, scale, across, up))} cm {_written(turned)} cm"]
    stamp = page.setdefault(NameObject("/Resources"), DictionaryObject()).get_object()
    known = stamp.setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
    for number, (form, matrix) in enumerate(parts):
        name = f"/E{len(writer.pages)}x{number}"
        known[NameObject(name)] = form
        drawn.append(f"q {_written(matrix)} cm {name} Do Q")
    stream = DecodedStreamObject()
    stream.set_data("\n".join([*drawn, "Q"]).encode("ascii"))
    old = page.get("/Contents")
    one = [] if old is None else [page.raw_get("/Contents")]
    before = list(old) if isinstance(old, ArrayObject) else one
    page[NameObject("/Contents")] = ArrayObject([writer._add_object(stream), *before])  # noqa: SLF001 - no other door


def _parts(writer: PdfWriter, source: PageObject) -> Iterator[tuple[Any, Matrix]]:
    """The page itself, then what stands on it as annotations, such as seals: their looks, never their actions."""
    content = source.get_contents()
    page = DecodedStreamObject()
    page.set_data(content.get_data() if content is not None else b"")
    page[NameObject("/Type")], page[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    page[NameObject("/BBox")] = ArrayObject([FloatObject(each) for each in source.cropbox])
    resources = source.get("/Resources", DictionaryObject()).get_object()
    page[NameObject("/Resources")] = resources.clone(writer)
    yield writer._add_object(page.flate_encode()), (1, 0, 0, 1, 0, 0)  # noqa: SLF001 - as above
    for each in source.get("/Annots", ()) or ():
        note = each.get_object()
        look = _look(note)
        if look is not None:
            clone = look.clone(writer)
            for key in ("/OPI", "/PS", "/AA", "/A"):
                clone.pop(key, None)
            yield clone.indirect_reference or writer._add_object(clone), _place(note, look)  # noqa: SLF001 - as above


def _look(note: Any) -> StreamObject | None:
    """How an annotation is to be drawn; None where it has no look or must not be seen."""
    if int(note.get("/F", 0)) & UNSEEN or note.get("/Subtype") in {"/Popup", "/Link"}:
        return None
    looks = note.get("/AP")
    found = looks.get_object().get("/N") if looks is not None else None
    found = found.get_object() if found is not None else None
    if isinstance(found, DictionaryObject) and not isinstance(found, StreamObject):
        state = found.get(note.get("/AS", "/Off"))
        found = state.get_object() if state is not None else None
    return found if isinstance(found, StreamObject) else None


def _place(note: Any, look: StreamObject) -> Matrix:
    """What maps the look's box, as its own matrix turns it, onto the annotation's rectangle."""
    a, b, c, d, e, f = (float(each) for each in look.get("/Matrix", (1, 0, 0, 1, 0, 0)))
    box: Any = look["/BBox"].get_object()
    x0, y0, x1, y1 = (float(each) for each in box)
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0, x1) for y in (y0, y1)]
    low = min(x for x, _y in corners), min(y for _x, y in corners)
    high = max(x for x, _y in corners), max(y for _x, y in corners)
    xs, ys = (sorted(float(note["/Rect"][place]) for place in pair) for pair in ((0, 2), (1, 3)))
    wide, tall = (high[0] - low[0]) or 1.0, (high[1] - low[1]) or 1.0
    across, up = (xs[1] - xs[0]) / wide, (ys[1] - ys[0]) / tall
    return across, 0, 0, up, xs[0] - low[0] * across, ys[0] - low[1] * up


def _upright(page: PageObject) -> tuple[Matrix, float, float]:
    """What turns the page upright with its lower left corner at 0, and its size then."""
    left, bottom, right, top = (float(each) for each in page.cropbox)
    wide, high = right - left, top - bottom
    if wide <= 0 or high <= 0:
        raise ValueError
    match page.rotation % 360:
        case 90:
            return (0, -1, 1, 0, -bottom, right), high, wide
        case 180:
            return (-1, 0, 0, -1, right, top), wide, high
        case 270:
            return (0, 1, -1, 0, top, -left), high, wide
        case _:
            return (1, 0, 0, 1, -left, -bottom), wide, high


def _written(matrix: Matrix) -> str:
    return " ".join(f"{each:.5f}" for each in matrix)
