"""The applicant's case page: what is done on it, and in what folds it is read."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from certification.admin.steps import Step, steps, until
from certification.application.dossier import reusable
from certification.application.forms import ClaimsForm, DossierForm
from certification.application.local import gates_of
from certification.application.models import Citation
from certification.application.readiness import MissingPart, missing_parts
from certification.application.turn import turn_of
from certification.assessment.models import Finding
from certification.decision.models import Appeal
from certification.letter.actions import WRITTEN
from certification.letter.models import Letter
from certification.notice.models import Objection
from certification.scheme.models import Evaluating
from certification.templatetags.figures import day
from certification.verbs import verbs_of
from certification.views.asked import ASKING, asked_about
from certification.views.casefacts import EDITABLE, CaseFacts
from certification.views.drafting import claims_form, figures_form
from certification.views.indicators import Part, parts_of
from certification.views.story import story
from certification.workflow import Offer, Status
from suppliers.evidence.models import Evidence
from suppliers.reporting.forms import ValuesForm
from suppliers.reporting.views import figures_url

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


class CasePage(CaseFacts):
    """The page made of it: moves, what is missing, forms, folds; ``fields``, ``figures``, ``claims`` are posted."""

    @cached_property
    def moves(self) -> list[dict[str, Any]]:
        """The buttons: what is open first, the primary one in front; what is not open says why."""
        verbs = verbs_of(self.application)
        offers = [offer for offer in self.application.offers(self.user) if self._concerns(offer)]
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

    @property
    def place(self) -> dict[str, Any]:
        """The rank with which the case was passed over, and of how many."""
        found = next((entry for entry in self.entries[::-1] if entry.verb == "pass_over"), None)
        return found.data if found else {}

    def _concerns(self, offer: Offer) -> bool:
        """Applicants do not object to themselves, comment only when asked, and choose an evaluator if they may."""
        verb = offer.verb
        if verb == "comment":
            return offer.allowed
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

    @property
    def unproven(self) -> list[str]:
        """Indicators under which the checks will ask for a file: no bar to submitting."""
        if self.application.status not in EDITABLE:
            return []
        asked = self.application.scheme_version.definition.indicators
        return [item.code for item in asked if item.evidence and item.code not in self.cited]

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

    def steps(self) -> list[Step]:
        """The stepper; before the first submission the first station is the draft."""
        first, *others = steps(self.application, self.entries, self.run)
        draft = self.application.status == Status.DRAFT
        return [replace(first, name=_("Draft"), when=self._closing()) if draft else first, *others]

    def letters(self) -> list[Letter]:
        """What the applicant was told in writing."""
        if not {entry.verb for entry in self.entries} & WRITTEN:
            return []
        return list(self.application.letters.filter(outside=False).order_by("-pk"))

    def appeals(self) -> list[Appeal]:
        """Appeals, newest first."""
        if not any(entry.verb == "appeal" for entry in self.entries):
            return []
        return list(self.application.appeals.order_by("-pk"))

    def told(self) -> list[Objection]:
        """Objections that the applicant was told of: the substance, never by whom."""
        if not any(entry.verb == "relay" for entry in self.entries):
            return []
        rows = self.application.objections.filter(told_at__isnull=False).order_by("pk")
        return list(rows.only("number", "substance", "comment_by", "comment", "outcome", "commented_at"))

    def _closing(self) -> str:
        return _("the round closes on %(day)s") % {"day": day(self.application.round.closes_on)}

    @cached_property
    def was_asked(self) -> bool:
        """Whether the record says that anything was asked."""
        return any(entry.verb in (ASKING | {"plan_visit"}) for entry in self.entries)

    def context(self) -> dict[str, Any]:
        """What the template needs."""
        return {
            "page": self,
            "application": self.application,
            "subject": self.application.subject,
            "steps": self.steps(),
            "until": until(self.application),
            "turn": turn_of(self.application),
            "timeline": story(self.entries, self.application.route()),
            "asked": list(asked_about([self.application])) if self.was_asked else [],
            "was_asked": self.was_asked,
        }
