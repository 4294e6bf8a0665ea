"""The ranking of a round and level: the approver composes the proposed list on it, and takes it along as a sheet."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.notice.ranking import Ranked, Ranking, ranking_for
from certification.notice.rankingsheet import sheet_of
from certification.notice.selection import compose
from certification.scheme.models import Round
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.languages import listed
from greenchain.refusals import NotYours, Refused
from suppliers.place.models import Level

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it stands on the page: ticked or not, with the reason typed so far."""

    row: Ranked
    chosen: bool
    reason: str


def ranking_view(request: HttpRequest, key: int, level: int) -> HttpResponse:
    """GET shows; POST composes the list, all of it or nothing."""
    user: Any = request.user
    if not user.is_official:
        raise PermissionDenied
    round_ = get_object_or_404(Round.objects.select_related("scheme_version__scheme", "authority"), pk=key)
    ranking = ranking_for(user, round_, level)
    if ranking is None:
        raise Http404
    if request.GET.get("form") == "xlsx":
        name = f"ranking-{round_.code}-{level}.xlsx"
        return HttpResponse(
            sheet_of(ranking),
            content_type=XLSX,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
    status = 200
    if request.method == "POST":
        if user.role != Role.APPROVER:
            raise NotYours(_("Approvers of the deciding authority compose the list."), code="role")
        try:
            notices = compose(round_, level, by=user, **_given(request, ranking))
        except Refused as no:
            messages.error(request, _("Nothing was done. %(why)s") % {"why": no})
            status = no.status
        else:
            return _done(request, round_, level, notices)
    context = {
        **admin.site.each_context(request),
        "title": _("Ranking"),
        "round": round_,
        "level": Level(level),
        "ranking": ranking,
        "lines": _lines(request, ranking),
        "may": user.role == Role.APPROVER and bool(ranking.waiting),
        "by": [_("panel score") if word == "panel" else _("confirmed score") for word in ranking.rank_by],
        "ours": ranking.round.scheme_version.definition.judging.is_ours("rank_by"),
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/certification/round/ranking.html", context, status=status)


def rankings_view(request: HttpRequest) -> HttpResponse:
    """The rounds and levels at which cases wait for this authority's selection."""
    user: Any = request.user
    if not user.is_official:
        raise PermissionDenied
    waiting = Application.objects.visible_to(user).filter(status=Status.SELECTION, desk=user.authority)
    counted = waiting.values("round", "level").annotate(count=Count("pk")).order_by("round", "level")
    rounds = Round.objects.select_related("scheme_version__scheme").in_bulk([row["round"] for row in counted])
    rows = [
        {"round": rounds[row["round"]], "level": Level(row["level"]), "count": row["count"]}
        for row in counted
    ]
    context = {**admin.site.each_context(request), "title": _("Rankings"), "rows": rows}
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/certification/round/rankings.html", context)


def _given(request: HttpRequest, ranking: Ranking) -> dict[str, Any]:
    """What was ticked and typed."""
    reasons = {row.case.pk: request.POST.get(f"reason_{row.case.pk}", "") for row in ranking.waiting}
    chosen = [int(key) for key in request.POST.getlist("chosen") if key.isdecimal()]
    return {"chosen": chosen, "reasons": reasons, "close": "close" in request.POST}


def _lines(request: HttpRequest, ranking: Ranking) -> list[Line]:
    posted, ticked = request.method == "POST", set(request.POST.getlist("chosen"))
    return [
        Line(
            row,
            str(row.case.pk) in ticked if posted else row.proposed and ranking.left is not None,
            request.POST.get(f"reason_{row.case.pk}", ""),
        )
        for row in ranking.rows
    ]


def _done(request: HttpRequest, round_: Round, level: int, notices: list[Any]) -> HttpResponse:
    messages.success(request, _told(notices))
    return HttpResponseRedirect(reverse("admin:certification_round_ranking", args=[round_.pk, level]))


def _told(notices: list[Any]) -> str:
    """What was done, with a link to each public notice."""
    if not notices:
        return _("The proposed list is composed; the cases are at decision.")
    links = [
        format_html('<a href="{}">{}</a>', reverse("notice", args=[notice.number]), notice.number)
        for notice in notices
    ]
    words = escape(_("The proposed list is composed. Public notice: %(numbers)s."))
    return mark_safe(words % {"numbers": listed(links)})  # noqa: S308 - of escaped parts
