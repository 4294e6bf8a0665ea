"""What an application still lacks before it may be submitted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from certification.application.dossier import site_of
from certification.application.models import Application, Citation
from greenchain.languages import pick, spoken
from suppliers.reporting.models import SiteYear


@dataclass(frozen=True, slots=True)
class MissingPart:
    """One thing to do: the part of the form, its key, and the words for it in three languages."""

    part: str
    key: str
    text: dict[str, str]

    @property
    def words(self) -> str:
        """The words in the reader's language."""
        return pick(self.text)


def missing_parts(application: Application) -> list[MissingPart]:
    """Everything that keeps the application from being complete; empty when nothing does."""
    site = site_of(application.subject)
    report = SiteYear.objects.filter(site=site, year=application.year).first() if site else None
    return _missing(application, report, set(application.citations.values_list("requirement", flat=True)))


def missing_in_each(applications: Sequence[Application]) -> dict[int, list[MissingPart]]:
    """The missing parts of several applications by key, in as many queries as for one."""
    sites = {application.pk: site_of(application.subject) for application in applications}
    reports = SiteYear.objects.filter(
        site__in=[site for site in sites.values() if site],
        year__in={application.year for application in applications},
    )
    by_site = {(report.site_id, report.year): report for report in reports}
    cited: dict[int, set[str]] = {}
    for key, requirement in Citation.objects.filter(application__in=applications).values_list(
        "application", "requirement"
    ):
        cited.setdefault(key, set()).add(requirement)
    return {
        each.pk: _missing(
            each, by_site.get((getattr(sites[each.pk], "pk", 0), each.year)), cited.get(each.pk, set())
        )
        for each in applications
    }


def _missing(application: Application, report: SiteYear | None, cited: set[str]) -> list[MissingPart]:
    definition = application.scheme_version.definition
    return [
        *_form(application, definition),
        *_figures(application, report),
        *_proofs(definition, cited),
    ]


def _form(application: Application, definition: Any) -> list[MissingPart]:
    return [
        MissingPart("form", field.key, spoken(gettext_noop("fill in “%(name)s”"), name=field.names))
        for field in definition.form
        if field.required and not str(application.form.get(field.key) or "").strip()
    ]


def _figures(application: Application, report: SiteYear | None) -> list[MissingPart]:
    if site_of(application.subject) is None:
        return []
    if report is None:
        message = spoken(gettext_noop("report the site's figures for %(year)s"), year=application.year)
        return [MissingPart("figures", str(application.year), message)]
    if report.gross_output is None:
        return [MissingPart("figures", "gross_output", spoken(gettext_noop("report the gross output")))]
    return []


def _proofs(definition: Any, cited: set[str]) -> list[MissingPart]:
    """Every gate that asks for proof needs some; figures without proof are the checks' business."""
    return [
        MissingPart(
            "evidence", gate.key, spoken(gettext_noop("cite evidence for “%(name)s”"), name=gate.names)
        )
        for gate in definition.gates
        if gate.evidence and gate.key not in cited
    ]
