"""The officer's packages: made in the queue from endorsed cases; read here and by the level above."""

from typing import Any

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from certification.recommendation.actions import recommends, seal, word_opinions
from certification.recommendation.forms import OpinionsForm, SealForm
from certification.recommendation.models import Recommendation
from certification.recommendation.papers import PAPERS, lines_of
from greenchain.audit.acts import Act
from greenchain.audit.desk import Desk
from suppliers.evidence.handover import hand_over

NAMED = {
    "table.xlsx": _("Summary table (XLSX)"),
    "letter.docx": _("Letter (DOCX)"),
    "letter.pdf": _("Letter (PDF)"),
    "opinions.docx": _("Opinions (DOCX)"),
}
"""What each paper is."""


def _own(row: Recommendation, user: Any) -> bool:
    return recommends(user) and row.authority_id == user.authority_id


def _unsealed(row: Recommendation) -> bool:
    return row.sealed is None


@admin.register(Recommendation)
class RecommendationDesk(Desk[Recommendation]):
    """What a desk recommends to the level above, with its papers and the sealed copy."""

    acts = (
        Act("seal", _("Attach the sealed copy"), seal, SealForm, "primary", _own, _unsealed),
        Act("word", _("Word the opinions"), word_opinions, OpinionsForm, "plain", _own, _unsealed),
    )
    list_display = ("number", "round", "level", "authority", "to", "at", "is_sealed")
    list_filter = ("level", "round")
    list_select_related = ("round", "authority", "to", "copy")
    search_fields = ("number", "recommended__application__number", "recommended__name")
    ordering = ("-at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With everything that list and page name."""
        return super().get_queryset(request).select_related("round", "authority", "to", "by", "copy")

    def form_of(self, request: HttpRequest, row: Recommendation | None, act: Act) -> Any:
        """The form knows the package."""
        assert row is not None  # noqa: S101 - packages are opened in the queue
        form: Any = act.form
        return form(request.POST, request.FILES, row=row) if request.method == "POST" else form(row=row)

    def get_urls(self) -> list[URLPattern]:
        """The papers stand before the stock addresses."""
        wrap, stem = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path("<str:key>/papers/<str:name>", wrap(self.paper_view), name=f"{stem}_paper"),
            path("<str:key>/sealed/", wrap(self.sealed_view), name=f"{stem}_sealed"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The ranked table, the opinions, the papers and the sealed copy."""
        row = self.found(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": row.number,
            "opts": self.opts,
            "row": row,
            "lines": lines_of(row),
            "papers": [(name, NAMED[name]) for name in PAPERS],
            "buttons": self.buttons(request, row),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/certification/recommendation/package.html", context)

    def paper_view(self, request: HttpRequest, key: str, name: str) -> HttpResponse:
        """One of the papers, made from the package as it stands."""
        row = self.found(request, key)
        if name not in PAPERS:
            raise Http404
        make, media = PAPERS[name]
        return HttpResponse(
            make(row),
            content_type=media,
            headers={"Content-Disposition": f'attachment; filename="{row.number}-{name}"'},
        )

    def sealed_view(self, request: HttpRequest, key: str) -> FileResponse:
        """The sealed copy as it was uploaded."""
        row = self.found(request, key)
        if row.sealed is None:
            raise Http404
        return hand_over(row.sealed)

    @admin.display(description=_("sealed"), boolean=True)
    def is_sealed(self, row: Recommendation) -> bool:
        """Whether the sealed copy is on file."""
        return row.sealed is not None
