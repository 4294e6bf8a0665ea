"""The vault as officials see it: what each file is, covers and until when it holds."""

from django.contrib import admin
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from greenchain.audit.desk import Desk
from suppliers.evidence.kinds import KINDS
from suppliers.evidence.models import Evidence


@admin.register(Evidence)
class EvidenceDesk(Desk[Evidence]):
    """Files are opened through the scoped address, never by their place on the disk."""

    list_display = (
        "title",
        "what",
        "enterprise",
        "site",
        "period_from",
        "period_to",
        "expires_on",
        "condition",
        "version",
    )
    list_filter = ("condition", "expires_on", ("retracted_at", admin.EmptyFieldListFilter))
    list_select_related = ("enterprise", "site")
    search_fields = (
        "title",
        "certificate_number",
        "issuer",
        "enterprise__name",
        "enterprise__identifier",
        "=sha256",
    )
    ordering = ("-uploaded_at", "-pk")
    fields = readonly_fields = (
        "title",
        "what",
        "opened",
        "enterprise",
        "site",
        "product",
        "period_from",
        "period_to",
        "issuer",
        "certificate_number",
        "issued_on",
        "expires_on",
        "version",
        "replaces",
        "retracted_at",
        "uploaded_at",
        "condition",
        "seen_at",
        "sha256",
    )

    @admin.display(description=_("kind"), ordering="kind")
    def what(self, evidence: Evidence) -> str:
        """The kind in words."""
        return str(KINDS.get(evidence.kind, evidence.kind))

    @admin.display(description=_("file"))
    def opened(self, evidence: Evidence) -> SafeString:
        """The file by its given name."""
        url = reverse("evidence-file", args=[evidence.pk])
        return format_html('<a href="{}">{}</a> ({})', url, evidence.filename, filesizeformat(evidence.size))
