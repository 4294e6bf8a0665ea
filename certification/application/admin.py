"""Registers whose rows stand on a case: a new row is opened from the case file."""

from typing import Any, ClassVar, TypeVar

from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.application.models import Application
from greenchain.accounts.models import Role
from greenchain.audit.acts import Act
from greenchain.audit.desk import Desk

M = TypeVar("M", bound=models.Model)
WITH = ("scheme_version__scheme", "desk", "applicant", "site", "enterprise", "product", "park")


def case_link(case: Application) -> SafeString:
    """The number, linked to the case file."""
    url = reverse("admin:certification_application_change", args=[case.pk])
    return format_html('<a href="{}">{}</a>', url, case.number)


def is_auditor(_row: Any, user: Any) -> bool:
    """Whether the person is an auditor; the action asks of which desk."""
    return bool(user.role == Role.AUDITOR)


class OnCase(Desk[M]):
    """Rows of a case. ``?application=`` says on which case the opening act makes one."""

    list_per_page = 50
    list_select_related: ClassVar[tuple[str, ...]] = ("application",)
    search_fields: ClassVar[tuple[str, ...]] = ("application__number",)
    search_help_text = gettext_lazy("Number of the case")
    change_form_template = "admin/certification/on_case.html"

    def case_of(self, request: HttpRequest) -> Application:
        """The case that the address or the form names, within the person's scope."""
        key = str(request.POST.get("application") or request.GET.get("application") or "")
        seen = Application.objects.visible_to(request.user).select_related(*WITH)
        return get_object_or_404(seen, pk=int(key) if key.isdecimal() and len(key) < 18 else 0)  # noqa: PLR2004

    def form_of(self, request: HttpRequest, row: Any, act: Act) -> Any:
        """The act's form, which knows the case and the person."""
        case = row.application if row is not None else self.case_of(request)
        known: dict[str, Any] = {"case": case, "user": request.user}
        if row is not None:
            known["row"] = row
        if request.method == "POST":
            return act.form(request.POST, request.FILES, **known)
        return act.form(initial=request.GET.dict(), **known)

    def get_model_perms(self, request: HttpRequest) -> dict[str, bool]:
        """The index offers no new row: one is made from its case file."""
        return {**super().get_model_perms(request), "add": False}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Nor does the list."""
        return super().changelist_view(request, {"has_add_permission": False, **(extra_context or {})})

    def back_from(self, request: HttpRequest) -> str:
        """From the opening act back to the case file."""
        return reverse("admin:certification_application_change", args=[self.case_of(request).pk])

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """From the case file only."""
        if self.has_add_permission(request) and not (request.GET or request.POST).get("application"):
            messages.info(request, _("Open a case first; new ones are made from its case file."))
            return HttpResponseRedirect(reverse("admin:certification_application_changelist"))
        return super().add_view(request, form_url, extra_context)
