"""What the checks compare a case with: the vault, the record, other sites, the figures of today. Queries only here."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from certification.application.dossier import differences, figures_now
from certification.application.models import Application, Citation, Dossier
from certification.assessment.peers import OF_A_PEER, Peer, nearest_peers, peer_rows
from certification.assessment.together import Reading
from certification.designation.green import green_enterprises
from certification.workflow import OPEN, Status
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.kinds import KINDS
from suppliers.evidence.models import CertificateNumber
from suppliers.evidence.serials import Serials
from suppliers.reporting.models import years_of
from suppliers.supply.models import SupplyLink

COUNTS = frozenset({*OPEN.split(), Status.GRANTED}) - {Status.DRAFT}
"""In these statuses a case has used up the certificates that it cites."""
MOST_NUMBERS = 800
A_QUERY = 200


@dataclass(frozen=True, slots=True)
class Clash:
    """A certificate number of a cited file that stands elsewhere too."""

    evidence: int
    number: str
    how: str
    """``held``: another enterprise has it in its vault; ``used``: a case of another enterprise counts it;
    ``again``: a case of the same enterprise counts it for another year; ``shared``: for another site."""


@dataclass(frozen=True)
class Facts:
    """What is compared; empty for those who only want to know a score."""

    clashes: tuple[Clash, ...] = ()
    peers: Mapping[str, Peer] = field(default_factory=dict)
    changed: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    """Figures that changed since they were submitted: what was filed, and what stands now."""
    filed_on: dt.date | None = None
    suppliers: tuple[int, int] | None = None
    """Of an enterprise: how many suppliers its links name, and how many of them are green; None without links."""


def around_of(
    application: Application, dossier: Dossier | None, content: Mapping[str, Any]
) -> dict[str, Reading]:
    """What ``facts_of`` wants read together with what else lies around the case."""
    site, year = application.site, application.year
    reported = content["figures"].get(str(year), {}).get("values", {}).get("gross_output")
    output = None if reported is None else Decimal(reported)
    found: dict[str, Reading] = {}
    if site and (peers := peer_rows(site.industry, year, output)) is not None:
        found["peers"] = peers, OF_A_PEER
    if dossier:
        since = years_of(application.subject).filter(year=year, updated_at__gt=dossier.submitted_at)
        found["touched"] = since, ("year",)
    return found


def facts_of(
    application: Application,
    dossier: Dossier | None,
    content: Mapping[str, Any],
    around: Mapping[str, Sequence[Any]],
) -> Facts:
    """Everything that checks compare ``content`` with, in a number of queries that does not grow with it."""
    touched = bool(around.get("touched"))
    return Facts(
        clashes=tuple(_clashes(application, content["citations"])),
        peers=nearest_peers(around.get("peers", ())),
        changed=_changed(application, content) if touched else {},
        filed_on=dossier.submitted_at.date() if dossier else None,
        suppliers=_suppliers(application.enterprise) if application.enterprise else None,
    )


def _suppliers(buyer: Enterprise) -> tuple[int, int] | None:
    """By the links in force today; carriers and recyclers are no suppliers."""
    links = SupplyLink.objects.current().suppliers_of(buyer).filter(kind=SupplyLink.Kind.SUPPLIES)
    found = links.aggregate(
        all=Count("supplier", distinct=True),
        green=Count("supplier", distinct=True, filter=Q(supplier__in=green_enterprises())),
    )
    return (found["all"], found["green"]) if found["all"] else None


def _changed(application: Application, content: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Asked only where something was touched since the submission, which is rare."""
    subject, year = application.subject, application.year
    now = {**content, "figures": {**content["figures"], **figures_now(subject, [year])}}
    return {change.key: (change.before, change.after) for change in differences(dict(content), now)}


@dataclass(frozen=True, slots=True)
class _Own:
    evidence: int
    kind: str
    serials: Serials


def _clashes(application: Application, citations: Collection[Mapping[str, Any]]) -> Iterator[Clash]:
    cited = {row["evidence"] for row in citations}
    numbered = {row["evidence"] for row in citations if row["certificate_number"]}
    if not numbered:
        return
    rows = CertificateNumber.objects.filter(evidence__in=numbered).order_by("evidence", "pk")
    columns = rows.values_list("evidence", "evidence__kind", "stem", "first", "last")
    own = [_Own(key, kind, Serials(*at)) for key, kind, *at in columns[:MOST_NUMBERS]]  # type: ignore[arg-type]
    others = list(_others(own, cited))
    used = _used(application, {each.evidence for each in own} | {each.evidence for each, _owner in others})
    for mine in own:
        met = [(each, owner) for each, owner in others if _same(mine, each)]
        ours = [mine, *(each for each, owner in met if owner == application.applicant_id)]
        at = [place for each in ours for place in used.get(each.evidence, ())]
        how = {
            "used" if each.evidence in used else "held"
            for each, owner in met
            if owner != application.applicant_id
        }
        how |= {"again" for year, _site in at if year != application.year}
        how |= {"shared" for year, site in at if year == application.year and site != application.site_id}
        for each in sorted(how):
            yield Clash(mine.evidence, str(mine.serials), each)


def _same(mine: _Own, other: _Own) -> bool:
    return mine.kind == other.kind and mine.serials.meets(other.serials)


def _others(own: Collection[_Own], cited: Collection[int]) -> Iterator[tuple[_Own, int]]:
    """Numbers of other files that meet one's own, with the enterprise that holds them."""
    wanted = list(dict.fromkeys(each.serials for each in own))
    for start in range(0, len(wanted), A_QUERY):
        meets = Q()
        for serials in wanted[start : start + A_QUERY]:
            meets |= Q(stem=serials.stem, first__lte=serials.last, last__gte=serials.first)
        rows = CertificateNumber.objects.filter(meets, evidence__retracted_at__isnull=True)
        columns = ("evidence", "evidence__kind", "evidence__enterprise", "stem", "first", "last")
        for key, kind, owner, *numbers in rows.exclude(evidence__in=cited).values_list(*columns):
            yield _Own(key, kind, Serials(*numbers)), owner


def _used(application: Application, evidence: Collection[int]) -> dict[int, list[tuple[int, int | None]]]:
    """By file: the years and sites for which other cases used it up."""
    kinds = [kind.key for kind in KINDS.values() if kind.used_up]
    cited = Citation.objects.filter(
        evidence__in=evidence, evidence__kind__in=kinds, application__status__in=COUNTS
    )
    found: dict[int, list[tuple[int, int | None]]] = {}
    columns = ("evidence", "application__year", "application__site")
    for key, year, site in cited.exclude(application=application).values_list(*columns):
        found.setdefault(key, []).append((year, site))
    return found
