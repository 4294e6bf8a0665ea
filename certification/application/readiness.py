"""What an application still lacks before it may be submitted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from certification.application.local import Unmet, unmet, unmet_in_each
from certification.application.models import Application, Citation
from certification.scheme.subject import KEYS
from greenchain.languages import pick, spoken
from suppliers.reporting.models import Figures, SiteYear, SubjectYear, years_of


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
    hand = application.hand
    if hand:
        report, cited = hand.reports.get(application.year), {row.requirement for row in hand.cited}
    else:
        report = years_of(application.subject).filter(year=application.year).first()
        cited = set(application.citations.values_list("requirement", flat=True))
    return [*_missing(application, report, cited), *_local(unmet(application, report))]


def missing_in_each(applications: Sequence[Application]) -> dict[int, list[MissingPart]]:
    """The missing parts of several applications by key, in as many queries as for one."""
    reports = _reports(applications)
    cited: dict[int, set[str]] = {}
    for key, requirement in Citation.objects.filter(application__in=applications).values_list(
        "application", "requirement"
    ):
        cited.setdefault(key, set()).add(requirement)
    found = {each.pk: reports.get((each.subject, each.year)) for each in applications}
    local = unmet_in_each(applications, found)
    return {
        each.pk: [*_missing(each, found[each.pk], cited.get(each.pk, set())), *_local(local[each.pk])]
        for each in applications
    }


def _local(rows: Sequence[Unmet]) -> list[MissingPart]:
    """What the round asks beside its scheme."""
    return [MissingPart("local", gate.key, words) for gate, words in rows]


def _reports(applications: Sequence[Application]) -> dict[tuple[Any, int], Figures]:
    """What was reported, by subject and year: one query per model of figures."""
    keys = {key: [each for each in applications if each.subject_key == key] for key in KEYS}
    years = {each.year for each in applications}
    of_sites = SiteYear.objects.filter(site__in=[each.site_id for each in keys["site"]], year__in=years)
    others = Q()
    for key in SubjectYear.KEYS:
        others |= Q(**{f"{key}__in": [getattr(each, f"{key}_id") for each in keys[key]]})
    rows = [*of_sites.select_related("site"), *_others(SubjectYear.objects.filter(others, year__in=years))]
    return {(row.subject, row.year): row for row in rows}


def _others(rows: QuerySet[SubjectYear]) -> QuerySet[SubjectYear]:
    return rows.select_related(*SubjectYear.KEYS)


def _missing(application: Application, report: Figures | None, cited: set[str]) -> list[MissingPart]:
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


def _figures(application: Application, report: Figures | None) -> list[MissingPart]:
    definition = application.scheme_version.definition
    if not definition.metrics and not definition.tables:
        return []
    if report is None:
        message = spoken(gettext_noop("report the figures for %(year)s"), year=application.year)
        return [MissingPart("figures", str(application.year), message)]
    if application.subject_key == "site" and report.metric("gross_output") is None:
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
