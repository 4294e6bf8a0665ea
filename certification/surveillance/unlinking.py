"""A link that was wrong takes its duties along, unless somebody has answered for the title since."""

from typing import Any

from django.utils.translation import gettext as _

from certification.surveillance.models import Obligation
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import subscribe
from greenchain.refusals import Refused


@subscribe("unlink")
def forget_duties(_entry: AuditEntry, title: Any) -> None:
    """In the same transaction: what is owed and not filed goes; what was filed, or renews the title, keeps the link."""
    owed = Obligation.objects.filter(designation=title)
    if owed.exclude(filed_at=None).exists() or title.successors.exists():
        raise Refused(
            _(
                "Its holder has filed a form or applied for renewal since; the link stays. Correct the title instead."
            ),
            code="built_on",
        )
    owed.delete()
