"""The nation's desk makes the green codes: a dry run to look at, then published; every run stays to be read."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.grading import actions
from certification.grading.catalogue import catalogue
from certification.grading.forms import PrepareForm
from certification.grading.models import Entry, Grading, State, keeps_codes
from certification.grading.proof import prove
from certification.grading.told import borders_of, ranked_in, refusals_of, shares_of
from greenchain.accounts.models import Role
from greenchain.audit.acts import Act, ReasonsForm
from greenchain.audit.desk import Desk
from greenchain.audit.trail import history
from greenchain.exports import csv_answer

PER_PAGE = 100
PROVE = "prove"
WITH = ("scheme_version__scheme", "prepared_by", "published_by", "job")
COLUMNS = (
    "year run number name name_en region industry score rank of band industry_rank industry_of industry_band "
    "code refusal reason digest"
).split()


def _is(role: str) -> Any:
    return lambda _row, user: keeps_codes(user) and user.role == role


@admin.register(Grading)
class GradingDesk(Desk[Grading]):
    """Auditors of the nation prepare, approvers of the nation publish; others read what is published."""

    opening = Act(
        "prepare",
        gettext_lazy("Prepare a dry run"),
        actions.prepare,
        PrepareForm,
        "primary",
        _is(Role.AUDITOR),
    )
    acts = (
        Act(
            "publish",
            gettext_lazy("Publish the codes"),
            actions.publish,
            tone="primary",
            whose=_is(Role.APPROVER),
            when=lambda row: row.state == State.DRY_RUN,
        ),
        Act(
            PROVE,
            gettext_lazy("Make it again and compare"),
            prove,
            whose=lambda _row, user: keeps_codes(user),
            when=lambda row: bool(row.digest),
        ),
        Act(
            "withdraw",
            gettext_lazy("Withdraw the codes"),
            actions.withdraw,
            ReasonsForm,
            "danger",
            _is(Role.APPROVER),
            lambda row: row.state == State.PUBLISHED,
        ),
    )
    list_display = ("__str__", "year", "state", "cut_on", "scheme_version", "prepared_by", "published_at")
    list_filter = ("year", "state")
    ordering = ("-year", "-number")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With everything that list and page name."""
        return super().get_queryset(request).select_related(*WITH)

    def get_urls(self) -> list[URLPattern]:
        """The download stands before the stock addresses."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_csv"
        view = self.admin_site.admin_view(self.csv_view)
        return [path("<str:key>/csv/", view, name=name), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Bands, ties, refusals, and every title of the snapshot that the person may read."""
        grading = self.found(request, object_id)
        seen = self._entries(request, grading)
        chosen, rows = request.GET.get("show", ""), seen
        if chosen in grading.codes:
            rows = seen.filter(grade__code=chosen)
        elif chosen in catalogue().refusals:
            rows = seen.filter(refusal=chosen)
        context = {
            **self.admin_site.each_context(request),
            "title": str(grading),
            "opts": self.opts,
            "grading": grading,
            "buttons": self.buttons(request, grading),
            "csv_url": self.url_of(grading, "csv"),
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "chosen": chosen,
            "due_on": _due_on(grading, request.user),
            **_figures(grading),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/certification/grading/grading.html", context)

    def csv_view(self, request: HttpRequest, key: str) -> StreamingHttpResponse:
        """Every title of the snapshot that the person may read, ranked ones first."""
        grading = self.found(request, key)
        return csv_answer(
            f"green-codes-{grading.year}-{grading.number}.csv",
            COLUMNS,
            _cells(self._entries(request, grading), grading),
        )

    def _entries(self, request: HttpRequest, grading: Grading) -> Any:
        rows = Entry.objects.visible_to(request.user).of(request.user).filter(grading=grading)
        return rows.select_related("title", "grade").order_by("refusal", "grade__rank", "title__number")

    def done(self, request: HttpRequest, row: Grading, act: Act) -> HttpResponse:
        """Proving says what it found."""
        if act.name == PROVE:
            messages.success(
                request, _("Equal: every score, rank and code comes out of the snapshot as stored.")
            )
            return HttpResponseRedirect(self.url_of(row))
        return super().done(request, row, act)


def _due_on(grading: Grading, user: Any) -> Any:
    """When a dry run should have become the codes; only officials of the nation see one."""
    return actions.codes_due_on(grading.year, user.authority) if grading.state == State.DRY_RUN else None


def _figures(grading: Grading) -> dict[str, Any]:
    """What the page tells beside the rows."""
    if not grading.digest:
        return {"rules": catalogue().rules}
    proofs = history(grading).filter(verb="prove_codes").order_by("-seq")
    return {
        "rules": catalogue().rules,
        "ranked": ranked_in(grading),
        "bands": shares_of(grading),
        "borders": borders_of(grading),
        "refusals": refusals_of(grading),
        "proof": proofs.first(),
    }


def _cells(rows: Any, grading: Grading) -> Iterator[list[object]]:
    for row in rows.iterator(500):
        grade = getattr(row, "grade", None)
        ranks = "rank of band industry_rank industry_of industry_band code".split()
        yield [
            grading.year,
            grading.number,
            row.title.number,
            row.title.name,
            row.title.name_en,
            row.title.region_id,
            row.industry,
            row.score,
            *(getattr(grade, name, None) for name in ranks),
            row.refusal,
            row.why(),
            row.digest,
        ]
