"""Audits of suppliers and their findings for programs; what a supplier is asked, for the supplier's."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.sourcing.actions import audits
from certification.sourcing.models import AuditFinding, SupplierAudit
from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import NoInput, Reasons
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter
from greenchain.resources.views import Reading
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.models import Evidence
from suppliers.supply.api import Party, PartyTeller

AUDIT_STATES = ("planned", "overdue", "done", "cancelled")
FINDING_STATES = ("open", "overdue", "answered", "closed")


class SupplierAuditTeller(serializers.ModelSerializer[SupplierAudit]):
    """An audit."""

    buyer = PartyTeller(read_only=True)
    supplier = PartyTeller(read_only=True)
    state = serializers.ChoiceField(choices=AUDIT_STATES, read_only=True)

    class Meta:
        model = SupplierAudit
        fields = (
            "id",
            "buyer",
            "supplier",
            "kind",
            "planned_on",
            "auditor",
            "state",
            "done_on",
            "result",
            "summary",
            "cancelled_at",
            "cancelled_because",
        )


class AuditPlanReader(serializers.Serializer[None]):
    """An audit to come."""

    buyer = Seen(queryset=Enterprise.objects.all())
    supplier = Party()
    kind = serializers.ChoiceField(choices=SupplierAudit.Kind.choices)
    planned_on = serializers.DateField()
    auditor = serializers.CharField(max_length=120)


class AuditMoveReader(serializers.Serializer[None]):
    """Another day."""

    planned_on = serializers.DateField()


class AuditFinishReader(serializers.Serializer[None]):
    """What came of it."""

    done_on = serializers.DateField()
    result = serializers.ChoiceField(choices=SupplierAudit.Result.choices)
    summary = serializers.CharField(max_length=4000)
    auditor = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class AuditFilters(filters.FilterSet):  # type: ignore[misc]
    """Find audits."""

    buyer = KeyFilter()
    supplier = KeyFilter()
    kind = filters.ChoiceFilter(choices=SupplierAudit.Kind.choices)
    done = filters.BooleanFilter(field_name="done_on", lookup_expr="isnull", exclude=True)


class SupplierAudits(Reading):
    """Audits that a buyer makes of its suppliers."""

    queryset = SupplierAudit.objects.select_related("buyer", "supplier").order_by("-pk")
    serializer_class = SupplierAuditTeller
    filterset_class = AuditFilters
    readers = {
        "create": AuditPlanReader,
        "move": AuditMoveReader,
        "finish": AuditFinishReader,
        "cancel": Reasons,
    }
    bad_input = ("invalid",)

    @extend_schema(responses={201: SupplierAuditTeller})
    @once
    def create(self, request: Request) -> Response:
        """Plan an audit of a direct supplier."""
        given = self.given()
        row = audits.plan_audit(given.pop("buyer"), given.pop("supplier"), by=self.person, **given)
        return self.told(self.again(row), 201)

    def _done(self, act: Any) -> Response:
        return self.told(self.again(act(self.get_object(), by=self.person, **self.given())))

    @extend_schema(responses=SupplierAuditTeller)
    @action(detail=True, methods=["post"])
    @once
    def move(self, request: Request, pk: str) -> Response:
        """Another day."""
        return self._done(audits.move_audit)

    @extend_schema(responses=SupplierAuditTeller)
    @action(detail=True, methods=["post"])
    @once
    def finish(self, request: Request, pk: str) -> Response:
        """It took place; the supplier is graded anew."""
        return self._done(audits.finish_audit)

    @extend_schema(responses=SupplierAuditTeller)
    @action(detail=True, methods=["post"])
    @once
    def cancel(self, request: Request, pk: str) -> Response:
        """It does not take place."""
        return self._done(audits.cancel_audit)


class AuditFindingTeller(serializers.ModelSerializer[AuditFinding]):
    """A finding as the buyer reads it."""

    state = serializers.ChoiceField(choices=FINDING_STATES, read_only=True)

    class Meta:
        model = AuditFinding
        fields = (
            "id",
            "audit",
            "severity",
            "description",
            "due_on",
            "state",
            "asked_at",
            "answer",
            "answered_at",
            "proof",
            "closing",
            "closed_on",
            "evidence",
        )


class AuditFindingReader(serializers.Serializer[None]):
    """What an audit found."""

    audit = Seen(queryset=SupplierAudit.objects.all())
    severity = serializers.ChoiceField(choices=AuditFinding.Severity.choices)
    description = serializers.CharField(max_length=4000)
    due_on = serializers.DateField()


class FindingCloseReader(serializers.Serializer[None]):
    """How it was mended."""

    closing = serializers.CharField(max_length=4000)
    closed_on = serializers.DateField()
    evidence = Seen(queryset=Evidence.objects.all(), required=False, allow_null=True, default=None)


class FindingFilters(filters.FilterSet):  # type: ignore[misc]
    """Find findings."""

    audit = KeyFilter()
    buyer = KeyFilter(field_name="audit__buyer")
    supplier = KeyFilter(field_name="audit__supplier")
    closed = filters.BooleanFilter(field_name="closed_on", lookup_expr="isnull", exclude=True)


class AuditFindings(Reading):
    """What audits of suppliers found, until it is closed."""

    queryset = AuditFinding.objects.select_related("audit").order_by("-pk")
    serializer_class = AuditFindingTeller
    filterset_class = FindingFilters
    readers = {"create": AuditFindingReader, "ask": NoInput, "close": FindingCloseReader}
    bad_input = ("invalid",)

    @extend_schema(responses={201: AuditFindingTeller})
    @once
    def create(self, request: Request) -> Response:
        """Raise a finding in an audit that was done."""
        given = self.given()
        return self.told(self.again(audits.raise_finding(given.pop("audit"), by=self.person, **given)), 201)

    @extend_schema(responses=AuditFindingTeller)
    @action(detail=True, methods=["post"])
    @once
    def ask(self, request: Request, pk: str) -> Response:
        """Show this finding to the supplier and let it answer."""
        return self.told(self.again(audits.ask_supplier(self.get_object(), by=self.person)))

    @extend_schema(responses=AuditFindingTeller)
    @action(detail=True, methods=["post"])
    @once
    def close(self, request: Request, pk: str) -> Response:
        """It is mended; the supplier is graded anew."""
        return self.told(self.again(audits.close_finding(self.get_object(), by=self.person, **self.given())))


class AskedFindingTeller(serializers.ModelSerializer[AuditFinding]):
    """A finding as the supplier reads it that was asked to answer: nothing else of the audit."""

    buyer = PartyTeller(source="audit.buyer", read_only=True)
    supplier = PartyTeller(source="audit.supplier", read_only=True)
    audited_on = serializers.DateField(source="audit.done_on", read_only=True, default=None, allow_null=True)

    class Meta:
        model = AuditFinding
        fields = (
            "id",
            "buyer",
            "supplier",
            "audited_on",
            "severity",
            "description",
            "due_on",
            "asked_at",
            "answer",
            "answered_at",
            "proof",
            "closed_on",
        )


class FindingAnswerReader(serializers.Serializer[None]):
    """What was done, with a file of the supplier's vault."""

    answer = serializers.CharField(max_length=4000)
    proof = Seen(queryset=Evidence.objects.all(), required=False, allow_null=True, default=None)


class FindingsAsked(Reading):
    """Findings that customers ask the person's enterprises to answer."""

    queryset = AuditFinding.objects.select_related("audit__buyer", "audit__supplier").order_by("-pk")
    serializer_class = AskedFindingTeller
    readers = {"answer": FindingAnswerReader}

    def get_queryset(self) -> Any:
        """Those that were asked."""
        return (
            AuditFinding.objects.asked_of(self.person)
            .select_related("audit__buyer", "audit__supplier")
            .order_by("-pk")
        )

    @extend_schema(responses=AskedFindingTeller)
    @action(detail=True, methods=["post"])
    @once
    def answer(self, request: Request, pk: str) -> Response:
        """Answer it: owners and editors of the supplier."""
        row = audits.answer_finding(self.get_object(), by=self.person, **self.given())
        return self.told(self.again(row))
