"""Do we qualify? Asked before any typing: what the rules and the record already say about a subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from certification.application.local import unmet_by_sketch
from certification.application.models import Application
from certification.designation.models import Designation
from certification.rules import GUARDS
from certification.scheme.definition import Gate
from certification.scheme.local import LocalGate, Proof
from certification.scheme.subject import standing_against
from certification.workflow import Status
from greenchain.languages import pick
from greenchain.refusals import Refused
from suppliers.place.models import Level
from suppliers.record.models import ComplianceRecord
from suppliers.reporting.models import years_of

VETO = "veto."


@dataclass(frozen=True, slots=True)
class Point:
    """One question with the answer that the record gives: ``passed``, ``asks``, ``informs`` or ``blocks``."""

    state: str
    title: str
    text: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Precheck:
    """Every point. ``may_start`` says whether a draft may be made; a veto bars only the submission."""

    rules: list[Point]
    vetoes: list[Point]

    @property
    def may_start(self) -> bool:
        """Whether the round takes this subject at this level."""
        return all(point.state != "blocks" for point in self.rules[:3])

    @property
    def blocked(self) -> bool:
        """Whether anything would bar the application."""
        return any(point.state == "blocks" for point in (*self.rules, *self.vetoes))

    @property
    def asked(self) -> int:
        """How many points a person would have to look at."""
        return sum(point.state == "asks" for point in self.vetoes)


def precheck(application: Application, by: Any) -> Precheck:
    """Judge an application that was only sketched."""
    rules = [
        _rule("offered", _("The round offers this"), application, by),
        _rule(
            "subject_free",
            _("No other application is open, and the title is not held already"),
            application,
            by,
        ),
        _rule("not_barred", _("No bar after a removal"), application, by),
        _titles(application, by),
        *_local(application),
    ]
    return Precheck(rules, _vetoes(application))


def _rule(key: str, title: str, application: Application, by: Any) -> Point:
    try:
        GUARDS[key](application, by, {})
    except Refused as no:
        return Point("blocks", title, str(no))
    return Point("passed", title)


def _local(application: Application) -> list[Point]:
    """What the round asks beside its scheme; a paper that is lacking may still be brought."""
    if not application.round.local:
        return []
    report = years_of(application.subject).filter(year=application.year).first()
    lacking = {gate.key: pick(words) for gate, words in unmet_by_sketch(application, report)}
    return [
        Point(
            _state(gate, lacking),
            _("Asked here: %(name)s") % {"name": gate},
            lacking.get(gate.key, ""),
            gate.source,
        )
        for gate in application.round.local
    ]


def _state(gate: LocalGate, lacking: Mapping[str, str]) -> str:
    if gate.key not in lacking:
        return "passed"
    return "informs" if gate.proof == Proof.EVIDENCE else "blocks"


def _titles(application: Application, by: Any) -> Point:
    if application.level not in application.scheme_version.definition.levels:
        return Point("informs", _("Titles required first"))
    needs = application.scheme_version.definition.required_at(application.level)
    if not needs:
        return Point("passed", _("No other title is required first"))
    level = Level(max(need.at_least for need in needs))
    return _rule(
        "titles_required",
        _("Required first: a title at %(level)s level") % {"level": level.label},
        application,
        by,
    )


def _vetoes(application: Application) -> list[Point]:
    standing = list(standing_against(application.subject).order_by("-happened_on"))
    return [_veto(gate, standing) for gate in application.scheme_version.definition.vetoes]


def _veto(gate: Gate, standing: list[ComplianceRecord]) -> Point:
    hits = [record for record in standing if record.kind == gate.key.removeprefix(VETO)]
    if not hits:
        return Point("passed", str(gate), _("Nothing on record."), pick(gate.clause))
    sure = [record for record in hits if record.match == ComplianceRecord.Match.CONFIRMED]
    shown = (sure or hits)[0]
    told = {"title": shown.title, "day": shown.happened_on, "source": shown.source}
    if sure:
        text = _("%(title)s (%(day)s, source: %(source)s). It bars the application while it stands.") % told
        return Point("blocks", str(gate), text, pick(gate.clause))
    text = (
        _("Possible match: %(title)s (%(day)s, source: %(source)s). An auditor will confirm or clear it.")
        % told
    )
    return Point("asks", str(gate), text, pick(gate.clause))


def title_before(application: Application) -> Designation | None:
    """The title that this application renews or builds on: of the same level, else the highest below it."""
    held = Designation.objects.filter(
        Q(status=Status.CURRENT), application.same_subject(), scheme=application.scheme_version.scheme
    )
    return held.filter(level__lte=application.level).order_by("-level").first()
