"""The annual form on paper: what was filed, the holder's commitment with its digest, and the places for seals."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certification.designation.models import Designation
from certification.printing.front import Front, Table, grouped, head_of, shown
from certification.printing.paper import set_front
from certification.surveillance.annual import Filing
from certification.surveillance.catalogue import catalogue
from certification.surveillance.models import Owed, reviewer_of
from greenchain.languages import comma, pick
from suppliers.place.models import Authority
from suppliers.reporting.units import unit_name


def printable_to(user: Any) -> QuerySet[Filing]:
    """The filed annual forms that the person may read."""
    related = (f"obligation__designation__{name}" for name in ("scheme", "authority", "home"))
    seen = Filing.objects.visible_to(user).filter(obligation__kind=Owed.ANNUAL_FORM)
    return seen.select_related("by", *related)


def answer(filing: Filing) -> HttpResponse:
    """The PDF, to be shown or kept."""
    name = f"{filing.obligation.designation.number}-{filing.obligation.year}-{filing.number}.pdf"
    return HttpResponse(
        paper_of(filing),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


def paper_of(filing: Filing) -> bytes:
    """The PDF of a filed annual form, in the active language; the same form gives the same bytes."""
    return set_front(front_of(filing))[0]


def front_of(filing: Filing) -> Front:
    """All that is set: nothing but what the frozen form says, and whose seals belong on it."""
    title, content = filing.obligation.designation, filing.content
    return Front(
        **head_of(title.number, filing.digest, filing.at),
        words={"contents": _("Contents"), "page": _("Page"), "digest": _("Digest of the form")},
        title=_("Annual form"),
        subtitle=f"{pick(title.scheme.names)}{comma()}{title.get_level_display()}{comma()}{content['year']}",
        blocks=[
            (_("Title and holder"), list(_about(filing, title, content))),
            (_("Declared changes"), list(_changes(content))),
        ],
        tables=[table for table in _tables(content) if table.rows],
        commitment=(_("Commitment"), _commitment(filing)),
        signatures=_signatures(title, content),
    )


def _about(filing: Filing, title: Designation, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    holder, site = content["holder"], content.get("site") or {}
    day = date_format(timezone.localdate(filing.at), "DATE_FORMAT")
    told = [
        (_("Title"), title.number),
        (_("Name"), content["name"]),
        (_("Site"), " · ".join(filter(None, (site.get("name"), site.get("address"))))),
        (_("Holder"), holder["name"]),
        (_("Identifier"), holder["identifier"]),
        (_("Address of the holder"), holder["address"]),
        (_("Reporting year"), str(content["year"])),
        (_("Filed"), _("%(day)s, after its day") % {"day": day} if filing.late else day),
        (_("Filing"), str(filing.number)),
    ]
    return ((label, str(value)) for label, value in told if value)


def _changes(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, kind in catalogue().changes.items():
        yield str(kind), content["changes"].get(key) or _("none declared")


def _tables(content: Mapping[str, Any]) -> Iterator[Table]:
    figures, year = catalogue().figures, content["year"]
    known = [(key, figures[key]) for key in content["figures"] if key in figures]
    yield Table(
        _("Figures"),
        [_("Figure"), str(year - 1), str(year), _("Change")],
        [
            [
                f"{figure} ({unit_name(figure.unit)})",
                shown(content["before"].get(key)),
                shown(content["figures"][key]),
                _swing(content["swings"].get(key), is_share=figure.is_share),
            ]
            for key, figure in known
        ],
        _("Shares change by percentage points, amounts by per cent of the year before."),
    )
    said = content["explanations"]
    yield Table(
        _("Explanations"),
        [_("Figure"), _("Explanation")],
        [[str(figure), said[key]] for key, figure in known if key in said],
    )


def _swing(swing: str | None, *, is_share: bool) -> str:
    if swing is None:
        return "–"
    sign = "+" if Decimal(swing) > 0 else ""
    return f"{sign}{shown(swing)}" if is_share else f"{sign}{shown(swing)} %"


def _commitment(filing: Filing) -> str:
    """In our words: the ministry has none for the annual form."""
    text = _(
        "The holder stands for the truth of this form and keeps ready the records from which it was made."
    )
    about = _("Filed by %(name)s on %(day)s. This paper says what the frozen form says; its digest is:") % {
        "name": filing.by.get_full_name() or filing.by.get_username(),
        "day": date_format(timezone.localdate(filing.at), "DATE_FORMAT"),
    }
    return f"{text}\n\n{about}\n{grouped(filing.digest)}"


def _signatures(title: Designation, content: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """The holder's, then the authority that looks at the form and the one that keeps the title."""
    desks: dict[int, Authority] = {desk.pk: desk for desk in (reviewer_of(title), title.authority) if desk}
    return [
        (_("Legal representative (signature)"), "", 14),
        (_("Seal of the holder"), content["holder"]["name"], 30),
        (_("Date"), "", 8),
        *((_("Opinion, date and seal"), str(desk), 30) for desk in desks.values()),
    ]
