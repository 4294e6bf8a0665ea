"""Grades and audits of suppliers in the admin: officials of the buyer's place read them; nobody writes them here."""

from django.contrib import admin

from certification.sourcing.models import SupplierAudit, SupplierGrade
from greenchain.audit.desk import Desk


@admin.register(SupplierGrade)
class SupplierGradeDesk(Desk[SupplierGrade]):
    """Who is of which risk for whom."""

    list_display = (
        "supplier",
        "buyer",
        "grade",
        "computed",
        "points",
        "audit_due_on",
        "since_at",
        "until_at",
    )
    list_filter = ("grade", "chosen")
    list_select_related = ("supplier", "buyer")
    search_fields = ("supplier__name", "supplier__name_en", "buyer__name", "buyer__name_en")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "buyer",
        "supplier",
        "grade",
        "computed",
        "points",
        "version",
        "state",
        "answers",
        "spend",
        "share",
        "chosen",
        "chosen_because",
        "audit_due_on",
        "since_at",
        "until_at",
    )


@admin.register(SupplierAudit)
class SupplierAuditDesk(Desk[SupplierAudit]):
    """Audits that buyers made of their suppliers."""

    list_display = ("supplier", "buyer", "kind", "planned_on", "done_on", "result", "auditor")
    list_filter = ("kind", "result")
    list_select_related = ("supplier", "buyer")
    search_fields = ("supplier__name", "supplier__name_en", "buyer__name", "buyer__name_en")
    ordering = ("-planned_on", "-pk")
    fields = readonly_fields = (
        "buyer",
        "supplier",
        "kind",
        "planned_on",
        "auditor",
        "done_on",
        "result",
        "summary",
        "cancelled_because",
    )
