"""The desk: the officials' queue, the case file with its moves, and every stage's registers."""

from certification.admin import application, designation
from certification.decision import admin as decision
from certification.delivery import admin as delivery
from certification.evaluation import admin as evaluation
from certification.notice import admin as notice
from certification.scheme import admin as scheme
from certification.surveillance import admin as surveillance

__all__ = [
    "application",
    "decision",
    "delivery",
    "designation",
    "evaluation",
    "notice",
    "scheme",
    "surveillance",
]
