"""Small real files for the demo's vaults: PDF pages and pictures that say that they are demo documents."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

NOTICE = "Demo document, issued by nobody. 演示文件，非任何机构出具。"
LEFT, TOP, LEADING = 60, 780, 24


def pdf(title: str, lines: Sequence[str]) -> bytes:
    """One A4 page; Chinese is set in the reader's own font (Adobe-GB1), so that the file stays small."""
    shown = [_text(LEFT, TOP, 16, title)]
    shown += [
        _text(LEFT, TOP - LEADING * row, 11, line) for row, line in enumerate([*lines, NOTICE], start=2)
    ]
    page = b"\n".join(shown)
    return _file(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            (
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
                b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
            ),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            (
                b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H"
                b" /DescendantFonts [7 0 R] >>"
            ),
            (
                b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 8 0 R"
                b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>"
            ),
            (
                b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
                b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
            ),
        ]
    )


def png(title: str, seed: int) -> bytes:
    """A drawing of a site with a line of text."""
    picture = Image.new("RGB", (480, 300), "#f6f8f6")
    draw = ImageDraw.Draw(picture)
    for number in range(6):
        left, height = 40 + number * 70, 40 + (seed * (number + 3)) % 120
        draw.rectangle((left, 240 - height, left + 50, 240), fill="#8fb39a", outline="#2f5d43")
    draw.line((20, 240, 460, 240), fill="#2f5d43", width=2)
    draw.text((20, 260), title.encode("ascii", "replace").decode(), fill="#2f5d43")
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def _text(left: int, top: int, size: int, line: str) -> bytes:
    """A line in Helvetica where it can be, else in the Chinese font."""
    if line.isascii():
        shown = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode()
        return b"BT /F1 %d Tf %d %d Td (%s) Tj ET" % (size, left, top, shown)
    return b"BT /F2 %d Tf %d %d Td <%s> Tj ET" % (size, left, top, line.encode("utf-16-be").hex().encode())


def _file(objects: Sequence[bytes]) -> bytes:
    """The objects as a PDF file with its cross-reference table."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()
