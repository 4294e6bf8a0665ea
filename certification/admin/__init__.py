"""The desk: the officials' queue, the case file with its moves, and every stage's registers."""

from certification.admin import application, designation
from certification.body import admin as body
from certification.complaint import admin as complaint
from certification.consultation import admin as consultation
from certification.corrective import admin as corrective
from certification.decision import admin as decision
from certification.delivery import admin as delivery
from certification.grading import admin as grading
from certification.impact import admin as impact
from certification.incentive import admin as incentive
from certification.inquiry import admin as inquiry
from certification.letter import admin as letter
from certification.note import admin as note
from certification.notice import admin as notice
from certification.panel import admin as panel
from certification.recommendation import admin as recommendation
from certification.release import admin as release
from certification.scheme import admin as scheme
from certification.sourcing import admin as sourcing
from certification.surveillance import admin as surveillance
from certification.verification import admin as verification

__all__ = [
    "application",
    "body",
    "complaint",
    "consultation",
    "corrective",
    "decision",
    "delivery",
    "designation",
    "grading",
    "impact",
    "incentive",
    "inquiry",
    "letter",
    "note",
    "notice",
    "panel",
    "recommendation",
    "release",
    "scheme",
    "sourcing",
    "surveillance",
    "verification",
]
