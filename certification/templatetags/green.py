"""The green code on a title's pages: ``{% load green %}``."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context
from django.utils.translation import gettext as _

from certification.designation.certificate import address_of
from certification.designation.models import Designation
from certification.grading.actions import may_take_part
from certification.grading.models import Entry, Participation
from certification.grading.told import held_code, shown_code
from certification.templatetags import figures, states
from suppliers.enterprise.access import may
from suppliers.place.models import Industry

register = template.Library()


@register.inclusion_tag("components/green_code.html", name="green_code")
def green_code(entry: Entry, address: str = "") -> dict[str, Any]:
    """The code as colour, shape and word; with the address as a QR code where one is given."""
    code, bands = entry.grade.code, entry.grading.numbers["bands"]
    shares = dict(bands)
    before = sum(share for key, share in bands[: [key for key, _share in bands].index(code)])
    said = _("the best %(share)s by rank") if not before else _("the next %(share)s by rank")
    last = code == bands[-1][0]
    words = (_("the other %(share)s by rank") if last else said) % {"share": figures.percent(shares[code], 0)}
    look = states.look(code)
    return {"look": look, "code": code, "year": entry.grading.year, "words": words, "address": address}


@register.inclusion_tag("certification/grading/on_title.html")
def title_code(title: Designation) -> dict[str, Any]:
    """What the public reads on a title's page: the newest code, if it holds and may be shown."""
    return {"entry": shown_code(title)}


@register.inclusion_tag("certification/grading/part.html", takes_context=True)
def code_part(context: Context, title: Designation) -> dict[str, Any]:
    """What the holder reads: code, ranks, why there is none, and whether to take part."""
    if not may_take_part(title):
        return {"fits": False}
    assert title.site is not None  # noqa: S101 - the code is for sites
    entry, part = held_code(title), Participation.objects.filter(title=title).first()
    willing = part is not None and part.takes_part
    graded = entry is not None and hasattr(entry, "grade")
    return {
        "fits": True,
        "title": title,
        "entry": entry,
        "part": part,
        "shown": willing and graded and title.in_force,
        "owner": may(context["request"].user, title.site.enterprise, "own"),
        "address": address_of(title),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def industry_named(industries: Mapping[str, Industry], code: str) -> str:
    """Code and name of a division; the code alone where it is not known."""
    found = industries.get(code)
    return f"{found.code} {figures.named(found)}" if found else code or figures.NOTHING
