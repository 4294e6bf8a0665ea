"""The resources of the suppliers app, by the name of their collection."""

from suppliers.claim.api import ClaimableEnterprises, Claims
from suppliers.enterprise.api import Parks, Products, Sites
from suppliers.enterprise.changeapi import EnterpriseChanges
from suppliers.evidence.api import Vault
from suppliers.place.api import Authorities, Industries, Regions
from suppliers.record.api import Records
from suppliers.reporting.api import SiteYears, SubjectYears
from suppliers.response.api import Invitations, SharedProfiles, SupplierResponses
from suppliers.sharing.api import Accesses, AnswerSets, Consents
from suppliers.supply.api import Links

RESOURCES = (
    ("regions", Regions),
    ("authorities", Authorities),
    ("industries", Industries),
    ("enterprises", ClaimableEnterprises),
    ("enterprise-changes", EnterpriseChanges),
    ("claims", Claims),
    ("sites", Sites),
    ("products", Products),
    ("parks", Parks),
    ("site-years", SiteYears),
    ("subject-years", SubjectYears),
    ("evidence", Vault),
    ("compliance-records", Records),
    ("supply-links", Links),
    ("invitations", Invitations),
    ("supplier-responses", SupplierResponses),
    ("shared-profiles", SharedProfiles),
    ("answers", AnswerSets),
    ("consents", Consents),
    ("accesses", Accesses),
)
