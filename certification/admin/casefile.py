"""The case file: everything an official needs about one case, gathered once for one page.

The record says which parts there are, so that a part without rows costs no query; and the number of queries
depends on the parts, never on how many indicators, findings or pieces of evidence there are.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest

from certification.admin.scores import Scored, checks_of, indicators_of
from certification.admin.steps import steps, until
from certification.admin.words import told
from certification.application.dossier import Change, differences
from certification.application.hand import take
from certification.application.local import unmet
from certification.application.models import Application, Dossier, Seat
from certification.application.turn import turn_of
from certification.assessment.casefile import vault_of
from certification.assessment.guards import is_stale, latest_run, pass_score, waivers_of
from certification.assessment.models import Assessment, Correction, Waiver
from certification.consultation.told import answers_of
from certification.corrective.guards import RAISED
from certification.corrective.models import Nonconformity
from certification.decision.models import Appeal, Decision
from certification.evaluation.models import Evaluation
from certification.examination.models import Endorsement, Return
from certification.inquiry.actions import ASKABLE
from certification.inquiry.models import Question
from certification.letter.actions import WRITTEN
from certification.letter.models import Letter
from certification.note.models import READERS, InternalNote
from certification.notice.models import Objection
from certification.panel.telling import Panel, Told, panel_of
from certification.panel.telling import told as told_draws
from certification.recommendation.models import Recommendation, Recommended
from certification.scheme.local import LocalGate
from certification.verification.actions import VISITABLE
from certification.verification.models import Result, Verification, VerificationItem
from greenchain.audit.models import AuditEntry
from greenchain.languages import pick
from suppliers.evidence.models import Evidence

FRESHNESS = "checks_fresh"


class CasePage:
    """One case as one official sees it now."""

    def __init__(self, application: Application, user: Any) -> None:
        self.application = application
        self.user = user
        self.hand = take(application)
        self.entries: Sequence[AuditEntry] = self.hand.entries
        self.verbs = self.hand.verbs
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
        return self.application.dossier

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
        return vault_of(self.application, self.content)

    @cached_property
    def corrections(self) -> list[Correction]:
        """What the desks corrected, in order."""
        return self.rows("correct", self.application.corrections.select_related("by"))

    @cached_property
    def waivers(self) -> list[Waiver]:
        """Findings set aside."""
        return waivers_of(self.application)

    @cached_property
    def differences(self) -> list[Change]:
        """What changed between the last two submissions."""
        if len(self.hand.dossiers) < 2:  # noqa: PLR2004 - a comparison takes two
            return []
        return differences(self.hand.dossiers[1].content, dict(self.content))

    @cached_property
    def heard(self) -> list[Any]:
        """What departments were asked and what they said."""
        return answers_of(self.application, self.user) if "consult" in self.verbs else []

    def recommended(self) -> list[Recommended]:
        """The packages that recommend the case."""
        seen = Recommendation.objects.visible_to(self.user)
        rows = Recommended.objects.filter(application=self.application, recommendation__in=seen)
        return self.rows(
            "recommend",
            rows.select_related("recommendation__authority", "recommendation__to", "recommendation__copy"),
        )

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

    def panel(self) -> list[Panel]:
        """The panel: how far it is, and the points once they are opened."""
        return [panel_of(self.application, self.user)] if self.verbs & {"score", "draw"} else []

    def draws(self) -> list[Told]:
        """How experts were drawn."""
        return told_draws(self.rows("draw", self.application.draws))

    def endorsements(self) -> list[Endorsement]:
        """The desks' opinions."""
        return self.rows("endorse", self.application.endorsements.select_related("by", "desk"))

    def objections(self) -> list[Objection]:
        """Objections and their answers."""
        return self.rows("contest", self.application.objections.counted().prefetch_related("files"))

    def questions(self) -> list[Question]:
        """What the applicant was asked, with the answers."""
        asked = self.application.questions.select_related("evidence", "desk")
        return self.rows("ask", asked.prefetch_related("messages__by"))

    def verifications(self) -> list[Verification]:
        """Visits of the desks, with what was found and does not simply conform."""
        noteworthy = VerificationItem.objects.exclude(result__in=["", Result.CONFORMS]).order_by("position")
        visits = Verification.objects.filter(application=self.application).select_related("desk")
        return self.rows("plan_visit", visits.prefetch_related(Prefetch("items", noteworthy, "found")))

    def nonconformities(self) -> list[Nonconformity]:
        """What does not conform, with the corrections."""
        raised = Nonconformity.objects.filter(application=self.application)
        raised = raised.select_related("desk", "raised_by")
        rows = self.rows(RAISED, raised.prefetch_related("actions__ruling", "actions__by"))
        for row in rows:
            row.application = self.application
        return rows

    def notes(self) -> list[InternalNote]:
        """What colleagues wrote down; in no record of the case, so it is always asked for."""
        notes = self.application.internal_notes.visible_to(self.user)
        return list(notes.select_related("by", "authority").order_by("pk"))

    def appeals(self) -> list[Appeal]:
        """Appeals and their answers."""
        return self.rows(
            "appeal", self.application.appeals.select_related("by", "answered_by").prefetch_related("files")
        )

    def letters(self) -> list[Letter]:
        """What was told in writing."""
        return list(self.application.letters.order_by("pk")) if self.verbs & WRITTEN else []

    def decisions(self) -> list[Decision]:
        """What was decided."""
        made = [*self.rows("grant", self._decisions()), *self.rows("refuse", self._decisions())]
        return list({row.pk: row for row in made}.values())

    def _decisions(self) -> Any:
        return self.application.decisions.select_related("by", "designation")

    def seats(self) -> list[Seat]:
        """Who had a part, from when to when."""
        rows = self.application.seats.select_related("user", "engagement__body").order_by("pk")
        return list(rows) if self.verbs & {"assign", "draw"} else []

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
    report = take(application).reports.get(application.year)
    lacking = {gate.key: pick(words) for gate, words in unmet(application, report)}
    return [(gate, lacking.get(gate.key, "")) for gate in asked]


def asks_here(application: Application, user: Any, when: Container[str]) -> bool:
    """Whether the person is an auditor of the desk that has the case, at a status for it."""
    return application.status in when and application.holds(user, "auditor@desk")


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
        "heard": page.heard,
        "run": page.run,
        "passing": pass_score(application),
        "scored": scored,
        "checks": checks_of(page) if page.run else None,
        "folds": folds_of(page),
        "timeline": told(page.entries[::-1]),
        "in_place_of": list(dict.fromkeys(offer.note for offer in page.offers if offer.note)),
        "may_ask": asks_here(application, request.user, ASKABLE),
        "may_visit": asks_here(application, request.user, VISITABLE),
        "may_note": getattr(request.user, "role", "") in READERS,
    }
