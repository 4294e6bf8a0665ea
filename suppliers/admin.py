"""The suppliers' registers in the admin, each in its folder."""

from suppliers.claim import admin as claim
from suppliers.enterprise import admin as enterprise
from suppliers.enterprise import changeadmin as change
from suppliers.evidence import admin as evidence
from suppliers.invitation import admin as invitation
from suppliers.place import admin as place
from suppliers.record import admin as record
from suppliers.reporting import admin as reporting
from suppliers.supply import admin as supply

__all__ = [
    "change",
    "claim",
    "enterprise",
    "evidence",
    "invitation",
    "place",
    "record",
    "reporting",
    "supply",
]
