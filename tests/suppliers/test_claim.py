"""From a licence to an owner: claim, confirm, refuse."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from greenchain.audit.trail import history
from greenchain.refusals import NotYours, Refused
from suppliers.claim.actions import claim, confirm, refuse
from suppliers.enterprise.access import may
from suppliers.models import Claim, Enterprise, Evidence, Industry, Membership, Region
from tests import papers
from tests.factories_suppliers import EnterpriseFactory, MembershipFactory, UserFactory
from tests.uscc import uscc

pytestmark = pytest.mark.usefixtures("places")


def licence(mark="licence"):
    return SimpleUploadedFile("营业执照.pdf", papers.pdf(mark))


def fields(**given):
    return {
        "scheme": "uscc",
        "identifier": uscc(4711),
        "country": "CN",
        "name": "绍兴示例纺织有限公司",
        "name_en": "Shaoxing Example Textiles",
        "region": Region.objects.get(pk="330602"),
        "industry": Industry.objects.get(pk="1751"),
        "address": "示例路1号",
        "contact_email": "green@example.org",
        **given,
    }


@pytest.fixture
def person():
    return UserFactory.create()


@pytest.fixture
def pending(person):
    return claim(fields(), by=person, licence=licence(), message="I am the energy manager.")


def test_a_claim_notes_the_enterprise_and_keeps_the_licence(pending, person):
    enterprise = pending.enterprise
    assert (enterprise.name, enterprise.identifier, enterprise.claimed_at) == (
        "绍兴示例纺织有限公司",
        uscc(4711),
        None,
    )
    assert pending.desk.code == "3306"
    assert pending.licence.kind == "business_licence"
    assert not may(person, enterprise, "view")
    assert [entry.verb for entry in history(pending)] == ["claim"]
    assert str(pending).endswith("waiting for the desk")


@pytest.mark.parametrize("code", ["3306", "33", "CN"])
@pytest.mark.parametrize("role", ["auditor", "approver"])
def test_the_desk_or_one_above_confirms(pending, person, official, role, code):
    membership = confirm(pending, by=official(role, code))
    pending.refresh_from_db()
    assert (membership.user, membership.role) == (person, "owner")
    assert may(person, pending.enterprise, "own")
    assert pending.status == "confirmed"
    assert pending.enterprise.claimed_at
    assert [entry.verb for entry in history(pending)] == ["claim", "confirm_claim"]


@pytest.mark.parametrize(("role", "code"), [("auditor", "44"), ("auditor", "3302"), ("reviewer", "3306")])
def test_nobody_else_decides(pending, official, role, code):
    for decide in (confirm, lambda row, by: refuse(row, by=by, reasons="x")):
        with pytest.raises(NotYours):
            decide(pending, by=official(role, code))
    pending.refresh_from_db()
    assert pending.status == "pending"
    assert not Membership.objects.exists()


def test_neither_the_claimant_nor_an_administrator_decides(pending, person, administrator):
    for user in (person, administrator):
        with pytest.raises(NotYours):
            confirm(pending, by=user)


def test_a_decided_claim_is_not_decided_again(pending, auditor_of):
    confirm(pending, by=auditor_of("3306"))
    for decide in (confirm, lambda row, by: refuse(row, by=by, reasons="x")):
        with pytest.raises(Refused) as refusal:
            decide(pending, by=auditor_of("3306"))
        assert refusal.value.code == "already_done"
    assert Membership.objects.count() == 1


def test_a_refusal_needs_reasons_and_allows_another_try(pending, person, auditor_of):
    with pytest.raises(Refused) as refusal:
        refuse(pending, by=auditor_of("3306"), reasons=" ")
    assert refusal.value.field == "reasons"
    refused = refuse(pending, by=auditor_of("3306"), reasons="The licence is not legible.")
    assert (refused.status, refused.reasons) == ("refused", "The licence is not legible.")
    again = claim(fields(), by=person, licence=licence("a better scan"))
    assert again.enterprise == pending.enterprise
    assert Enterprise.objects.count() == 1


def test_two_claims_one_owner(pending, auditor_of):
    other = claim(fields(), by=UserFactory.create(), licence=licence())
    assert other.licence == pending.licence  # the very same file
    confirm(other, by=auditor_of("3306"))
    with pytest.raises(Refused) as refusal:
        confirm(pending, by=auditor_of("3306"))
    assert refusal.value.code == "claimed"
    assert Membership.objects.get().user == other.user


@pytest.mark.usefixtures("places", "pending")
def test_one_claim_per_person_at_a_time(person):
    with pytest.raises(Refused) as refusal:
        claim(fields(), by=person, licence=licence())
    assert refusal.value.code == "already_done"
    assert Claim.objects.count() == 1


def test_a_claimed_enterprise_is_not_claimed_again(pending, auditor_of):
    confirm(pending, by=auditor_of("3306"))
    with pytest.raises(Refused) as refusal:
        claim(fields(), by=UserFactory.create(), licence=licence("other"))
    assert (refusal.value.code, refusal.value.field) == ("claimed", "identifier")


def test_a_noted_enterprise_is_described_anew_only_when_confirmed(person, auditor_of):
    """Nobody defaces an enterprise by claiming it; the name others knew stays findable."""
    noted = EnterpriseFactory.create(identifier=uscc(4711), name="绍兴示例", region=None, industry=None)
    pending = claim(fields(), by=person, licence=licence())
    noted.refresh_from_db()
    assert (pending.enterprise, noted.name, pending.desk.code) == (noted, "绍兴示例", "3306")
    confirm(pending, by=auditor_of("3306"))
    noted.refresh_from_db()
    assert (noted.name, noted.region_id, noted.industry_id) == ("绍兴示例纺织有限公司", "330602", "1751")
    assert list(Enterprise.objects.named("绍兴示例")) == [noted]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"identifier": "123"}, "identifier"),
        ({"identifier": uscc(4711)[:-1] + "?"}, "identifier"),
        ({"name": ""}, "name"),
        ({"contact_email": "not an address"}, "contact_email"),
    ],
)
def test_faulty_claims_leave_nothing(person, given, field):
    with pytest.raises(Refused) as refusal:
        claim(fields(**given), by=person, licence=licence())
    assert refusal.value.field == field
    assert not Enterprise.objects.exists()


def test_a_faulty_licence_leaves_nothing(person):
    with pytest.raises(Refused) as refusal:
        claim(fields(), by=person, licence=SimpleUploadedFile("a.pdf", b"MZ"))
    assert refusal.value.field == "file"
    assert not Enterprise.objects.exists()
    assert not Evidence.objects.exists()


def test_spreadsheet_spelling_finds_the_same_enterprise(pending):
    wide = "".join(chr(ord(each) + 0xFEE0) for each in uscc(4711)).lower()
    assert (
        claim(fields(identifier=f" {wide} "), by=UserFactory.create(), licence=licence()).enterprise
        == pending.enterprise
    )


def test_an_enterprise_abroad_is_the_nations_business(person):
    abroad = fields(scheme="lei", identifier="529900T8BM49AURSDO55", country="DE", region=None, industry=None)
    assert claim(abroad, by=person, licence=licence()).desk.code == "CN"


def test_a_uscc_is_chinese(person):
    with pytest.raises(Refused):
        claim(fields(country="DE"), by=person, licence=licence())


@pytest.mark.parametrize("role", ["auditor", "expert", "administrator"])
def test_only_people_of_enterprises_claim(role, official):
    with pytest.raises(NotYours):
        claim(fields(), by=official(role, "3306"), licence=licence())


def test_members_of_another_enterprise_may_claim_one_more(auditor_of):
    member = MembershipFactory.create()
    confirm(claim(fields(), by=member.user, licence=licence()), by=auditor_of("3306"))
    assert Membership.objects.current().filter(user=member.user).count() == 2
