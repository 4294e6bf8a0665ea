"""What lies in a demo firm's vault: the papers that an application needs, each a small real file."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.files.base import ContentFile

from certification.demo.papers import pdf, png
from greenchain.accounts.models import User
from greenchain.audit.trail import record_many
from greenchain.clock import now, today
from suppliers.enterprise.models import Enterprise, Site
from suppliers.evidence.condition import Condition
from suppliers.evidence.kinds import KINDS, Kind
from suppliers.evidence.models import CertificateNumber, Evidence
from suppliers.evidence.paper import TYPES

ISSUER = "Demo Office 演示机构"
VALID_DAYS = 700
DRAWN = frozenset({"platform_record", "site_plan"})
LICENCE = "business_licence"
NEVER = frozenset({LICENCE, "rectification_proof", "evaluation_report", "other"})
"""The licence is there from the start; the others are for special cases."""
USUAL = (
    "credit_report",
    "enforcement_search",
    "green_plan",
    "organisation_chart",
    "annual_targets",
    "qms_certificate",
    "ems_certificate",
    "enms_certificate",
    "ohsms_certificate",
    "form_b204_1",
    "form_205_1",
    "form_205_4",
    "platform_record",
    "case_report",
    "waste_ledger",
    "equipment_statement",
    "retrofit_record",
    "monitoring_report",
    "footprint_report",
    "efficiency_label",
    "site_plan",
)
"""Enough for every gate and every indicator."""
EVERYTHING = tuple(key for key in KINDS if key not in NEVER)


@dataclass(frozen=True)
class Vault:
    """Where papers of one enterprise and year go."""

    enterprise: Enterprise
    owner: User
    year: int

    def papers(self, kinds: Sequence[str], sites: Sequence[Site]) -> Iterator[Evidence]:
        """A paper of each kind; one per site where a kind is about a site and there are several."""
        for key in kinds:
            kind = KINDS[key]
            several = kind.about == "site" and len(sites) > 1
            for site in sites if several else [None]:
                yield self.paper(kind, site)

    def paper(self, kind: Kind, site: Site | None = None, *, expires_on: dt.date | None = None) -> Evidence:
        """One paper with its file stored, the row not yet saved."""
        content, ending = self._content(kind, site)
        row = Evidence(
            enterprise=self.enterprise,
            kind=kind.key,
            title=f"{kind.names['zh-hans']} {kind.names['en']}"[:200],
            site=site,
            issuer=ISSUER,
            issued_on=today() - dt.timedelta(days=20),
            filename=f"{kind.key}-{self.year}.{ending}",
            size=len(content),
            media_type=TYPES[ending],
            sha256=hashlib.sha256(content).hexdigest(),
            condition=Condition.GOOD,
            seen_at=now(),
            uploaded_by=self.owner,
        )
        if kind.yearly:
            row.period_from, row.period_to = dt.date(self.year, 1, 1), dt.date(self.year, 12, 31)
        if kind.expires:
            row.expires_on = expires_on or today() + dt.timedelta(days=VALID_DAYS)
            row.certificate_number = f"DEMO-{self.enterprise.identifier[8:16]}-{kind.key[:4].upper()}"
        if kind.used_up:
            series = f"GEC{self.year}{self.enterprise.identifier[8:16]}{site.pk if site else 0:06}"
            row.certificate_number = f"{series}0001~{series}0400"
        row.file.save(row.filename, ContentFile(content), save=False)
        return row

    def _content(self, kind: Kind, site: Site | None) -> tuple[bytes, str]:
        if kind.key in DRAWN:
            seed = int(self.enterprise.identifier[11:16]) + (site.pk if site else 0)
            return png(f"{self.enterprise.name_en} {kind.key} {seed}", seed), "png"
        return pdf(kind.names["en"], list(self._lines(kind, site))), "pdf"

    def _lines(self, kind: Kind, site: Site | None) -> Iterator[str]:
        yield kind.names["zh-hans"]
        yield self.enterprise.name
        yield f"{self.enterprise.name_en} / {self.enterprise.identifier}"
        if site is not None:
            yield site.name_en
        if kind.yearly:
            yield f"{self.year}-01-01 - {self.year}-12-31"


def search_again(enterprise: Enterprise) -> None:
    """Searches must be recent on the day of submission; the demo's are made anew by moving their date."""
    recent = [kind.key for kind in KINDS.values() if kind.max_age_days]
    Evidence.objects.filter(enterprise=enterprise, kind__in=recent).update(issued_on=today())


def keep(papers: Sequence[Evidence]) -> None:
    """The papers lie in their vaults, each with its entry in the record: as ``attach`` does, a thousand at once."""
    rows = Evidence.objects.bulk_create(papers, batch_size=200)
    CertificateNumber.objects.bulk_create(
        [number for row in rows for number in row.numbers()], batch_size=500
    )
    record_many("attach", ((row, _facts(row)) for row in rows), by=None)


def _facts(row: Evidence) -> dict[str, object]:
    return {
        "enterprise": row.enterprise_id,
        "kind": row.kind,
        "title": row.title,
        "sha256": row.sha256,
        "version": row.version,
        "condition": str(row.condition),
    }
