"""Duties come about: by the year, by a change that must be told, by a new version of the scheme."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from certification.designation.models import Designation, DesignationQuerySet
from certification.scheme.deadlines import Duty, due_day
from certification.scheme.models import SchemeVersion, SchemeVersionQuerySet
from certification.scheme.subject import KEYS
from certification.surveillance.calendar import FORM_DUE
from certification.surveillance.catalogue import number
from certification.surveillance.models import STANDING, Obligation, Owed
from certification.workflow import Status
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import subscribe
from greenchain.clock import months_after, today, working_days_after
from suppliers.enterprise.models import Enterprise, Park, Product, Site, key_of

BATCH = 500
TOLD = frozenset({"region", "industry", "address", "legal_representative", "kind"})
"""Which details of an enterprise, site or park must be told of when they change."""


def standing() -> DesignationQuerySet:
    """Titles that stand or are suspended, and whose holder is known, who must answer for them."""
    unlinked = {f"{key}__isnull": True for key in KEYS}
    return Designation.objects.filter(status__in=STANDING).exclude(**unlinked)


@subscribe("issue")
def oblige(_entry: AuditEntry, title: Any) -> None:
    """A new title owes the form of its first year, and those that the title it renews has left open."""
    years = {title.announced_on.year, *_left_open(title)}
    for year in years:
        due_on = due_day(Duty.ANNUAL_FORM, title.home, year + 1, FORM_DUE)
        Obligation.objects.get_or_create(
            designation=title, kind=Owed.ANNUAL_FORM, year=year, defaults={"due_on": due_on}
        )


def _left_open(title: Designation) -> list[int]:
    before = Obligation.objects.annual().filter(
        filed_at=None,
        due_on__gte=today(),
        designation__in=Designation.objects.filter(
            title.same_subject(), scheme=title.scheme, level=title.level, status=Status.SUPERSEDED
        ),
    )
    return list(before.values_list("year", flat=True))


def owe_forms() -> int:
    """Each title that stands owes the form of this year and of the last; how many forms are new.

    A day that has gone by before the duty was made is not held against anybody: what was imported later, or
    linked later, starts with the next form.
    """
    return sum(_owe_year(year) for year in (today().year - 1, today().year))


@transaction.atomic
def _owe_year(year: int) -> int:
    owed = Obligation.objects.annual().filter(designation=OuterRef("pk"), year=year)
    titles = standing().filter(~Exists(owed), announced_on__year__lte=year).select_related("home")
    homes: dict[Any, list[Designation]] = defaultdict(list)
    for title in titles:
        homes[title.home].append(title)
    made: list[Obligation] = []
    for home, held in homes.items():
        due_on = due_day(Duty.ANNUAL_FORM, home, year + 1, FORM_DUE)
        if due_on >= today():
            made += [Obligation(designation=title, year=year, due_on=due_on) for title in held]
    Obligation.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
    return len(made)


@transaction.atomic
def owe_rebenchmarks() -> int:
    """Each title under older rules owes a measure by the newest that serve its level; how many are new.

    Scheme data say in how many months after the version is in force, else a number of ours.
    """
    versions: dict[int, list[SchemeVersion]] = defaultdict(list)
    for version in in_force_today():
        versions[version.scheme_id].append(version)
    older = Q(pk__in=())
    for scheme, held in versions.items():
        before = Q(scheme_version__effective_on__lt=held[0].effective_on)
        listed = Q(scheme_version=None, announced_on__lt=held[0].effective_on)
        older |= Q(scheme=scheme) & (before | listed)
    titles = list(standing().filter(older).select_related("home", "scheme_version").order_by("pk"))
    owed = Obligation.objects.filter(kind=Owed.REBENCHMARK, designation__in=[title.pk for title in titles])
    done = set(owed.values_list("designation", "about")) if titles else set()
    made = []
    for title in titles:
        newest = newest_for(title, versions[title.scheme_id])
        if newest is not None and (title.pk, about_version(newest)) not in done:
            made.append(_to_measure(title, newest))
    Obligation.objects.bulk_create(made, batch_size=BATCH, ignore_conflicts=True)
    return len(made)


def _to_measure(title: Designation, version: SchemeVersion) -> Obligation:
    return Obligation(
        designation=title,
        kind=Owed.REBENCHMARK,
        year=version.effective_on.year,
        about=about_version(version),
        due_on=max(rebenchmark_due(version), working_days_after(today(), number("change_days"))),
    )


def in_force_today() -> SchemeVersionQuerySet:
    """The versions that hold today, the newest first."""
    effective = SchemeVersion.objects.filter(effective_on__lte=today()).exclude(retired_on__lte=today())
    return effective.order_by("-effective_on", "pk")


def serves(version: SchemeVersion, title: Designation) -> bool:
    """Whether a version is for the title's level and place."""
    definition, place = version.definition, (title.home.path if title.home else "").split("/")
    return title.level in definition.levels and (not definition.only_in or definition.only_in in place)


def newest_for(title: Designation, versions: Iterable[SchemeVersion]) -> SchemeVersion | None:
    """The newest version that serves the title and is newer than what it was given by."""
    newest = next((version for version in versions if serves(version, title)), None)
    given_on = title.scheme_version.effective_on if title.scheme_version else title.announced_on
    return newest if newest and given_on < newest.effective_on else None


def about_version(version: SchemeVersion) -> str:
    """How a duty names the version that it stems from."""
    return f"version:{version.pk}"


def rebenchmark_due(version: SchemeVersion) -> dt.date:
    """By when titles under older rules are measured by this version."""
    months = version.definition.procedure.rebenchmark_months or number("rebenchmark_months")
    return months_after(version.effective_on, months)


@subscribe("amend", "amend_site", "amend_park", "amend_product")
def owe_change(entry: AuditEntry, about: Any) -> None:
    """A registration changed: the holder tells of it within 30 working days (Shandong; the nation's form asks too)."""
    if not isinstance(about, Enterprise | Site | Park | Product):
        return
    changed = set(entry.data["changed"])
    kind = Owed.NAME if "name" in changed else Owed.SCOPE if changed & TOLD else None
    if kind is None:
        return
    due_on = working_days_after(today(), number("change_days"))
    for title in titles_about(about):
        told = {"kind": kind, "year": today().year, "about": f"entry:{entry.pk}"}
        Obligation.objects.get_or_create(designation=title, **told, defaults={"due_on": due_on})


def titles_about(about: Any) -> DesignationQuerySet:
    """Standing titles that a change of this enterprise, site, park or product concerns."""
    if isinstance(about, Enterprise):
        return standing().held_by([about.pk])
    return standing().filter(**{key_of(about): about})
