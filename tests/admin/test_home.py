import datetime as dt

from certification.delivery.actions import send_mails
from certification.delivery.models import MAX_ATTEMPTS
from certification.models import Application, Delivery
from certification.verbs import perform
from greenchain import registers
from greenchain.accounts.models import User
from greenchain.audit.trail import history
from greenchain.clock import today
from tests.admin.conftest import text_of


def counts(response):
    return {str(each.label): each.count for each in response.context["work"].counts}


def work(browser):
    """What the first page shows; its tag puts it into the context."""
    return browser.get("/admin/")


def test_an_officials_first_page_is_their_queue_in_numbers(cast, auditor):
    late, soon = cast.examined(), cast.examined(cast.draft(cast.another_site()))
    Application.objects.filter(pk=late.pk).update(due_on=today() - dt.timedelta(days=3))
    Application.objects.filter(pk=soon.pk).update(due_on=today() + dt.timedelta(days=2))
    cast.endorsed_up(cast.examined(cast.draft(cast.another_site())))
    page = work(auditor)
    assert counts(page) == {"overdue": 1, "due within a week": 1, "at your desk": 2}
    assert [case.pk for case in page.context["work"].due] == [late.pk, soon.pk]
    assert {each.status: each.count for each in page.context["work"].statuses} == {
        "examination": 2,
        "selection": 1,
    }
    for each in (*page.context["work"].counts, *page.context["work"].statuses):
        assert auditor.get(each.url).context["cl"].result_count == each.count


def test_approvers_are_told_of_objections_and_appeals(cast, browse):
    call = cast.round("notice", notice_days=15)
    case = cast.selected(cast.draft(round_=call))
    cast.contested(case)
    rejected = cast.examined(cast.draft(cast.another_site()))
    perform(rejected, "reject", by=cast.auditor_3306, data={"reasons": "no plan"})
    perform(rejected, "appeal", by=cast.owner, data={"reasons": "there is a plan"})
    approver = browse(cast.approver_33)
    assert {str(each.label): each.count for each in work(approver).context["work"].also} == {
        "Open appeals": 1
    }
    own = work(browse(cast.approver_3306)).context["work"].also
    assert {str(each.label): each.count for each in own} == {"Open objections": 1, "Open appeals": 1}
    assert "there is a plan" in text_of(
        approver.get(f"/admin/certification/application/{rejected.pk}/change/")
    )


def test_a_reviewers_first_page_is_the_territory(cast, browse):
    cast.examined()
    assert counts(work(browse(cast.reviewer_33)))["open in your territory"] == 1


def test_administrators_see_who_has_power_and_where_nobody_can_act(cast, browse):
    cast.examined()
    assert "Every desk where cases wait has somebody who can act." in text_of(
        work(browse(cast.administrator))
    )
    User.objects.filter(role="auditor", authority__code="3306").update(is_active=False)
    page = work(browse(cast.administrator))
    assert "They have no power over cases" in text_of(page)
    (row,) = page.context["work"].deserted
    assert (row["authority"].code, row["count"]) == ("3306", 1)
    assert cast.enterprise.name not in text_of(page)


def test_a_failed_mail_is_sent_again_by_administrators(cast, browse):
    cast.examined()
    send_mails()
    Delivery.objects.update(sent_at=None, attempts=MAX_ATTEMPTS)
    mail = Delivery.objects.order_by("pk")[:1].get()
    browser = browse(cast.administrator)
    assert "Mails that could not be sent" in text_of(work(browser))
    url = f"/admin/certification/delivery/{mail.pk}/"
    assert browser.get("/admin/certification/delivery/?sent=failed").context["cl"].result_count > 0
    assert browser.get("/admin/certification/delivery/?sent=yes").context["cl"].result_count == 0
    assert url + "try_again/" in text_of(browser.get(url + "change/"))
    assert browse(cast.auditor_3306).post(url + "try_again/").status_code == 403
    assert browser.post(url + "try_again/").status_code == 302
    mail.refresh_from_db()
    assert mail.attempts == 0
    assert history(mail).get().verb == "try_again"
    assert send_mails() == 1
    assert "This mail has been sent." in text_of(browser.post(url + "try_again/", follow=True))


# ── the registers ─────────────────────────────────────────────────────────────────────────────────────────


def test_registers_stand_in_groups_of_what_people_come_to_do(cast, approver):
    page = approver.get("/admin/")
    groups = {
        group["app_label"]: [model["object_name"] for model in group["models"]]
        for group in page.context["app_list"]
    }
    assert next(iter(groups)) == "cases"
    assert groups["cases"][0] == "Application"
    assert "Round" in groups["decisions"]
    sidebar = approver.get("/admin/certification/round/").context["available_apps"]
    assert [group["app_label"] for group in sidebar] == list(groups)
    assert [app["app_label"] for app in approver.get("/admin/suppliers/").context["app_list"]] == [
        "suppliers"
    ]
    assert cast


def test_a_register_without_a_place_is_an_error(monkeypatch):
    assert registers.places() == []
    key, title, labels = registers.GROUPS[0]
    others = registers.GROUPS[1:]
    for changed in (labels[1:], (*labels, "suppliers.nobody"), (*labels, labels[0])):
        monkeypatch.setattr(registers, "GROUPS", ((key, title, changed), *others))
        assert [each.id for each in registers.places()] == ["greenchain.E001"]
