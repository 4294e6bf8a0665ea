"""Pages of supply links: declare, answer, change, end, and take in a sheet."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from greenchain.audit.trail import history
from greenchain.clock import today
from suppliers.models import Enterprise, SupplyLink
from suppliers.supply import forms, views
from suppliers.supply.sheet import COLUMNS
from tests.factories_suppliers import EnterpriseFactory, MembershipFactory, SupplyLinkFactory
from tests.uscc import uscc

pytestmark = pytest.mark.usefixtures("places")


def client_of(user):
    client = Client(headers={"referer": "http://testserver/supply/import/"})
    client.force_login(user)
    return client


@pytest.fixture
def buying():
    return MembershipFactory.create(role="editor")


@pytest.fixture
def selling():
    return MembershipFactory.create(role="owner")


@pytest.fixture
def link(buying, selling):
    return SupplyLinkFactory.create(
        buyer=buying.enterprise, supplier=selling.enterprise, spend=Decimal(1234), material="yarn"
    )


def page_of(link):
    return f"/supply/links/{link.pk}/"


def messages_of(answer):
    return [str(message) for message in answer.context["messages"]]


# ── Declare ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_supplier_is_declared(buying, selling):
    client, address = client_of(buying.user), f"/supply/{buying.enterprise.pk}/links/new/"
    assert "Supplier&#x27;s identifier" in client.get(address).content.decode()
    data = {
        "supplier_name": selling.enterprise.name,
        "kind": "supplies",
        "since_on": "2026-01-31",
        "share": "0.2",
    }
    answer = client.post(address, data)
    made = SupplyLink.objects.get()
    assert answer.headers["Location"] == page_of(made)
    assert (made.buyer, made.supplier, made.declared_by) == (
        buying.enterprise,
        selling.enterprise,
        buying.enterprise,
    )
    other = client.post(
        address, {**data, "supplier_name": "无名", "supplier_identifier": uscc(301), "share": "0.123456789"}
    )
    assert other.status_code == 422
    again = client.post(address, data)
    assert again.status_code == 409
    assert "declared already" in again.content.decode()
    assert client.post(address, {"kind": "supplies"}).status_code == 422


def test_a_customer_is_declared(buying, selling):
    client = client_of(selling.user)
    address = f"/supply/{selling.enterprise.pk}/links/new/?side=supplier"
    assert "Customer&#x27;s identifier" in client.get(address).content.decode()
    client.post(
        address,
        {"supplier_identifier": buying.enterprise.identifier, "kind": "carries", "since_on": "2026-01-31"},
    )
    made = SupplyLink.objects.get()
    assert (made.buyer, made.supplier, made.declared_by) == (
        buying.enterprise,
        selling.enterprise,
        selling.enterprise,
    )


def test_viewers_and_officials_declare_nothing(buying, official):
    viewer = MembershipFactory.create(enterprise=buying.enterprise, role="viewer").user
    for person in (viewer, official("reviewer", "3306")):
        for method in ("get", "post"):
            answer = getattr(client_of(person), method)(f"/supply/{buying.enterprise.pk}/links/new/")
            assert answer.status_code == 403
    assert not SupplyLink.objects.exists()


# ── Answer, change, end ──────────────────────────────────────────────────────────────────────────────────


def test_the_other_party_confirms(link, buying, selling):
    client = client_of(selling.user)
    assert "/confirm/" in client.get(page_of(link)).content.decode()
    answer = client.post(page_of(link) + "confirm/", follow=True)
    link.refresh_from_db()
    assert link.confirmed_at is not None
    assert messages_of(answer) == ["Confirmed."]
    assert "confirmed by the other party" in answer.content.decode()
    assert "already" in messages_of(client.post(page_of(link) + "confirm/", follow=True))[0]
    assert client_of(buying.user).post(page_of(link) + "confirm/").status_code == 403


def test_the_other_party_disputes_with_reasons(link, buying, selling):
    client = client_of(selling.user)
    answer = client.post(page_of(link) + "dispute/", {"reasons": " "}, follow=True)
    assert "reasons" in messages_of(answer)[0]
    answer = client.post(page_of(link) + "dispute/", {"reasons": "never met"}, follow=True)
    link.refresh_from_db()
    assert (link.standing, link.is_current) == ("disputed", False)
    assert "never met" in answer.content.decode()
    assert "never met" in client_of(buying.user).get(page_of(link)).content.decode()


def test_the_declaring_party_changes_what_it_told(link, buying, selling):
    client = client_of(buying.user)
    assert 'value="1234' in client.get(page_of(link) + "edit/").content.decode()
    data = {"material": "dyed yarn", "spend": "20", "since_on": "2025-01-01", "vendor_code": "V1"}
    assert client.post(page_of(link) + "edit/", data).headers["Location"] == page_of(link)
    link.refresh_from_db()
    assert (link.material, link.spend, link.vendor_code) == ("dyed yarn", Decimal(20), "V1")
    entry = history(link).get()
    assert (entry.verb, entry.data["changed"]) == ("amend_link", ["material", "spend", "vendor_code"])
    client.post(page_of(link) + "edit/", data)
    assert history(link).count() == 1
    assert client.post(page_of(link) + "edit/", {**data, "until_on": "2024-01-01"}).status_code == 422
    assert client_of(selling.user).get(page_of(link) + "edit/").status_code == 403
    assert client_of(selling.user).post(page_of(link) + "edit/", data).status_code == 403


def test_a_change_that_repeats_another_link_is_refused(link, buying):
    SupplyLinkFactory.create(buyer=link.buyer, supplier=link.supplier, vendor_code="V2")
    data = {"since_on": "2025-01-01", "vendor_code": "V2"}
    answer = client_of(buying.user).post(page_of(link) + "edit/", data)
    assert answer.status_code == 409
    link.refresh_from_db()
    assert link.vendor_code == ""


def test_a_supplier_tells_no_share_of_its_customer_s_purchases(selling):
    theirs = SupplyLinkFactory.create(supplier=selling.enterprise, declared_by=selling.enterprise)
    assert 'name="share"' not in client_of(selling.user).get(page_of(theirs) + "edit/").content.decode()


def test_the_declaring_party_ends_it(link, buying, selling):
    assert client_of(selling.user).post(page_of(link) + "end/").status_code == 403
    client = client_of(buying.user)
    client.post(page_of(link) + "end/")
    link.refresh_from_db()
    assert (link.until_on, link.is_current) == (today(), True)
    assert "ended already" in messages_of(client.post(page_of(link) + "end/", follow=True))[-1]


@pytest.mark.parametrize("verb", ["confirm", "dispute", "end"])
def test_a_look_changes_nothing(link, buying, verb):
    assert client_of(buying.user).get(f"{page_of(link)}{verb}/").status_code == 405


def test_officials_read_and_do_not_act(link, official):
    client = client_of(official("reviewer", "3306"))
    page = client.get(page_of(link)).content.decode()
    assert "CNY\u00a012.3\u00a0million" in page
    assert "/confirm/" not in page
    for verb in ("confirm", "dispute", "end"):
        assert client.post(f"{page_of(link)}{verb}/", {"reasons": "x"}).status_code == 403
    assert client.get(page_of(link) + "edit/").status_code == 403


@pytest.mark.parametrize(
    ("given", "standing"),
    [
        ({}, "declared"),
        ({"confirmed_at": "2026-01-01T00:00Z"}, "confirmed"),
        ({"disputed_at": "2026-01-01T00:00Z"}, "disputed"),
        ({"since_on": "2999-01-01"}, "coming"),
        ({"until_on": "2025-06-01", "disputed_at": "2026-01-01T00:00Z"}, "ended"),
    ],
)
def test_how_a_link_stands_is_what_counts(given, standing):
    made = SupplyLinkFactory.create(**given)
    made.refresh_from_db()
    assert made.standing == standing
    assert made.is_current == SupplyLink.objects.current().filter(pk=made.pk).exists()


# ── The sheet ────────────────────────────────────────────────────────────────────────────────────────────


def sheet(text, name="suppliers.csv"):
    return SimpleUploadedFile(name, text.encode(), "text/csv")


def test_a_sheet_is_checked_and_then_imported_without_choosing_it_again(buying, selling):
    client, text = (
        client_of(buying.user),
        f"supplier_name,supplier_identifier,spend,colour\n{selling.enterprise.name},,12,\n全新公司,{uscc(300)},,red\n",
    )
    answer = client.post(
        "/supply/import/", {"buyer": buying.enterprise.pk, "file": sheet(text), "act": "check"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "nothing has been changed yet" in page
    assert uscc(300) in page
    assert "colour" in page
    assert not SupplyLink.objects.exists()
    assert not Enterprise.objects.filter(identifier=uscc(300)).exists()
    waiting = re.search(r'name="checked" value="([^"]+)"', page)
    assert waiting
    answer = client.post(
        "/supply/import/", {"buyer": buying.enterprise.pk, "checked": waiting[1], "act": "import"}
    )
    assert answer.headers["Location"] == f"/supply/{buying.enterprise.pk}/invite/"  # one is not known yet
    assert SupplyLink.objects.filter(buyer=buying.enterprise).count() == 2


def test_faults_are_told_by_row_and_column(buying, monkeypatch):
    rows = ["supplier_name,spend,share", "=cmd(),abc,2", "无此公司,1,0.1"]
    data = {"buyer": buying.enterprise.pk, "file": sheet("\n".join(rows)), "act": "import"}
    answer = client_of(buying.user).post("/supply/import/", data)
    assert answer.status_code == 422
    cells = re.findall(
        r'<th scope="row" class="num">(\d+)</th>.*?<span class="code">(\w+)</span>', answer.content.decode()
    )
    assert cells == [("2", "share"), ("2", "spend"), ("2", "supplier_name"), ("3", "supplier_name")]
    assert not SupplyLink.objects.exists()
    monkeypatch.setattr(views, "MOST_FAULTS", 1)
    data["file"] = sheet("\n".join(rows))
    assert "3 more faults" in client_of(buying.user).post("/supply/import/", data).content.decode()


@pytest.mark.parametrize(
    ("given", "status", "says"),
    [
        ({}, 422, "Choose a file"),
        ({"file": sheet("")}, 422, "empty"),
        ({"file": sheet("colour\nred\n")}, 409, "must name the columns"),
        ({"checked": "%%%"}, 422, "Choose a file"),
    ],
)
def test_no_sheet_at_all(buying, given, status, says):
    data = {"buyer": buying.enterprise.pk, "act": "check", **given}
    answer = client_of(buying.user).post("/supply/import/", data)
    assert answer.status_code == status
    assert says in answer.content.decode()


def test_a_large_sheet_is_chosen_again(buying, selling, monkeypatch):
    monkeypatch.setattr(forms, "KEPT_BYTES", 5)
    data = {"buyer": buying.enterprise.pk, "file": sheet(f"supplier_name\n{selling.enterprise.name}\n")}
    page = client_of(buying.user).post("/supply/import/", data).content.decode()
    assert "choose the file once more" in page


def test_who_edits_nothing_imports_nothing(buying, official):
    viewer = MembershipFactory.create(enterprise=buying.enterprise, role="viewer").user
    for person in (viewer, official("auditor", "3306")):
        client = client_of(person)
        assert "You edit no enterprise" in client.get("/supply/import/").content.decode()
        data = {"buyer": buying.enterprise.pk, "file": sheet("supplier_name\nx\n"), "act": "import"}
        assert client.post("/supply/import/", data).status_code == 422
    assert not SupplyLink.objects.exists()


def test_the_page_explains_every_column_and_hands_out_an_empty_sheet(buying):
    client = client_of(buying.user)
    page = client.get(f"/supply/import/?buyer={buying.enterprise.pk}").content.decode()
    assert all(f'<span class="code">{name}</span>' in page for name in COLUMNS)
    answer = Client().get("/supply/import/suppliers.csv")
    assert answer.content.decode() == "\ufeff" + ",".join(COLUMNS) + "\r\n"
    assert EnterpriseFactory.create().name not in page
