"""What is known of all suppliers of a buyer, in a number of queries that does not grow with them.

Only what the buyer may know enters: spends that it declared itself, titles, confirmed records, answers and files that
are open to it today, and its own audits. What an answer says is not looked at, only that it is there and how old.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q

from certification.chain.status import UNKNOWN, holdings
from certification.sourcing.grading import Facts
from certification.sourcing.models import AuditFinding, SupplierAudit
from greenchain.clock import now, today
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.models import Evidence
from suppliers.record.models import ComplianceRecord
from suppliers.sharing.models import FRESH, AnswerSet, Consent
from suppliers.supply.models import SupplyLink, SupplyLinkQuerySet

CERTIFICATES = {"ems": "ems_certificate", "enms": "enms_certificate"}
LINKED = ("supplier", "industry", "supplier__industry", "spend", "share", "declared_by")


@dataclass(frozen=True, slots=True)
class Known:
    """One supplier: what the rules look at, and the days of its last audits by kind."""

    facts: Facts
    audited: Mapping[str, dt.date] = field(default_factory=dict)


def links_of(buyer: Enterprise, day: dt.date | None = None) -> SupplyLinkQuerySet:
    """The links that make a direct supplier: in force, and declared by the buyer or agreed.

    Carriers and recyclers are no suppliers, as in the check of supplier figures.
    """
    running = SupplyLink.objects.in_force(day or today())
    sure = Q(declared_by=buyer) | Q(confirmed_at__isnull=False)
    return running.suppliers_of(buyer).filter(sure, kind=SupplyLink.Kind.SUPPLIES)


def known(buyer: Enterprise) -> dict[int, Known]:
    """By supplier: seven queries."""
    links = links_of(buyer)
    suppliers = links.values("supplier")
    bought = _bought(buyer, links)
    held = holdings(suppliers)
    against = _violations(suppliers)
    answers, files = _answers(buyer, suppliers), _certificates(buyer, suppliers)
    audits, findings = _audits(buyer), _findings(buyer)
    found = {}
    for key, (industry, spend, share) in bought.items():
        days, result = audits.get(key, ({}, ""))
        major, overdue = findings.get(key, (0, 0))
        facts = Facts(
            industry=industry,
            share=share,
            spend=spend,
            violations=against.get(key, 0),
            state=held.get(key, UNKNOWN).state.value,
            answers=answers.get(key, "none"),
            **{name: "yes" if (key, kind) in files else "no" for name, kind in CERTIFICATES.items()},
            audit=result,
            open_major=major,
            overdue=overdue,
        )
        found[key] = Known(facts, days)
    return found


def _bought(
    buyer: Enterprise, links: SupplyLinkQuerySet
) -> dict[int, tuple[str, Decimal | None, Decimal | None]]:
    """Industry, spend and share by supplier; a share that is not declared is the spend's part of all spends."""
    rows = list(links.order_by("pk").values_list(*LINKED))
    own = [row for row in rows if row[5] == buyer.pk]
    total = sum((row[3] for row in own if row[3] is not None), Decimal(0))
    spends: dict[int, Decimal] = {}
    shares: dict[int, Decimal] = {}
    for supplier, _code, _other, spend, share, _by in own:
        if spend is not None:
            spends[supplier] = spends.get(supplier, Decimal(0)) + spend
        part = share if share is not None else spend / total if spend is not None and total else None
        if part is not None:
            shares[supplier] = min(shares.get(supplier, Decimal(0)) + part, Decimal(1))
    codes = {row[0]: row[1] or row[2] or "" for row in rows}
    return {
        key: (code, spends.get(key), _exact(shares[key]) if key in shares else None)
        for key, code in codes.items()
    }


def _exact(share: Decimal) -> Decimal:
    return share.quantize(Decimal("0.000001"))


def _violations(suppliers: Any) -> dict[int, int]:
    records = ComplianceRecord.objects.standing().filter(
        enterprise__in=suppliers, match=ComplianceRecord.Match.CONFIRMED
    )
    return dict(records.order_by().values_list("enterprise").annotate(Count("pk")))


def _answers(buyer: Enterprise, suppliers: Any) -> dict[int, str]:
    """Shared or stale, for whose answers are open to the buyer."""
    given = Consent.objects.reaching([buyer.pk]).filter(answers=True)
    rows = (
        AnswerSet.objects.confirmed()
        .filter(enterprise__in=suppliers)
        .filter(enterprise__in=given.values("enterprise"))
    )
    newest = rows.order_by("confirmed_at").values_list("enterprise", "confirmed_at")
    fresh = now() - FRESH
    return {key: "stale" if at < fresh else "shared" for key, at in newest if at is not None}


def _certificates(buyer: Enterprise, suppliers: Any) -> set[tuple[int, str]]:
    """Valid certificates of kinds that are open to the buyer: supplier and kind."""
    given = Consent.objects.reaching([buyer.pk]).filter(enterprise__in=suppliers)
    opened = {(key, kind) for key, kinds in given.values_list("enterprise", "kinds") for kind in kinds}
    if not opened:
        return set()
    files = Evidence.objects.valid().filter(enterprise__in=suppliers, kind__in=list(CERTIFICATES.values()))
    return opened & set(files.values_list("enterprise", "kind"))


def _audits(buyer: Enterprise) -> dict[int, tuple[dict[str, dt.date], str]]:
    """By supplier: the last day of each kind, and the result of the last of all."""
    rows = SupplierAudit.objects.done().filter(buyer=buyer).order_by("done_on", "pk")
    found: dict[int, tuple[dict[str, dt.date], str]] = {}
    for supplier, kind, day, result in rows.values_list("supplier", "kind", "done_on", "result"):
        days = found.get(supplier, ({}, ""))[0]
        found[supplier] = ({**days, kind: day}, result)
    return found


def _findings(buyer: Enterprise) -> dict[int, tuple[int, int]]:
    """By supplier: open major findings, and findings whose day has passed."""
    rows = AuditFinding.objects.unsettled().filter(audit__buyer=buyer)
    told = (
        rows.order_by()
        .values_list(F("audit__supplier"))
        .annotate(
            major=Count("pk", filter=Q(severity=AuditFinding.Severity.MAJOR)),
            late=Count("pk", filter=Q(due_on__lt=today())),
        )
    )
    found: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for supplier, major, late in told:
        found[supplier] = (major, late)
    return found
