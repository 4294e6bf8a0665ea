"""What the queue shows of each case beside its own fields: who has it, its score, what blocks it."""

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim

from certification.application.models import Application, Seat
from certification.assessment.models import Assessment, Finding, Waiver, keeping
from greenchain.accounts.models import Role
from greenchain.clock import today

CALLED = Coalesce(
    NullIf(Trim(Concat("user__first_name", Value(" "), "user__last_name")), Value("")), "user__username"
)
"""A seat's holder by name, else as they sign in."""


def with_findings(cases: QuerySet[Application]) -> QuerySet[Application]:
    """Adds ``assigned``, the newest run's ``run``, ``low`` and ``high``, and how many findings ``blocks`` the case."""
    runs = Assessment.objects.filter(application=OuterRef("pk")).order_by("-number")
    waived = Waiver.objects.filter(
        application=OuterRef("assessment__application"),
        check_key=OuterRef("check_key"),
        until_on__gte=today(),
    )
    blocking = Finding.objects.filter(keeping(), ~Exists(waived), assessment=OuterRef("run")).order_by()
    counted = blocking.values("assessment").annotate(found=Count("pk")).values("found")
    return cases.annotate(
        assigned=Subquery(_auditors().annotate(called=CALLED).values("called")[:1]),
        run=Subquery(runs.values("pk")[:1]),
        low=Subquery(runs.values("low")[:1]),
        high=Subquery(runs.values("high")[:1]),
    ).annotate(blocks=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def _auditors() -> QuerySet[Seat]:
    """Who of its present desk has a case: a seat of an earlier desk counts no longer."""
    here = Seat.objects.current().filter(
        application=OuterRef("pk"), part=Role.AUDITOR, user__authority=OuterRef("desk")
    )
    return here.order_by("-pk")
