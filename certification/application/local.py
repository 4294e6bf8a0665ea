"""A round's local requirements, judged: what keeps an application from being submitted here, in three languages."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_noop

from certification.application.models import Application, Citation
from certification.designation.models import Designation
from certification.scheme.local import LocalGate, Proof
from certification.scheme.models import Scheme
from greenchain.languages import spoken
from suppliers.evidence.models import Evidence
from suppliers.place.models import Level
from suppliers.reporting.catalogue import METRICS
from suppliers.reporting.models import Figures

Unmet = tuple[LocalGate, dict[str, str]]


def proofs_of(application: Application) -> Mapping[str, tuple[str, ...]]:
    """The kinds of evidence that may be cited, by requirement: the scheme's own and the round's."""
    local = {gate.key: gate.evidence for gate in application.round.local if gate.evidence}
    return {**application.scheme_version.definition.proofs(), **local}


def gates_of(application: Application) -> list[Any]:
    """The scheme's gates, then what the round asks beside them: each with key, name, clause and evidence."""
    return [*application.scheme_version.definition.gates, *application.round.local]


def unmet(application: Application, report: Figures | None) -> list[Unmet]:
    """The requirements that are not met now; without any in the round, no query."""
    return unmet_in_each([application], {application.pk: report})[application.pk]


def unmet_in_each(
    applications: Sequence[Application], reports: Mapping[int, Figures | None]
) -> dict[int, list[Unmet]]:
    """The same for several, by key, in as many queries as for one."""
    asked = [each for each in applications if each.round.local]
    proven, held = _proven(asked), _held(asked)
    return {
        each.pk: [
            (gate, words)
            for gate in each.round.local
            if (words := _judge(gate, each, reports[each.pk], frozenset(proven.get(each.pk, ())), held))
        ]
        for each in applications
    }


def unmet_by_sketch(application: Application, report: Figures | None) -> list[Unmet]:
    """The same before there is a draft: what the vault holds counts as cited."""
    if not application.round.local:
        return []
    vault = Evidence.objects.valid().filter(enterprise=application.applicant)
    kinds = set(vault.values_list("kind", flat=True))
    proven = frozenset(gate.key for gate in application.round.local if kinds & set(gate.evidence))
    held = _held([application])
    found = [(gate, _judge(gate, application, report, proven, held)) for gate in application.round.local]
    return [(gate, words) for gate, words in found if words]


def _judge(
    gate: LocalGate,
    application: Application,
    report: Figures | None,
    proven: frozenset[str],
    held: Sequence[Any],
) -> dict[str, str]:
    """What is lacking, in words; nothing when the requirement is met."""
    match gate.proof:
        case Proof.EVIDENCE:
            return {} if gate.key in proven else spoken(CITE, name=gate.names)
        case Proof.FIGURE:
            return _figure(gate, report)
        case _:
            mine = [title for title in held if _same(title, application) and title.scheme.key == gate.scheme]
            return {} if any(title.level >= gate.at_least for title in mine) else _title(gate)


CITE = gettext_noop("cite valid evidence for “%(name)s”, which this round asks")
FIGURE = gettext_noop(
    "“%(name)s”: this round asks for at least %(minimum)s %(unit)s of “%(metric)s”; reported: %(value)s"
)
UNREPORTED = gettext_noop(
    "“%(name)s”: this round asks for at least %(minimum)s %(unit)s of “%(metric)s”; nothing is reported"
)
TITLE = gettext_noop("“%(name)s”: this round asks for a title of “%(scheme)s” at %(level)s level or above")


def _figure(gate: LocalGate, report: Figures | None) -> dict[str, str]:
    metric = METRICS[gate.metric]
    value = report.metric(gate.metric) if report else None
    told = {"minimum": _plain(gate.minimum), "unit": metric.unit, "metric": metric.names, "name": gate.names}
    if value is None:
        return spoken(UNREPORTED, **told)
    return (
        {} if gate.minimum is None or value >= gate.minimum else spoken(FIGURE, value=_plain(value), **told)
    )


def _title(gate: LocalGate) -> dict[str, str]:
    scheme = Scheme.objects.filter(key=gate.scheme).first()
    level = _in_every_language(Level(gate.at_least))
    return spoken(TITLE, name=gate.names, scheme=scheme.names if scheme else gate.scheme, level=level)


def _in_every_language(level: Level) -> dict[str, str]:
    return spoken(LEVELS[level])


LEVELS = {
    Level.COUNTY: gettext_noop("county"),
    Level.MUNICIPAL: gettext_noop("municipal"),
    Level.PROVINCIAL: gettext_noop("provincial"),
    Level.NATIONAL: gettext_noop("national"),
}


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():,f}"


def _proven(applications: Sequence[Application]) -> dict[int, set[str]]:
    """The requirements under which each application cites something of the right kind that is valid today."""
    if not any(gate.evidence for each in applications for gate in each.round.local):
        return {}
    kinds = {each.pk: {gate.key: gate.evidence for gate in each.round.local} for each in applications}
    rows = Citation.objects.filter(
        application__in=applications, evidence__in=Evidence.objects.valid()
    ).values_list("application", "requirement", "evidence__kind")
    found: dict[int, set[str]] = {}
    for key, requirement, kind in rows:
        if kind in kinds[key].get(requirement, ()):
            found.setdefault(key, set()).add(requirement)
    return found


def _held(applications: Sequence[Application]) -> list[Designation]:
    """The titles in force of the subjects whose round asks for one."""
    asked = [each for each in applications if any(gate.proof == Proof.TITLE for gate in each.round.local)]
    if not asked:
        return []
    theirs = reduce(or_, (each.same_subject() for each in asked), Q(pk__in=[]))
    return list(Designation.objects.in_force().filter(theirs).select_related("scheme"))


def _same(title: Designation, application: Application) -> bool:
    key = application.subject_key
    return key is not None and getattr(title, f"{key}_id") == getattr(application, f"{key}_id")
