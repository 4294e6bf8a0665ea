"""Who sees what: one door per model, tried by everybody."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from greenchain.clock import today
from suppliers.enterprise.access import may
from suppliers.models import (
    Authority,
    Claim,
    ComplianceRecord,
    Enterprise,
    Evidence,
    Membership,
    Park,
    Product,
    Region,
    Site,
    SiteYear,
    SupplyLink,
    Tenancy,
)
from tests.factories_suppliers import (
    ComplianceRecordFactory,
    EnterpriseFactory,
    EvidenceFactory,
    MembershipFactory,
    ParkFactory,
    ProductFactory,
    SiteFactory,
    SiteYearFactory,
    SupplyLinkFactory,
    UserFactory,
)

pytestmark = pytest.mark.usefixtures("places")

SCOPED = (
    Enterprise,
    Membership,
    Claim,
    Site,
    Product,
    Park,
    Tenancy,
    Evidence,
    SiteYear,
    ComplianceRecord,
    SupplyLink,
)


def everything_of(enterprise, site=None):
    """One of everything about an enterprise and one of its sites."""
    site = site or SiteFactory.create(enterprise=enterprise)
    park = ParkFactory.create(manager=enterprise, region_id=site.region_id)
    evidence = EvidenceFactory.create(enterprise=enterprise, site=site)
    member = MembershipFactory.create(enterprise=enterprise)
    return {
        Enterprise: enterprise,
        Membership: member,
        Claim: Claim.objects.create(
            enterprise=enterprise, user=member.user, licence=evidence, desk=enterprise.desk
        ),
        Site: site,
        Product: ProductFactory.create(enterprise=enterprise, site=site),
        Park: park,
        Tenancy: Tenancy.objects.create(park=park, site=site, since_on=dt.date(2025, 1, 1)),
        Evidence: evidence,
        SiteYear: SiteYearFactory.create(site=site),
        ComplianceRecord: ComplianceRecordFactory.create(enterprise=enterprise, site=site),
        SupplyLink: SupplyLinkFactory.create(buyer=enterprise),
    }


def seen_by(user, things):
    return {model for model in things if model.objects.visible_to(user).filter(pk=things[model].pk).exists()}


@pytest.fixture
def shaoxing():
    return everything_of(EnterpriseFactory.create())


def test_members_see_all_of_theirs_and_nothing_of_others(shaoxing):
    member = shaoxing[Membership].user
    other = everything_of(EnterpriseFactory.create())
    assert seen_by(member, shaoxing) == set(SCOPED)
    assert seen_by(member, other) == set()


@pytest.mark.parametrize("role", ["auditor", "approver", "reviewer"])
@pytest.mark.parametrize("code", ["3306", "33", "CN"])
def test_officials_see_what_is_under_them(official, shaoxing, role, code):
    assert seen_by(official(role, code), shaoxing) == set(SCOPED) - {Membership}


@pytest.mark.parametrize("code", ["44", "4401", "3302"])
def test_officials_elsewhere_see_nothing(official, shaoxing, code):
    assert seen_by(official("auditor", code), shaoxing) == set()


def test_zhejiang_does_not_see_ningbo(official):
    ningbo = everything_of(EnterpriseFactory.create(region_id="330203"))
    assert seen_by(official("auditor", "33"), ningbo) == set()
    assert seen_by(official("auditor", "3302"), ningbo) == set(SCOPED) - {Membership}


def test_a_path_that_only_begins_alike_sees_nothing(shaoxing):
    short = Authority.objects.create(
        code="3",
        kind="province",
        level=2,
        parent=Authority.objects.get(code="CN"),
        path="CN/3/",
        name_zh="三",
    )
    assert seen_by(UserFactory.create(role="auditor", authority=short), shaoxing) == set()


@pytest.mark.parametrize("role", ["evaluator", "expert", "administrator"])
def test_evaluators_experts_and_administrators_see_nothing_here(shaoxing, role):
    assert seen_by(UserFactory.create(role=role), shaoxing) == set()
    nation = Authority.objects.get(code="CN")
    assert seen_by(UserFactory.create(role=role, authority=nation), shaoxing) == set()


def test_a_superuser_has_no_power_over_cases(shaoxing):
    root = UserFactory.create(role="administrator", is_superuser=True, is_staff=True)
    assert seen_by(root, shaoxing) == set()


def test_strangers_and_the_inactive_see_nothing(shaoxing):
    assert seen_by(AnonymousUser(), shaoxing) == set()
    member = shaoxing[Membership].user
    member.is_active = False
    assert seen_by(member, shaoxing) == {Claim}


def test_a_role_that_is_no_longer_enterprise_sees_nothing_as_a_member(shaoxing):
    member = shaoxing[Membership].user
    member.role = "expert"
    assert seen_by(member, shaoxing) == {Claim}


@pytest.mark.parametrize(
    ("since", "until", "sees"),
    [(-10, None, True), (-10, 0, True), (-10, -1, False), (1, None, False), (0, 0, True)],
)
def test_memberships_have_dates(shaoxing, since, until, sees):
    day = today()
    dated = MembershipFactory.create(
        enterprise=shaoxing[Enterprise],
        role="editor",
        consultant=until is not None,
        since_on=day + dt.timedelta(days=since),
        until_on=None if until is None else day + dt.timedelta(days=until),
    )
    assert (Enterprise in seen_by(dated.user, shaoxing)) is sees
    assert may(dated.user, shaoxing[Enterprise], "edit") is sees


@pytest.mark.parametrize(
    ("role", "can"), [("owner", {"view", "edit", "own"}), ("editor", {"view", "edit"}), ("viewer", {"view"})]
)
def test_what_members_may_do(role, can):
    member = MembershipFactory.create(role=role)
    assert {what for what in ("view", "edit", "own") if may(member.user, member.enterprise, what)} == can
    assert not may(member.user, EnterpriseFactory.create(), "view")
    assert not may(AnonymousUser(), member.enterprise, "view")
    member.user.role = "auditor"
    assert not may(member.user, member.enterprise, "view")


def test_a_site_elsewhere_shows_itself_and_what_concerns_all(official):
    """Registered in Guangzhou with a factory in Shaoxing: Shaoxing sees the factory, not the rest."""
    enterprise = EnterpriseFactory.create(region_id="440103")
    there = everything_of(enterprise, SiteFactory.create(enterprise=enterprise, region_id="330602"))
    home = everything_of(enterprise)
    whole = EvidenceFactory.create(enterprise=enterprise)
    auditor = official("auditor", "3306")
    assert seen_by(auditor, there) == {
        Enterprise, Site, Product, Park, Tenancy, Evidence, SiteYear, ComplianceRecord,
    }  # fmt: skip
    assert seen_by(auditor, home) == {Enterprise}
    assert Evidence.objects.visible_to(auditor).filter(pk=whole.pk).exists()
    assert seen_by(official("auditor", "4401"), there) == set(SCOPED) - {Membership}


def test_an_enterprise_with_two_sites_is_listed_once(official):
    enterprise = EnterpriseFactory.create()
    SiteFactory.create_batch(2, enterprise=enterprise)
    assert list(Enterprise.objects.visible_to(official("auditor", "3306"))) == [enterprise]


@pytest.mark.parametrize("region", [None, "810000"])
def test_abroad_is_seen_by_members_and_the_nation(official, region):
    abroad = EnterpriseFactory.create(scheme="lei", country="DE", identifier=f"X{region}", region_id=region)
    member = MembershipFactory.create(enterprise=abroad)
    assert abroad.desk.code == "CN"
    for user, sees in (
        (member.user, True),
        (official("reviewer", "CN"), True),
        (official("reviewer", "33"), False),
    ):
        assert Enterprise.objects.visible_to(user).filter(pk=abroad.pk).exists() is sees


def test_claims_are_seen_by_their_claimant_and_their_desk(shaoxing, official):
    claim = shaoxing[Claim]
    for user, sees in (
        (claim.user, True),
        (UserFactory.create(), False),
        (AnonymousUser(), False),
        (official("approver", "33"), True),
        (official("approver", "44"), False),
    ):
        assert Claim.objects.visible_to(user).filter(pk=claim.pk).exists() is sees


def test_both_parties_see_a_link_and_officials_only_over_the_buyer(official):
    buyer = EnterpriseFactory.create()
    supplier = EnterpriseFactory.create(region_id="440103")
    link = SupplyLinkFactory.create(buyer=buyer, supplier=supplier, spend=100, share="0.25")
    buying, selling = (MembershipFactory.create(enterprise=each).user for each in (buyer, supplier))
    auditor = official("auditor", "3306")
    for user, sees, figures in (
        (buying, True, True),
        (selling, True, False),
        (auditor, True, True),
        (official("reviewer", "CN"), True, True),
        (official("auditor", "4401"), False, False),
        (UserFactory.create(), False, False),
        (AnonymousUser(), False, False),
        (UserFactory.create(role="administrator"), False, False),
    ):
        assert SupplyLink.objects.visible_to(user).filter(pk=link.pk).exists() is sees
        shown = SupplyLink.objects.with_figures_for(user).get(pk=link.pk)
        assert (shown.shown_spend is not None) is figures
        assert (shown.shown_share is not None) is figures


def test_figures_belong_to_the_declaring_party():
    link = SupplyLinkFactory.create(spend=100)
    SupplyLink.objects.update(declared_by=link.supplier)
    member = MembershipFactory.create(enterprise=link.buyer)
    assert SupplyLink.objects.with_figures_for(member.user).get().shown_spend is None


def test_reference_data_is_public():
    assert Region.objects.visible_to(AnonymousUser()).count() == Region.objects.count()


def test_names_are_found_whatever_the_brackets_and_blanks():
    enterprise = EnterpriseFactory.create(name="冠捷显示科技（中国）有限公司")
    former = EnterpriseFactory.create(name="新名称有限公司")
    former.former_names.create(name="旧名称 (绍兴) 有限公司")
    assert list(Enterprise.objects.named("冠捷显示科技(中国)有限公司 ")) == [enterprise]
    assert list(Enterprise.objects.named("旧名称（绍兴）有限公司")) == [former]
    assert not Enterprise.objects.named("冠捷").exists()
    assert Enterprise.objects.get(pk=enterprise.pk).name == "冠捷显示科技（中国）有限公司"
    assert str(former.former_names.get()) == "旧名称 (绍兴) 有限公司"
