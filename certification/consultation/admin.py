"""Departments, and what they were asked: the letter out, the sealed reply in, what came of a concern."""

from typing import Any

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from certification.consultation.actions import (
    add_department,
    amend_department,
    asks,
    hear,
    settle,
)
from certification.consultation.forms import DepartmentForm, HearForm, SettleForm
from certification.consultation.letter import letter_of
from certification.consultation.models import Consultation, DepartmentContact, Opinion, SealedReply
from certification.consultation.told import lines
from certification.letters import MAKERS, TYPES
from greenchain.accounts.models import Role
from greenchain.audit.acts import Act
from greenchain.audit.desk import Desk
from suppliers.evidence.handover import hand_over


def _keeps(row: DepartmentContact | None, user: Any) -> bool:
    own = row is None or row.authority_id == user.authority_id
    return own and user.role in {Role.AUDITOR, Role.APPROVER}


def _own(row: Consultation, user: Any) -> bool:
    return asks(user) and row.authority_id == user.authority_id


def _settles(_row: Consultation, user: Any) -> bool:
    return asks(user)


def _waits(row: Consultation) -> bool:
    return row.inquiries.filter(replied_on__isnull=True).exists()


def _has_open(row: Consultation) -> bool:
    return Opinion.objects.open().filter(inquiry__consultation=row).exists()


def _hear(row: Consultation, *, inquiry: Any, **given: Any) -> Any:
    """The form offers this letter's inquiries only."""
    assert inquiry.consultation_id == row.pk  # noqa: S101 - as above
    return hear(inquiry, **given)


def _settle(_row: Consultation, *, opinion: Any, **given: Any) -> Any:
    return settle(opinion, **given)


@admin.register(DepartmentContact)
class DepartmentDesk(Desk[DepartmentContact]):
    """Whom an authority asks about its cases, and how to reach them."""

    opening = Act("add_department", _("Add a department"), add_department, DepartmentForm, "primary", _keeps)
    acts = (Act("amend", _("Amend"), amend_department, DepartmentForm, "primary", _keeps),)
    list_display = (
        "name",
        "kind",
        "authority",
        "contact_name",
        "contact_phone",
        "contact_email",
        "is_active",
    )
    list_filter = ("kind", "is_active")
    list_select_related = ("authority",)
    search_fields = ("name", "contact_name")
    ordering = ("authority__path", "kind", "name")
    fields = readonly_fields = (
        "name",
        "kind",
        "authority",
        "contact_name",
        "contact_phone",
        "contact_email",
        "is_active",
    )

    def form_of(self, request: HttpRequest, row: DepartmentContact | None, act: Act) -> Any:  # noqa: ARG002 - one form
        """The form with what stands."""
        return DepartmentForm(request.POST if request.method == "POST" else None, instance=row)


class StateFilter(admin.SimpleListFilter):
    """By how far it is."""

    title = _("replies")
    parameter_name = "replies"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """Three states."""
        return [("overdue", _("overdue")), ("waiting", _("awaited")), ("all", _("all in"))]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """Letters of that state."""
        match self.value():
            case "overdue":
                return queryset.overdue()
            case "waiting":
                return queryset.waiting()
            case "all":
                return queryset.exclude(pk__in=queryset.waiting().values("pk"))
            case _:
                return queryset


@admin.register(Consultation)
class ConsultationDesk(Desk[Consultation]):
    """Letters to departments; they are made in the queue, from the chosen cases."""

    acts = (
        Act("hear", _("Enter a reply"), _hear, HearForm, "primary", _own, _waits),
        Act("settle", _("Say what came of it"), _settle, SettleForm, "plain", _settles, _has_open),
    )
    list_display = ("number", "authority", "asked_on", "reply_by", "by")
    list_filter = (StateFilter, "asked_on")
    list_select_related = ("authority", "by")
    search_fields = ("number", "asked__application__number", "asked__name", "=asked__identifier")
    ordering = ("-asked_on", "-pk")

    def form_of(self, request: HttpRequest, row: Consultation | None, act: Act) -> Any:
        """The form knows the letter's cases and departments."""
        assert row is not None  # noqa: S101 - letters are opened in the queue
        form: Any = act.form
        if request.method == "POST":
            return form(request.POST, request.FILES, row=row)
        return form(initial=request.GET.dict(), row=row)

    def get_urls(self) -> list[URLPattern]:
        """The letter and the sealed replies stand before the stock addresses."""
        wrap, stem = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                f"<str:key>/letter-<int:inquiry>.{form}",
                wrap(self.letter_view),
                {"form": form},
                name=f"{stem}_{form}",
            )
            for form in MAKERS
        ]
        reply = path("<str:key>/reply-<int:inquiry>/", wrap(self.reply_view), name=f"{stem}_reply")
        return [*own, reply, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Who was asked what about whom, and who answered what."""
        row = self.found(request, object_id)
        inquiries = list(row.inquiries.select_related("reply", "department").order_by("pk"))
        context = {
            **self.admin_site.each_context(request),
            "title": row.number,
            "opts": self.opts,
            "row": row,
            "inquiries": inquiries,
            "lines": lines(row, inquiries),
            "buttons": self.buttons(request, row),
            "may_hear": _own(row, request.user),
            "may_settle": asks(request.user),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/certification/consultation/letter.html", context)

    def letter_view(self, request: HttpRequest, key: str, inquiry: int, form: str) -> HttpResponse:
        """The letter to one department."""
        rows = self.found(request, key).inquiries.select_related("consultation__authority")
        found = get_object_or_404(rows, pk=inquiry)
        name = f"{found.consultation.number}-{found.pk}.{form}"
        return HttpResponse(
            MAKERS[form](letter_of(found)),
            content_type=TYPES[form],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def reply_view(self, request: HttpRequest, key: str, inquiry: int) -> FileResponse:
        """The sealed reply as it was uploaded."""
        row = self.found(request, key)
        kept = SealedReply.objects.filter(inquiry__consultation=row, inquiry=inquiry).first()
        if kept is None:
            raise Http404
        return hand_over(kept)
