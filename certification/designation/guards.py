"""What must hold before a title moves, as far as the title itself can tell."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from certification.designation.models import Basis, Designation
from certification.rules import Landing, guard, route
from certification.workflow import Case, Status
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import Refused

STANDING = Q(status__in=[Status.CURRENT, Status.SUSPENDED])


@guard("one_current")
def _one_current(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    title = _title(case)
    others = Designation.objects.filter(
        STANDING, title.same_subject(), scheme=title.scheme, level=title.level
    )
    if others.exists():
        raise Refused(_("This subject already holds a title of this scheme and level."), code="one_current")


@guard("until", asks=True)
def _until(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    until = inputs.get("until_on")
    if not until or until <= today():
        raise Refused(_("Say until when; the day must lie ahead."), code="until", field="until_on")


@guard("cause_cured", asks=True)
def _cause_cured(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    if not str(inputs.get("cured") or "").strip():
        raise Refused(_("Say how the cause was cured."), code="cause_cured", field="cured")


@guard("validity_over")
def _validity_over(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    title = _title(case)
    if title.valid_until is None or title.valid_until >= today():
        raise Refused(_("This title is still valid."), code="validity_over")


@guard("amendment", asks=True)
def _amendment(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    if not str(inputs.get("name") or "").strip():
        raise Refused(_("Give the new name."), code="amendment", field="name")


@guard("not_linked")
def _not_linked(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if _title(case).linked:
        raise Refused(_("This title is linked already."), code="already_done")


@guard("linked_by_hand")
def _linked_by_hand(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    """What was granted here, or came with its subject, belongs to it for good."""
    if not _title(case).linked:
        raise Refused(_("This title is not linked."), code="already_done")
    if last_link(_title(case)) is None:
        raise Refused(_("This title came with its subject; nobody linked it."), code="not_linked_by_hand")


def last_link(title: Designation) -> AuditEntry | None:
    """The entry by which somebody linked the title; None where nobody did."""
    return history(title).filter(verb="link").order_by("-seq").first() if title.basis == Basis.LIST else None


@route("where_it_was")
def _where_it_was(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> Landing:
    """The status before the move that is overturned."""
    last = next(
        entry
        for entry in history(case).order_by("-seq")
        if entry.data.get("to") == case.status != entry.data["from"]
    )
    return Landing(last.data["from"])


def _title(case: Case) -> Designation:
    assert isinstance(case, Designation)  # noqa: S101 - these guards stand in rows of kind D only
    return case
