"""Schemes, their versions and benchmarks: read here, benchmarks entered."""

from typing import Any, ClassVar

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from certification.scheme.actions import (
    enter_benchmark,
)
from certification.scheme.admin.searches import searches
from certification.scheme.forms.entries import BenchmarkForm
from certification.scheme.models import Benchmark, Scheme, SchemeVersion
from greenchain.accounts.actions import is_administrator
from greenchain.audit.acts import Act
from greenchain.audit.desk import EVERYBODY, Desk


class BenchmarkHere(BenchmarkForm):
    """The same, with the admin's search."""

    class Meta(BenchmarkForm.Meta):
        widgets: ClassVar[dict[str, Any]] = {
            **BenchmarkForm.Meta.widgets,
            **searches(Benchmark, "scheme_version", "industry"),
        }


@admin.register(Scheme)
class SchemeDesk(Desk[Scheme]):
    """What may be certified."""

    readers = EVERYBODY
    list_display = ("__str__", "key", "subject", "prefix")
    search_fields = ("key", "names")
    ordering = ("key",)
    fields = readonly_fields = ("__str__", "key", "subject", "prefix")

    def scope(self, rows: Any, _user: Any) -> Any:
        """Schemes are public."""
        return rows


@admin.register(SchemeVersion)
class SchemeVersionDesk(Desk[SchemeVersion]):
    """The published texts; none of them ever changes."""

    readers = EVERYBODY
    list_display = ("scheme", "named", "effective_on", "retired_on", "digest_start")
    list_filter = ("scheme",)
    list_select_related = ("scheme",)
    search_fields = ("scheme__key", "version", "scheme__names")
    ordering = ("scheme", "-effective_on")
    fields = readonly_fields = (
        "scheme",
        "version",
        "named",
        "effective_on",
        "retired_on",
        "public",
        "digest",
        "file",
    )

    def scope(self, rows: Any, _user: Any) -> Any:
        """Versions are public."""
        return rows

    @admin.display(description=_("name"))
    def named(self, version: SchemeVersion) -> str:
        """In the reader's language."""
        return version.text()

    @admin.display(description=_("digest"))
    def digest_start(self, version: SchemeVersion) -> str:
        """Enough to tell two apart."""
        return version.digest[:12]

    @admin.display(description=_("public page"))
    def public(self, version: SchemeVersion) -> SafeString:
        """Everything it says, with the sources of its numbers."""
        url = reverse("scheme", args=[version.scheme.key, version.pk])
        return format_html('<a href="{}">{}</a>', url, url)

    @admin.display(description=_("file"))
    def file(self, version: SchemeVersion) -> SafeString:
        """As loaded."""
        return format_html('<pre class="record" tabindex="0">{}</pre>', version.source)


@admin.register(Benchmark)
class BenchmarkDesk(Desk[Benchmark]):
    """Base and lead values that administrators entered, with their source; a newer day overrules an older."""

    readers = EVERYBODY
    opening = Act(
        "enter",
        _("Enter a benchmark"),
        enter_benchmark,
        BenchmarkHere,
        "primary",
        lambda _row, user: is_administrator(user),
    )
    list_display = ("scheme_version", "indicator", "industry", "base", "lead", "valid_from", "source", "demo")
    list_filter = ("scheme_version__scheme", "demo")
    list_select_related = ("scheme_version__scheme", "industry")
    search_fields = ("=indicator", "source", "industry__code", "industry__name_zh", "industry__name_en")
    ordering = ("scheme_version", "indicator", "-valid_from")
    fields = readonly_fields = (
        "scheme_version",
        "indicator",
        "industry",
        "base",
        "lead",
        "source",
        "valid_from",
        "demo",
    )

    def scope(self, rows: Any, _user: Any) -> Any:
        """Benchmarks are public."""
        return rows
