"""Who is studied, and with which figures: titles in force, and what their subjects reported for the year."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from certification.assessment.scoring import inputs_of
from certification.assessment.vector import needs
from certification.designation.models import Designation, DesignationQuerySet
from certification.impact.models import Study, StudyPart
from certification.impact.packing import Frozen
from certification.impact.scenario import changed
from certification.scheme.definition import Definition
from certification.scheme.formula.columns import Shape, Whole, columns_of
from certification.scheme.models import SchemeVersion, Subject
from suppliers.place.models import Authority, Level, Region
from suppliers.reporting.models import Figures, SiteYear, SubjectYear

TEN_THOUSAND = 10_000
"""Output is reported in 10,000 CNY with four decimals, and kept as whole CNY."""
NO_INDUSTRY = "00"
NO_REGION = "000000"
TITLE = np.dtype("<i8")


def titles_of(study: Study) -> DesignationQuerySet:
    """Titles of linked subjects in force on the day in the territory, each subject at its highest level."""
    scheme = study.before.scheme
    found = Designation.objects.in_force(study.as_of).filter(
        scheme=scheme, level__in=levels_of(study), **{f"{scheme.subject}__isnull": False}
    )
    if study.authority.rank != Level.NATIONAL:
        found = found.filter(region__desk__in=Authority.objects.under(study.authority))
    if study.region is not None:
        found = found.filter(region__in=Region.objects.within(study.region))
    return found


def levels_of(study: Study) -> list[int]:
    """The levels that both rules offer, or of them the one that was asked for."""
    both = set(study.before.definition.levels) & set(study.after.definition.levels)
    return sorted(both & {study.level} if study.level is not None else both)


def keys_of(study: Study) -> list[int]:
    """The titles to be studied, in order: of each subject the highest, of equals the newest."""
    subject = study.before.scheme.subject
    rows = titles_of(study).order_by("level", "pk").values_list(f"{subject}_id", "pk")
    return sorted(dict(rows.iterator(chunk_size=20_000)).values())


def shape_for(study: Study) -> Shape:
    """What is frozen: all figures that any version of either scheme reads, so that further studies can use them."""
    return needs([version.definition for version in read_by(study)])


def read_by(study: Study) -> list[SchemeVersion]:
    """The versions whose figures are frozen."""
    schemes = {study.before.scheme_id, study.after.scheme_id}
    return list(SchemeVersion.objects.filter(scheme__in=schemes).order_by("pk"))


def rules_of(study: Study) -> tuple[Definition, Definition]:
    """Today's rules and the others."""
    return study.before.definition, changed(study.after.definition, study.changes)


def keys_in(part: StudyPart) -> list[int]:
    """The keys of a part's titles."""
    return np.frombuffer(bytes(part.titles), dtype=TITLE).tolist()


def freeze(part: StudyPart, study: Study) -> Frozen:
    """The figures of the part's titles whose subjects reported the year: three queries."""
    keys, subject = keys_in(part), study.before.scheme.subject
    within = Designation.objects.filter(pk__range=(keys[0], keys[-1]), scheme=study.before.scheme_id)
    wanted = set(keys)
    titles = [title for title in within.select_related("site").order_by("pk") if title.pk in wanted]
    reports = _reports(study, subject, within)
    told = [(title, reports[key]) for title in titles if (key := getattr(title, f"{subject}_id")) in reports]
    subjects = (inputs_of(report.all_values(), report.tables()) for _title, report in told)
    return Frozen(
        columns=columns_of(list(subjects), shape_for(study)),
        title=_whole(title.pk for title, _report in told),
        region=tuple(title.region_id or NO_REGION for title, _report in told),
        industry=tuple(title.site.industry_id if title.site else NO_INDUSTRY for title, _report in told),
        level=_whole(title.level for title, _report in told),
        output=_whole(round((report.metric("gross_output") or 0) * TEN_THOUSAND) for _title, report in told),
    )


def _reports(study: Study, subject: str, titles: DesignationQuerySet) -> Mapping[int, Figures]:
    """The year's figures by the subject's key."""
    years: Any = SiteYear if subject == Subject.SITE else SubjectYear
    rows = years.objects.filter(year=study.year, **{f"{subject}__in": titles.values(subject)})
    return {getattr(report, f"{subject}_id"): report for report in rows.prefetch_related("rows")}


def _whole(numbers: Iterable[int]) -> Whole:
    return np.fromiter(numbers, dtype=np.int64)
