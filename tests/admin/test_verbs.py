import datetime as dt

from certification.models import Decision, Endorsement
from certification.verbs import APPLICATION, DESIGNATION, perform
from certification.workflow import Status
from greenchain.audit.trail import history
from greenchain.clock import today
from tests.admin.conftest import text_of


def url(case, verb):
    return f"/admin/certification/{case._meta.model_name}/{case.pk}/{verb}/"


def test_get_shows_the_form_and_post_makes_the_move(cast, auditor):
    case = cast.examined()
    assert 'name="opinion"' in text_of(auditor.get(url(case, "endorse")))
    answer = auditor.post(url(case, "endorse"), {"opinion": "in order"}, follow=True)
    assert answer.redirect_chain == [(url(case, "change"), 302)]
    assert "Endorse: done." in text_of(answer)
    case.refresh_from_db()
    assert case.status == Status.SELECTION
    assert Endorsement.objects.get().opinion == "in order"


def test_what_is_wrong_is_told_on_the_form_and_nothing_typed_is_lost(cast, auditor):
    case = cast.examined()
    inputs = {"note": "Look at page 3.", "codes": ["clarify"], "due_on": today().isoformat()}
    refused = auditor.post(url(case, "send_back"), inputs)
    assert refused.status_code == 409
    assert "Look at page 3." in text_of(refused)
    assert "Give a day ahead" in text_of(refused)
    faulty = auditor.post(url(case, "send_back"), {**inputs, "codes": []})
    assert faulty.status_code == 422
    assert "Look at page 3." in text_of(faulty)
    case.refresh_from_db()
    assert case.status == Status.EXAMINATION


def test_a_guard_says_no_on_the_form(cast, auditor):
    case = cast.examined()
    perform(
        case,
        "correct",
        by=cast.auditor_3306,
        data={"code": "E3", "field": "value", "before": "35", "after": "0", "reasons": "no proof"},
    )
    for code in ("E4", "C1", "C2", "C3", "C4", "C5", "R3", "R4", "R5"):
        perform(
            case,
            "correct",
            by=cast.auditor_3306,
            data={
                "code": code,
                "field": "value",
                "before": "",
                "after": "1000" if code == "R3" else "0",
                "reasons": "no proof",
            },
        )
    answer = auditor.post(url(case, "endorse"), {"opinion": "all the same"})
    assert answer.status_code == 409
    assert "all the same" in text_of(answer)
    assert not Endorsement.objects.exists()


def test_the_wrong_status_sends_back_to_the_case_with_the_reason(cast, approver):
    case = cast.examined()
    answer = approver.get(url(case, "select"), follow=True)
    assert answer.redirect_chain == [(url(case, "change"), 302)]
    assert "This cannot be done while the case is in “examination”." in text_of(answer)


def test_what_is_done_already_is_said_and_one_goes_on(cast, approver):
    title = cast.granted()
    case = title.decision.application
    answer = approver.post(url(case, "grant"), {}, follow=True)
    assert "This has been done already." in text_of(answer)
    assert Decision.objects.count() == 1


def test_who_has_no_such_part_is_forbidden(cast, browse):
    case = cast.examined()
    for person, verb in (
        (cast.approver_3306, "endorse"),
        (cast.reviewer_3306, "endorse"),
        (cast.auditor_33, "endorse"),
        (cast.auditor_3306, "grant"),
        (cast.auditor_3306, "withdraw"),
    ):
        for method in ("get", "post"):
            assert getattr(browse(person), method)(url(case, verb)).status_code == 403
    case.refresh_from_db()
    assert case.status == Status.EXAMINATION


def test_another_territory_does_not_find_the_case(cast, browse):
    case = cast.examined()
    assert browse(cast.auditor_44).get(url(case, "endorse")).status_code == 404
    assert browse(cast.auditor_44).post(url(case, "endorse"), {"opinion": "x"}).status_code == 404
    assert browse(cast.auditor_44).get(url(case, "change")).status_code == 404


def test_every_verb_has_its_page_and_no_other_word_has(cast, auditor):
    title = cast.granted()
    case = cast.examined(cast.draft(cast.another_site()))
    for row, verbs in ((case, APPLICATION), (title, DESIGNATION)):
        for verb in verbs:
            assert auditor.get(url(row, verb)).status_code in {200, 302, 403}, verb
        assert auditor.get(url(row, "conjure"), follow=True).status_code == 404


def test_a_title_is_proposed_heard_suspended_and_reinstated(cast, browse):
    title = cast.granted()
    auditor, approver = browse(cast.auditor_3306), browse(cast.approver_3306)
    later = (today() + dt.timedelta(days=20)).isoformat()
    page = auditor.get(url(title, "change"))
    assert [str(button.label) for button in page.context["shown"]] == ["Propose removal"]
    proposed = {"cause": "fault", "reasons": "The river smells.", "reply_by": later}
    auditor.post(url(title, "propose"), proposed)
    assert "The river smells." in text_of(approver.get(url(title, "change")))
    assert approver.post(url(title, "revoke"), {"cause": "fault", "reasons": "x"}).status_code == 409
    approver.post(url(title, "suspend"), {"reasons": "until it is clear", "until_on": later})
    title.refresh_from_db()
    assert title.status == Status.SUSPENDED
    approver.post(url(title, "reinstate"), {"cured": "filtered"})
    title.refresh_from_db()
    assert title.status == Status.CURRENT
    assert [entry.verb for entry in history(title)] == ["issue", "propose", "suspend", "reinstate"]


def test_administrators_read_the_register_but_move_nothing(cast, browse):
    title = cast.granted()
    browser = browse(cast.administrator)
    assert browser.get(url(title, "change")).context["shown"] == []
    assert browser.post(url(title, "suspend"), {"reasons": "x"}).status_code == 403
    title.refresh_from_db()
    assert title.status == Status.CURRENT


def test_the_form_of_a_correction_takes_what_the_address_suggests(cast, auditor):
    case = cast.examined()
    page = text_of(auditor.get(url(case, "correct") + "?code=E1&field=value&before=40"))
    assert 'value="E1"' in page
    assert 'value="40"' in page
