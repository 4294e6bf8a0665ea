"""All models of the app, re-exported for Django."""

from certification.application.models import Application, Citation, Dossier, Seat
from certification.assessment.models import Assessment, Correction, Finding, IndicatorScore, Waiver
from certification.body.models import Body, BodyPaper, Consulting, Employer, Sanction, Shareholder, Staff
from certification.chain.models import Alert, Choice, Mute, Watch
from certification.complaint.models import Complaint, ComplaintFile
from certification.consultation.models import (
    Asked,
    Consultation,
    DepartmentContact,
    Inquiry,
    Opinion,
    SealedReply,
)
from certification.corrective.models import CorrectiveAction, Nonconformity, Ruling
from certification.decision.models import Appeal, AppealFile, Decision
from certification.delivery.models import Delivery, Digest, MailChoice, Reminder
from certification.designation.models import Credential, Designation, Sequence, Spell
from certification.evaluation.models import Engagement, Evaluation, Visit, VisitPhoto, Worksheet
from certification.examination.models import Endorsement, Return
from certification.following.models import Follow
from certification.grading.models import Entry, Grade, Grading, Participation
from certification.impact.models import Study, StudyPart, StudyRow
from certification.incentive.models import Incentive
from certification.inquiry.models import Message, Question
from certification.letter.models import Letter, LetterPaper, Post
from certification.note.models import InternalNote
from certification.notice.models import (
    Announcement,
    AnnouncementEntry,
    Objection,
    ObjectionFile,
    PublicNotice,
)
from certification.panel.models import Draw, Expert, ExpertTie, PanelResult, PanelScore
from certification.printing.models import Package
from certification.queue.models import SavedView
from certification.recommendation.models import Recommendation, Recommended, SealedCopy
from certification.release.models import Release, ReleasePart
from certification.scheme.deadlines import Deadline
from certification.scheme.models import Benchmark, Round, Scheme, SchemeVersion
from certification.sourcing.models import AuditFinding, Programme, SupplierAudit, SupplierGrade
from certification.surveillance.annual import AnnualForm, Filing, FormOpinion, YearRank
from certification.surveillance.listing import Invitation, Listing
from certification.surveillance.models import Hold, Obligation, Proposal
from certification.verification.models import ItemPhoto, Signature, Verification, VerificationItem

__all__ = [
    "Alert",
    "Announcement",
    "AnnouncementEntry",
    "AnnualForm",
    "Appeal",
    "AppealFile",
    "Application",
    "Asked",
    "Assessment",
    "AuditFinding",
    "Benchmark",
    "Body",
    "BodyPaper",
    "Choice",
    "Citation",
    "Complaint",
    "ComplaintFile",
    "Consultation",
    "Consulting",
    "Correction",
    "CorrectiveAction",
    "Credential",
    "Deadline",
    "Decision",
    "Delivery",
    "DepartmentContact",
    "Designation",
    "Digest",
    "Dossier",
    "Draw",
    "Employer",
    "Endorsement",
    "Engagement",
    "Entry",
    "Evaluation",
    "Expert",
    "ExpertTie",
    "Filing",
    "Finding",
    "Follow",
    "FormOpinion",
    "Grade",
    "Grading",
    "Hold",
    "Incentive",
    "IndicatorScore",
    "Inquiry",
    "InternalNote",
    "Invitation",
    "ItemPhoto",
    "Letter",
    "LetterPaper",
    "Listing",
    "MailChoice",
    "Message",
    "Mute",
    "Nonconformity",
    "Objection",
    "ObjectionFile",
    "Obligation",
    "Opinion",
    "Package",
    "PanelResult",
    "PanelScore",
    "Participation",
    "Post",
    "Programme",
    "Proposal",
    "PublicNotice",
    "Question",
    "Recommendation",
    "Recommended",
    "Release",
    "ReleasePart",
    "Reminder",
    "Return",
    "Round",
    "Ruling",
    "Sanction",
    "SavedView",
    "Scheme",
    "SchemeVersion",
    "SealedCopy",
    "SealedReply",
    "Seat",
    "Sequence",
    "Shareholder",
    "Signature",
    "Spell",
    "Staff",
    "Study",
    "StudyPart",
    "StudyRow",
    "SupplierAudit",
    "SupplierGrade",
    "Verification",
    "VerificationItem",
    "Visit",
    "VisitPhoto",
    "Waiver",
    "Watch",
    "Worksheet",
    "YearRank",
]
