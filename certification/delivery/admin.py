"""Mails: administrators see which did not leave and why, and have them sent again, one or all."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from certification.delivery.actions import try_again, try_all_again
from certification.delivery.kinds import Way
from certification.delivery.models import MAX_ATTEMPTS, Delivery, Digest, Letter
from greenchain.accounts.models import Role
from greenchain.audit.acts import Act
from greenchain.audit.desk import ADMINISTRATORS, Desk

SHOWN = 200


def _helps(_mail: Letter, user: Any) -> bool:
    return user.role == Role.ADMINISTRATOR


class SentFilter(admin.SimpleListFilter):
    """How it fares."""

    title = _("sent")
    parameter_name = "sent"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """Its states."""
        return [
            ("yes", _("sent")),
            ("waiting", _("waiting")),
            ("failed", _("failed")),
            ("dropped", _("not sent, with a reason")),
        ]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """After the last attempt a mail counts as failed."""
        match self.value():
            case "yes":
                return queryset.filter(sent_at__isnull=False)
            case "waiting":
                return queryset.waiting()
            case "failed":
                return queryset.failed()
            case "dropped":
                return queryset.exclude(dropped="")
            case _:
                return queryset


class LetterDesk(Desk[Any]):
    """Mails of one sort."""

    readers = ADMINISTRATORS
    acts = (
        Act(
            "try_again",
            _("Send again"),
            try_again,
            tone="primary",
            whose=_helps,
            when=lambda row: row.given_up,
        ),
    )
    list_display = ("subject", "addressee", "sent_at", "attempts", "problem")
    list_filter: ClassVar[Any] = (SentFilter,)
    list_select_related = ("addressee",)
    search_fields = ("subject", "addressee__username", "addressee__email")
    ordering = ("-pk",)

    def scope(self, rows: Any, _user: Any) -> Any:
        """Administrators help with all of them."""
        return rows


FARES = ("subject", "addressee", "text", "sent_at", "attempts", "next_try_at", "problem", "dropped")


@admin.register(Digest)
class DigestDesk(LetterDesk):
    """Several messages in one mail."""

    fields = readonly_fields = FARES


@admin.register(Delivery)
class DeliveryDesk(LetterDesk):
    """One row per entry of the record and addressee; and the page of what failed."""

    list_filter: ClassVar[Any] = (SentFilter, "kind")
    fields = readonly_fields = (*FARES, "kind", "way", "read_at", "digest", "entry")

    def get_urls(self) -> list[URLPattern]:
        """The page of what failed, before the stock ones."""
        own = path("failed/", self.admin_site.admin_view(self.failed), name="certification_delivery_failed")
        return [own, *super().get_urls()]

    def failed(self, request: HttpRequest) -> HttpResponse:
        """GET lists what the server refused too often; POST has one or all sent again."""
        if not self.has_view_permission(request):
            raise PermissionDenied(str(self.refusal))
        if request.method == "POST":
            count = self._again(request)
            said = ngettext(
                "%(count)d mail goes out with the next round.",
                "%(count)d mails go out with the next round.",
                count,
            )
            messages.success(request, said % {"count": count})
            return HttpResponseRedirect(reverse("admin:certification_delivery_failed"))
        found = [model.objects.all().failed() for model in (Digest, Delivery)]
        rows = [row for rows in found for row in rows.select_related("addressee").order_by("-pk")[:SHOWN]]
        waiting = Delivery.objects.all().waiting().filter(attempts__gt=0, way=Way.NOW)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Mails that could not be sent"),
            "opts": self.opts,
            "rows": rows,
            "count": sum(each.count() for each in found),
            "tries": MAX_ATTEMPTS,
            "retrying": waiting.select_related("addressee").order_by("next_try_at")[:SHOWN],
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/certification/delivery/failed.html", context)

    def _again(self, request: HttpRequest) -> int:
        if "all" in request.POST:
            return try_all_again(by=request.user)  # type: ignore[arg-type]
        name, _dash, key = request.POST.get("mail", "").partition("-")
        model = {"delivery": Delivery, "digest": Digest}.get(name)
        found = model.objects.all().failed().filter(pk=key) if model and key.isdecimal() else []
        return sum(bool(try_again(row, by=request.user)) for row in found)  # type: ignore[arg-type]
