"""What a rule change would do to the titles of a territory: asked here, watched, and read with charts."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.impact import actions
from certification.impact.comparing import GROUPS
from certification.impact.forms import StudyForm
from certification.impact.freezing import rules_of
from certification.impact.models import Moved, State, Study, StudyRow, Verdict, may_study
from certification.impact.told import Line, lines, shifts, whole
from certification.scheme.definition.parts import LEVELS
from greenchain.audit.acts import Act
from greenchain.audit.desk import EVERYBODY, Desk
from greenchain.exports import csv_answer
from suppliers.place.models import Level

PER_PAGE = 50
WITH = ("before__scheme", "after__scheme", "authority", "region", "basis", "by", "job")
HEADINGS = {
    "region": gettext_lazy("By province"),
    "industry": gettext_lazy("By industry"),
    "level": gettext_lazy("By level"),
}
NUMBER_NAMES = {
    "base": gettext_lazy("base"),
    "lead": gettext_lazy("lead"),
    "weight": gettext_lazy("weight"),
    "pass_score": gettext_lazy("pass score"),
}
COLUMNS = (
    "group key name titles falls rises reaches_before reaches_after output_100m_cny output_falls_100m_cny "
    "output_rises_100m_cny output_affected_percent"
).split()
ROW_COLUMNS = (
    "title name name_en region industry level output_cny low_before high_before low_after high_after "
    "verdict_before verdict_after moved"
).split()


@admin.register(Study)
class StudyDesk(Desk[Study]):
    """Approvers, reviewers and administrators ask; officials read those of their territory."""

    readers = EVERYBODY
    opening = Act(
        "study",
        gettext_lazy("Study a rule change"),
        actions.study,
        StudyForm,
        "primary",
        lambda _row, user: may_study(user),
    )
    list_display = ("__str__", "state", "before", "after", "year", "authority", "by", "at")
    list_filter = ("state", "year")
    ordering = ("-at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With everything that list and page name."""
        return super().get_queryset(request).select_related(*WITH)

    def form_of(self, request: HttpRequest, row: Study | None, act: Act) -> Any:  # noqa: ARG002 - one act only
        """The form offers what lies in the person's territory."""
        if request.method == "POST":
            return StudyForm(request.POST, user=request.user)
        return StudyForm(initial=request.GET.dict(), user=request.user)

    def get_urls(self) -> list[URLPattern]:
        """The downloads stand before the stock addresses."""
        stem = f"{self.opts.app_label}_{self.opts.model_name}"
        views = {"csv": self.csv_view, "titles": self.titles_view}
        own = [
            path(f"<str:key>/{name}.csv", self.admin_site.admin_view(view), name=f"{stem}_{name}")
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Who falls and who rises: in all, by province, industry and level, by indicator, and by title."""
        study = self.found(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": str(study),
            "opts": self.opts,
            "study": study,
            "changes": [(_place(key), _numbers(given)) for key, given in study.changes.items()],
            "csv_url": self.url_of(study, "csv"),
            "titles_url": self.url_of(study, "titles"),
            **(_figures(study, request) if study.state == State.DONE else {}),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/certification/study/impact.html", context)

    def done(self, request: HttpRequest, row: Study, act: Act) -> HttpResponse:  # noqa: ARG002 - one act only
        """A study that was asked for is not done yet: its page says how far it is."""
        messages.info(request, _("Asked for. The figures are being frozen and scored; this page follows."))
        return HttpResponseRedirect(self.url_of(row))

    def csv_view(self, request: HttpRequest, key: str) -> StreamingHttpResponse:
        """The groups as a table."""
        study = self.found(request, key)
        found = ((by, each) for by in GROUPS for each in lines(study.outcome, by))
        return csv_answer(f"impact-{study.pk}.csv", COLUMNS, (_cells(by, each) for by, each in found))

    def titles_view(self, request: HttpRequest, key: str) -> StreamingHttpResponse:
        """Every title that the person may read, those that move first."""
        study = self.found(request, key)
        return csv_answer(f"impact-{study.pk}-titles.csv", ROW_COLUMNS, _rows(study, request.user))


def _figures(study: Study, request: HttpRequest) -> dict[str, Any]:
    """What the page tells of a study that is done."""
    total = whole(study.outcome)
    chosen = next((one for one in Moved if str(one.value) == request.GET.get("moved")), Moved.FALLS)
    rows = StudyRow.objects.visible_to(request.user).filter(study=study, moved=chosen)
    return {
        "whole": total,
        "parts": _parts(total),
        "outcome": study.outcome,
        "groups": [(by, HEADINGS[by], lines(study.outcome, by)) for by in GROUPS],
        "shifts": shifts(study.outcome, rules_of(study)),
        "chosen": chosen,
        "movements": Moved,
        "page": Paginator(
            rows.select_related("title__region").order_by("-output", "title"), PER_PAGE
        ).get_page(request.GET.get("page")),
    }


def _place(key: str) -> Any:
    """An indicator's code, or a level in the reader's language."""
    return Level(LEVELS.index(key)).label if key in LEVELS else key


def _numbers(given: Mapping[str, str]) -> list[tuple[Any, str]]:
    return [(NUMBER_NAMES[name], value) for name, value in given.items()]


def _parts(total: Line) -> list[dict[str, Any]]:
    """All titles as one bar."""
    stays = total.titles - total.falls - total.rises
    return [
        {"label": Moved.FALLS.label, "value": total.falls, "tone": "red", "shape": "square"},
        {"label": Moved.STAYS.label, "value": stays, "tone": "grey", "shape": "ring"},
        {"label": Moved.RISES.label, "value": total.rises, "tone": "green", "shape": "tick"},
    ]


def _cells(by: str, each: Line) -> list[object]:
    amounts = (each.output, each.output_falls, each.output_rises, each.affected)
    counts = (each.titles, each.falls, each.rises, each.reaches_before, each.reaches_after)
    return [by, each.key, each.name, *counts, *(None if one is None else round(one, 4) for one in amounts)]


def _rows(study: Study, user: Any) -> Iterator[list[object]]:
    rows = StudyRow.objects.visible_to(user).filter(study=study).select_related("title")
    for row in rows.order_by("-moved", "title").iterator(2000):
        scores = (row.low_before, row.high_before, row.low_after, row.high_after)
        yield [
            row.title.number,
            row.title.name,
            row.title.name_en,
            row.region,
            row.division,
            row.level,
            row.output,
            *(one / 10_000 for one in scores),
            Verdict(row.verdict_before).name.lower(),
            Verdict(row.verdict_after).name.lower(),
            Moved(row.moved).name.lower(),
        ]
