"""What the clock and the workers do by themselves, done for the demo's past."""

import datetime as dt

from django.db.models import F, OuterRef, Subquery

from certification.chain.actions import alert_buyers
from certification.delivery import actions as delivering
from certification.delivery.kinds import Way
from certification.delivery.models import Delivery
from certification.delivery.table import VERBS
from certification.designation.actions import expire
from certification.designation.models import Designation
from certification.letter.models import Post
from certification.surveillance.filing import file_form, keep_form
from certification.surveillance.models import Obligation, Owed
from certification.surveillance.paper import paper_of
from certification.workflow import Status
from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from greenchain.audit.outbox import follow
from greenchain.clock import now, today
from suppliers.enterprise.models import Membership
from suppliers.reporting.models import SiteYear

READ_AFTER = dt.timedelta(days=4)
"""Older messages have been read."""
FORGETFUL = 9
"""One holder in nine has not filed last year's form."""


def tell_buyers() -> None:
    """Alerts for what happened to titles since the last sweep."""
    while alert_buyers():
        pass


def write_mails() -> None:
    """Messages of the last weeks, written and marked as sent; none leaves the machine. What is old was read."""
    while follow("mail", VERBS, delivering.write):
        pass
    at = AuditEntry.objects.filter(pk=OuterRef("entry")).values("at")
    Delivery.objects.filter(way=Way.NOW, sent_at=None).update(sent_at=Subquery(at), attempts=1)
    Delivery.objects.filter(entry__at__lt=now() - READ_AFTER).update(read_at=Subquery(at))
    Post.objects.filter(sent_at=None).update(sent_at=F("written_at"), attempts=1, secret="")


def expire_titles() -> None:
    """Titles whose validity is over end."""
    standing = [Status.CURRENT, Status.SUSPENDED]
    for title in Designation.objects.filter(status__in=standing, valid_until__lt=today()).order_by("pk"):
        expire(title)


def file_forms() -> None:
    """Holders file the annual form for their titles; a few forget."""
    due = Obligation.objects.filter(
        kind=Owed.ANNUAL_FORM, filed_at__isnull=True, due_on__gte=today(), designation__site__isnull=False
    )
    for obligation in due.select_related("designation__site").order_by("pk"):
        site = obligation.designation.site
        assert site is not None  # noqa: S101 - filtered above
        if site.pk % FORGETFUL == 0 or not SiteYear.objects.filter(site=site, year=obligation.year).exists():
            continue
        owner = Membership.objects.filter(enterprise=site.enterprise_id, role=Membership.Role.OWNER).earliest(
            "pk"
        )
        _fill_in(obligation, owner.user)
        file_form(obligation, by=owner.user)


def _fill_in(obligation: Obligation, by: User) -> None:
    """Shares that the year's report does not say, and a word where a figure leapt."""
    keep_form(obligation, by=by, figures={"green_product_share": "62", "rd_share": "3.1"})
    said = {
        line.figure.key: "Orders grew with the new line; meters were read anew. 新增产线，计量已复核。"
        for line in paper_of(obligation).lines
        if line.lacks or line.unexplained
    }
    if said:
        keep_form(obligation, by=by, explanations=said)
