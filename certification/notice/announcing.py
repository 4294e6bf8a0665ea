"""Announce what became of titles: a final list of one authority, level and day that only ever grows.

What surveillance takes away or renames is told with the next list. A mistake, or a removal that was announced and is
annulled, is a new dated entry that names the old one.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from certification.designation.models import Basis, Designation
from certification.notice.models import Annex, Announcement, AnnouncementEntry
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import record, subscribe
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.place.models import Authority

ANNULLED = gettext_noop("The removal was annulled on appeal.")


@transaction.atomic
def announce(
    title: Designation,
    annex: str,
    *,
    name: str = "",
    detail: str = "",
    corrects: AnnouncementEntry | None = None,
) -> AnnouncementEntry:
    """The title stands in today's announcement of its authority and level; twice is once."""
    found = _today_of(title.authority, title.level)
    rows = found.entries.filter(annex=annex)
    if corrects is None and (there := rows.filter(designation=title, corrects=None).first()):
        return there
    last = rows.order_by("-place").values_list("place", flat=True).first()
    return AnnouncementEntry.objects.create(
        announcement=found,
        designation=title,
        annex=annex,
        place=(last or 0) + 1,
        name=name or title.name,
        detail=detail[:300],
        columns=columns_of(title),
        corrects=corrects,
    )


def _today_of(authority: Authority, level: int) -> Announcement:
    """The announcement of the day, locked, so that places are given one by one."""
    day = today()
    found, _made = Announcement.objects.get_or_create(
        authority=authority,
        level=level,
        announced_on=day,
        defaults={"number": f"AN-{authority.code}-{level}-{day:%Y%m%d}"},
    )
    return Announcement.objects.select_for_update(of=("self",)).get(pk=found.pk)


def columns_of(title: Designation) -> dict[str, Any]:
    """The columns of the ministry's lists as they stand on the day: region, reporting unit, industry, assessor."""
    subject = title.subject
    industry = getattr(subject, "industry", None)
    assessor = title.basis_detail.get("evaluated_by") if title.basis == Basis.THIRD_PARTY else ""
    told = {
        "number": title.number,
        "scheme": title.scheme.names,
        "region": _both(title.region),
        "unit": _both(_unit(title)),
        "industry": _both(industry) | ({"code": industry.code} if industry else {}),
        "industry_label": title.industry_label,
        "assessor": assessor or "",
    }
    return {key: value for key, value in told.items() if value}


def _unit(title: Designation) -> Authority | None:
    """Who recommends to the nation: the highest desk below it; at the lower levels, who grants."""
    at = title.home
    while at is not None and at.parent is not None and at.parent.parent is not None:
        at = at.parent
    return at


def _both(named: Any) -> dict[str, str]:
    """A name in the languages in which lists are published."""
    if named is None:
        return {}
    return {"zh-hans": named.name_zh, "en": named.name_en or named.name_zh}


@subscribe("overturn", "restore_title")
def announce_annulment(entry: AuditEntry, title: Any) -> None:
    """A revocation that an appeal annuls is corrected in public."""
    if not isinstance(title, Designation) or entry.data.get("from") != Status.REVOKED:
        return
    removed = AnnouncementEntry.objects.filter(designation=title, annex=Annex.REMOVED).order_by("-pk").first()
    if removed is not None:
        announce(title, Annex.CORRECTED, name=removed.name, detail=ANNULLED, corrects=removed)


def corrects(announcement: Announcement, user: Any) -> bool:
    """Whether the person is an approver of the authority that announced."""
    return getattr(user, "role", "") == Role.APPROVER and user.authority_id == announcement.authority_id


@transaction.atomic
def correct_entry(row: AnnouncementEntry, *, by: Any, name: str, reasons: str) -> AnnouncementEntry:
    """What was announced wrongly is announced rightly today; the old entry stays and points to the new one."""
    if not corrects(row.announcement, by):
        raise NotYours(_("The approver of the authority that announced it corrects it."), code="role")
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    newest = row.corrections.order_by("-pk").first() or row
    if name.strip() == newest.name:
        raise Refused(_("This is what was announced."), code="same", field="name")
    made = announce(row.designation, Annex.CORRECTED, name=name.strip(), detail=reasons.strip(), corrects=row)
    record("correct_announcement", row.designation, by=by, entry=row.pk, before=newest.name, name=made.name)
    return made
