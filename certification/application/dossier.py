"""What an application says: composed from the enterprise's own records, frozen at submission, compared afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from certification.application.hand import read_citations, read_reports
from certification.application.local import proofs_of
from certification.application.models import Application, Citation
from greenchain.audit.canonical import plain
from suppliers.enterprise.models import Enterprise, Product, Site
from suppliers.evidence.condition import UNREADABLE
from suppliers.evidence.models import Evidence
from suppliers.reporting.models import Figures, years_of

OF_THE_APPLICANT = (
    "scheme identifier country name name_en address legal_representative "
    "contact_name contact_phone contact_email"
)


def compose(application: Application) -> dict[str, Any]:
    """The application's content now, in types that canonical JSON knows."""
    subject = application.subject
    return {  # every part is plain text, numbers as text
        "number": application.number,
        "round": application.round.code,
        "scheme": application.scheme_version.scheme.key,
        "version": application.scheme_version.version,
        "version_digest": application.scheme_version.digest,
        "level": application.level,
        "year": application.year,
        "applicant": _enterprise(application.applicant),
        "subject": _subject(subject),
        "form": plain(application.form),
        "claims": plain(application.claims),
        "figures": _both_years(application),
        "citations": [_citation(cited) for cited in citations(application)],
    }


def citations(application: Application) -> list[Citation]:
    """The application's citations with their evidence, in a stable order."""
    return application.hand.cited if application.hand else read_citations(application)


def _enterprise(enterprise: Enterprise) -> dict[str, Any]:
    return {key: getattr(enterprise, key) for key in OF_THE_APPLICANT.split()} | {"id": enterprise.pk}


def _subject(subject: Any) -> dict[str, Any]:
    found = {
        "id": subject.pk,
        "kind": type(subject).__name__.lower(),
        "name": subject.name,
        "name_en": subject.name_en,
    }
    if isinstance(subject, Site):
        found |= {
            "address": subject.address,
            "address_en": subject.address_en,
            "region": subject.region_id,
            "industry": subject.industry_id,
        }
    return found


def site_of(subject: Any) -> Site | None:
    """The site that evidence about a subject may be about, if it has one."""
    return subject if isinstance(subject, Site) else subject.site if isinstance(subject, Product) else None


def _figures(report: Figures | None) -> dict[str, Any]:
    return {"values": plain(report.all_values()), "tables": plain(report.tables())} if report else {}


def _both_years(application: Application) -> dict[str, Any]:
    reported = application.hand.reports if application.hand else read_reports(application)
    return {str(year): _figures(reported.get(year)) for year in (application.year - 1, application.year)}


def figures_now(subject: Any, years: Collection[int]) -> dict[str, Any]:
    """A subject's figures of some years as they stand now, in the form in which they are frozen."""
    reports = years_of(subject).filter(year__in=years).prefetch_related("rows")
    reported = {report.year: report for report in reports}
    return {str(year): _figures(reported.get(year)) for year in years}


def _citation(cited: Citation) -> dict[str, Any]:
    proof = cited.evidence
    return {
        "requirement": cited.requirement,
        "evidence": proof.pk,
        "kind": proof.kind,
        "title": proof.title,
        "filename": proof.filename,
        "sha256": proof.sha256,
        "site": proof.site_id,
        "period_from": plain(proof.period_from),
        "period_to": plain(proof.period_to),
        "issuer": proof.issuer,
        "certificate_number": proof.certificate_number,
        "expires_on": plain(proof.expires_on),
    }


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two submissions: the part (form, figures, claims, evidence), where, from and to."""

    part: str
    key: str
    before: Any
    after: Any


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """What changed between two contents, part by part."""
    return [
        *_changed("form", old["form"], new["form"]),
        *_changed("claims", old["claims"], new["claims"]),
        *(
            change
            for year in sorted({*old["figures"], *new["figures"]})
            for change in _figures_changed(year, old["figures"].get(year, {}), new["figures"].get(year, {}))
        ),
        *_changed("evidence", _cited(old), _cited(new)),
    ]


def _figures_changed(year: str, old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    values = _changed("figures", old.get("values", {}), new.get("values", {}), f"{year} ")
    tables = _changed("figures", old.get("tables", {}), new.get("tables", {}), f"{year} ")
    return values + tables


def _changed(part: str, old: dict[str, Any], new: dict[str, Any], prefix: str = "") -> list[Change]:
    keys = sorted({*old, *new})
    return [
        Change(part, prefix + key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)
    ]


def _cited(content: dict[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in content["citations"]:
        found.setdefault(row["requirement"], []).append(f"{row['title']} ({row['sha256'][:8]})")
    return found


def reusable(
    application: Application, cited: Collection[tuple[str, int]] | None = None
) -> list[tuple[str, Evidence]]:
    """What the vault holds that fits a requirement: (requirement, evidence), not yet cited.

    Valid today, readable, of this subject and year. ``cited``: what is cited, where the caller knows it.
    """
    wanted = proofs_of(application)
    site = site_of(application.subject)
    kinds = {kind for each in wanted.values() for kind in each}
    vault = Evidence.objects.valid().filter(enterprise=application.applicant, kind__in=kinds)
    readable = vault.exclude(condition__in=UNREADABLE).order_by("pk")
    fitting = [proof for proof in readable if _fits(proof, application.year, site, application.product_id)]
    if cited is None:
        cited = set(application.citations.values_list("requirement", "evidence"))
    return [
        (requirement, proof)
        for requirement, kinds_of in wanted.items()
        for proof in fitting
        if proof.kind in kinds_of and (requirement, proof.pk) not in cited
    ]


def _fits(proof: Evidence, year: int, site: Site | None, product: int | None) -> bool:
    if proof.site_id not in {None, site.pk if site else None} or proof.product_id not in {None, product}:
        return False
    begins, ends = proof.period_from, proof.period_to
    return (begins is None or begins.year <= year) and (ends is None or ends.year >= year)
