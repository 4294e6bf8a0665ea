"""A buyer in Shaoxing with suppliers of every state; titles are given and taken by the real actions."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from certification.designation import actions as titles
from certification.models import Designation
from greenchain.accounts.models import User
from greenchain.clock import stopped_at, today
from suppliers.models import Authority, Enterprise, Level, Site, SupplyLink
from tests.cast import Cast
from tests.factories_suppliers import EnterpriseFactory, MembershipFactory, SiteFactory, SupplyLinkFactory

YESTERDAY = dt.timedelta(days=1)


@dataclass
class Chains:
    """The buyer is the cast's enterprise: owner, editor and viewer are its people."""

    cast: Cast
    buyer: Enterprise

    def supplier(self, *sites: str, name: str = "", region: str = "330602") -> Enterprise:
        """An enterprise with one site per word: what its title is to be ("" = none)."""
        named = {"name": name, "name_en": f"English {name}"} if name else {}
        enterprise = EnterpriseFactory.create(region_id=region, **named)
        for life in sites:
            site = SiteFactory.create(enterprise=enterprise)
            if life:
                self.title(site, life)
        return enterprise

    def title(self, site: Site, life: str = "current", level: int = Level.MUNICIPAL) -> Designation:
        """A green factory title of the site's, as far as ``life``."""
        past = life == "expired"
        title = titles.issue(
            site,
            version=self.cast.version,
            level=level,
            authority=Authority.objects.get(code={1: "3306", 2: "33", 3: "CN"}[level]),
            announced_on=today() - dt.timedelta(days=400) if past else None,
            valid_until=today() - YESTERDAY if past else None,
        )
        return getattr(self, f"_{life}")(title)

    @staticmethod
    def _current(title: Designation) -> Designation:
        return title

    def _suspended(self, title: Designation) -> Designation:
        return self.suspend(title)

    def suspend(self, title: Designation) -> Designation:
        """By an approver of the authority that granted it."""
        by = self.cast.at("approver", title.authority)
        return titles.suspend(title, by=by, reasons="accident", until_on=today() + dt.timedelta(days=30))

    def _expired(self, title: Designation) -> Designation:
        return titles.expire(title)

    def _surrendered(self, title: Designation) -> Designation:
        assert title.site is not None
        owner = MembershipFactory.create(enterprise=title.site.enterprise).user
        return titles.surrender(title, by=owner, reasons="moved away")

    def _revoked(self, title: Designation) -> Designation:
        from certification.surveillance.actions import propose  # noqa: PLC0415

        auditor, approver = (self.cast.at(role, title.authority) for role in ("auditor", "approver"))
        with stopped_at(dt.datetime.now(dt.UTC) - dt.timedelta(days=3)):
            propose(title, by=auditor, cause="fault", reasons="accident", reply_by=today() + YESTERDAY)
        return titles.revoke(title, by=approver, cause="fault", reasons="accident")

    def link(self, supplier: Enterprise, buyer: Enterprise | None = None, **given: Any) -> SupplyLink:
        """Supplies the buyer; spend in 10,000 CNY a year."""
        return SupplyLinkFactory.create(buyer=buyer or self.buyer, supplier=supplier, **given)

    def many(self, count: int) -> None:
        """Further suppliers, by turns green and bare, each with two sites and one alert's worth of spend."""
        for number in range(count):
            supplier = self.supplier("current" if number % 2 else "", "")
            self.link(supplier, spend=Decimal(number + 1))


@pytest.fixture
def chains(cast: Cast) -> Chains:
    """Nothing linked yet."""
    return Chains(cast, cast.enterprise)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser of that person's."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


def read(client: Client, address: str) -> str:
    """A page or a sheet in English, as text."""
    answer = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200, address
    return b"".join(answer).decode()
