"""The resources of the certification app, by the name of their collection, and the addresses of the moves."""

from certification.api import batches, moves
from certification.api.applications import Applications
from certification.assessment.api import Runs
from certification.body.api import Bodies
from certification.chain.api import Alerts
from certification.chain.chains_api import SupplyChains
from certification.designation.api import Titles
from certification.grading.api import Codes, Gradings
from certification.impact.api import Studies
from certification.lifecycle.api import Stages
from certification.notice.api import Notices, Objections
from certification.progress.api import Progress
from certification.scheme.api import Deadlines, Rounds, Schemes

RESOURCES = (
    ("schemes", Schemes),
    ("rounds", Rounds),
    ("deadlines", Deadlines),
    ("applications", Applications),
    ("assessments", Runs),
    ("designations", Titles),
    ("evaluation-bodies", Bodies),
    ("notices", Notices),
    ("objections", Objections),
    ("alerts", Alerts),
    ("supply-chains", SupplyChains),
    ("gradings", Gradings),
    ("green-codes", Codes),
    ("impact-studies", Studies),
    ("progress", Progress),
    ("stages", Stages),
)

urlpatterns = [*moves.urlpatterns, *batches.urlpatterns]
