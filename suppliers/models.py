"""Every model of the app, in the order of its folders."""

from suppliers.claim.models import Claim
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.enterprise.models import (
    Enterprise,
    FormerName,
    Membership,
    Park,
    Product,
    Shareholding,
    Site,
    Tenancy,
)
from suppliers.evidence.models import CertificateNumber, Evidence
from suppliers.invitation.models import Invitation, Stopped
from suppliers.place.models import Authority, Industry, Level, Region
from suppliers.record.models import ComplianceRecord
from suppliers.reporting.models import RegionYear, SiteYear, SiteYearRow, SubjectYear, SubjectYearRow
from suppliers.sharing.models import Access, AnswerSet, Consent
from suppliers.supply.models import NetworkChange, NetworkFold, SupplyLink

__all__ = [
    "Access",
    "AnswerSet",
    "Authority",
    "CertificateNumber",
    "Claim",
    "ComplianceRecord",
    "Consent",
    "Enterprise",
    "EnterpriseChange",
    "Evidence",
    "FormerName",
    "Industry",
    "Invitation",
    "Level",
    "Membership",
    "NetworkChange",
    "NetworkFold",
    "Park",
    "Product",
    "Region",
    "RegionYear",
    "Shareholding",
    "Site",
    "SiteYear",
    "SiteYearRow",
    "Stopped",
    "SubjectYear",
    "SubjectYearRow",
    "SupplyLink",
    "Tenancy",
]
