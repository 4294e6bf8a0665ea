"""The first page of the admin: an official's queue in numbers; for administrators, who has power where."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from certification.admin.filters import SOON
from certification.application.models import Application
from certification.consultation.models import overdue_for
from certification.decision.models import Appeal
from certification.delivery.models import Delivery, Digest
from certification.designation.models import Designation
from certification.notice.models import Objection
from certification.queue.upwards import gone_up_to
from certification.surveillance.models import Proposal
from certification.workflow import OPEN, Status
from greenchain.accounts.models import OFFICIALS, Role, User
from greenchain.clock import today
from greenchain.jobs.pulse import look
from suppliers.claim.models import Claim
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.place.models import Authority

SHOWN = 5
WAITS_FOR = {
    Role.AUDITOR: (Status.EXAMINATION, Status.PANEL),
    Role.APPROVER: (Status.SELECTION, Status.NOTICE, Status.DECISION),
}
NAMED = ("site", "enterprise", "product", "park")


@dataclass(frozen=True, slots=True)
class Tally:
    """A number with its words and the list behind it."""

    label: str
    count: int
    url: str
    tone: str = ""
    status: str = ""


@dataclass(slots=True)
class Work:
    """What the first page shows."""

    official: bool
    counts: list[Tally] = field(default_factory=list)
    also: list[Tally] = field(default_factory=list)
    statuses: list[Tally] = field(default_factory=list)
    due: list[Application] = field(default_factory=list)
    newest: list[Application] = field(default_factory=list)
    people: list[Tally] = field(default_factory=list)
    deserted: list[dict[str, Any]] = field(default_factory=list)
    pulse: str = ""
    failed: list[Tally] = field(default_factory=list)


def work_of(user: Any) -> Work:
    """What waits for this person."""
    if not user.is_official:
        return Work(
            official=False,
            people=list(_people()),
            deserted=_deserted(),
            pulse=look().name.lower(),
            failed=[each for each in _failed() if each.count],
        )
    mine = _mine(user)
    shown = mine.select_related(*NAMED)
    return Work(
        official=True,
        counts=_counts(user, mine),
        also=[each for each in _also(user) if each.count],
        statuses=_statuses(user),
        due=list(shown.filter(due_on__isnull=False).order_by("due_on", "pk")[:SHOWN]),
        newest=list(shown.order_by("-status_since", "-pk")[:SHOWN]),
    )


def _mine(user: Any) -> Any:
    """What lies at the person's desk; a reviewer has no desk, but a territory."""
    if user.role == Role.REVIEWER:
        return Application.objects.visible_to(user).open()
    return Application.objects.queue_of(user)


def _counts(user: Any, mine: Any) -> list[Tally]:
    day = today()
    found = mine.aggregate(
        all=Count("pk"),
        overdue=Count("pk", filter=Q(due_on__lt=day)),
        week=Count("pk", filter=Q(due_on__range=(day, day + SOON))),
    )
    queue = reverse("admin:certification_application_changelist")
    where = "territory" if user.role == Role.REVIEWER else "mine"
    here = _("open in your territory") if user.role == Role.REVIEWER else _("at your desk")
    return [
        Tally(
            _("overdue"),
            found["overdue"],
            f"{queue}?where={where}&due=overdue",
            "red" if found["overdue"] else "",
        ),
        Tally(
            _("due within a week"),
            found["week"],
            f"{queue}?where={where}&due=week",
            "amber" if found["week"] else "",
        ),
        Tally(here, found["all"], f"{queue}?where={where}"),
    ]


def _also(user: Any) -> Iterator[Tally]:
    """Other things that wait for an answer."""
    if user.role == Role.REVIEWER:
        return
    queue = reverse("admin:certification_application_changelist")
    yield Tally(
        _("Cases of desks below where nobody is left to act"), gone_up_to(user).count(), f"{queue}?where=up"
    )
    claims = Claim.objects.visible_to(user).pending().count()
    yield Tally(
        _("Claims to decide"), claims, reverse("admin:suppliers_claim_changelist") + "?status__exact=pending"
    )
    yield Tally(
        _("Titles to link"),
        Designation.objects.to_link_by(user).count(),
        reverse("admin:certification_designation_linking"),
    )
    if user.role == Role.APPROVER:
        yield Tally(
            _("Changes of enterprises to decide"),
            EnterpriseChange.objects.visible_to(user).waiting().count(),
            reverse("admin:suppliers_enterprisechange_changelist") + "?status__exact=told",
        )
        objections = (
            Objection.objects.visible_to(user).open().filter(application__desk=user.authority_id).count()
        )
        yield Tally(
            _("Open objections"),
            objections,
            reverse("admin:certification_objection_changelist") + "?answer=due",
        )
        appeals = Appeal.objects.visible_to(user).open().count()
        yield Tally(
            _("Open appeals"), appeals, reverse("admin:certification_appeal_changelist") + "?answer=due"
        )
    if user.role == Role.AUDITOR:
        yield Tally(
            _("Overdue replies of departments"),
            overdue_for(user).count(),
            reverse("admin:certification_consultation_changelist") + "?replies=overdue",
        )
    replies = Proposal.objects.visible_to(user).filter(
        replied_at__isnull=False, designation__authority=user.authority_id
    )
    answered = replies.filter(designation__status__in=[Status.CURRENT, Status.SUSPENDED]).count()
    yield Tally(_("Answered proposals"), answered, reverse("admin:certification_proposal_changelist"))


def _statuses(user: Any) -> list[Tally]:
    queue = reverse("admin:certification_application_changelist")
    rows = Application.objects.visible_to(user).open().values("status").annotate(found=Count("pk"))
    found = {row["status"]: row["found"] for row in rows.order_by()}
    return [
        Tally("", found[status], f"{queue}?where=territory&status={status}", status=status)
        for status in OPEN.split()
        if status in found
    ]


def _failed() -> Iterator[Tally]:
    """What the machines could not do: how much of it, never whose."""
    mails = Delivery.objects.all().failed().count() + Digest.objects.all().failed().count()
    yield Tally(
        _("Mails that could not be sent"),
        mails,
        reverse("admin:certification_delivery_failed"),
    )
    broken = Application.objects.filter(status=Status.SUBMITTED, check_attempts__gt=1).count()
    yield Tally(_("Cases whose checks broke off"), broken, "")


def _people() -> Iterator[Tally]:
    users = reverse("admin:accounts_user_changelist")
    rows = User.objects.filter(is_active=True).values("role").annotate(found=Count("pk")).order_by()
    found = {row["role"]: row["found"] for row in rows}
    for role in (*OFFICIALS, Role.EVALUATOR, Role.EXPERT, Role.ADMINISTRATOR):
        yield Tally(str(Role(role).label), found.get(role, 0), f"{users}?role__exact={role}")


def _deserted() -> list[dict[str, Any]]:
    """Desks where cases wait for a role that nobody holds there: only how many, never which."""
    rows: list[dict[str, Any]] = []
    for role, statuses in WAITS_FOR.items():
        staffed = User.objects.filter(role=role, is_active=True, authority__isnull=False).values("authority")
        waiting = Application.objects.filter(status__in=statuses).exclude(desk__in=staffed)
        counted = waiting.values(key=F("desk")).annotate(found=Count("pk")).order_by("-found", "desk")
        rows += [{"key": row["key"], "role": Role(role).label, "count": row["found"]} for row in counted[:50]]
    desks = Authority.objects.in_bulk({row["key"] for row in rows}) if rows else {}
    return [row | {"authority": desks[row["key"]]} for row in rows]
