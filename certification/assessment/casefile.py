"""Everything that the checks may read about a case, gathered once: plain facts, no queries afterwards."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from certification.application.dossier import compose
from certification.application.models import Application
from certification.assessment.facts import Facts, around_of, facts_of
from certification.assessment.models import Correction
from certification.assessment.scoring import Score, score
from certification.assessment.together import Reading, read_together
from certification.scheme.models import Benchmark, SchemeVersion
from certification.scheme.subject import standing_against
from greenchain.audit.canonical import canonical
from greenchain.clock import today
from suppliers.evidence.condition import UNREADABLE, Condition
from suppliers.evidence.models import Evidence
from suppliers.place.models import Industry
from suppliers.record.models import ComplianceRecord

if TYPE_CHECKING:
    from certification.scheme.definition import Definition

OF_A_BENCHMARK = ("indicator", "industry_id", "base", "lead", "source", "valid_from")


@dataclass(frozen=True, slots=True)
class Proof:
    """A cited file, and what has become of it since it was cited."""

    requirement: str
    evidence: int
    kind: str
    title: str
    sha256: str
    site: int | None
    certificate_number: str
    period_from: str | None
    period_to: str | None
    expires_on: str | None
    retracted: bool
    elsewhere: int
    """How many other enterprises hold the very same file."""
    product: int | None = None
    issued_on: dt.date | None = None
    condition: str = Condition.UNSEEN

    def expired(self, day: dt.date) -> bool:
        """Whether its expiry lies before ``day``."""
        return self.expires_on is not None and dt.date.fromisoformat(self.expires_on) < day

    def is_good(self, day: dt.date) -> bool:
        """Whether it proves anything: not retracted, valid on ``day``, and readable."""
        return not self.retracted and not self.expired(day) and self.condition not in UNREADABLE


@dataclass(frozen=True, slots=True)
class Record:
    """A compliance record that stands."""

    id: int
    kind: str
    title: str
    source: str
    happened_on: str
    confirmed: bool


@dataclass(frozen=True)
class CaseFile:
    """The facts of one case on one day."""

    application: int
    subject: int
    site: int | None
    year: int
    definition: "Definition"
    content: Mapping[str, Any]
    proofs: tuple[Proof, ...]
    records: tuple[Record, ...]
    corrections: Mapping[str, Mapping[str, str]]
    benchmarks: Mapping[str, tuple[Decimal, Decimal, str]]
    day: dt.date
    product: int | None = None
    facts: Facts = field(default_factory=Facts)

    @property
    def values(self) -> Mapping[str, str]:
        """The reporting year's single values."""
        return self.figures(self.year).get("values", {})

    @property
    def tables(self) -> Mapping[str, list[dict[str, Any]]]:
        """The reporting year's tables."""
        return self.figures(self.year).get("tables", {})

    def figures(self, year: int) -> Mapping[str, Any]:
        """What was reported for a year; empty when nothing was."""
        found: Mapping[str, Any] = self.content["figures"].get(str(year), {})
        return found

    def proofs_for(self, requirement: str) -> list[Proof]:
        """What is cited under a gate or an indicator."""
        return [proof for proof in self.proofs if proof.requirement == requirement]

    def good_proofs_for(self, requirement: str) -> list[Proof]:
        """Of those the ones that count: not retracted, valid today, and readable."""
        return [proof for proof in self.proofs_for(requirement) if proof.is_good(self.day)]

    @cached_property
    def score(self) -> Score:
        """What these facts score: pure, for stored runs, live drafts and what-ifs alike."""
        return score(
            self.definition,
            values=self.values,
            tables=self.tables,
            claims=self.content["claims"],
            corrections=self.corrections,
            benchmarks=self.benchmarks,
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every fact that a check reads; the same facts give the same digest."""
        facts = {
            "version": self.definition.digest,
            "content": self.content,
            "proofs": [asdict(proof) | {"expired": proof.expired(self.day)} for proof in self.proofs],
            "records": [asdict(record) for record in self.records],
            "corrections": self.corrections,
            "benchmarks": self.benchmarks,
            "facts": asdict(self.facts),
        }
        return hashlib.sha256(canonical(facts).encode()).hexdigest()


def gather(application: Application, *, facts: bool = True) -> CaseFile:
    """The case file as it stands: the frozen dossier if there is one, else the draft; everything else live.

    Without ``facts`` it holds only what a score is made of.
    """
    draft = application.status == "draft"
    dossier = None if draft else application.dossier
    content = dossier.content if dossier else compose(application)
    version = application.scheme_version
    industry = application.site.industry if application.site else None
    around = read_together(
        elsewhere=_elsewhere(content["citations"], application.applicant_id),
        records=(
            standing_against(application.subject),
            ("id", "kind", "title", "source", "happened_on", "match"),
        ),
        benchmarks=(_benchmarks(version), OF_A_BENCHMARK),
        **(around_of(application, dossier, content) if facts else {}),
    )
    return CaseFile(
        application=application.pk,
        subject=content["subject"]["id"],
        site=application.site_id,
        year=application.year,
        definition=version.definition,
        content={key: value for key, value in content.items() if key not in {"commitment", "submission"}},
        proofs=_proofs(content["citations"], vault_of(application, content), around["elsewhere"]),
        records=_records(around["records"]),
        corrections=corrections_of(application),
        benchmarks=nearest(around["benchmarks"], industry),
        day=today(),
        product=application.product_id,
        facts=facts_of(application, dossier, content, around) if facts else Facts(),
    )


def vault_of(application: Application, content: Mapping[str, Any]) -> Mapping[int, Evidence]:
    """The files that a content cites, as they stand in the vault now."""
    keys = {row["evidence"] for row in content.get("citations", ())}
    rows = Evidence.objects.select_related("site", "enterprise")
    found: Mapping[int, Evidence] = application.once("vault", lambda: rows.in_bulk(keys) if keys else {})
    return found if keys <= found.keys() else rows.in_bulk(keys)


def _elsewhere(cited: list[dict[str, Any]], owner: int) -> Reading:
    """Who else holds the very same files."""
    same = Evidence.objects.filter(sha256__in={row["sha256"] for row in cited})
    return same.exclude(enterprise=owner), ("sha256", "enterprise_id")


def _proofs(
    cited: list[dict[str, Any]], stored: Mapping[int, Evidence], shared: Iterable[Evidence]
) -> tuple[Proof, ...]:
    elsewhere: dict[str, set[int]] = {}
    for row in shared:
        elsewhere.setdefault(row.sha256, set()).add(row.enterprise_id)
    keys = "requirement evidence kind title sha256 site certificate_number period_from period_to expires_on"
    return tuple(
        Proof(
            **{key: row[key] for key in keys.split()},
            retracted=now.retracted_at is not None,
            elsewhere=len(elsewhere.get(row["sha256"], ())),
            product=now.product_id,
            issued_on=now.issued_on,
            condition=now.condition,
        )
        for row in cited
        for now in (stored[row["evidence"]],)
    )


def _records(standing: Iterable[ComplianceRecord]) -> tuple[Record, ...]:
    return tuple(
        Record(
            id=row.pk,
            kind=row.kind,
            title=row.title,
            source=row.source,
            happened_on=row.happened_on.isoformat(),
            confirmed=row.match == ComplianceRecord.Match.CONFIRMED,
        )
        for row in sorted(standing, key=lambda each: each.pk)
    )


def corrections_of(application: Application) -> dict[str, dict[str, str]]:
    """The newest correction of each field, per indicator or check; nobody corrects a draft."""
    found: dict[str, dict[str, str]] = {}
    if application.status == "draft" or not application.left_by("correct"):
        return found
    for row in Correction.objects.filter(application=application).order_by("pk"):
        found.setdefault(row.code, {})[row.field] = row.after
    return found


def benchmarks_of(
    application: Application, version: SchemeVersion | None = None
) -> dict[str, tuple[Decimal, Decimal, str]]:
    """What administrators entered for the application's version, or for another one."""
    version = version or application.scheme_version
    return nearest(_benchmarks(version), application.site.industry if application.site else None)


def _benchmarks(version: SchemeVersion) -> QuerySet[Benchmark]:
    return Benchmark.objects.filter(scheme_version=version, valid_from__lte=today())


def nearest(rows: Iterable[Benchmark], industry: Industry | None) -> dict[str, tuple[Decimal, Decimal, str]]:
    """Of one version's benchmarks those that hold for an industry; the nearest one wins, then the newest."""
    fitting = {None, *(industry.lineage() if industry else ())}
    held = [row for row in rows if row.industry_id in fitting]
    ranked = sorted(held, key=lambda row: (len(row.industry_id or ""), row.valid_from))
    return {row.indicator: (row.base, row.lead, row.source) for row in ranked}
