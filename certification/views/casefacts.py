"""What is known of one application as its applicant sees it, gathered once."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from certification.admin.steps import left
from certification.application.changes import PARTS, NamedChange, answers_of, named
from certification.application.dossier import citations, compose, differences
from certification.application.hand import take
from certification.application.models import Application, Citation
from certification.assessment.guards import findings_of, latest_run, pass_score
from certification.assessment.models import Assessment, Finding, Severity
from certification.assessment.rehearsal import levers, rehearse
from certification.scheme.definition import Definition, Indicator
from certification.views.drafting import claims_now, seen
from certification.workflow import Status
from greenchain.audit.models import AuditEntry
from suppliers.reporting.models import Figures

EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
GRAVE_FIRST = (Severity.BLOCKS, Severity.ASKS, Severity.INFORMS, Severity.PASSED)


class CaseFacts:
    """Record, runs, findings, score, citations and returns; ``figures`` and ``claims`` may be posted forms."""

    def __init__(self, application: Application, user: Any, **posted: Any) -> None:
        self.application = application
        self.hand = take(application)
        self.user = user
        self.definition: Definition = application.scheme_version.definition
        self.posted = posted
        self.conflict = False

    @cached_property
    def entries(self) -> list[AuditEntry]:
        """The record."""
        return self.hand.entries

    @cached_property
    def may_edit(self) -> bool:
        """Whether this person may change the application now."""
        return self.application.status in EDITABLE and self.hand.may(self.user, "edit")

    @cached_property
    def reports(self) -> dict[int, Figures]:
        """The reporting year's figures and those of the year before, where somebody fills them in here."""
        return self.hand.reports if self.may_edit else {}

    @cached_property
    def claims_now(self) -> dict[str, Any]:
        """What is claimed as it is stored."""
        return claims_now(self.application, self.reports.get(self.application.year))

    @property
    def seen(self) -> str:
        """A mark of the figures and claims stored now."""
        return seen(self.application, self.reports.get(self.application.year))

    @cached_property
    def run(self) -> Assessment | None:
        """The newest stored run."""
        return None if self.application.status == Status.DRAFT else latest_run(self.application)

    @cached_property
    def findings(self) -> list[Finding]:
        """What the newest run found, the gravest first."""
        if self.run is None:
            return []
        rows = findings_of(self.application)
        return sorted(rows, key=lambda each: (GRAVE_FIRST.index(Severity(each.severity)), each.pk))

    @property
    def grave(self) -> list[Finding]:
        """Findings that ask for something."""
        return [finding for finding in self.findings if finding.severity != Severity.PASSED]

    @property
    def passed(self) -> list[Finding]:
        """What was in order."""
        return [finding for finding in self.findings if finding.severity == Severity.PASSED]

    @property
    def took(self) -> float:
        """Seconds that the newest run took."""
        return self.run.duration_ms / 1000 if self.run else 0

    @cached_property
    def score(self) -> Any:
        """While it is edited: what the draft would score; afterwards: what the newest run scored."""
        if self.application.status == Status.SUBMITTED:
            return None
        if self.application.status not in EDITABLE:
            return self.run
        figures, claims = self.posted.get("figures"), self.posted.get("claims")
        return rehearse(
            self.application,
            values=figures.given() if figures else None,
            claims=claims.given(self.claims_now) if claims else None,
        )

    @cached_property
    def results(self) -> Mapping[str, Any]:
        """The results by indicator."""
        if self.score is None:
            return {}
        rows = self.score.results if hasattr(self.score, "results") else self.score.scores.all()
        return {row.code: row for row in rows}

    @cached_property
    def passing(self) -> Any:
        """The score that the level wants."""
        return pass_score(self.application)

    @property
    def gap(self) -> Any:
        """The points of 100 that are lacking, when nothing that awaits judgement is confirmed."""
        return max(self.passing - self.score.low, 0) if self.score else None

    @property
    def levers(self) -> list[tuple[Indicator | None, Any]]:
        """Where most points are still to be had."""
        if self.score is None or not hasattr(self.score, "results"):
            return []
        return [(self.definition.indicator(each.code), each) for each in levers(self.score)]

    @cached_property
    def cited(self) -> dict[str, list[Citation]]:
        """The cited files by requirement."""
        found: dict[str, list[Citation]] = {}
        for row in citations(self.application):
            found.setdefault(row.requirement, []).append(row)
        return found

    @cached_property
    def returned(self) -> Any:
        """The last return, with its codes and date."""
        if "send_back" not in self.hand.verbs:
            return None
        return self.application.sent_back.select_related("desk").order_by("-number").first()

    @property
    def named(self) -> list[str]:
        """What alone may change after the return, in words; empty when everything may."""
        return [str(PARTS.get(part, part)) for part in self.returned.named] if self.returned else []

    @property
    def left(self) -> str:
        """Working days to answer, in words."""
        return left(self.application.days_left)

    @cached_property
    def changes(self) -> list[NamedChange]:
        """What differs from the last submission, or between the last two."""
        if self.application.status == Status.DRAFT:
            return []
        dossiers = self.hand.dossiers
        if self.application.status == Status.RETURNED and dossiers:
            found = differences(dossiers[0].content, compose(self.application))
        elif len(dossiers) > 1:
            found = differences(dossiers[1].content, dossiers[0].content)
        else:
            return []
        return named(found, self.definition)

    def answers(self) -> list[tuple[str, str]]:
        """The form's own fields with what was filled in, for reading."""
        return answers_of(self.definition, self.application.form)
