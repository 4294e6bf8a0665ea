"""The dashboard of an enterprise: what to do next and by when, what is under way, titles and their threats.

As many queries for many enterprises, cases and titles as for one.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.application.models import Application
from certification.application.readiness import MissingPart, missing_in_each
from certification.decision.guards import appeal_until
from certification.decision.models import Appeal
from certification.designation.models import Designation
from certification.surveillance.models import Obligation, Owed
from certification.views.asked import Item, asked_about
from certification.workflow import OPEN, Status
from greenchain.clock import today
from suppliers.claim.models import Claim
from suppliers.enterprise.access import kept_by
from suppliers.enterprise.models import Enterprise, Site
from suppliers.evidence.models import Evidence
from suppliers.record.models import ComplianceRecord

SOON = dt.timedelta(days=60)
RENEW = dt.timedelta(days=180)
APPEALABLE = (Status.REJECTED, Status.REFUSED, Status.LAPSED)
LONGEST_APPEAL = dt.timedelta(days=120)
MOST = 50
FILES = 5
WITH = ("round", "scheme_version__scheme", "site", "enterprise", "product", "park", "desk")


@dataclass(frozen=True, slots=True)
class Held:
    """A title and what threatens it."""

    title: Designation
    threats: list[str]


class Work:
    """What awaits one person of one or more enterprises."""

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def enterprises(self) -> list[Enterprise]:
        """Those for which the person acts."""
        return list(Enterprise.objects.visible_to(self.user).order_by("name")[:MOST])

    @cached_property
    def may_apply(self) -> bool:
        """Whether the person may start an application for one of them."""
        return bool(self.enterprises) and kept_by(self.user).exists()

    @cached_property
    def claims(self) -> list[Claim]:
        """Claims that wait, or were refused lately."""
        since = today() - SOON
        found = Claim.objects.filter(user=self.user).select_related("enterprise", "desk")
        lately = Q(status=Claim.Status.REFUSED, decided_at__date__gte=since)
        return list(found.filter(Q(status=Claim.Status.PENDING) | lately).order_by("-created_at")[:FILES])

    @cached_property
    def cases(self) -> list[Application]:
        """Open applications, and those against whose outcome an appeal may be possible."""
        if not self.enterprises:
            return []
        ended = Q(status__in=APPEALABLE, status_since__date__gte=today() - LONGEST_APPEAL)
        appeal = Appeal.objects.filter(application=OuterRef("pk"), at__gte=OuterRef("status_since"))
        found = Application.objects.filter(Q(status__in=OPEN.split()) | ended, applicant__in=self.enterprises)
        return list(
            found.annotate(appealed=Exists(appeal)).select_related(*WITH).order_by("-created_at")[:MOST]
        )

    @cached_property
    def under_way(self) -> list[Application]:
        """Applications that somebody else has to act on."""
        mine = {Status.DRAFT, Status.RETURNED, *APPEALABLE}
        return [case for case in self.cases if case.status not in mine]

    @cached_property
    def titles(self) -> list[Held]:
        """Titles that stand or are suspended, with what threatens them."""
        return [Held(title, list(self._threats(title))) for title in self._held]

    @cached_property
    def _held(self) -> list[Any]:
        if not self.enterprises:
            return []
        first = Obligation.objects.filter(designation=OuterRef("pk"), filed_at=None).order_by("due_on", "pk")
        found = (
            Designation.objects.held_by(self.enterprises)
            .filter(status__in=[Status.CURRENT, Status.SUSPENDED])
            .annotate(
                holder=Coalesce("enterprise", "site__enterprise", "product__enterprise", "park__manager"),
                duty=Subquery(first.values("kind")[:1]),
                duty_due=Subquery(first.values("due_on")[:1]),
                reply_by=Min("proposals__reply_by", filter=Q(proposals__replied_at__isnull=True)),
            )
        )
        return list(found.select_related("scheme").order_by("-level", "-announced_on", "pk")[:MOST])

    @cached_property
    def records(self) -> list[ComplianceRecord]:
        """What counts against the enterprises."""
        if not self.enterprises:
            return []
        standing = ComplianceRecord.objects.standing().filter(enterprise__in=self.enterprises)
        return list(standing.select_related("enterprise").order_by("-happened_on")[:FILES])

    @cached_property
    def todo(self) -> list[Item]:
        """Everything to do, what is due first on top."""
        found = [
            *self._cases_to_do(),
            *asked_about(self.cases),
            *self._titles_to_do(),
            *self._files_to_do(),
            *self._sites_to_do(),
        ]
        return sorted(found, key=lambda item: (item.due_on or dt.date.max, item.what))

    def _cases_to_do(self) -> Iterator[Item]:
        drafts = [case for case in self.cases if case.status == Status.DRAFT]
        missing = missing_in_each(drafts) if drafts else {}
        for case in self.cases:
            url = reverse("application", args=[case.pk])
            about = f"{case.subject} · {case.number}"
            match case.status:
                case Status.DRAFT:
                    yield _draft(case, missing[case.pk], about, url)
                case Status.RETURNED:
                    yield Item(_("Answer the return"), about, url, _("Answer"), case.due_on)
                case status if status in APPEALABLE and not getattr(case, "appealed", True):
                    last = appeal_until(case)
                    if last >= today():
                        outcome = case.get_status_display()
                        what = _("Outcome: %(outcome)s. You may appeal") % {"outcome": outcome}
                        yield Item(what, about, url, _("Read"), last)

    def _titles_to_do(self) -> Iterator[Item]:
        for title in self._held:
            url, about = reverse("holding", args=[title.number]), f"{title.scheme} · {title.number}"
            if title.reply_by:
                yield Item(
                    _("Answer the proposal to remove the title"), about, url, _("Answer"), title.reply_by
                )
            if title.duty_due and title.duty_due <= today() + RENEW:
                yield Item(_duty(title.duty), about, url, _("Do it"), title.duty_due)
            if title.valid_until and title.valid_until <= today() + RENEW:
                yield Item(_("Renew the title before it ends"), about, url, _("Renew"), title.valid_until)

    def _files_to_do(self) -> Iterator[Item]:
        if not self.enterprises:
            return
        expiring = Evidence.objects.current().filter(
            enterprise__in=self.enterprises, expires_on__range=(today() - SOON, today() + SOON)
        )
        for proof in expiring.order_by("expires_on")[:FILES]:
            expired = proof.expires_on is not None and proof.expires_on < today()
            what = _("Evidence has expired: replace it") if expired else _("Evidence is about to expire")
            yield Item(
                what, proof.title, reverse("evidence", args=[proof.pk]), _("Replace"), proof.expires_on
            )

    def _sites_to_do(self) -> Iterator[Item]:
        if not self.enterprises:
            return
        year = today().year - 1
        for owner in kept_by(self.user).filter(sites=None).order_by("name")[:FILES]:
            yield Item(_("Add your first site"), str(owner), reverse("site-new", args=[owner.pk]), _("Add"))
        silent = Site.objects.filter(enterprise__in=self.enterprises).exclude(years__year=year)
        for site in silent.order_by("name")[:FILES]:
            what = _("Report the figures of %(year)d") % {"year": year}
            yield Item(what, str(site), reverse("site-year", args=[site.pk, year]), _("Enter"))

    def _threats(self, title: Any) -> Iterator[str]:
        if title.status == Status.SUSPENDED:
            yield _("Suspended: it does not count until it is reinstated.")
        if title.reply_by:
            yield _("A removal is proposed.")
        if title.duty_due and title.duty_due < today():
            yield _("Overdue: %(duty)s.") % {"duty": Owed(title.duty).label}
        if title.valid_until and title.valid_until <= today() + RENEW:
            yield _("Its validity ends soon.")
        if any(record.enterprise_id == title.holder for record in self.records):
            yield _("A compliance record stands against the enterprise.")


def _duty(kind: str) -> str:
    return _("File the annual form") if kind == Owed.ANNUAL_FORM else capfirst(str(Owed(kind).label))


def _draft(case: Application, missing: list[MissingPart], about: str, url: str) -> Item:
    due = case.round.closes_on
    if not missing:
        return Item(_("Submit the application: nothing is missing"), about, url, _("Open"), due)
    count = len(missing)
    what = ngettext(
        "Finish the draft: %(count)d part is missing", "Finish the draft: %(count)d parts are missing", count
    )
    return Item(what % {"count": count}, about, url, _("Go on"), due)
