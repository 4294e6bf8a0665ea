"""A case in full, as its applicant, its officials, and the people with a seat in it may read it."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certification.api.rows import (
    CorrectionTeller,
    DecisionTeller,
    EndorsementTeller,
    EvaluationTeller,
    ReturnTeller,
    SeatTeller,
    SignedCorrectionTeller,
    SubmissionTeller,
    WaiverTeller,
)
from certification.application.api import CaseTeller, DossierTeller, TurnTeller
from certification.application.models import Application
from certification.application.readiness import missing_parts
from certification.application.turn import turn_of
from certification.assessment.guards import blocking, is_stale, latest_run, pass_score
from certification.assessment.whatif import what_if
from certification.panel.api import PanelTeller
from certification.panel.telling import panel_of
from certification.verbs import verbs_of
from certification.workflow import Case, Offer, Status
from greenchain.resources.fields import Texts

OPEN_TO_CHANGE = (Status.DRAFT, Status.RETURNED)


class MoveTeller(serializers.Serializer[Any]):
    """A move as this person meets it on this case."""

    verb = serializers.CharField()
    label = serializers.SerializerMethodField()  # type: ignore[assignment]
    allowed = serializers.BooleanField()
    code = serializers.CharField(help_text="why not: the rule")
    why = serializers.CharField(help_text="why not: in words")
    note = serializers.CharField(help_text="in whose place, or that it came up from the desk")

    def get_label(self, offer: Offer) -> str:
        """As on a button."""
        return str(self.context["verbs"][offer.verb].label)


def moves_of(case: Case, user: Any) -> Iterable[Any]:
    """The moves that this status knows and this person's part could make."""
    verbs = verbs_of(case)
    offers = case.offers(user) if user.is_authenticated else []
    return MoveTeller(
        [offer for offer in offers if offer.verb in verbs], many=True, context={"verbs": verbs}
    ).data


class RangeTeller(serializers.Serializer[Any]):
    """The score as a range, of 100: what is certain, and what it becomes if all claims are confirmed."""

    low = serializers.DecimalField(max_digits=9, decimal_places=4)
    high = serializers.DecimalField(max_digits=9, decimal_places=4)
    run = serializers.IntegerField(allow_null=True, help_text="the stored run; none while it is a draft")
    ran_at = serializers.DateTimeField(allow_null=True)


class CaseRow(CaseTeller):
    """A case in a list, with its newest score."""

    score = serializers.SerializerMethodField()

    class Meta(CaseTeller.Meta):
        fields = (*CaseTeller.Meta.fields, "score")

    @extend_schema_field(RangeTeller(allow_null=True))
    def get_score(self, case: Any) -> Any:
        """The newest run's range."""
        if getattr(case, "run_number", None) is None:
            return None
        told = {"low": case.run_low, "high": case.run_high, "run": case.run_number, "ran_at": case.run_at}
        return RangeTeller(told).data


class MissingTeller(serializers.Serializer[Any]):
    """One thing that the application still lacks."""

    part = serializers.CharField()
    key = serializers.CharField()
    text = Texts()


class CaseInFull(CaseTeller):
    """A case, to its applicant."""

    from_title = serializers.SlugRelatedField[Any](slug_field="number", read_only=True, allow_null=True)
    form = serializers.DictField(child=serializers.CharField(), read_only=True)
    claims = serializers.DictField(read_only=True)
    pass_score = serializers.SerializerMethodField()
    score = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()
    clock = serializers.SerializerMethodField()
    moves = serializers.SerializerMethodField()
    submissions = SubmissionTeller(source="dossiers", many=True, read_only=True)
    sent_back = ReturnTeller(many=True, read_only=True)
    corrections = CorrectionTeller(many=True, read_only=True)
    decisions = DecisionTeller(many=True, read_only=True)

    class Meta(CaseTeller.Meta):
        fields = (
            *CaseTeller.Meta.fields,
            "from_title",
            "form",
            "claims",
            "pass_score",
            "score",
            "missing",
            "clock",
            "moves",
            "submissions",
            "sent_back",
            "corrections",
            "decisions",
        )

    def get_pass_score(self, case: Application) -> str:
        """What this level wants, of 100."""
        return str(pass_score(case))

    @extend_schema_field(RangeTeller(allow_null=True))
    def get_score(self, case: Application) -> Any:
        """The newest run's range; for a draft, as its figures stand now."""
        if case.status == Status.DRAFT:
            live = what_if(case).score
            return RangeTeller({"low": live.low, "high": live.high, "run": None, "ran_at": None}).data
        run = latest_run(case)
        told = run and {"low": run.low, "high": run.high, "run": run.number, "ran_at": run.ran_at}
        return RangeTeller(told).data if told else None

    @extend_schema_field(MissingTeller(many=True))
    def get_missing(self, case: Application) -> Any:
        """What is still to do before it may be submitted."""
        parts = missing_parts(case) if case.status in OPEN_TO_CHANGE else []
        return MissingTeller(parts, many=True).data

    @extend_schema_field(TurnTeller)
    def get_clock(self, case: Application) -> Any:
        """Who has the case, since when, until when."""
        return TurnTeller(turn_of(case)).data

    @extend_schema_field(MoveTeller(many=True))
    def get_moves(self, case: Application) -> Any:
        """What this person may do now, and why not the rest."""
        return moves_of(case, self.context["request"].user)


class StaffCase(CaseInFull):
    """A case, to the officials of its territory."""

    stale = serializers.SerializerMethodField()
    blocking = serializers.SerializerMethodField()
    seats = SeatTeller(many=True, read_only=True)
    corrections = SignedCorrectionTeller(many=True, read_only=True)
    waivers = WaiverTeller(many=True, read_only=True)
    endorsements = EndorsementTeller(many=True, read_only=True)
    evaluations = EvaluationTeller(many=True, read_only=True)
    panel = serializers.SerializerMethodField(help_text="scores and result once all are in; sealed before")

    class Meta(CaseInFull.Meta):
        fields = (
            *CaseInFull.Meta.fields,
            "stale",
            "blocking",
            "seats",
            "waivers",
            "endorsements",
            "evaluations",
            "panel",
        )

    @extend_schema_field(PanelTeller)
    def get_panel(self, case: Application) -> Any:
        """How far the panel is."""
        return PanelTeller(panel_of(case, self.context["request"].user)).data

    def get_stale(self, case: Application) -> bool:
        """Whether an input changed since the newest run."""
        return is_stale(case)

    def get_blocking(self, case: Application) -> list[str]:
        """The checks whose findings keep the case."""
        return [finding.check_key for finding in blocking(case)]


class SeatCase(CaseTeller):
    """A case, to its evaluators and experts: the frozen dossier and nothing of what others found."""

    dossier = DossierTeller(read_only=True, allow_null=True)
    moves = serializers.SerializerMethodField()

    class Meta(CaseTeller.Meta):
        fields = (*CaseTeller.Meta.fields, "dossier", "moves")

    @extend_schema_field(MoveTeller(many=True))
    def get_moves(self, case: Application) -> Any:
        """What this person may do now, and why not the rest."""
        return moves_of(case, self.context["request"].user)
