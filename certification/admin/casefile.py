"""The case file: everything an official needs about one case, gathered once for one page.

The record says which parts there are, so that a part without rows costs no query; and the number of queries
depends on the parts, never on how many indicators, findings or pieces of evidence there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from certification.admin.scores import Scored, checks_of, indicators_of
from certification.admin.steps import steps, until
from certification.admin.words import told
from certification.application.dossier import Change, differences
from certification.application.hand import take
from certification.application.local import unmet
from certification.application.models import Application, Dossier, Seat
from certification.application.turn import turn_of
from certification.assessment.guards import is_stale, latest_run, pass_score
from certification.assessment.models import Assessment, Correction, Waiver
from certification.decision.models import Appeal, Decision
from certification.evaluation.models import Evaluation
from certification.examination.models import Endorsement, Return
from certification.notice.models import Objection
from certification.panel.models import PanelScore
from certification.scheme.local import LocalGate
from greenchain.audit.models import AuditEntry
from greenchain.languages import pick
from suppliers.evidence.models import Evidence
from suppliers.reporting.models import years_of

FRESHNESS = "checks_fresh"


class CasePage:
    """One case as one official sees it now."""

    def __init__(self, application: Application, user: Any) -> None:
        self.application = application
        self.user = user
        self.entries: Sequence[AuditEntry] = take(application).entries
        self.verbs = {entry.verb for entry in self.entries}
        self.dossiers = list(application.dossiers.order_by("-number")[:2])
        self.offers = application.offers(user)
        self.definition = application.scheme_version.definition

    @cached_property
    def may_correct(self) -> bool:
        """Whether this person may correct figures and judge claims now."""
        return any(offer.verb == "correct" and offer.allowed for offer in self.offers)

    def rows(self, verb: str, rows: Any) -> list[Any]:
        """The rows that a verb leaves; none are asked for where the record does not have the verb."""
        return list(rows.order_by("pk")) if verb in self.verbs else []

    @property
    def dossier(self) -> Dossier | None:
        """What was submitted last."""
        return self.dossiers[0] if self.dossiers else None

    @cached_property
    def content(self) -> Mapping[str, Any]:
        """The frozen content."""
        return self.dossier.content if self.dossier else {}

    @cached_property
    def run(self) -> Assessment | None:
        """The newest run of the checks."""
        return latest_run(self.application)

    @cached_property
    def stale(self) -> bool:
        """Whether an input changed since; a move that wants fresh checks has asked that already."""
        for offer in self.offers:
            if offer.code == FRESHNESS:
                return True
            if offer.allowed and offer.verb in {"endorse", "grant"}:
                return False
        return self.run is not None and is_stale(self.application)

    @cached_property
    def evidence(self) -> Mapping[int, Evidence]:
        """The cited files as they stand in the vault now."""
        ids = {row["evidence"] for row in self.content.get("citations", [])}
        return Evidence.objects.select_related("site", "enterprise").in_bulk(ids) if ids else {}

    @cached_property
    def corrections(self) -> list[Correction]:
        """What the desks corrected, in order."""
        return self.rows("correct", self.application.corrections.select_related("by"))

    @cached_property
    def waivers(self) -> list[Waiver]:
        """Findings set aside."""
        return self.rows("waive", self.application.waivers.select_related("requested_by", "granted_by"))

    @cached_property
    def differences(self) -> list[Change]:
        """What changed between the last two submissions."""
        if len(self.dossiers) < 2:  # noqa: PLR2004 - a comparison takes two
            return []
        return differences(self.dossiers[1].content, dict(self.content))

    def returned(self) -> list[Return]:
        """Every return with its reason codes."""
        return self.rows("send_back", self.application.sent_back.select_related("by", "desk"))

    def evaluations(self) -> list[Evaluation]:
        """Third-party reports."""
        return self.rows(
            "evaluate",
            self.application.evaluations.select_related("body", "author", "engagement").prefetch_related(
                "engagement__visits__photos"
            ),
        )

    def panel(self) -> list[PanelScore]:
        """Experts' scores."""
        return self.rows("score", self.application.panel_scores.select_related("expert"))

    def endorsements(self) -> list[Endorsement]:
        """The desks' opinions."""
        return self.rows("endorse", self.application.endorsements.select_related("by", "desk"))

    def objections(self) -> list[Objection]:
        """Objections and their answers."""
        return self.rows("contest", self.application.objections.select_related("answered_by"))

    def appeals(self) -> list[Appeal]:
        """Appeals and their answers."""
        return self.rows("appeal", self.application.appeals.select_related("by", "answered_by"))

    def decisions(self) -> list[Decision]:
        """What was decided."""
        made = [*self.rows("grant", self._decisions()), *self.rows("refuse", self._decisions())]
        return list({row.pk: row for row in made}.values())

    def _decisions(self) -> Any:
        return self.application.decisions.select_related("by", "designation")

    def seats(self) -> list[Seat]:
        """Who had a part, from when to when."""
        return self.rows("assign", self.application.seats.select_related("user", "engagement__body"))

    def runs(self) -> list[Assessment]:
        """Earlier runs, newest first; they never change."""
        if self.run is None or self.run.number == 1:
            return []
        return list(self.application.assessments.exclude(pk=self.run.pk).order_by("-number"))


@dataclass(frozen=True, slots=True)
class Fold:
    """A folded part of the page, with its count."""

    key: str
    title: Any
    rows: Sequence[Any]
    template: str


def _local(application: Application) -> list[tuple[LocalGate, str]]:
    """What the round asks beside its scheme, each with what is lacking today; no query where it asks nothing."""
    asked = application.round.local
    if not asked:
        return []
    report = years_of(application.subject).filter(year=application.year).first()
    lacking = {gate.key: pick(words) for gate, words in unmet(application, report)}
    return [(gate, lacking.get(gate.key, "")) for gate in asked]


def context_of(request: HttpRequest, application: Application) -> dict[str, Any]:
    """What the template needs."""
    from certification.admin.folds import folds_of  # noqa: PLC0415 - folds are built from this page

    page = CasePage(application, request.user)
    scored: Scored | None = indicators_of(page) if page.run else None
    return {
        "page": page,
        "application": application,
        "subject": application.subject,
        "steps": steps(application, page.entries, page.run),
        "until": until(application),
        "turn": turn_of(application),
        "local": _local(application),
        "run": page.run,
        "passing": pass_score(application),
        "scored": scored,
        "checks": checks_of(page) if page.run else None,
        "folds": folds_of(page),
        "timeline": told(page.entries[::-1]),
    }
