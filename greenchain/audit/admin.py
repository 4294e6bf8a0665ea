"""The record, to be read."""

import json
from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenchain.audit.canonical import digest
from greenchain.audit.desk import ADMINISTRATORS, Desk
from greenchain.audit.models import AuditEntry


class ChainFilter(admin.SimpleListFilter):
    """One kind of chain: what the entries are about."""

    title = gettext_lazy("about")
    parameter_name = "about"
    KINDS: ClassVar = {
        "application": gettext_lazy("applications"),
        "designation": gettext_lazy("titles"),
        "user": gettext_lazy("users"),
        "round": gettext_lazy("rounds"),
        "benchmark": gettext_lazy("benchmarks"),
        "body": gettext_lazy("evaluation bodies"),
        "enterprise": gettext_lazy("enterprises"),
        "site": gettext_lazy("sites"),
        "evidence": gettext_lazy("evidence"),
        "claim": gettext_lazy("claims"),
        "compliancerecord": gettext_lazy("compliance records"),
        "supplylink": gettext_lazy("supply links"),
    }

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """The kinds, in words."""
        return list(self.KINDS.items())

    def queryset(
        self, _request: HttpRequest, queryset: models.QuerySet[AuditEntry]
    ) -> models.QuerySet[AuditEntry]:
        """Chains are called ``<kind>:<key>``."""
        return (
            queryset.filter(chain__startswith=f"{self.value()}:") if self.value() in self.KINDS else queryset
        )


@admin.register(AuditEntry)
class AuditDesk(Desk[AuditEntry]):
    """Every entry of every chain; nothing here can be changed, not even by the database's owner."""

    readers = ADMINISTRATORS
    refusal = gettext_lazy("The whole record is for administrators; a case's own record stands in its file.")
    list_display = ("at", "chain_link", "seq", "verb", "who")
    list_display_links = ("at",)
    list_filter = (ChainFilter,)
    list_select_related = ("actor",)
    search_fields = ("=chain", "=verb", "=actor__username")
    search_help_text = gettext_lazy("A chain such as application:12, a verb, or a sign-in name")
    ordering = ("-id",)
    fields = ("chain_link", "seq", "verb", "who", "at", "text", "previous", "digest", "holds")
    readonly_fields = fields

    def scope(self, rows: Any, _user: Any) -> Any:
        """Administrators read everything."""
        return rows

    @admin.display(description=gettext_lazy("chain"), ordering="chain")
    def chain_link(self, entry: AuditEntry) -> SafeString:
        """The whole chain, one click away."""
        return format_html('<a href="?chain={}">{}</a>', entry.chain, entry.chain)

    @admin.display(description=gettext_lazy("by"), ordering="actor")
    def who(self, entry: AuditEntry) -> str:
        """Who did it, with the role and the authority they had then."""
        told = entry.content
        parts = [
            told.get("name") or _("the system"),
            told.get("role") if told.get("name") else "",
            told.get("authority"),
        ]
        return " · ".join(part for part in parts if part)

    @admin.display(description=gettext_lazy("entry"))
    def text(self, entry: AuditEntry) -> SafeString:
        """What was recorded."""
        shown = json.dumps(entry.content, ensure_ascii=False, indent=2, sort_keys=True)
        return format_html('<pre class="record" tabindex="0">{}</pre>', shown)

    @admin.display(description=gettext_lazy("text and digest agree"), boolean=True)
    def holds(self, entry: AuditEntry) -> bool:
        """Whether the digest follows from the text and the entry before."""
        return digest(entry.previous, entry.body) == entry.digest
