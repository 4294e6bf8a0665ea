"""Titles, applications and duties follow what becomes of an enterprise (policy 1.5, [S9], [S12])."""

from typing import Any

from django.utils.translation import gettext_noop

from certification.application.models import Application
from certification.designation.actions import amend, end, restore_title
from certification.designation.models import Designation, DesignationQuerySet
from certification.surveillance.catalogue import number
from certification.surveillance.duties import standing
from certification.surveillance.listing import Listing
from certification.surveillance.models import Cause, Obligation, Owed
from certification.workflow import Status
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import subscribe
from greenchain.clock import now, today, working_days_after
from suppliers.enterprise.changes import EnterpriseChange

Kind = EnterpriseChange.Kind
REGISTERED = gettext_noop("The enterprise was registered under a new name.")
UNDONE = gettext_noop("The change of the enterprise was undone.")
MOVED = gettext_noop("The site moved to another place.")
MERGED = gettext_noop("The holder was merged into another enterprise.")


@subscribe("tell_change")
def done_by_telling(entry: AuditEntry, change: Any) -> None:
    """Who tells of a change has done the duty to tell; without one it is noted, on time or late."""
    kind = Owed.NAME if change.kind == Kind.RENAME else Owed.SCOPE
    titles = _concerned(change)
    open_ones = Obligation.objects.filter(designation__in=titles, kind=kind, filed_at=None)
    owing = set(open_ones.values_list("designation", flat=True))
    open_ones.update(filed_at=now(), filed_by=entry.actor)
    due_on = working_days_after(change.happened_on, number("change_days"))
    Obligation.objects.bulk_create(
        Obligation(
            designation=title,
            kind=kind,
            year=change.happened_on.year,
            about=f"change:{change.pk}",
            due_on=due_on,
            filed_at=now(),
            filed_by=entry.actor,
        )
        for title in titles
        if title.pk not in owing
    )


def _concerned(change: EnterpriseChange) -> DesignationQuerySet:
    """Standing titles that the change is about."""
    match change.kind:
        case Kind.RELOCATION:
            return standing().filter(site=change.site_id)
        case Kind.SPLIT:
            return standing().filter(site__in=change.sites.all())
        case _:
            return standing().held_by([change.enterprise_id])


@subscribe("approve_change")
def follow_change(_entry: AuditEntry, change: Any) -> None:
    """What the change means for titles and open applications."""
    match change.kind:
        case Kind.RENAME:
            _rename(change)
        case Kind.RELOCATION:
            _end(change, standing().filter(site=change.site_id), Cause.RELOCATED, MOVED)
        case Kind.MERGER:
            _end(change, standing().filter(enterprise=change.enterprise_id), Cause.MERGED, MERGED)
            _move_applications(change)
        case Kind.SPLIT:
            _move_applications(change)
            _look_again(change)


def _rename(change: EnterpriseChange) -> None:
    """Each standing title that bears the old name bears the new one; the next list says so."""
    renamed = {}
    for title in standing().held_by([change.enterprise_id]).filter(name__contains=change.before):
        renamed[str(title.pk)] = [title.name, title.name_en]
        name = title.name.replace(change.before, change.name)[:200]
        amend(title, by=None, name=name, name_en=change.name_en, reasons=REGISTERED)
    change.moved["titles"] = renamed


def _end(change: EnterpriseChange, titles: DesignationQuerySet, cause: str, reasons: str) -> None:
    ended = list(titles.order_by("pk"))
    for title in ended:
        end(title, cause=cause, reasons=reasons)
    change.moved["ended"] = [title.pk for title in ended]


def _move_applications(change: EnterpriseChange) -> None:
    """Open applications about what went to the other enterprise are that one's."""
    owned = change.moved["owned"]
    cases: list[int] = []
    for kind, rows in owned.items():
        found = Application.objects.open().filter(
            applicant=change.enterprise_id, **{f"{kind}__in": list(rows)}
        )
        cases += found.values_list("pk", flat=True)
    Application.objects.filter(pk__in=cases).update(applicant=change.other_id)
    change.moved["applications"] = cases


def _look_again(change: EnterpriseChange) -> None:
    """A reorganised site's titles are looked at again: their holder asks for it within 30 working days ([S12])."""
    due_on = working_days_after(today(), number("change_days"))
    for title in standing().filter(site__in=list(change.moved["owned"]["site"])):
        told = {"kind": Owed.REBENCHMARK, "year": today().year, "about": f"change:{change.pk}"}
        Obligation.objects.get_or_create(designation=title, **told, defaults={"due_on": due_on})


@subscribe("undo_change")
def follow_back(_entry: AuditEntry, change: Any) -> None:
    """Names, titles and applications are as they were."""
    for pk, (name, name_en) in change.moved.get("titles", {}).items():
        title = Designation.objects.get(pk=pk)
        if title.status in {Status.CURRENT, Status.SUSPENDED}:
            waiting = Listing.objects.filter(designation=title, told_in=None, annex="renamed")
            never_told = waiting.exists()
            amend(title, by=None, name=name, name_en=name_en, reasons=UNDONE)
            if never_told:
                waiting.delete()
    for title in Designation.objects.filter(pk__in=change.moved.get("ended", []), status=Status.REVOKED):
        restore_title(title, reasons=UNDONE)
    cases = Application.objects.filter(pk__in=change.moved.get("applications", []))
    cases.update(applicant=change.enterprise_id)
    Obligation.objects.filter(about=f"change:{change.pk}", kind=Owed.REBENCHMARK, filed_at=None).delete()
