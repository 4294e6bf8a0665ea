"""Supply links one by one: declared, confirmed, disputed, ended."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.models import SupplyLink
from suppliers.supply.actions import confirm, declare, dispute, end
from tests.factories_suppliers import EnterpriseFactory, MembershipFactory, SupplyLinkFactory

pytestmark = pytest.mark.usefixtures("places")


@pytest.fixture
def buying():
    return MembershipFactory.create(role="editor")


@pytest.fixture
def selling():
    return MembershipFactory.create(role="editor")


@pytest.fixture
def link(buying, selling):
    return declare(
        buying.enterprise, selling.enterprise, by=buying.user, material="yarn", spend=Decimal("12.5")
    )


def test_the_buyer_declares(link, buying, selling):
    assert (link.kind, link.declared_by, link.since_on) == ("supplies", buying.enterprise, today())
    assert [entry.verb for entry in history(link)] == ["declare"]
    assert str(link) == f"{selling.enterprise} → {buying.enterprise}"
    assert list(SupplyLink.objects.current().suppliers_of(buying.enterprise)) == [link]


def test_the_supplier_may_declare_too(buying, selling):
    link = declare(buying.enterprise, selling.enterprise, by=selling.user, kind="carries")
    assert link.declared_by == selling.enterprise


def test_strangers_and_viewers_declare_nothing(buying, selling, auditor_of):
    viewer = MembershipFactory.create(enterprise=buying.enterprise, role="viewer").user
    for person in (viewer, MembershipFactory.create().user, auditor_of("3306")):
        with pytest.raises(NotYours):
            declare(buying.enterprise, selling.enterprise, by=person)


@pytest.mark.parametrize(
    ("given", "field"),
    [({"share": Decimal("1.5")}, None), ({"spend": Decimal(-1)}, None), ({"kind": "lends"}, "kind")],
)
def test_faulty_links_are_refused(buying, selling, given, field):
    with pytest.raises(Refused) as refusal:
        declare(buying.enterprise, selling.enterprise, by=buying.user, **given)
    assert refusal.value.field == field
    assert not SupplyLink.objects.exists()


def test_nobody_supplies_themselves(buying):
    with pytest.raises(Refused) as refusal:
        declare(buying.enterprise, buying.enterprise, by=buying.user)
    assert refusal.value.field == "supplier"
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplyLinkFactory.create(buyer=buying.enterprise, supplier=buying.enterprise)


def test_a_link_is_declared_once_per_vendor_code(link, buying, selling):
    with pytest.raises(Refused) as refusal:
        declare(buying.enterprise, selling.enterprise, by=buying.user)
    assert refusal.value.code == "already_done"
    assert declare(buying.enterprise, selling.enterprise, by=buying.user, vendor_code="V2") != link
    with pytest.raises(TypeError):
        declare(buying.enterprise, selling.enterprise, by=buying.user, risk="low")


def test_the_other_party_confirms_or_disputes(link, buying, selling):
    with pytest.raises(NotYours):
        confirm(link, by=buying.user)
    with pytest.raises(NotYours):
        dispute(link, by=buying.user, reasons="x")
    assert confirm(link, by=selling.user).confirmed_at
    with pytest.raises(Refused) as refusal:
        confirm(link, by=selling.user)
    assert refusal.value.code == "already_done"
    with pytest.raises(Refused) as refusal:
        dispute(link, by=selling.user, reasons="")
    assert refusal.value.field == "reasons"
    disputed = dispute(link, by=selling.user, reasons="We stopped in 2024.")
    assert disputed.disputed_at
    assert disputed.confirmed_at is None
    assert not SupplyLink.objects.current().exists()
    with pytest.raises(Refused) as refusal:
        dispute(link, by=selling.user, reasons="again")
    assert refusal.value.code == "already_done"
    assert confirm(link, by=selling.user).disputed_at is None
    verbs = [entry.verb for entry in history(link)]
    assert verbs == ["declare", "confirm_link", "dispute", "confirm_link"]


def test_the_buyer_confirms_what_the_supplier_declared(buying, selling):
    link = declare(buying.enterprise, selling.enterprise, by=selling.user)
    assert confirm(link, by=buying.user).confirmed_at


def test_the_declaring_party_ends_it(link, buying, selling):
    with pytest.raises(NotYours):
        end(link, by=selling.user)
    assert end(link, by=buying.user).until_on == today()
    with pytest.raises(Refused) as refusal:
        end(link, by=buying.user)
    assert refusal.value.code == "already_done"


@pytest.mark.parametrize(
    ("since", "until", "current"), [(-1, None, True), (-1, 0, True), (-2, -1, False), (1, None, False)]
)
def test_links_have_dates(since, until, current):
    day = today()
    SupplyLinkFactory.create(
        since_on=day + dt.timedelta(days=since),
        until_on=None if until is None else day + dt.timedelta(days=until),
    )
    assert SupplyLink.objects.current().exists() is current


@pytest.mark.parametrize(
    "given", [{"share": 2}, {"spend": -1}, {"until_on": dt.date(2020, 1, 1)}, {"declared_by": None}]
)
def test_the_database_holds_the_rules(given):
    if "declared_by" in given:
        given = {"declared_by": EnterpriseFactory.create()}
    with pytest.raises(IntegrityError), transaction.atomic():
        SupplyLinkFactory.create(**given)
