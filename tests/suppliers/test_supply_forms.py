"""The forms of supply links."""

import base64
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from suppliers.models import Enterprise, SupplyLink
from suppliers.supply import forms
from suppliers.supply.actions import declare
from suppliers.supply.forms import AmendForm, DeclareForm, DisputeForm, ImportForm, kept
from tests.factories_suppliers import EnterpriseFactory, MembershipFactory, SupplyLinkFactory
from tests.uscc import uscc

pytestmark = pytest.mark.usefixtures("places")
SHEET = b"supplier_name\n"


@pytest.fixture
def member():
    return MembershipFactory.create(role="editor")


def filled(member, side="buyer", **given):
    data = {"kind": "supplies", "since_on": "2026-01-31", **given}
    return DeclareForm(data, party=member.enterprise, side=side)


def test_a_link_is_declared_from_the_form(member):
    supplier = EnterpriseFactory.create()
    form = filled(
        member, supplier_name=supplier.name, spend="12.5", share="0.25", material="yarn", industry="1751"
    )
    assert form.is_valid(), form.errors
    link = declare(*form.parties(by=member.user), by=member.user, **form.given())
    assert (link.buyer, link.supplier) == (member.enterprise, supplier)
    assert (link.spend, link.share, link.industry_id) == (Decimal("12.5"), Decimal("0.25"), "1751")


def test_a_supplier_declares_its_customer_and_no_share_of_the_customer_s_purchases(member):
    customer = EnterpriseFactory.create()
    form = filled(member, "supplier", supplier_identifier=customer.identifier, share="0.25")
    assert form.is_valid(), form.errors
    assert form.parties(by=member.user) == (customer, member.enterprise)
    assert "share" not in form.given()
    assert "Customer" in str(form["supplier_name"].label)


def test_a_supplier_that_nobody_knew_is_noted(member):
    form = filled(member, supplier_identifier=f" {uscc(300).lower()} ", supplier_name="全新供应商")
    assert form.is_valid(), form.errors
    assert not Enterprise.objects.filter(identifier=uscc(300)).exists()
    _buyer, supplier = form.parties(by=member.user)
    assert supplier.identifier == uscc(300)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "__all__"),
        ({"supplier_identifier": "123"}, "supplier_identifier"),
        ({"supplier_name": "无此公司"}, "supplier_name"),
        ({"supplier_name": "x", "share": "2"}, "share"),
        ({"supplier_name": "x", "spend": "-1"}, "spend"),
        ({"supplier_name": "x", "kind": "lends"}, "kind"),
        ({"supplier_name": "x", "industry": "9" * 200}, "industry"),
        ({"supplier_name": "x", "industry": "a\0b"}, "industry"),
        ({"supplier_name": "x", "until_on": "2025-01-01"}, "until_on"),
    ],
)
def test_faults_stand_beside_their_fields(member, given, field):
    form = filled(member, **given)
    assert not form.is_valid()
    assert field in form.errors


def test_oneself_is_no_supplier(member):
    form = filled(member, supplier_identifier=member.enterprise.identifier)
    assert "cannot supply itself" in str(form.errors)
    assert not SupplyLink.objects.exists()


def test_the_parties_of_a_declared_link_stand():
    link = SupplyLinkFactory.create()
    form = AmendForm({"since_on": "2025-01-01", "material": "dye"}, instance=link)
    assert form.is_valid(), form.errors
    assert set(form.given()) == {
        "material",
        "industry",
        "vendor_code",
        "spend",
        "share",
        "since_on",
        "until_on",
        "contact_email",
    }


def test_the_sheet_is_read_from_the_file_or_from_the_page(member, monkeypatch):
    def given(files=None, **data):
        return ImportForm({"buyer": member.enterprise.pk, **data}, files or {}, user=member.user)

    assert "Choose a file" in str(given().errors["file"])
    assert "file" in given(checked="*").errors
    waiting = given(checked=kept(b"waited"))
    assert waiting.is_valid()
    assert waiting.content() == b"waited"
    chosen = given({"file": SimpleUploadedFile("a.csv", SHEET)}, checked=kept(b"waited"))
    assert chosen.is_valid(), chosen.errors
    assert chosen.content() == SHEET
    assert base64.b64decode(kept(SHEET)) == SHEET
    monkeypatch.setattr(forms, "MAX_BYTES", 5)
    monkeypatch.setattr(forms, "KEPT_BYTES", 5)
    assert "too large" in str(given({"file": SimpleUploadedFile("a.csv", SHEET)}).errors["file"])
    assert kept(SHEET) == ""


def test_a_sheet_is_for_a_buyer_that_one_edits(member):
    viewer = MembershipFactory.create(role="viewer")
    for other in (EnterpriseFactory.create(), viewer.enterprise):
        form = ImportForm({"buyer": other.pk}, {"file": SimpleUploadedFile("a.csv", SHEET)}, user=member.user)
        assert "buyer" in form.errors


def test_a_dispute_has_reasons():
    assert not DisputeForm({"reasons": ""}).is_valid()
