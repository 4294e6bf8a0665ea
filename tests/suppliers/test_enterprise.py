"""An enterprise keeps its own affairs: description, people, sites, products, parks."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import may
from suppliers.enterprise.actions import (
    add_park,
    add_product,
    add_site,
    admit,
    amend,
    amend_park,
    amend_product,
    amend_site,
    dismiss,
    house,
    note,
)
from suppliers.models import Enterprise, Industry, Membership, Region, Tenancy
from tests.factories_suppliers import (
    EnterpriseFactory,
    MembershipFactory,
    ParkFactory,
    SiteFactory,
    UserFactory,
)
from tests.uscc import uscc

pytestmark = pytest.mark.usefixtures("places")

TOMORROW = dt.timedelta(days=1)


@pytest.fixture
def owner():
    return MembershipFactory.create()


@pytest.fixture
def enterprise(owner):
    return owner.enterprise


def colleague(enterprise, role):
    return MembershipFactory.create(enterprise=enterprise, role=role).user


def place(code="330602"):
    return Region.objects.get(pk=code)


def industry():
    return Industry.objects.get(pk="1752")


def test_note_knows_an_enterprise_once():
    person = UserFactory.create()
    first = note(by=person, scheme="uscc", identifier=uscc(1), country="CN", name=" 供应商 ", region=place())
    again = note(by=person, scheme="uscc", identifier=uscc(1).lower(), country="CN", name="别名")
    assert again == first
    assert (again.name, again.claimed_at) == ("供应商", None)
    assert [entry.verb for entry in history(first)] == ["note"]
    with pytest.raises(TypeError):
        note(by=person, scheme="uscc", identifier=uscc(2), country="CN", name="x", claimed_at=today())


def test_the_database_refuses_a_second_enterprise_with_the_identifier(enterprise):
    with pytest.raises(IntegrityError), transaction.atomic():
        EnterpriseFactory.create(identifier=enterprise.identifier)


def test_amend_says_what_changed_and_only_that(owner, enterprise):
    same = {"name": enterprise.name, "region": enterprise.region}
    row = amend(enterprise, by=owner.user, address=" 新路2号 ", industry=industry(), **same)
    assert (row.address, row.industry_id) == ("新路2号", "1752")
    entries = history(enterprise)
    assert [entry.verb for entry in entries] == ["amend"]
    assert entries[0].data["changed"] == {"address": ["", "新路2号"], "industry": ["1751", "1752"]}
    amend(row, by=owner.user, address="新路2号")
    assert len(history(enterprise)) == 1


def test_a_rename_keeps_the_former_name_and_is_the_owners(owner, enterprise):
    old = enterprise.name
    with pytest.raises(NotYours):
        amend(enterprise, by=colleague(enterprise, "editor"), name="新名称有限公司")
    amend(enterprise, by=owner.user, name="新名称有限公司")
    assert Enterprise.objects.named(old).get().name == "新名称有限公司"
    assert enterprise.former_names.get().until_on == today()


def test_a_faulty_amendment_changes_nothing(owner, enterprise):
    with pytest.raises(Refused) as refusal:
        amend(enterprise, by=owner.user, contact_email="x", address="new")
    assert refusal.value.field == "contact_email"
    enterprise.refresh_from_db()
    assert enterprise.address == ""
    assert not history(enterprise)


def test_names_fit_the_reader(enterprise):
    with override("zh-hans"):
        assert enterprise.shown_name == enterprise.name
    with override("en"):
        assert enterprise.shown_name == enterprise.name_en
        assert EnterpriseFactory.create(name="无", name_en="").shown_name == "无"


def test_strangers_change_nothing(enterprise, auditor_of, administrator):
    site = SiteFactory.create(enterprise=enterprise)
    park = ParkFactory.create(manager=enterprise)
    strangers = [colleague(enterprise, "viewer"), colleague(EnterpriseFactory.create(), "owner")]
    for person in (*strangers, auditor_of("3306"), administrator):
        for attempt in (
            lambda by: amend(enterprise, by=by, address="x"),
            lambda by: add_site(enterprise, by=by, name="x"),
            lambda by: amend_site(site, by=by, name="x"),
            lambda by: add_product(enterprise, by=by, name="x"),
            lambda by: add_park(enterprise, by=by, name="x"),
            lambda by: house(park, site, by=by),
            lambda by: admit(enterprise, by=by, person=UserFactory.create(), role="editor"),
        ):
            with pytest.raises(NotYours):
                attempt(person)


# ── people ────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_owner_admits(owner, enterprise):
    person = UserFactory.create()
    membership = admit(enterprise, by=owner.user, person=person, role="editor")
    assert may(person, enterprise, "edit")
    assert [entry.verb for entry in history(membership)] == ["admit"]
    with pytest.raises(Refused) as refusal:
        admit(enterprise, by=owner.user, person=person, role="viewer")
    assert refusal.value.code == "already_done"


def test_an_editor_does_not_admit(enterprise):
    with pytest.raises(NotYours):
        admit(enterprise, by=colleague(enterprise, "editor"), person=UserFactory.create(), role="viewer")


def test_a_consultant_is_dated_and_no_owner(owner, enterprise):
    person = UserFactory.create()
    later = today() + 30 * TOMORROW
    for role, until in (("editor", None), ("owner", later)):
        with pytest.raises(Refused) as refusal:
            admit(enterprise, by=owner.user, person=person, role=role, consultant=True, until_on=until)
        assert refusal.value.code == "consultant"
    admit(enterprise, by=owner.user, person=person, role="editor", consultant=True, until_on=later)
    assert may(person, enterprise, "edit")
    for role, until in (("editor", None), ("owner", later)):
        with pytest.raises(IntegrityError), transaction.atomic():
            MembershipFactory.create(enterprise=enterprise, role=role, consultant=True, until_on=until)


@pytest.mark.parametrize("role", ["auditor", "evaluator", "expert", "administrator"])
def test_others_are_not_admitted(owner, enterprise, official, role):
    with pytest.raises(Refused) as refusal:
        admit(enterprise, by=owner.user, person=official(role, "3306"), role="viewer")
    assert refusal.value.field == "person"


def test_who_is_dismissed_is_out_at_once_and_may_come_back(owner, enterprise):
    person = UserFactory.create()
    membership = admit(enterprise, by=owner.user, person=person, role="editor")
    dismissed = dismiss(membership, by=owner.user)
    assert dismissed.ended
    assert not may(person, enterprise, "view")
    with pytest.raises(Refused) as refusal:
        dismiss(membership, by=owner.user)
    assert refusal.value.code == "already_done"
    assert admit(enterprise, by=owner.user, person=person, role="viewer").role == "viewer"


def test_one_may_leave_but_not_dismiss_others(owner, enterprise):
    editor = MembershipFactory.create(enterprise=enterprise, role="editor")
    with pytest.raises(NotYours):
        dismiss(owner, by=editor.user)
    assert dismiss(editor, by=editor.user).ended


def test_the_last_owner_stays(owner, enterprise):
    with pytest.raises(Refused) as refusal:
        dismiss(owner, by=owner.user)
    assert refusal.value.code == "last_owner"
    MembershipFactory.create(enterprise=enterprise)
    assert dismiss(owner, by=owner.user).ended
    assert str(owner).endswith("owner")


# ── sites, products, parks ────────────────────────────────────────────────────────────────────────────────


def site_fields(**given):
    return {"name": "一厂", "region": place(), "address": "示例路1号", "industry": industry(), **given}


def test_a_site_is_added_and_amended(owner, enterprise):
    site = add_site(enterprise, by=owner.user, **site_fields(name_en="Works 1"))
    assert (site.desk.code, str(site), site.shown_name) == ("3306", "一厂", "Works 1")
    amend_site(site, by=colleague(enterprise, "editor"), region=place("330203"))
    site.refresh_from_db()
    assert site.desk.code == "3302"
    amend_site(site, by=owner.user, region=place("330203"))
    assert [entry.verb for entry in history(site)] == ["add_site", "amend_site"]
    assert history(site)[1].data["changed"] == {"region": ["330602", "330203"]}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"address": ""}, "address"),
        ({"industry": None}, "industry"),
        ({"region": None}, "region"),
    ],
)
def test_a_site_lacks_nothing(owner, enterprise, given, field):
    with pytest.raises(Refused) as refusal:
        add_site(enterprise, by=owner.user, **site_fields(**given))
    assert refusal.value.field == field


def test_a_site_stands_where_an_authority_answers(owner, enterprise):
    with pytest.raises(Refused) as refusal:
        add_site(enterprise, by=owner.user, **site_fields(region=place("810000")))
    assert refusal.value.code == "no_desk"


def test_a_site_name_stands_once(owner, enterprise):
    add_site(enterprise, by=owner.user, **site_fields())
    with pytest.raises(Refused) as refusal:
        add_site(enterprise, by=owner.user, **site_fields())
    assert refusal.value.code == "invalid"


def test_products(owner, enterprise):
    site = add_site(enterprise, by=owner.user, **site_fields())
    product = add_product(enterprise, by=owner.user, name="坯布", site=site, code="5407")
    amend_product(product, by=owner.user, site=None)
    product.refresh_from_db()
    assert product.site is None
    with pytest.raises(Refused) as refusal:
        amend_product(product, by=owner.user, site=SiteFactory.create())
    assert (refusal.value.code, refusal.value.field) == ("another_enterprise", "site")


def test_parks_and_tenants(owner, enterprise):
    park = add_park(enterprise, by=owner.user, name="示例园区", kind="high_tech", region=place())
    amend_park(park, by=owner.user, kind="industrial")
    tenant = SiteFactory.create()
    tenancy = house(park, tenant, by=owner.user)
    assert park.desk.code == "3306"
    assert list(Tenancy.objects.current()) == [tenancy]
    with pytest.raises(Refused) as refusal:
        house(park, tenant, by=owner.user)
    assert refusal.value.code == "already_done"
    assert str(tenancy) == f"{tenant} · {park}"


def test_memberships_are_seen_by_members(owner):
    assert list(Membership.objects.visible_to(owner.user)) == [owner]
