"""All models of the app, re-exported for Django."""

from certification.application.models import Application, Citation, Dossier, Seat
from certification.assessment.models import Assessment, Correction, Finding, IndicatorScore, Waiver
from certification.body.models import Body, BodyPaper, Consulting, Employer, Sanction, Shareholder, Staff
from certification.chain.models import Alert
from certification.decision.models import Appeal, Decision
from certification.delivery.models import Delivery
from certification.designation.models import Credential, Designation, Sequence, Spell
from certification.evaluation.models import Engagement, Evaluation, Visit, VisitPhoto, Worksheet
from certification.examination.models import Endorsement, Return, SavedView
from certification.grading.models import Entry, Grade, Grading, Participation
from certification.impact.models import Study, StudyPart, StudyRow
from certification.notice.models import Announcement, AnnouncementEntry, Objection, PublicNotice
from certification.panel.models import PanelScore
from certification.scheme.deadlines import Deadline
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
    "BodyPaper",
    "Citation",
    "Consulting",
    "Correction",
    "Credential",
    "Deadline",
    "Decision",
    "Delivery",
    "Designation",
    "Dossier",
    "Employer",
    "Endorsement",
    "Engagement",
    "Entry",
    "Evaluation",
    "Finding",
    "Grade",
    "Grading",
    "IndicatorScore",
    "Objection",
    "Obligation",
    "PanelScore",
    "Participation",
    "Proposal",
    "PublicNotice",
    "Return",
    "Round",
    "Sanction",
    "SavedView",
    "Scheme",
    "SchemeVersion",
    "Seat",
    "Sequence",
    "Shareholder",
    "Spell",
    "Staff",
    "Study",
    "StudyPart",
    "StudyRow",
    "Visit",
    "VisitPhoto",
    "Waiver",
    "Worksheet",
]
