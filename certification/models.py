"""All models of the app, re-exported for Django."""

from certification.application.models import Application, Citation, Dossier, Seat
from certification.assessment.models import Assessment, Correction, Finding, IndicatorScore, Waiver
from certification.chain.models import Alert
from certification.decision.models import Appeal, Decision
from certification.delivery.models import Delivery
from certification.designation.models import Credential, Designation, Sequence, Spell
from certification.evaluation.models import Body, Evaluation
from certification.examination.models import Endorsement, Return
from certification.notice.models import Announcement, AnnouncementEntry, Objection, PublicNotice
from certification.panel.models import PanelScore
from certification.scheme.models import Benchmark, Round, Scheme, SchemeVersion
from certification.surveillance.models import Obligation, Proposal

__all__ = [
    "Alert",
    "Announcement",
    "AnnouncementEntry",
    "Appeal",
    "Application",
    "Assessment",
    "Benchmark",
    "Body",
    "Citation",
    "Correction",
    "Credential",
    "Decision",
    "Delivery",
    "Designation",
    "Dossier",
    "Endorsement",
    "Evaluation",
    "Finding",
    "IndicatorScore",
    "Objection",
    "Obligation",
    "PanelScore",
    "Proposal",
    "PublicNotice",
    "Return",
    "Round",
    "Scheme",
    "SchemeVersion",
    "Seat",
    "Sequence",
    "Spell",
    "Waiver",
]
