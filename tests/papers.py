"""Small real files to upload: PDF, images, office packages, and hostile ones."""

import io
import zipfile
from functools import lru_cache

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, TextStringObject


@lru_cache(maxsize=256)
def pdf(mark: str = "", *, pages: int = 1, password: str = "") -> bytes:
    """A PDF; ``mark`` makes its bytes differ."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=200, height=200)
    writer.add_metadata({"/Title": mark})
    if password:
        writer.encrypt(password)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def drawn(stream: bytes, *, form: bytes = b"", password: str = "", action: str = "") -> bytes:
    """A PDF of one page that draws ``stream``, which may name the drawing ``/F`` that draws ``form``."""
    writer = PdfWriter()
    page = writer.add_blank_page(width=200, height=200)
    page[NameObject("/Contents")] = writer._add_object(_stream(stream))
    if form:
        inner = _stream(form)
        inner.update(
            {NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")}
        )
        named = DictionaryObject({NameObject("/F"): writer._add_object(inner)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): named})
    if action:
        opened = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(action)}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {NameObject(key): value for key, value in opened.items()}
        )
    if password:
        writer.encrypt("", password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _stream(content: bytes) -> DecodedStreamObject:
    made = DecodedStreamObject()
    made.set_data(content)
    return made


WRITTEN = b"BT /F1 12 Tf 20 100 Td (Energy audit 2025) Tj ET"
SCAN = b"q 200 0 0 200 0 0 cm /Im0 Do Q"


def image(form: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    """A picture of one colour."""
    stream = io.BytesIO()
    Image.new("RGB", size, "green").save(stream, form)
    return stream.getvalue()


def package(*members: tuple[str, bytes]) -> bytes:
    """A zip with these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def xlsx() -> bytes:
    """The outline of a workbook."""
    return package(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))


def docx() -> bytes:
    """The outline of a document."""
    return package(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<document/>"))


def ofd() -> bytes:
    """The outline of an OFD document (GB/T 33190-2016)."""
    return package(("OFD.xml", b"<ofd:OFD/>"), ("Doc_0/Document.xml", b"<ofd:Document/>"))
