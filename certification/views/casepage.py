"""The applicant's case page: everything about one application, gathered once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from certification.admin.steps import Step, left, steps, until
from certification.application.dossier import citations, compose, differences, reusable
from certification.application.forms import ClaimsForm, DossierForm
from certification.application.hand import take
from certification.application.local import gates_of
from certification.application.models import Application, Citation
from certification.application.readiness import MissingPart, missing_parts
from certification.application.turn import turn_of
from certification.assessment.guards import pass_score
from certification.assessment.models import Assessment, Finding, Severity
from certification.assessment.rehearsal import levers, rehearse
from certification.scheme.definition import Definition, Indicator
from certification.scheme.models import Evaluating
from certification.templatetags.figures import day
from certification.verbs import verbs_of
from certification.views.changes import PARTS, NamedChange, answers_of, named
from certification.views.drafting import claims_form, claims_now, figures_form, seen
from certification.views.indicators import Part, parts_of
from certification.views.story import story
from certification.workflow import Status
from greenchain.audit.models import AuditEntry
from suppliers.evidence.models import Evidence
from suppliers.reporting.forms import ValuesForm
from suppliers.reporting.models import Figures
from suppliers.reporting.views import figures_url

EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
GRAVE_FIRST = (Severity.BLOCKS, Severity.ASKS, Severity.INFORMS, Severity.PASSED)
TONES = ("primary", "plain", "danger")


@dataclass(frozen=True, slots=True)
class Proof:
    """A gate with the files that are cited under it."""

    gate: Any
    cited: list[Citation]
    finding: Finding | None = None
    needed: bool = field(default=False)
    lacking: str = ""
    """What the round asks and is not met, in words."""


class CasePage:
    """One application as its applicant sees it now; ``fields``, ``figures``, ``claims`` are posted forms."""

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
    def moves(self) -> list[dict[str, Any]]:
        """The buttons: what is open first, the primary one in front; what is not open says why."""
        verbs = verbs_of(self.application)
        offers = [offer for offer in self.application.offers(self.user) if self._concerns(offer.verb)]
        made = [
            {
                "verb": verbs[offer.verb],
                "allowed": offer.allowed,
                "why": offer.why,
                "url": self.url(offer.verb),
            }
            for offer in offers
        ]
        return sorted(made, key=lambda move: (not move["allowed"], TONES.index(move["verb"].tone)))

    def _concerns(self, verb: str) -> bool:
        """Applicants do not object to themselves, and choose an evaluator only where the round lets them."""
        if verb == "assign":
            wanted = self.application.round.evaluation != Evaluating.NONE
            return wanted and self.application.status == Status.EVALUATION
        return verb in verbs_of(self.application) and verb != "contest"

    def url(self, verb: str) -> str:
        """The verb's page."""
        return reverse("application-verb", args=[self.application.pk, verb])

    @cached_property
    def missing(self) -> list[tuple[MissingPart, str]]:
        """What is missing, each with where to mend it."""
        if self.application.status not in EDITABLE:
            return []
        return [(part, self._where(part)) for part in missing_parts(self.application)]

    def _where(self, part: MissingPart) -> str:
        if part.part == "figures" and part.key == str(self.application.year):
            return self.figures_url
        return (
            "#figures"
            if part.part == "figures"
            else f"#{part.part}-{part.key}"
            if part.part == "form"
            else f"#{part.key}"
        )

    @property
    def figures_url(self) -> str:
        """The page of the reporting year's figures, which comes back here."""
        here = reverse("application", args=[self.application.pk])
        return f"{figures_url(self.application.subject, self.application.year)}?{urlencode({'next': here})}"

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
        if self.application.status == Status.DRAFT:
            return None
        return self.application.assessments.order_by("-number").first()

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
    def suggested(self) -> dict[str, list[Evidence]]:
        """What the vault holds that fits, by requirement, and is not cited there yet."""
        if not self.may_edit:
            return {}
        cited = {(row.requirement, row.evidence_id) for rows in self.cited.values() for row in rows}
        found: dict[str, list[Evidence]] = {}
        for requirement, proof in reusable(self.application, cited):
            found.setdefault(requirement, []).append(proof)
        return found

    @property
    def suggestions(self) -> int:
        """How many citations that would make."""
        return sum(map(len, self.suggested.values()))

    @property
    def suggested_files(self) -> list[Evidence]:
        """Each suggested file once."""
        return list({proof.pk: proof for proofs in self.suggested.values() for proof in proofs}.values())

    @cached_property
    def fields(self) -> DossierForm:
        """The form's own fields."""
        posted: DossierForm | None = self.posted.get("fields")
        return posted or DossierForm(definition=self.definition, initial=self.application.form)

    @cached_property
    def figures(self) -> ValuesForm:
        """The single values that the scheme reads."""
        posted: ValuesForm | None = self.posted.get("figures")
        return posted or figures_form(self.application, self.reports.get(self.application.year))

    @cached_property
    def claims(self) -> ClaimsForm:
        """What the applicant claims."""
        posted: ClaimsForm | None = self.posted.get("claims")
        return posted or claims_form(self.application, self.claims_now)

    def parts(self) -> list[Part]:
        """Block by block: the figures that a block reads first, and its indicators."""
        return list(parts_of(self))

    def gates(self) -> Iterator[Proof]:
        """Vetoes and basic requirements with what proves them."""
        found = {finding.check_key: finding for finding in self.findings}
        lacking = {part.key: part.words for part, _where in self.missing if part.part == "local"}
        for gate in gates_of(self.application):
            cited = self.cited.get(gate.key, [])
            needed = bool(gate.evidence and not cited)
            yield Proof(gate, cited, found.get(gate.key), needed=needed, lacking=lacking.get(gate.key, ""))

    @cached_property
    def findings(self) -> list[Finding]:
        """What the newest run found, the gravest first."""
        if self.run is None:
            return []
        rows = self.run.findings.all()
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

    def answers(self) -> list[tuple[str, str]]:
        """The form's own fields with what was filled in, for reading."""
        return answers_of(self.definition, self.application.form)

    @property
    def named(self) -> list[str]:
        """What alone may change after the return, in words; empty when everything may."""
        return [str(PARTS.get(part, part)) for part in self.returned.named] if self.returned else []

    @property
    def left(self) -> str:
        """Working days to answer, in words."""
        return left(self.application.days_left)

    @cached_property
    def returned(self) -> Any:
        """The last return, with its codes and date."""
        verbs = {entry.verb for entry in self.entries}
        if "send_back" not in verbs:
            return None
        return self.application.sent_back.select_related("desk").order_by("-number").first()

    @cached_property
    def changes(self) -> list[NamedChange]:
        """What differs from the last submission, or between the last two."""
        if self.application.status == Status.DRAFT:
            return []
        dossiers = list(self.application.dossiers.order_by("-number")[:2])
        if self.application.status == Status.RETURNED and dossiers:
            found = differences(dossiers[0].content, compose(self.application))
        elif len(dossiers) > 1:
            found = differences(dossiers[1].content, dossiers[0].content)
        else:
            return []
        return named(found, self.definition)

    def steps(self) -> list[Step]:
        """The stepper; before the first submission the first station is the draft."""
        first, *others = steps(self.application, self.entries, self.run)
        draft = self.application.status == Status.DRAFT
        return [replace(first, name=_("Draft"), when=self._closing()) if draft else first, *others]

    def _closing(self) -> str:
        return _("the round closes on %(day)s") % {"day": day(self.application.round.closes_on)}

    def context(self) -> dict[str, Any]:
        """What the template needs."""
        return {
            "page": self,
            "application": self.application,
            "subject": self.application.subject,
            "steps": self.steps(),
            "until": until(self.application),
            "turn": turn_of(self.application),
            "timeline": story(self.entries),
        }
