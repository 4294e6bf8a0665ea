"""``/styleguide/``: every component with real markup and made-up data, and the call that draws it."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _

from certification.templatetags import states

GROUPS: tuple[tuple[Any, tuple[tuple[str, Any], ...]], ...] = (
    (_("Ground"), (("colours", _("Colours")), ("type", _("Type")), ("figures", _("Figures, money, dates")))),
    (_("Actions"), (("buttons", _("Buttons")), ("doors", _("Doors")), ("tabs", _("Tabs and folds")))),
    (
        _("State"),
        (
            ("badges", _("Badges")),
            ("findings", _("Findings")),
            ("flashes", _("Messages")),
            ("work", _("Long work")),
            ("empty", _("Empty")),
        ),
    ),
    (
        _("The case"),
        (
            ("title_line", _("Title line and way here")),
            ("stepper", _("Stepper")),
            ("stats", _("Hero number and figures")),
            ("score_range", _("Score as a range")),
            ("score_bar", _("Score bar")),
            ("evidence", _("Evidence")),
            ("timeline", _("Timeline")),
        ),
    ),
    (
        _("Data"),
        (
            ("table", _("Filter bar, table, pages")),
            ("facts", _("Facts")),
            ("line_chart", _("Line chart")),
            ("tile_map", _("Tile grid")),
            ("share_bar", _("Bars of shares")),
        ),
    ),
    (_("Forms"), (("form", _("Fields, help, errors")), ("qr", _("QR code")))),
)


class SampleForm(forms.Form):
    """A form with every kind of field, so that each is seen with help and with an error."""

    name = forms.CharField(label=_("Name of the site"), max_length=120)
    output = forms.DecimalField(
        label=_("Gross output"), min_value=0, help_text=_("In 10,000 CNY, from B204-1.")
    )
    level = forms.ChoiceField(
        label=_("Level"), choices=[("1", _("municipal")), ("2", _("provincial")), ("3", _("national"))]
    )
    kind = forms.ChoiceField(
        label=_("Evaluation"),
        widget=forms.RadioSelect,
        choices=[("self", _("by ourselves")), ("third", _("by a third party"))],
    )
    summary = forms.CharField(
        label=_("Process summary"), widget=forms.Textarea, required=False, help_text=_("At most 200 letters.")
    )
    file = forms.FileField(label=_("Evidence"), required=False, help_text=_("PDF or image, at most 20 MB."))
    truthful = forms.BooleanField(label=_("What I enter is true and complete."))


def _at(day: int, hour: int) -> dt.datetime:
    return dt.datetime(2026, 6, day, hour, 12, tzinfo=dt.UTC)


def _evidence(**more: Any) -> SimpleNamespace:
    plain = {
        "title": "Energy management certificate",
        "filename": "iso-50001.pdf",
        "size": 482_112,
        "period_from": None,
        "period_to": None,
        "issuer": "Sample Certification Co.",
        "certificate_number": "EN-0042",
        "expires_on": dt.date(2026, 6, 30),
        "version": 2,
        "retracted_at": None,
    }
    return SimpleNamespace(**(plain | more))


def samples() -> dict[str, Any]:
    """The made-up data that the samples draw."""
    form = SampleForm({"name": "", "output": "-4", "level": "2"})
    names = ("Sample Dyeing Co., No. 2 works", "Example Steel Ltd", "Made-up Photovoltaics") * 2
    rows = [
        SimpleNamespace(name=name, number=f"GF-2026-{place:04d}", output=12_345 * place, status=status)
        for place, (name, status) in enumerate(zip(names, states.TITLE, strict=True), start=1)
    ]
    return {
        "steps": [
            {"name": _("Submitted"), "state": "done", "when": "2 June"},
            {"name": _("Checked"), "state": "done", "when": "2 June, 1.8 s"},
            {"name": _("City desk"), "state": "now", "when": "due 18 June · 6 working days left"},
            {"name": _("Provincial desk")},
            {"name": _("Selection")},
            {"name": _("Notice")},
            {"name": _("Decision")},
        ],
        "returned": [
            {"name": _("Submitted"), "state": "done", "when": "2 June"},
            {"name": _("Returned to you"), "state": "back", "when": "3 points open, due 24 June"},
            {"name": _("City desk")},
            {"name": _("Decision")},
        ],
        "applications": list(states.APPLICATION),
        "titles": list(states.TITLE),
        "results": list(states.RESULT),
        "entries": [
            {"at": _at(3, 9), "words": _("Endorsed"), "by": "Sample desk", "note": _("All points checked.")},
            {"at": _at(2, 6), "words": _("Checked"), "by": _("system"), "digest": "9f2c1e77ab04d651"},
            {"at": _at(2, 6), "words": _("Submitted"), "by": "A. Sample"},
        ],
        "evidence": _evidence(),
        "retracted": _evidence(
            title="Water ledger", filename="water.xlsx", issuer="", expires_on=None, retracted_at=_at(4, 2)
        ),
        "page": Paginator(rows * 20, 6).page(2),
        "series": [
            {
                "year": year,
                "any": any_,
                "provincial": any_ * Decimal("0.9"),
                "national": any_ * Decimal("0.78"),
            }
            for year, any_ in (
                (2022, Decimal(9)),
                (2023, Decimal(17)),
                (2024, Decimal(20)),
                (2025, Decimal(22)),
            )
        ],
        "target": {"share": 40, "year": 2030, "forecast": Decimal("36.6")},
        "provinces": [
            {"code": code, "share": share}
            for code, share in {"330000": 10, "430000": 32, "510000": 29, "130000": 24, "460000": 41}.items()
        ],
        "parts": [
            {"label": _("green"), "value": 62, "tone": "green", "shape": "full"},
            {"label": _("in flight"), "value": 14, "tone": "blue", "shape": "half"},
            {"label": _("suspended"), "value": 3, "tone": "amber", "shape": "triangle"},
            {"label": _("no title"), "value": 21, "tone": "grey", "shape": "ring"},
        ],
        "form": form,
        "amount": Decimal("1234567.891"),
        "on": dt.date(2026, 6, 18),
        "at": _at(18, 6),
        "shades": range(6),
    }


def styleguide(request: HttpRequest) -> HttpResponse:
    """The whole language on one page, in the reader's language and theme."""
    context = samples()
    groups = []
    for title, parts in GROUPS:
        drawn = []
        for name, label in parts:
            template = get_template(f"styleguide/{name}.html")
            html = template.render(context, request)
            source = template.template.source  # type: ignore[attr-defined]  # the engine's own template
            drawn.append({"name": name, "label": label, "html": html, "source": source})
        groups.append({"title": title, "parts": drawn})
    return render(request, "styleguide.html", {"groups": groups})
