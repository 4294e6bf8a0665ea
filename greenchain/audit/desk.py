"""The registers of the admin: rows are read within the reader's scope; nothing is edited freely."""

from typing import Any, ClassVar

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenchain.audit.acts import Acting, M
from greenchain.audit.trail import history

OFFICIALS = ("auditor", "approver", "reviewer")
ADMINISTRATORS = ("administrator",)
EVERYBODY = (*OFFICIALS, *ADMINISTRATORS)
SHOWN = 500
"""Entries of a row's history on one page."""


def reads(user: Any, roles: tuple[str, ...]) -> bool:
    """Whether the person has one of the roles; a superuser stands where administrators do, nowhere else."""
    if not user.is_active or not user.is_staff:
        return False
    if user.role in OFFICIALS and not user.is_official:
        return False
    return user.role in roles or (user.is_superuser and "administrator" in roles)


class Desk(Acting[M]):
    """A register read within ``visible_to`` by ``readers``."""

    readers: ClassVar[tuple[str, ...]] = OFFICIALS
    refusal: ClassVar[Any] = gettext_lazy("This register is not for your role.")
    change_form_template = "admin/row.html"
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Shown in the index to its readers."""
        return reads(request.user, self.readers)

    def has_view_permission(self, request: HttpRequest, obj: M | None = None) -> bool:  # noqa: ARG002 - Django's
        """Rows that the scope leaves are for every reader."""
        return reads(request.user, self.readers)

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:  # noqa: ARG002 - Django's
        """Rows change by acts."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:  # noqa: ARG002 - Django's
        """Nothing is ever deleted here."""
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[M]:
        """What the person may see."""
        return self.scope(super().get_queryset(request), request.user)

    def scope(self, rows: Any, user: Any) -> Any:
        """The one scope of the model."""
        return rows.visible_to(user)

    def found(self, request: HttpRequest, key: str) -> M:
        """The row, or 404: no access looks like not found. 403 for who does not read this register at all."""
        if not self.has_view_permission(request):
            raise PermissionDenied(str(self.refusal))
        row = self.get_object(request, unquote(key))
        if row is None:
            raise Http404
        return row

    def _get_obj_does_not_exist_redirect(self, request: Any, opts: Any, object_id: Any) -> Any:
        raise Http404(opts.verbose_name, object_id, request.path)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Say in words whose register this is."""
        if not self.has_view_permission(request):
            raise PermissionDenied(str(self.refusal))
        named = {"title": str(self.opts.verbose_name_plural).capitalize(), **(extra_context or {})}
        return super().changelist_view(request, named)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The row with what may be done to it."""
        row = self.found(request, object_id)
        buttons = self.buttons(request, row)
        context = {"buttons": buttons, "subtitle": None, "title": str(row), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row's chain in the record, newest first."""
        row = self.found(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(name)s") % {"name": row},
            "row": row,
            "row_url": self.url_of(row),
            "opts": self.opts,
            "entries": list(history(row).order_by("-seq")[:SHOWN]),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/row_history.html", context)
