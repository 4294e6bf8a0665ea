"""The desk: the officials' queue, the case file with its moves, and every stage's registers."""

from certification.admin import application, designation
from certification.body import admin as body
from certification.decision import admin as decision
from certification.delivery import admin as delivery
from certification.grading import admin as grading
from certification.impact import admin as impact
from certification.notice import admin as notice
from certification.scheme import admin as scheme
from certification.surveillance import admin as surveillance

__all__ = [
    "application",
    "body",
    "decision",
    "delivery",
    "designation",
    "grading",
    "impact",
    "notice",
    "scheme",
    "surveillance",
]
