"""The components of the design language; ``/styleguide/`` shows each of them with its call.

Load with ``{% load gc %}``. Filters format figures and texts; every component is an inclusion tag whose
template stands in ``templates/components/``.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import segno
from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from certification.templatetags import chart, drawings, figures, states, tiles
from greenchain import languages
from suppliers.reporting.units import unit_name

register = template.Library()
Tag = TypeVar("Tag", bound=Callable[..., dict[str, Any]])

register.filter("number", figures.number)
register.filter("exact", figures.exact)
register.filter("signed", figures.signed)
register.filter("percent", figures.percent)
register.filter("share", figures.share)
register.filter("quantity", figures.quantity)
register.filter("money", figures.money)
register.filter("day", figures.day)
register.filter("moment", figures.moment)
register.filter("iso", figures.iso)
register.filter("seconds", figures.seconds)
register.filter("named", figures.named)
register.filter("pick", figures.words)
register.filter("listed", languages.listed)
register.filter("person", figures.person)
register.simple_tag(languages.comma, name="comma")
register.simple_tag(languages.full_stop, name="full_stop")
register.filter("unit", unit_name)


def component(name: str) -> Callable[[Tag], Tag]:
    """Register an inclusion tag drawn by ``templates/components/<name>.html``."""
    return register.inclusion_tag(f"components/{name}.html", name=name)


@component("badge")
def badge(key: Any, word: Any = "") -> dict[str, Any]:
    """State as colour, shape and word; ``word`` replaces the usual word, the look stays."""
    return {"look": states.look(key), "word": word}


@component("flash")
def flash(level: Any, text: Any) -> dict[str, Any]:
    """What just happened, or why it did not: ``success``, ``info``, ``warning``, ``error``."""
    return {"look": states.look(level), "text": text}


@component("shape")
def shape(name: str) -> dict[str, Any]:
    """A shape of state by itself: full, half, ring, target, square, box, triangle, diamond, tick."""
    return {"drawing": mark_safe(states.SHAPES[name])}  # noqa: S308 - our own constant


@component("crumbs")
def crumbs(*pairs: Any) -> dict[str, Any]:
    """The way here: label, address, label, address, …, label; the last label has no address."""
    padded = [*pairs, ""] if len(pairs) % 2 else list(pairs)
    return {"steps": [(padded[place], padded[place + 1]) for place in range(0, len(padded), 2)]}


@component("stat")
def stat(label: Any, value: Any, unit: Any = "", note: Any = "") -> dict[str, Any]:
    """A figure with its label; stands inside ``<dl class="stats">``."""
    return {"label": label, "value": value, "unit": unit, "note": note}


@component("hero")
def hero(value: Any, unit: Any = "") -> dict[str, Any]:
    """The one loudest number of a page; ``value`` is already formatted."""
    return {"value": value, "unit": unit}


@component("stepper")
def stepper(steps: Iterable[Any]) -> dict[str, Any]:
    """Who has the case, since when, until when.

    Each step has ``name``, ``state`` (``done``, ``now``, ``back`` = returned, ``stopped`` or ``todo``) and
    ``when`` (a short text such as "2 June, 1.8 s" or "due 18 June").
    """
    return {"steps": steps}


@component("score_bar")
def score_bar(value: Any, base: Any, lead: Any, unit: Any = "") -> dict[str, Any]:
    """Our signature: base mark, lead mark, band, dot; right is always better, a falling scale says so."""
    bar = drawings.score_bar(value, base, lead)
    return {"bar": bar, "value": value, "base": base, "lead": lead, "unit": unit}


@component("score_range")
def score_range(low: Any, high: Any, passing: Any = None) -> dict[str, Any]:
    """The score of a case as a range on 0 to 100, with the pass score of the level as a mark."""
    return {"range": drawings.score_range(low, high, passing), "low": low, "high": high, "passing": passing}


@component("finding")
def finding(severity: Any, title: Any, text: Any = "", url: str = "", link: Any = "") -> dict[str, Any]:
    """What a check found: ``blocks``, ``asks``, ``informs``, ``passed``; texts may be in three languages."""
    return {"severity": severity, "title": title, "text": text, "url": url, "link": link}


@component("evidence_card")
def evidence_card(evidence: Any, kind: Any = "", url: str = "") -> dict[str, Any]:
    """A file of the vault: what it is, for which period, until when it holds."""
    suffix = str(getattr(evidence, "filename", "")).rpartition(".")[2][:4].upper()
    return {"evidence": evidence, "kind": kind, "url": url, "suffix": suffix}


@component("timeline")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """What happened, newest first: ``at``, ``words`` and, where known, ``by``, ``note``, ``digest``."""
    return {"entries": entries}


@component("empty_state")
def empty_state(what: Any, why: Any = "", url: str = "", link: Any = "") -> dict[str, Any]:
    """What this list is, why it is empty, the next step."""
    return {"what": what, "why": why, "url": url, "link": link}


@component("door")
def door(title: Any, text: Any, url: str) -> dict[str, Any]:
    """One of three big links; stands inside ``<div class="doors">``."""
    return {"title": title, "text": text, "url": url}


@component("work")
def work(label: Any, done: Any = None, total: Any = None) -> dict[str, Any]:
    """Long work that a person watches: how far it is, or that it runs when the total is not known."""
    return {"label": label, "done": done, "total": total}


@component("line_chart")
def line_chart(series: Iterable[Any], target: Any = None) -> dict[str, Any]:
    """Three lines against the target, with its table; rows of year, any, provincial, national."""
    return {"chart": chart.progress_chart(series, target), "target": target, "words": chart.level_words()}


@component("tile_map")
def tile_map(provinces: Iterable[Any], target: Any = tiles.NATIONAL_TARGET) -> dict[str, Any]:
    """One square per province; each province has ``code``, ``share`` in per cent or None, perhaps ``url``."""
    return {"tiles": tiles.tiles(provinces, target), "steps": tiles.steps(target)}


@component("share_bar")
def share_bar(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Parts of a whole; each part has ``label``, ``value``, ``tone`` and, if wanted, ``shape``."""
    return {"parts": drawings.shares(parts)}


@component("inline_bar")
def inline_bar(value: Any, goal: Any = None, top: int = 100) -> dict[str, Any]:
    """A bar in a table row from 0 to ``top``, with the goal as a mark; the number stands beside it."""
    return {"width": drawings.part_of(value, top), "goal": drawings.part_of(goal, top)}


@register.inclusion_tag("components/pages.html", takes_context=True)
def pages(context: Context, page: Any) -> dict[str, Any]:
    """Under a list: a Django ``Page``, or a mapping with the addresses ``previous`` and ``next`` (cursor)."""
    return {"page": page, "request": context.get("request"), "numbered": hasattr(page, "paginator")}


@component("provenance")
def provenance(origin: Any) -> dict[str, Any]:
    """Whose value it is when not the ministry's: ``memory``, ``suggestion`` or ``sample``.

    ``origin`` is such a mark, a ``Source``, or the sources of a part by key: the least trusted speaks.
    """
    return states.trust(origin)


@component("icon")
def icon(name: str) -> dict[str, Any]:
    """A drawing from the sprite, always beside a word."""
    return {"name": name}


@register.simple_tag
def qr(address: str) -> SafeString:
    """``address`` as a QR code in SVG, dark on white in either theme."""
    code = segno.make(address, error="m", micro=False)
    return mark_safe(code.svg_inline(omitsize=True, border=2, dark="#000", light="#fff"))  # noqa: S308 - drawn by segno


@register.filter
def digest_groups(value: str) -> str:
    """A hex digest in groups of eight, so that two people can compare it aloud."""
    text = str(value)
    return " ".join(text[place : place + 8] for place in range(0, len(text), 8))
