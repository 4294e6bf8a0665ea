"""Files that come along with what an applicant says: they stand in the vault, and are named with their digest."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from greenchain.refusals import Refused
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.actions import attach
from suppliers.evidence.models import Evidence
from suppliers.evidence.paper import Upload

MOST = 20
"""Files of one message."""


def attached(
    applicant: Enterprise, by: Any, chosen: Sequence[Evidence], upload: "Upload | None", kind: str
) -> list[Mapping[str, Any]]:
    """The files as a message keeps them; an upload is looked into and put into the vault first."""
    files = list(dict.fromkeys(chosen))
    if any(each.enterprise_id != applicant.pk or each.retracted_at is not None for each in files):
        raise Refused(_("Choose files of the applicant's vault."), code="evidence", field="evidence")
    if upload is not None:
        if not kind:
            raise Refused(_("Say of what kind the file is."), code="kind", field="kind")
        files.append(attach(applicant, by=by, kind=kind, title="", upload=upload))
    if len(files) > MOST:
        raise Refused(
            _("At most %(most)d files with one message.") % {"most": MOST}, code="most", field="evidence"
        )
    return [{"evidence": each.pk, "title": each.title, "sha256": each.sha256} for each in files]
