"""Pictures are shown as pixels and nothing else, and hostile ones not at all."""

import hashlib
import io
import struct
import zlib
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from greenchain.refusals import Refused
from suppliers.evidence.redrawn import LONGEST, redraw
from tests import papers
from tests.factories_suppliers import EvidenceFactory, MembershipFactory

PNG, JPEG = "image/png", "image/jpeg"
SCRIPT = b"<script>alert(document.cookie)</script>"


def saved(picture: Image.Image, form: str, **how: Any) -> bytes:
    made = io.BytesIO()
    picture.save(made, form, **how)
    return made.getvalue()


def shown(content: bytes, media_type: str) -> Image.Image:
    drawn = redraw(io.BytesIO(content), media_type)
    picture = Image.open(drawn)
    picture.load()
    return picture


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is that large; its pixels are a few bytes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + head + pixels + chunk(b"IEND", b"")


def test_place_camera_and_comments_go_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera of Li Lei"
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 1.0)
    content = saved(
        Image.new("RGB", (400, 200), "#123456"), JPEG.partition("/")[2], exif=exif, comment=SCRIPT
    )
    assert b"Camera of Li Lei" in content
    assert SCRIPT in content
    drawn = redraw(io.BytesIO(content), JPEG).getvalue()
    assert b"Camera" not in drawn
    assert SCRIPT not in drawn
    picture = Image.open(io.BytesIO(drawn))
    assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (200, 400), {})


def test_texts_profiles_frames_and_what_lies_behind_the_end_go() -> None:
    texts = PngInfo()
    texts.add_text("Comment", SCRIPT.decode())
    texts.add_itxt("XML:com.adobe.xmp", SCRIPT.decode(), zip=False)
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    content = saved(
        frames[0], "PNG", pnginfo=texts, icc_profile=SCRIPT, save_all=True, append_images=frames[1:]
    )
    assert SCRIPT in content
    drawn = redraw(io.BytesIO(content + SCRIPT), PNG).getvalue()
    assert SCRIPT not in drawn
    picture = Image.open(io.BytesIO(drawn))
    assert (picture.format, picture.info, getattr(picture, "n_frames", 1)) == ("PNG", {}, 1)
    assert picture.getpixel((1, 1)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_is_drawn(mode: str) -> None:
    picture = shown(saved(Image.new(mode, (30, 20)), "PNG"), PNG)
    assert (picture.mode, picture.size) == ("RGB", (30, 20))


def test_what_is_clear_is_white_and_what_is_large_is_made_smaller() -> None:
    assert shown(saved(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG"), PNG).getpixel((4, 4)) == (
        255,
        255,
        255,
    )
    assert shown(saved(Image.new("L", (2 * LONGEST, 100)), "JPEG"), JPEG).size == (LONGEST, 50)
    assert shown(saved(Image.new("CMYK", (20, 20)), "JPEG"), JPEG).mode == "RGB"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        pytest.param(png_of(50_000, 50_000), PNG, id="a bomb of pixels"),
        pytest.param(png_of(2**31 - 1, 1), PNG, id="one row without end"),
        pytest.param(png_of(3000, 3000), PNG, id="fewer pixels than it says"),
        pytest.param(saved(Image.new("RGB", (90, 90)), "JPEG")[:300], JPEG, id="cut off"),
        pytest.param(saved(Image.new("RGB", (9, 9)), "GIF"), PNG, id="another form"),
        pytest.param(saved(Image.new("RGB", (9, 9)), "JPEG"), PNG, id="not what the vault says"),
        pytest.param(b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>", PNG, id="a drawing"),
        pytest.param(papers.pdf("a"), JPEG, id="a document"),
        pytest.param(b"", PNG, id="nothing"),
    ],
)
def test_hostile_files_are_not_shown(content: bytes, media_type: str) -> None:
    with pytest.raises(Refused) as refusal:
        redraw(io.BytesIO(content), media_type)
    assert refusal.value.code == "not_shown"
    assert "Download" in str(refusal.value)


@pytest.mark.django_db
@pytest.mark.usefixtures("places")
def test_the_page_shows_the_new_picture_and_the_download_is_the_old_one(client: Client) -> None:
    member = MembershipFactory.create()
    texts = PngInfo()
    texts.add_text("Comment", SCRIPT.decode())
    content = saved(Image.new("RGB", (40, 30), "green"), "PNG", pnginfo=texts)
    proof = EvidenceFactory.create(
        enterprise=member.enterprise,
        media_type=PNG,
        filename="a.png",
        sha256=hashlib.sha256(content).hexdigest(),
    )
    proof.file.save("a", ContentFile(content))
    client.force_login(member.user)
    address = reverse("evidence-file", args=[proof.pk])
    inline, kept = client.get(f"{address}?inline"), client.get(address)
    assert inline["Content-Type"] == PNG
    assert inline["Content-Disposition"].startswith("inline")
    assert "sandbox" in inline["Content-Security-Policy"]
    drawn = b"".join(inline.streaming_content)  # type: ignore[attr-defined]
    assert SCRIPT not in drawn
    assert Image.open(io.BytesIO(drawn)).size == (40, 30)
    whole = b"".join(kept.streaming_content)  # type: ignore[attr-defined]
    assert kept["Content-Disposition"].startswith("attachment")
    assert hashlib.sha256(whole).hexdigest() == proof.sha256
