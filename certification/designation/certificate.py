"""The certificate: one page of PDF with a QR code to the title's page; the same title gives the same bytes."""

import io
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certification.designation.models import Basis, Designation
from greenchain.languages import pick

TEMPLATE = Path(__file__).with_suffix(".typ")


@lru_cache
def compiler(templates: Path) -> Any:
    """One compiler per folder of templates and process: scanning the fonts is what costs."""
    import pylopdf_fonts_zh_cn  # noqa: PLC0415 - 17 MB of fonts, only where a certificate is made
    import typst  # noqa: PLC0415 - as above

    folder = Path(pylopdf_fonts_zh_cn.__file__).parent
    return typst.Compiler(root=str(templates), font_paths=[str(folder)])


def address_of(title: Designation) -> str:
    """The title page's absolute address: what the QR code says."""
    return settings.SITE_URL + title.get_absolute_url()


def pdf(title: Designation) -> bytes:
    """The certificate in the active language, PDF/A-3b."""
    inputs = {"told": json.dumps(_told(title), ensure_ascii=False)}
    made = compiler(TEMPLATE.parent).compile(
        input=str(TEMPLATE), format="pdf", sys_inputs=inputs, pdf_standards=["a-3b"]
    )
    return bytes(made)


def _told(title: Designation) -> dict[str, Any]:
    day = title.announced_on
    return {
        "language": "zh" if (get_language() or "").startswith("zh") else get_language() or "en",
        "number": title.number,
        "date": [day.year, day.month, day.day],
        "authority": title.authority.name,
        "scheme": pick(title.scheme.names),
        "level": title.get_level_display(),
        "name": title.name,
        "name_en": title.name_en,
        "facts": [[str(label), str(value)] for label, value in _facts(title) if value],
        "qr": _qr(address_of(title)),
        "url": address_of(title),
        "verify": _("Scan or open this address and compare number, name and status."),
        "limits": _(
            "It speaks for this holder and address only, rests on the figures of the reporting year, and is "
            "only as good as the day on which the status was looked up."
        ),
    }


def _facts(title: Designation) -> list[tuple[Any, Any]]:
    site, detail = title.site, title.basis_detail
    bases = {
        Basis.SELF: _("self-evaluation, examined by the authorities"),
        Basis.THIRD_PARTY: detail.get("evaluated_by"),
    }
    return [
        (_("Number"), title.number),
        (_("Address"), f"{site.address} {site.address_en}".strip() if site else ""),
        (_("Announced"), title.announced_on),
        (_("Valid until"), title.valid_until or _("no fixed end; kept by yearly reporting")),
        (_("Rules"), title.scheme_version.version if title.scheme_version else ""),
        (_("Basis"), bases.get(Basis(title.basis), _("published list"))),
        (_("Reporting year"), detail.get("year")),
    ]


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(drawn, kind="svg", border=0)
    return drawn.getvalue().decode()
