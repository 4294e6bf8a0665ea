"""Claim an enterprise, keep its people, sites and products."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from greenchain.accounts.models import User
from greenchain.clock import today
from suppliers.claim.actions import confirm
from suppliers.models import Claim, Enterprise, Membership, Park, Product, Site
from tests.factories_suppliers import (
    EnterpriseFactory,
    MembershipFactory,
    ProductFactory,
    SiteFactory,
    UserFactory,
    few_places,
)
from tests.papers import pdf
from tests.portal.conftest import As
from tests.uscc import uscc


@pytest.fixture
def places(db: None) -> None:  # noqa: ARG001 - opens the database
    few_places()


@pytest.fixture
def person(places: None) -> User:  # noqa: ARG001 - stands on the map
    return UserFactory.create(username="new", first_name="Lei", last_name="Li")


@pytest.fixture
def owner(places: None) -> User:  # noqa: ARG001 - stands on the map
    return MembershipFactory.create(user__username="owner").user


def _claim(**changes: Any) -> dict[str, Any]:
    given = {
        "scheme": "uscc",
        "identifier": uscc(4711),
        "country": "CN",
        "name": "绍兴新企业有限公司",
        "region": "330602 Yuecheng District",
        "licence": SimpleUploadedFile("licence.pdf", pdf("licence")),
    }
    return {**given, **changes}


def test_signing_up_leads_to_work_and_the_first_step(places: None, client: Client) -> None:  # noqa: ARG001
    data = {
        "username": "li-lei",
        "email": "li@example.org",
        "password1": "a long pass phrase",
        "password2": "a long pass phrase",
        "last_name": "李",
        "first_name": "雷",
    }
    client.cookies["django_language"] = "zh-hans"
    answer = client.post(reverse("account_signup"), data)
    person = User.objects.get()
    assert (person.last_name, person.first_name, person.language) == ("李", "雷", "zh-hans")
    client.cookies["django_language"] = "en"
    assert (answer.status_code, answer["Location"]) == (302, "/work/")
    text = client.get("/work/").content.decode()
    assert "You act for no enterprise yet" in text
    assert reverse("enterprise-new") in text


def test_claim_and_confirmation(person: User, signed_in: As) -> None:
    browser = signed_in(person)
    answer = browser.post(reverse("enterprise-new"), _claim(identifier=uscc(4711).lower()), follow=True)
    claim = Claim.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("claim", args=[claim.pk])
    assert "With Shaoxing" in answer.content.decode()
    assert "Your claim on" in browser.get("/work/").content.decode()
    auditor = UserFactory.create(role="auditor", authority=claim.desk)
    confirm(claim, by=auditor)
    assert "Confirmed on" in browser.get(reverse("claim", args=[claim.pk])).content.decode()
    assert "What to do next" in browser.get("/work/").content.decode()


def test_a_code_of_china_with_another_country_is_told_in_words(person: User, signed_in: As) -> None:
    told = signed_in(person).post(reverse("enterprise-new"), _claim(country="ID"))
    assert told.status_code == 422
    assert "is for enterprises in China" in told.content.decode()
    assert "uscc_is_chinese" not in told.content.decode()


def test_an_owner_without_sites_is_told_to_add_one(person: User, signed_in: As) -> None:
    browser = signed_in(person)
    browser.post(reverse("enterprise-new"), _claim())
    claim = Claim.objects.get()
    confirm(claim, by=UserFactory.create(role="auditor", authority=claim.desk))
    page = browser.get("/work/").content.decode()
    assert "Add your first site" in page
    assert reverse("site-new", args=[claim.enterprise_id]) in page


def test_claiming_twice_is_told_and_nothing_is_lost(person: User, signed_in: As) -> None:
    browser = signed_in(person)
    browser.post(reverse("enterprise-new"), _claim())
    again = browser.post(reverse("enterprise-new"), _claim(note="kept", legal_representative="Wang Wei"))
    assert again.status_code == 409
    text = again.content.decode()
    assert "is waiting for its desk" in text
    assert "Wang Wei" in text
    assert "choose the file once more" in text
    assert Claim.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"identifier": uscc(4711)[:-1]}, "has 18 characters"),
        ({"identifier": "9133060000000O0783"}, "are never used"),
        ({"country": "C1"}, "two letters"),
        ({"region": ""}, "Say where the enterprise is registered"),
        ({"region": "Atlantis"}, "Nothing is called"),
        ({"licence": SimpleUploadedFile("licence.pdf", b"<html>no</html>")}, "this file is none of them"),
        ({"licence": ""}, "This field is required"),
    ],
)
def test_what_is_wrong_with_a_claim_stands_beside_its_field(
    person: User, signed_in: As, changes: dict[str, Any], words: str
) -> None:
    answer = signed_in(person).post(reverse("enterprise-new"), _claim(**changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Claim.objects.exists()


def test_an_enterprise_abroad_needs_no_region(person: User, signed_in: As) -> None:
    data = _claim(scheme="national", identifier="ID-778", country="id", name="PT Contoh", region="")
    assert signed_in(person).post(reverse("enterprise-new"), data).status_code == 302
    assert Claim.objects.get().desk.code == "CN"


def test_details_and_a_new_name(owner: User, signed_in: As) -> None:
    enterprise = Enterprise.objects.get()
    data = {
        "name": "改名有限公司",
        "name_en": "Renamed Ltd.",
        "region": "330203",
        "contact_email": "a@example.org",
    }
    answer = signed_in(owner).post(reverse("enterprise-edit", args=[enterprise.pk]), data)
    assert answer.status_code == 302
    fresh = Enterprise.objects.get()
    assert (fresh.name, fresh.region_id) == ("改名有限公司", "330203")
    assert enterprise.name in signed_in(owner).get(reverse("enterprise", args=[fresh.pk])).content.decode()


def test_an_editor_keeps_the_name(owner: User, signed_in: As) -> None:
    enterprise = Membership.objects.get(user=owner).enterprise
    editor = MembershipFactory.create(enterprise=enterprise, role="editor").user
    data = {"name": "别的名字", "address": "新路2号"}
    assert signed_in(editor).post(reverse("enterprise-edit", args=[enterprise.pk]), data).status_code == 302
    fresh = Enterprise.objects.get()
    assert (fresh.name, fresh.address) == (enterprise.name, "新路2号")


def test_people_come_and_go(owner: User, signed_in: As) -> None:
    browser, enterprise = signed_in(owner), Enterprise.objects.get()
    guest = UserFactory.create(username="guest", email="guest@example.org")
    address = reverse("admit", args=[enterprise.pk])
    data = {"person": "guest@example.org", "role": "editor", "since_on": today().isoformat()}
    assert browser.post(address, data).status_code == 302
    assert "is a member already" in browser.post(address, data).content.decode()
    unknown = browser.post(address, {**data, "person": "nobody-here"})
    assert (unknown.status_code, "has signed up under" in unknown.content.decode()) == (422, True)
    membership = Membership.objects.get(user=guest)
    assert signed_in(guest).get(reverse("enterprise", args=[enterprise.pk])).status_code == 200
    browser.post(reverse("dismiss", args=[membership.pk]))
    assert signed_in(guest).get(reverse("enterprise", args=[enterprise.pk])).status_code == 404


def test_a_consultant_needs_a_last_day(owner: User, signed_in: As) -> None:
    browser, enterprise = signed_in(owner), Enterprise.objects.get()
    UserFactory.create(username="guest")
    address = reverse("admit", args=[enterprise.pk])
    data = {"person": "guest", "role": "editor", "consultant": "on", "since_on": today().isoformat()}
    refused = browser.post(address, data)
    assert (refused.status_code, "until a stated day" in refused.content.decode()) == (409, True)
    backwards = browser.post(address, {**data, "until_on": (today() - dt.timedelta(days=2)).isoformat()})
    assert backwards.status_code == 422
    data["until_on"] = (today() + dt.timedelta(days=30)).isoformat()
    assert browser.post(address, data).status_code == 302


def test_the_last_owner_stays(owner: User, signed_in: As) -> None:
    membership = Membership.objects.get(user=owner)
    answer = signed_in(owner).post(reverse("dismiss", args=[membership.pk]), follow=True)
    assert Membership.objects.current().filter(user=owner).exists()
    assert answer.status_code in {200, 405}


def test_sites_products_and_parks(owner: User, signed_in: As) -> None:
    browser, enterprise = signed_in(owner), Enterprise.objects.get()
    data = {
        "name": "一厂",
        "region": "330602",
        "address": "示例路1号",
        "industry": "1751",
        "above_scale": "on",
    }
    address = reverse("site-new", args=[enterprise.pk])
    assert browser.post(address, data).status_code == 302
    twice = browser.post(address, data)
    assert (twice.status_code, Site.objects.count()) == (409, 1)
    nowhere = browser.post(address, {**data, "name": "二厂", "region": "Hong Kong"})
    assert (nowhere.status_code, Site.objects.count()) == (422, 1)
    site = Site.objects.get()
    browser.post(reverse("site-edit", args=[site.pk]), {**data, "name_en": "First works"})
    site.refresh_from_db()
    assert site.name_en == "First works"
    made = {"name": "棉布", "site": site.pk}
    assert browser.post(reverse("product-new", args=[enterprise.pk]), made).status_code == 302
    product = Product.objects.get()
    browser.post(reverse("product", args=[product.pk]), {"name": "坯布", "code": "5208"})
    assert Product.objects.get().name == "坯布"
    park = {"name": "示例园区", "kind": "chemical", "region": "330602"}
    assert browser.post(reverse("park-new", args=[enterprise.pk]), park).status_code == 302
    browser.post(reverse("park", args=[Park.objects.get().pk]), {**park, "address": "示例路"})
    assert Park.objects.get().address == "示例路"


def test_a_product_names_only_the_own_sites(owner: User, signed_in: As) -> None:
    other = SiteFactory.create()
    product = ProductFactory.create(enterprise=Membership.objects.get(user=owner).enterprise)
    answer = signed_in(owner).post(reverse("product", args=[product.pk]), {"name": "x", "site": other.pk})
    assert answer.status_code == 422


def test_suggestions_while_typing(places: None, client: Client) -> None:  # noqa: ARG001
    assert (
        "330602 Yuecheng District, Shaoxing, Zhejiang"
        in client.get(reverse("region-options"), {"region": "Yuech"}).content.decode()
    )
    assert "810000" not in client.get(reverse("region-options"), {"region": "Hong"}).content.decode()
    assert "1751" in client.get(reverse("industry-options"), {"industry": "化纤"}).content.decode()
    assert client.get(reverse("industry-options")).content.strip() == b""


def test_several_enterprises_are_listed(owner: User, signed_in: As) -> None:
    browser = signed_in(owner)
    assert browser.get(reverse("enterprise-list")).status_code == 302
    second = EnterpriseFactory.create()
    MembershipFactory.create(user=owner, enterprise=second)
    assert second.name in browser.get(reverse("enterprise-list")).content.decode()


def test_a_second_tab_does_not_write_over_the_first(owner: User, signed_in: As) -> None:
    browser, enterprise = signed_in(owner), Membership.objects.get(user=owner).enterprise
    address = reverse("enterprise-edit", args=[enterprise.pk])
    context: Any = browser.get(address).context
    data = {"name": enterprise.name, "region": "330602", "seen": context["seen"]}
    assert browser.post(address, {**data, "address": "先到路1号"}).status_code == 302
    late = browser.post(address, {**data, "address": "后到路2号"})
    assert (late.status_code, "后到路2号" in late.content.decode()) == (409, True)
    enterprise.refresh_from_db()
    assert enterprise.address == "先到路1号"
    fresh: Any = late.context
    again = {**data, "address": "后到路2号", "seen": fresh["seen"]}
    assert browser.post(address, again).status_code == 302
