"""The home page, and progress by region and year."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.designation.models import Designation
from certification.notice.models import Announcement, PublicNotice
from certification.progress.outlook import Outlook, baseline, outlook, years
from certification.progress.shares import TARGET, Share, shares
from certification.scheme.models import Scheme
from greenchain.clock import today, working_days_between
from greenchain.exports import csv_answer
from greenchain.languages import pick
from suppliers.place.models import Region

LINES = ("any", "provincial", "national")
UPCOMING = 5
COLUMNS = (
    "code region year national_percent provincial_and_up_percent any_level_percent output_100m_cny "
    "coverage_percent estimated source"
).split()


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One number, its year and target, three doors, provinces, titles, news."""
    whole = outlook()
    context = {
        **_told(whole),
        "provinces": _tiles(whole),
        "titles_in_force": _titles_in_force(),
        "announcements": _announcements(),
        "notices": _notices(),
        "baseline": _baseline(),
    }
    return render(request, "home.html", context)


def _told(whole: Outlook) -> dict[str, Any]:
    return {"share": whole.latest, "series": whole.series(), "target": whole.target()}


def _tiles(whole: Outlook) -> list[dict[str, Any]]:
    if whole.latest is None:
        return []
    url = reverse("progress")
    found = {row.region: row.any for row in shares(whole.latest.year, digits=2)}
    return [{"code": code, "share": share, "url": f"{url}?region={code}"} for code, share in found.items()]


def _titles_in_force() -> list[dict[str, Any]]:
    current = Count("pk")
    new = Count("pk", filter=Q(announced_on__gte=today().replace(month=1, day=1)))
    rows = (
        Designation.objects.in_force()
        .values("scheme")
        .annotate(current=current, new=new)
        .order_by("-current")
    )
    schemes = Scheme.objects.in_bulk([row["scheme"] for row in rows])
    url = reverse("register")
    return [
        {
            "scheme": schemes[row["scheme"]],
            "url": f"{url}?scheme={schemes[row['scheme']].key}",
            "current": row["current"],
            "since_january": row["new"],
        }
        for row in rows
    ]


def _announcements() -> list[dict[str, Any]]:
    newest = Announcement.objects.select_related("authority").order_by("-announced_on", "-pk")[:UPCOMING]
    return [{"title": row.titled(), "on": row.announced_on, "url": row.get_absolute_url()} for row in newest]


def _notices() -> list[dict[str, Any]]:
    running = PublicNotice.objects.filter(starts_on__lte=today(), ends_on__gte=today())
    return [
        {
            "title": row.titled(),
            "on": row.starts_on,
            "url": row.get_absolute_url(),
            "working_days_left": working_days_between(today(), row.ends_on),
        }
        for row in running.select_related("authority", "round").order_by("ends_on", "pk")[:UPCOMING]
    ]


def _baseline() -> dict[str, Any] | None:
    told = baseline()
    if told is None:
        return None
    rows = [{"label": pick(row["names"]), "value": _published(row)} for row in told["figures"]]
    return {"on": told["on"], "source": pick(told["source"]), "url": told.get("url", ""), "rows": rows}


def _published(row: dict[str, Any]) -> str:
    value = f"{number_format(row['value'], force_grouping=True)} {row.get('unit', '')}".strip()
    return _("more than %(value)s") % {"value": value} if row.get("at_least") else value


@require_safe
def progress(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The three lines for the nation or a province, and its provinces or cities as a table or CSV."""
    known = years()
    asked = request.GET
    provinces = Region.objects.filter(kind=Region.Kind.PROVINCE, desk__isnull=False).order_by("code")
    region = provinces.filter(code=asked.get("region", "")[:6]).first()
    line = asked["level"] if asked.get("level") in LINES else "any"
    year = next((one for one in known if str(one) == asked.get("year")), known[0] if known else today().year)
    rows = _rows(region, year, line)
    if asked.get("format") == "csv":
        return csv_answer(f"progress-{year}.csv", COLUMNS, (_cells(row, year) for row in rows))
    place = outlook(region.code if region else "")
    share = next((one for one in place.line if one.year == year), None)
    context = {
        **_told(place),
        "share": share,
        "region": region,
        "regions": provinces,
        "year": year,
        "years": known,
        "level": line,
        "coverage": _coverage(share),
        "rows": rows,
    }
    return render(request, "certification/progress/progress.html", context)


def _coverage(share: Share | None) -> dict[str, Any]:
    if share is None:
        return {"listed": 0, "reported": 0, "percent": None}
    return {"listed": share.titled, "reported": share.reported, "percent": share.coverage}


def _rows(region: Region | None, year: int, line: str) -> list[dict[str, Any]]:
    """Provinces of the nation or cities of a province, the best first by the chosen line."""
    found = shares(year, digits=4, within=region.code[:2]) if region else shares(year, digits=2)
    places = Region.objects.in_bulk([share.region for share in found])
    url = reverse("progress")
    rows = [
        {
            "region": places[share.region],
            "url": "" if region else f"{url}?region={share.region}&year={year}",
            "national": share.national,
            "provincial": share.provincial,
            "any": share.any,
            "gap": max(TARGET - (getattr(share, line) or 0), 0),
            "output": share.output,
            "coverage": share.coverage,
            "estimated": share.estimated,
            "source": share.source,
        }
        for share in found
        if share.region
    ]
    return sorted(rows, key=lambda row: row[line] or 0, reverse=True)


def _cells(row: dict[str, Any], year: int) -> list[object]:
    shown = [row[key] for key in ("national", "provincial", "any", "output", "coverage")]
    numbers = [None if value is None else round(value, 2) for value in shown]
    return [row["region"].code, row["region"].name, year, *numbers, row["estimated"], row["source"]]
