"""Whether a database holds the demo, something else, or nothing yet."""

from certification.scheme.models import Round
from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import record
from suppliers.enterprise.models import Enterprise
from suppliers.place.models import nation

VERB = "demo"


def holds_demo() -> bool:
    """The demo was made here: the record says so, and the record keeps what it says."""
    return AuditEntry.objects.filter(verb=VERB).exists()


def is_empty() -> bool:
    """Nothing but reference data: no enterprise, no person, no round."""
    return not any(model._default_manager.exists() for model in (Enterprise, User, Round))


def mark(**about: object) -> None:
    """Write into the record that what follows is the demo."""
    record(VERB, nation(), by=None, **about)
