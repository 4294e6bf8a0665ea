"""Each role on each page of the admin: what is not yours to read is 403, what is not in your territory is 404."""

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.models import Application
from greenchain.accounts.models import User
from suppliers.claim.actions import claim
from suppliers.invitation.actions import invite
from suppliers.models import Evidence, SiteYear
from suppliers.reporting.actions import report
from tests.admin.conftest import text_of
from tests.cast import YEAR
from tests.factories_suppliers import (
    ComplianceRecordFactory,
    EnterpriseFactory,
    SupplyLinkFactory,
    UserFactory,
)
from tests.papers import image
from tests.uscc import uscc

OFFICIALS = ("auditor_3306", "approver_3306", "reviewer_3306")
WORK = (
    "application objection appeal proposal obligation enterprise site product park evidence siteyear subjectyear"
    " enterprisechange hold yearrank"
    " supplylink invitation compliancerecord claim grading consultation departmentcontact release recommendation"
    " question nonconformity verification verificationitem suppliergrade supplieraudit"
).split()
REFERENCE = (
    "designation publicnotice announcement round deadline scheme schemeversion benchmark body"
    " region authority industry regionyear study expert incentive absence"
).split()
KEEPING = ("user", "auditentry", "delivery", "digest", "post")
NOTES = ("internalnote", "complaint")
"""Read by auditors and approvers alone."""
LABELS = {model._meta.model_name: model._meta.app_label for model in admin.site._registry}


def url_of(model, page="changelist", *keys):
    return reverse(f"admin:{LABELS[model]}_{model}_{page}", args=keys)


def test_every_register_is_in_the_table():
    ours = {name for name, label in LABELS.items() if label not in {"account", "mfa"}}
    assert ours - {"job"} == {*WORK, *NOTES, *REFERENCE, *KEEPING}


@pytest.mark.parametrize("name", ["owner", "evaluator", "expert_a"])
def test_who_is_not_staff_does_not_enter(cast, browse, name):
    case = cast.examined()
    browser = browse(cast.people[name])
    for path in (
        "/admin/",
        url_of("application"),
        url_of("application", "change", case.pk),
        url_of("application", "gap", case.pk),
        "/admin/jsi18n/",
    ):
        answer = browser.get(path, follow=True)
        assert answer.status_code == 403
    assert (
        browser.post(url_of("application", "endorse", case.pk), {"opinion": "x"}, follow=True).status_code
        == 403
    )


def test_nobody_enters_without_signing_in(client, cast):
    case = cast.examined()
    answer = client.get(url_of("application", "change", case.pk), follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/")


def test_an_evaluator_who_is_staff_by_mistake_reads_nothing(cast, browse):
    case = cast.examined()
    User.objects.filter(pk=cast.evaluator.pk).update(is_staff=True)
    cast.evaluator.refresh_from_db()
    browser = browse(cast.evaluator)
    for model in (*WORK, *REFERENCE, *KEEPING):
        assert browser.get(url_of(model)).status_code == 403
    assert browser.get(url_of("application", "change", case.pk)).status_code == 403


@pytest.mark.parametrize("name", OFFICIALS)
def test_officials_read_the_registers_of_work_and_reference(cast, browse, name):
    cast.examined()
    browser = browse(cast.people[name])
    for model in (*WORK, *REFERENCE):
        assert browser.get(url_of(model)).status_code == 200, model
    for model in KEEPING:
        assert browser.get(url_of(model)).status_code == 403, model
    for model in NOTES:
        assert browser.get(url_of(model)).status_code == (403 if "reviewer" in name else 200), model


@pytest.mark.parametrize("superuser", [False, True])
def test_administrators_keep_reference_data_and_people_and_see_no_case(cast, browse, superuser):
    case = cast.examined()
    User.objects.filter(pk=cast.administrator.pk).update(is_superuser=superuser)
    cast.administrator.refresh_from_db()
    browser = browse(cast.administrator)
    for model in (*REFERENCE, *KEEPING):
        assert browser.get(url_of(model)).status_code == 200, model
    for model in (*WORK, *NOTES):
        assert browser.get(url_of(model)).status_code == 403, model
    for path in ("change", "endorse", "recheck", "gap"):
        answer = browser.post(url_of("application", path, case.pk), {"opinion": "x"})
        assert answer.status_code == 403
    assert browser.get(url_of("application", "export")).status_code == 403
    assert Application.objects.get(pk=case.pk).status == case.status


def test_a_superuser_of_no_role_stands_where_administrators_stand(cast, browse):
    root = UserFactory.create(username="root", is_staff=True, is_superuser=True)
    case = cast.examined()
    assert browse(root).get(url_of("user")).status_code == 200
    assert browse(root).get(url_of("application", "change", case.pk)).status_code == 403


def test_rows_of_another_territory_are_not_found(cast, browse):
    case = cast.examined()
    link = SupplyLinkFactory.create(buyer=cast.enterprise, supplier=EnterpriseFactory.create())
    rows = {
        "application": case,
        "enterprise": cast.enterprise,
        "site": cast.site,
        "evidence": Evidence.objects.filter(enterprise=cast.enterprise).first(),
        "siteyear": SiteYear.objects.get(site=cast.site),
        "subjectyear": report(cast.enterprise, YEAR, by=cast.owner, values={}),
        "supplylink": link,
        "invitation": invite(cast.enterprise, by=cast.owner, name="x", contact="x@y.example", language="en"),
    }
    here, elsewhere = browse(cast.auditor_3306), browse(cast.auditor_44)
    for model, row in rows.items():
        assert here.get(url_of(model, "change", row.pk)).status_code == 200, model
        assert here.get(url_of(model, "history", row.pk)).status_code == 200, model
        assert elsewhere.get(url_of(model, "change", row.pk)).status_code == 404, model
        assert elsewhere.get(url_of(model, "history", row.pk)).status_code == 404, model
        assert here.get(url_of(model, "change", 999999)).status_code == 404, model
        assert row not in list(elsewhere.get(url_of(model)).context["cl"].queryset), model


def test_a_higher_authority_reads_what_lies_below(cast, browse):
    case = cast.examined()
    for name in ("auditor_33", "auditor_CN"):
        assert browse(cast.people[name]).get(url_of("application", "change", case.pk)).status_code == 200


@pytest.mark.parametrize("name", [*OFFICIALS, "administrator"])
def test_nothing_is_added_edited_or_deleted_freely(cast, browse, name):
    case = cast.examined()
    title = cast.granted(cast.draft(cast.another_site()))
    browser = browse(cast.people[name])
    for model, row in (
        ("application", case),
        ("enterprise", cast.enterprise),
        ("site", cast.site),
        ("designation", title),
    ):
        assert browser.get(url_of(model, "delete", row.pk)).status_code == 403
        assert browser.post(url_of(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        assert browser.get(url_of(model, "add")).status_code == 403
        before = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        browser.post(url_of(model, "change", row.pk), {"name": "changed", "status": "granted", "number": "X"})
        fresh = type(row).objects.get(pk=row.pk)
        assert {field.attname: getattr(fresh, field.attname) for field in row._meta.concrete_fields} == before


def test_autocomplete_keeps_to_the_scope(cast, browse):
    query = {"app_label": "suppliers", "model_name": "compliancerecord", "field_name": "enterprise"}
    here = browse(cast.auditor_3306).get("/admin/autocomplete/", query).json()["results"]
    elsewhere = browse(cast.auditor_44).get("/admin/autocomplete/", query).json()["results"]
    assert str(cast.enterprise.pk) in {row["id"] for row in here}
    assert elsewhere == []
    assert browse(cast.administrator).get("/admin/autocomplete/", query).status_code == 403


@pytest.mark.parametrize("name", [*OFFICIALS, "administrator"])
def test_the_index_offers_only_what_may_be_read(cast, browse, name):
    cast.examined()
    page = text_of(browse(cast.people[name]).get("/admin/"))
    offered = [model for model in (*WORK, *NOTES, *REFERENCE, *KEEPING) if f'href="{url_of(model)}"' in page]
    wanted = [*REFERENCE, *KEEPING] if name == "administrator" else [*WORK, *REFERENCE]
    wanted += [] if name in {"administrator", "reviewer_3306"} else NOTES
    assert set(offered) == set(wanted)


def test_every_list_takes_as_many_queries_for_one_row_as_for_three(cast, browse):
    browser = browse(cast.auditor_3306)

    def counted():
        found = {}
        for model in (*WORK, *REFERENCE):
            with CaptureQueriesContext(connection) as queries:
                browser.get(url_of(model))
            found[model] = len(queries)
        return found

    one_more(cast, 0)
    before = counted()
    one_more(cast, 1)
    one_more(cast, 2)
    assert counted() == before
    assert max(before.values()) == 8


def one_more(cast, number):
    """One more case, title, claim, record and link."""
    site = cast.another_site()
    cast.granted(cast.draft(site))
    fields = {
        "scheme": "uscc",
        "identifier": uscc(9000 + number),
        "name": f"New {number}",
        "region": site.region,
    }
    licence = SimpleUploadedFile("licence.png", image(size=(8 + number, 8)), "image/png")
    claim(fields, by=UserFactory.create(), licence=licence)
    SupplyLinkFactory.create(buyer=cast.enterprise, supplier=EnterpriseFactory.create())
    contact = f"a{number}@b.example"
    invite(cast.enterprise, by=cast.owner, name=f"Supplier {number}", contact=contact, language="en")
    ComplianceRecordFactory.create(enterprise=cast.enterprise, site=site)
