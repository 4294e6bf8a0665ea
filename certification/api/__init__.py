"""The resources of the certification app, by the name of their collection, and the addresses of the moves."""

from certification.api import batches, moves, ranking
from certification.api.applications import Applications
from certification.assessment.api import Runs
from certification.body.api import Bodies
from certification.chain.api.alerts import Alerts
from certification.chain.api.chains import SupplyChains
from certification.chain.api.choices import Mutes, Watches
from certification.chain.territory.api import SupplyFlows
from certification.complaint.api import Complaints
from certification.consultation.api import Consultations, Departments
from certification.corrective.api import Nonconformities
from certification.delivery.api import Notifications
from certification.designation.api.linking import UnlinkedTitles
from certification.designation.api.register import Titles
from certification.grading.api import Codes, Gradings
from certification.impact.api import Studies
from certification.incentive.api import Incentives
from certification.inquiry.api import Questions
from certification.letter.api import Letters
from certification.lifecycle.api import Stages
from certification.note.api import Notes
from certification.notice.api.announcements import Announcements
from certification.notice.api.notices import Notices, Objections
from certification.panel.api import Experts
from certification.printing import api as printing
from certification.printing.api import Packages
from certification.progress.api import Progress
from certification.recommendation.api import Recommendations
from certification.release.api import Releases
from certification.scheme.api.deadlines import Deadlines
from certification.scheme.api.rounds import Rounds
from certification.scheme.api.schemes import Schemes
from certification.sourcing.api.audits import AuditFindings, FindingsAsked, SupplierAudits
from certification.sourcing.api.grades import SupplierGrades
from certification.sourcing.api.programmes import SupplierProgrammes
from certification.surveillance.api.duties import Obligations
from certification.surveillance.api.measures import Holds, Proposals, YearRanks
from certification.verification.api import Verifications

RESOURCES = (
    ("schemes", Schemes),
    ("rounds", Rounds),
    ("deadlines", Deadlines),
    ("incentives", Incentives),
    ("applications", Applications),
    ("packages", Packages),
    ("assessments", Runs),
    ("designations", Titles),
    ("unlinked-titles", UnlinkedTitles),
    ("obligations", Obligations),
    ("proposals", Proposals),
    ("holds", Holds),
    ("year-ranks", YearRanks),
    ("evaluation-bodies", Bodies),
    ("experts", Experts),
    ("notices", Notices),
    ("objections", Objections),
    ("complaints", Complaints),
    ("questions", Questions),
    ("nonconformities", Nonconformities),
    ("verifications", Verifications),
    ("internal-notes", Notes),
    ("announcements", Announcements),
    ("letters", Letters),
    ("alerts", Alerts),
    ("watches", Watches),
    ("mutes", Mutes),
    ("notifications", Notifications),
    ("supply-chains", SupplyChains),
    ("supply-flows", SupplyFlows),
    ("supplier-programmes", SupplierProgrammes),
    ("supplier-grades", SupplierGrades),
    ("supplier-audits", SupplierAudits),
    ("audit-findings", AuditFindings),
    ("findings-asked", FindingsAsked),
    ("departments", Departments),
    ("consultations", Consultations),
    ("recommendations", Recommendations),
    ("releases", Releases),
    ("gradings", Gradings),
    ("green-codes", Codes),
    ("impact-studies", Studies),
    ("progress", Progress),
    ("stages", Stages),
)

urlpatterns = [
    *moves.urlpatterns,
    *batches.urlpatterns,
    *ranking.urlpatterns,
    *printing.urlpatterns,
]
