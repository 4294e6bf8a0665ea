"""What is done in the registers: rounds, benchmarks, people, claims, records, desks of counties."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from certification.models import Benchmark, Round
from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import history
from greenchain.clock import today
from suppliers.claim.actions import claim
from suppliers.models import Authority, Claim, ComplianceRecord, Membership, Region
from tests.admin.conftest import text_of
from tests.factories_suppliers import UserFactory
from tests.papers import image, pdf
from tests.uscc import uscc

ROUNDS = "/admin/certification/round/"


def call(cast, **changes):
    """What the form of a round takes."""
    given = {
        "code": "zj-2026",
        "name_en": "Zhejiang 2026",
        "name_zh-hans": "浙江2026",
        "name_id": "",
        "scheme_version": cast.version.pk,
        "authority": Authority.objects.get(code="33").pk,
        "year": today().year - 1,
        "levels": ["1", "2"],
        "opens_on": today().isoformat(),
        "closes_on": (today() + dt.timedelta(days=30)).isoformat(),
        "quota_2": "40",
        "evaluation": "none",
        "notice_days": "15",
        "notice_counting": "calendar",
        "desk_counting": "working",
        "desk_days": "10",
        "return_days": "10",
        "max_returns": "3",
        "appeal_days": "30",
        "appeal_counting": "calendar",
    }
    return {**given, **changes}


def test_an_administrator_opens_a_round_and_the_record_has_it(cast, browse):
    answer = browse(cast.administrator).post(ROUNDS + "add/", call(cast), follow=True)
    row = Round.objects.get(code="zj-2026")
    assert answer.redirect_chain == [(f"{ROUNDS}{row.pk}/change/", 302)]
    assert (row.levels, row.quota) == ([1, 2], {"2": 40})
    assert row.names == {"en": "Zhejiang 2026", "zh-hans": "浙江2026"}
    (entry,) = history(row)
    assert (entry.verb, entry.actor) == ("open_round", cast.administrator)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"levels": ["1", "3"]}, "Choose levels that this scheme version offers."),
        ({"levels": []}, "This field is required."),
        ({"closes_on": "2020-01-01"}, "The round cannot close before it opens."),
        ({"quota_3": "4"}, "A quota stands for a level that the round does not offer."),
        ({"code": "not a slug"}, "Enter a valid"),
        ({"code": ""}, "This field is required."),
    ],
)
def test_a_faulty_round_is_told_on_the_form(cast, browse, changes, said):
    answer = browse(cast.administrator).post(ROUNDS + "add/", call(cast, **changes))
    assert answer.status_code in {409, 422}
    assert said in text_of(answer)
    assert "浙江2026" in text_of(answer)
    assert not Round.objects.filter(code="zj-2026").exists()


def test_no_authority_opens_a_level_above_its_own(cast, browse):
    city = Authority.objects.get(code="3306").pk
    answer = browse(cast.administrator).post(ROUNDS + "add/", call(cast, authority=city))
    assert answer.status_code == 409
    assert "cannot open a round for a level above its own" in text_of(answer)


def test_an_approver_keeps_the_rounds_of_the_own_authority(cast, browse):
    own, other = browse(cast.approver_33), browse(cast.approver_44)
    assert own.post(ROUNDS + "add/", call(cast)).status_code == 302
    row = Round.objects.get(code="zj-2026")
    nation = Authority.objects.get(code="CN").pk
    assert own.post(ROUNDS + "add/", call(cast, code="cn", authority=nation)).status_code == 422
    assert own.get(f"{ROUNDS}{row.pk}/amend/").status_code == 200
    assert other.post(f"{ROUNDS}{row.pk}/amend/", call(cast)).status_code == 403
    assert browse(cast.auditor_33).get(ROUNDS + "add/").status_code == 403
    assert browse(cast.auditor_33).post(f"{ROUNDS}{row.pk}/amend/", call(cast)).status_code == 403


def test_with_applications_only_the_closing_day_and_the_quota_change(cast, browse):
    case = cast.examined()
    row = case.round
    browser = browse(cast.administrator)
    later = (today() + dt.timedelta(days=99)).isoformat()
    page = text_of(browser.get(f"{ROUNDS}{row.pk}/amend/"))
    assert page.count("disabled") > 5
    changes = call(
        cast, authority=row.authority_id, closes_on=later, quota_2="7", notice_days="1", code="other"
    )
    assert browser.post(f"{ROUNDS}{row.pk}/amend/", changes).status_code == 302
    fresh = Round.objects.get(pk=row.pk)
    assert fresh.closes_on.isoformat() == later
    assert fresh.quota == {"2": 7}
    assert (fresh.code, fresh.notice_days) == (row.code, row.notice_days)
    assert history(row).last().data["changes"]["quota"] == [{}, {"2": 7}]


def test_benchmarks_are_entered_with_a_source_by_administrators(cast, browse):
    given = {
        "scheme_version": cast.version.pk,
        "indicator": "E1",
        "base": "70",
        "lead": "30",
        "source": "Notice 5/2026",
        "valid_from": today().isoformat(),
    }
    url = "/admin/certification/benchmark/add/"
    browser = browse(cast.administrator)
    assert browse(cast.approver_CN).get(url).status_code == 403
    for wrong in ({"indicator": "R1"}, {"indicator": "X9"}, {"lead": "70"}):
        assert browser.post(url, {**given, **wrong}).status_code == 409
    assert browser.post(url, {**given, "source": ""}).status_code == 422
    assert browser.post(url, given).status_code == 302
    row = Benchmark.objects.get(source="Notice 5/2026")
    assert history(row).get().actor == cast.administrator


PERSON = {
    "username": "lan",
    "first_name": "Lan",
    "last_name": "Chen",
    "email": "lan@example.org",
    "language": "zh-hans",
}
SECRET = {"usable_password": "true", "password1": "a long enough secret", "password2": "a long enough secret"}
USERS = "/admin/accounts/user/"


def test_an_administrator_appoints_and_the_record_shows_who_gave_which_power(cast, browse):
    browser = browse(cast.administrator)
    desk = Authority.objects.get(code="3306")
    new = {**PERSON, **SECRET, "role": "auditor", "authority": desk.pk}
    assert browser.post(USERS + "add/", new).status_code == 302
    lan = User.objects.get(username="lan")
    assert (lan.role, lan.authority, lan.is_staff, lan.is_superuser) == ("auditor", desk, True, False)
    change = {**PERSON, "role": "evaluator", "authority": desk.pk, "is_active": "on"}
    assert browser.post(f"{USERS}{lan.pk}/change/", change).status_code == 302
    lan.refresh_from_db()
    assert (lan.role, lan.authority, lan.is_staff) == ("evaluator", None, False)
    first, second = history(lan)
    assert (first.verb, first.data["changes"]["role"]) == ("appoint", [None, "auditor"])
    assert (second.verb, second.data["changes"]["role"]) == ("appoint", ["auditor", "evaluator"])
    assert second.actor == cast.administrator


def test_an_official_needs_an_authority(cast, browse):
    answer = browse(cast.administrator).post(
        USERS + "add/", {**PERSON, **SECRET, "role": "approver", "authority": ""}
    )
    assert "Auditors, approvers and reviewers serve an authority." in text_of(answer)
    assert not User.objects.filter(username="lan").exists()


def test_nobody_gives_themselves_power(cast, browse):
    me = cast.administrator
    desk = Authority.objects.get(code="CN").pk
    change = {**PERSON, "username": me.username, "role": "approver", "authority": desk, "is_active": "on"}
    answer = browse(me).post(f"{USERS}{me.pk}/change/", change)
    assert "Nobody changes their own role" in text_of(answer)
    me.refresh_from_db()
    assert (me.role, me.authority) == ("administrator", None)
    kept = {**change, "role": "administrator", "authority": ""}
    assert browse(me).post(f"{USERS}{me.pk}/change/", kept).status_code == 302
    assert history(me).last().verb == "amend_person"


def test_a_password_set_for_somebody_stands_in_the_record(cast, browse):
    url = f"{USERS}{cast.auditor_3306.pk}/password/"
    assert browse(cast.administrator).post(url, SECRET).status_code == 302
    cast.auditor_3306.refresh_from_db()
    assert cast.auditor_3306.check_password(SECRET["password1"])
    entry = history(cast.auditor_3306).get()
    assert (entry.verb, entry.actor, entry.data) == ("set_password", cast.administrator, {})
    assert browse(cast.approver_CN).post(url, SECRET).status_code == 403


def test_rights_cannot_be_slipped_in(cast, browse):
    given = {**PERSON, **SECRET, "role": "enterprise", "is_superuser": "on", "is_staff": "on"}
    browse(cast.administrator).post(USERS + "add/", given)
    lan = User.objects.get(username="lan")
    assert (lan.is_staff, lan.is_superuser) == (False, False)


def claimed(name="licence.png", content=None):
    fields = {
        "scheme": "uscc",
        "identifier": uscc(4711),
        "name": "新示例有限公司",
        "region": Region.objects.get(code="330602"),
    }
    upload = SimpleUploadedFile(name, content or image(), "image/png")
    return claim(fields, by=UserFactory.create(username="founder"), licence=upload)


def test_the_desk_reads_the_licence_and_confirms(cast, browse):
    row = claimed()
    url = f"/admin/suppliers/claim/{row.pk}/"
    auditor = browse(cast.auditor_3306)
    page = text_of(auditor.get(url + "change/"))
    assert f'<img src="/evidence/{row.licence_id}/file?inline"' in page
    assert "新示例有限公司" in page
    assert browse(cast.auditor_44).get(url + "change/").status_code == 404
    assert browse(cast.reviewer_3306).post(url + "confirm/", {"seen": "on"}).status_code == 403
    assert auditor.post(url + "confirm/", {}).status_code == 422
    assert auditor.post(url + "confirm/", {"seen": "on"}).status_code == 302
    assert Claim.objects.get(pk=row.pk).status == Claim.Status.CONFIRMED
    assert Membership.objects.filter(user=row.user, enterprise=row.enterprise, role="owner").exists()
    again = auditor.post(url + "confirm/", {"seen": "on"}, follow=True)
    assert "This claim has been decided." in text_of(again)


def test_the_desk_refuses_with_reasons(cast, browse):
    row = claimed("licence.pdf", pdf("licence"))
    url = f"/admin/suppliers/claim/{row.pk}/"
    approver = browse(cast.approver_33)
    assert "It opens in a window of its own." in text_of(approver.get(url + "change/"))
    assert approver.post(url + "refuse/", {"reasons": ""}).status_code == 422
    assert approver.post(url + "refuse/", {"reasons": "another company"}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.reasons) == (Claim.Status.REFUSED, "another company")


def test_records_are_entered_confirmed_cleared_and_refuted(cast, browse):
    auditor = browse(cast.auditor_3306)
    given = {
        "enterprise": cast.enterprise.pk,
        "kind": "energy_supervision",
        "title": "Meters not calibrated",
        "source": "Energy office",
        "happened_on": today().isoformat(),
        "match": "possible",
    }
    url = "/admin/suppliers/compliancerecord/"
    assert browse(cast.reviewer_3306).get(url + "add/").status_code == 403
    assert browse(cast.auditor_44).post(url + "add/", given).status_code == 422
    future = {**given, "happened_on": (today() + dt.timedelta(days=1)).isoformat()}
    assert auditor.post(url + "add/", future).status_code == 409
    assert auditor.post(url + "add/", given).status_code == 302
    row = ComplianceRecord.objects.get()
    page = text_of(auditor.get(f"{url}{row.pk}/change/"))
    assert all(f"{url}{row.pk}/{act}/" in page for act in ("confirm", "clear", "refute"))
    assert auditor.post(f"{url}{row.pk}/confirm/", {"reasons": "same code"}).status_code == 302
    cleared = {"cleared_on": today().isoformat(), "reasons": "calibrated"}
    assert auditor.post(f"{url}{row.pk}/clear/", cleared).status_code == 302
    assert auditor.post(f"{url}{row.pk}/refute/", {"reasons": "another plant"}).status_code == 302
    row.refresh_from_db()
    assert (row.match, row.cleared_on) == ("confirmed", today())
    assert row.refuted_at is not None
    assert [entry.verb for entry in history(row)] == ["enter", "confirm_record", "clear", "refute"]
    page = text_of(auditor.get(f"{url}{row.pk}/change/"))
    assert f"{url}{row.pk}/refute/" not in page
    assert "confirm record" in text_of(auditor.get(f"{url}{row.pk}/history/"))


def test_an_administrator_opens_a_countys_desk(cast, browse):
    url = "/admin/suppliers/region/330602/"
    assert browse(cast.approver_CN).post(url + "open_desk/").status_code == 403
    browser = browse(cast.administrator)
    assert url + "open_desk/" in text_of(browser.get(url + "change/"))
    assert browser.post(url + "open_desk/").status_code == 302
    assert Region.objects.get(code="330602").desk.code == "330602"
    assert "This county has a desk already." in text_of(browser.post(url + "open_desk/", follow=True))


def test_the_record_is_read_by_chain_and_cannot_be_changed(cast, browse):
    case = cast.examined()
    browser = browse(cast.administrator)
    url = "/admin/audit/auditentry/"
    rows = list(browser.get(f"{url}?chain=application:{case.pk}").context["cl"].queryset)
    assert [row.verb for row in rows] == ["check", "submit", "fill_in", "start"]
    assert {
        row.chain.partition(":")[0] for row in browser.get(url + "?about=application").context["cl"].queryset
    } == {"application"}
    entry = AuditEntry.objects.filter(verb="submit").get()
    page = text_of(browser.get(f"{url}{entry.pk}/change/"))
    assert entry.digest in page
    assert "icon-yes" in page
    assert browser.post(f"{url}{entry.pk}/change/", {"verb": "grant"}).status_code == 403
    assert browser.get(url + "?q=submit").context["cl"].result_count == 1


def test_a_title_page_and_a_scheme_version_show_what_they_stand_on(cast, browse):
    title = cast.granted()
    browser = browse(cast.auditor_3306)
    page = text_of(browser.get(f"/admin/certification/designation/{title.pk}/change/"))
    assert title.number in page
    assert "Title issued" in page
    for query in ("?where=own", "?where=territory", "?linked=yes"):
        rows = browser.get("/admin/certification/designation/" + query).context["cl"].queryset
        assert [row.pk for row in rows] == [title.pk]
    assert not browser.get("/admin/certification/designation/?linked=no").context["cl"].queryset.exists()
    version = text_of(browser.get(f"/admin/certification/schemeversion/{cast.version.pk}/change/"))
    assert cast.version.digest in version


def test_site_years_and_evidence_are_read_by_their_names(cast, browse):
    browser = browse(cast.auditor_3306)
    report = cast.site.years.get()
    page = text_of(browser.get(f"/admin/suppliers/siteyear/{report.pk}/change/"))
    assert "Total energy consumption" in page
    assert "Dyed cotton" in page
    proof = cast.enterprise.evidence.first()
    assert f"/evidence/{proof.pk}/file" in text_of(
        browser.get(f"/admin/suppliers/evidence/{proof.pk}/change/")
    )


def test_a_new_round_starts_with_what_the_scheme_proposes(cast, browse):
    browser = browse(cast.administrator)
    assert f"?scheme_version={cast.version.pk}" in text_of(browser.get(ROUNDS + "add/"))
    page = browser.get(f"{ROUNDS}add/?scheme_version={cast.version.pk}")
    form, procedure = page.context["form"], cast.version.definition.procedure
    for name in ("notice_days", "desk_days", "return_days", "max_returns", "appeal_days", "evaluation"):
        assert form[name].value() == getattr(procedure, name)
    assert form["levels"].value() == [1, 2]
    assert form["name_en"].value() == f"{cast.version.scheme.names['en']} {today().year}"
    assert f"The scheme proposes {procedure.notice_days}" in text_of(page)
    assert browser.get(ROUNDS + "add/?scheme_version=99999999999999999999").status_code == 200


def test_days_may_differ_by_level_and_by_desk(cast, browse):
    browser = browse(cast.administrator)
    days = {
        "notice_counting": "working",
        "notice_days_2": "7",
        "notice_counting_2": "calendar",
        "desk_days_0": "5",
    }
    assert browser.post(ROUNDS + "add/", call(cast, **days)).status_code == 302
    row = Round.objects.get(code="zj-2026")
    assert row.notice_terms == {"2": {"days": 7, "counting": "calendar"}}
    assert [str(row.notice_term(level)) for level in (1, 2)] == ["15 working days", "7 calendar days"]
    assert [row.desk_term(level).days for level in (0, 1)] == [5, 10]
    page = text_of(browser.get(f"{ROUNDS}{row.pk}/change/"))
    assert "municipal: 15 working days, provincial: 7 calendar days" in page
    form = browser.get(f"{ROUNDS}{row.pk}/amend/").context["form"]
    assert (form["notice_days_2"].value(), form["notice_counting_2"].value()) == (7, "calendar")
    refused = browser.post(ROUNDS + "add/", call(cast, code="x", notice_days_3="5"))
    assert "A public notice stands for a level that the round does not offer." in text_of(refused)
