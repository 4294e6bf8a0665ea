"""What the clock and the workers do by themselves, done for the demo's past."""

from django.db.models import F

from certification.chain.actions import alert_buyers
from certification.delivery import actions as delivering
from certification.delivery.models import Delivery
from certification.designation.actions import expire
from certification.designation.models import Designation
from certification.surveillance.actions import file_form
from certification.surveillance.models import Obligation
from certification.workflow import Status
from greenchain.audit.outbox import follow
from greenchain.clock import today
from suppliers.enterprise.models import Membership
from suppliers.reporting.models import SiteYear

FORGETFUL = 9
"""One holder in nine has not filed last year's form."""


def tell_buyers() -> None:
    """Alerts for what happened to titles since the last sweep."""
    while alert_buyers():
        pass


def write_mails() -> None:
    """Mails for what happened in the last weeks, written and marked as sent; none leaves the machine."""
    while follow("mail", delivering.VERBS, delivering.write):
        pass
    for mail in Delivery.objects.filter(sent_at__isnull=True).select_related("entry"):
        Delivery.objects.filter(pk=mail.pk).update(sent_at=mail.entry.at, attempts=F("attempts") + 1)


def expire_titles() -> None:
    """Titles whose validity is over end."""
    standing = [Status.CURRENT, Status.SUSPENDED]
    for title in Designation.objects.filter(status__in=standing, valid_until__lt=today()).order_by("pk"):
        expire(title)


def file_forms() -> None:
    """Holders file the annual form for their titles; a few forget."""
    due = Obligation.objects.filter(
        filed_at__isnull=True, due_on__gte=today(), designation__site__isnull=False
    )
    for obligation in due.select_related("designation__site").order_by("pk"):
        site = obligation.designation.site
        assert site is not None  # noqa: S101 - filtered above
        if site.pk % FORGETFUL == 0 or not SiteYear.objects.filter(site=site, year=obligation.year).exists():
            continue
        owner = Membership.objects.filter(enterprise=site.enterprise_id, role=Membership.Role.OWNER).earliest(
            "pk"
        )
        file_form(obligation, by=owner.user)
