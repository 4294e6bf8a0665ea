import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.assessment.actions import recheck
from certification.models import Assessment
from certification.verbs import perform
from greenchain.audit.trail import history
from greenchain.clock import today
from suppliers.models import Level
from suppliers.record.actions import enter
from suppliers.reporting.actions import report
from tests.admin.conftest import text_of
from tests.cast import YEAR
from tests.good_figures import VALUES


def page_of(case):
    return f"/admin/certification/application/{case.pk}/change/"


def later(days=14):
    return (today() + dt.timedelta(days=days)).isoformat()


def doubt(cast, site=None):
    """A possible veto hit about the site."""
    fact = {"kind": "dishonest_debtor", "title": "Listed", "source": "list", "happened_on": today()}
    return enter(cast.enterprise, site=site or cast.site, by=cast.auditor_3306, match="possible", **fact)


def test_one_page_tells_who_has_the_case_what_it_scored_and_why(cast, auditor):
    case = cast.examined()
    page = text_of(auditor.get(page_of(case)))
    assert "Run 1," in page
    assert "checked by worker test" in page
    assert "10 working days left" in page
    assert "“Total energy consumption” × 1000 ÷ “Gross output”" in page
    assert "25 passed" in page
    for indicator in case.scheme_version.definition.indicators:
        assert f"<strong>{indicator.code}</strong>" in page
    proof = case.citations.first().evidence
    assert f"/evidence/{proof.pk}/file" in page


def test_the_moves_stand_on_the_title_line_and_the_others_say_why_not(cast, auditor, approver):
    doubt(cast)
    case = cast.examined()
    response = auditor.get(page_of(case))
    assert [str(button.label) for button in response.context["shown"]] == ["Correct", "Send back", "Assign"]
    closed = {str(button.label): button.why for button in response.context["more"] if not button.allowed}
    assert "Possible match: Listed" in closed["Endorse"]
    assert "Findings block this case" in text_of(response)
    assert [str(button.label) for button in approver.get(page_of(case)).context["shown"]] == ["Waive"]


def test_findings_are_grouped_by_how_grave_they_are_and_a_doubt_can_be_ruled_on(cast, auditor):
    doubt(cast)
    case = cast.examined()
    response = auditor.get(page_of(case))
    checks = response.context["checks"]
    assert checks.blocking == 1
    assert [row.finding.check_key for row in checks.grave] == [
        "veto.dishonest_debtor",
        "evidence.number_twice",
        "data.outlier",
    ]
    assert checks.grave[0].correct == "code=veto.dishonest_debtor&field=veto&before=possible"
    form = auditor.get(f"/admin/certification/application/{case.pk}/correct/?{checks.grave[0].correct}")
    assert 'value="veto.dishonest_debtor"' in text_of(form)


def test_a_waived_finding_is_shown_as_waived(cast, auditor):
    doubt(cast)
    case = cast.examined()
    inputs = {
        "check_key": "veto.dishonest_debtor",
        "requested_by": cast.auditor_3306.pk,
        "reasons": "settled",
    }
    perform(case, "waive", by=cast.approver_3306, data={**inputs, "until_on": later()})
    response = auditor.get(page_of(case))
    assert response.context["checks"].blocking == 0
    assert "waived until" in text_of(response)
    assert "settled" in text_of(response)


def test_a_run_that_is_out_of_date_says_so_and_can_be_repeated(cast, auditor):
    case = cast.examined()
    doubt(cast)
    response = auditor.get(page_of(case))
    assert response.context["page"].stale
    assert "Something changed since this run" in text_of(response)
    answer = auditor.post(f"/admin/certification/application/{case.pk}/recheck/", follow=True)
    assert "The checks ran again: run 2." in text_of(answer)
    assert not answer.context["page"].stale
    assert history(case).last().verb == "recheck"
    assert history(case).last().actor == cast.auditor_3306
    assert "Earlier runs of the checks" in text_of(answer)


def test_a_submitted_case_waits_for_its_worker(cast, browse):
    case = cast.submitted()
    auditor = browse(cast.auditor_3306)
    assert "The checks have not run yet." in text_of(auditor.get(page_of(case)))
    auditor.post(f"/admin/certification/application/{case.pk}/recheck/")
    assert not Assessment.objects.filter(application=case).exists()


def test_only_auditors_and_approvers_have_checks_repeated_and_only_by_post(cast, browse):
    case = cast.examined()
    url = f"/admin/certification/application/{case.pk}/recheck/"
    assert browse(cast.reviewer_3306).post(url).status_code == 403
    assert browse(cast.auditor_3306).get(url).status_code == 405
    assert browse(cast.auditor_44).post(url).status_code == 404
    assert case.assessments.count() == 1


def test_the_stepper_follows_the_case(cast, browse):
    cast.granted()
    case = cast.examined(cast.draft(level=Level.PROVINCIAL))
    auditor = browse(cast.auditor_3306)

    def states():
        return {step.name: step.state for step in auditor.get(page_of(case)).context["steps"]}

    assert states() == {
        "Submitted": "done",
        "Checked": "done",
        "Shaoxing": "now",
        "Zhejiang": "todo",
        "Selection": "todo",
        "Decision": "todo",
    }
    perform(case, "endorse", by=cast.auditor_3306, data={"opinion": "in order"})
    assert states()["Shaoxing"] == "done"
    assert states()["Zhejiang"] == "now"
    perform(case, "send_back", by=cast.auditor_33, data={"codes": ["clarify"], "due_on": later()})
    assert states()["Submitted"] == "back"
    assert states()["Checked"] == "done"
    perform(case, "withdraw", by=cast.owner, data={"reasons": "closed"})
    assert states()["Submitted"] == "stopped"


def test_a_granted_case_is_done_and_leads_to_its_title(cast, browse):
    title = cast.granted()
    case = title.decision.application
    response = browse(cast.approver_3306).get(page_of(case))
    assert {step.state for step in response.context["steps"]} == {"done"}
    assert title.number in text_of(response)


def test_what_changed_since_the_last_submission_and_why_it_was_sent_back(cast, auditor):
    case = cast.examined()
    inputs = {"codes": ["figure_implausible"], "note": "Compare the meter.", "due_on": later()}
    perform(case, "send_back", by=cast.auditor_3306, data=inputs)
    report(cast.site, YEAR, by=cast.owner, values={**VALUES, "energy_tce": "2100"})
    cast.examined(case)
    response = auditor.get(page_of(case))
    page = text_of(response)
    assert "a figure is implausible" in page
    assert "Compare the meter." in page
    folds = {fold.key: fold for fold in response.context["folds"]}
    changed = folds["differences"].rows
    assert [(row.before, row.after) for row in changed if "Total energy" in row.name] == [("2000", "2100")]


def test_corrections_are_told_from_a_to_b_because(cast, auditor):
    case = cast.examined()
    inputs = {"code": "E1", "field": "value", "before": "40", "after": "45", "reasons": "The meter says so."}
    perform(case, "correct", by=cast.auditor_3306, data=inputs)
    page = text_of(auditor.get(page_of(case)))
    assert "changed from 40 to 45 because" in page
    assert "The meter says so." in page
    assert "corrected in examination; before, it was" in page


def test_a_claim_can_be_judged_from_its_row(cast, auditor):
    case = cast.examined()
    blocks = auditor.get(page_of(case)).context["scored"].blocks
    rows = {row.indicator.code: row for block in blocks for row in block.rows}
    assert rows["R1"].is_awaiting
    assert rows["R1"].claimed == 2
    assert rows["R1"].correct == "code=R1&field=judgement&before=half&after=half"
    assert rows["E1"].correct.startswith("code=E1&field=value&before=")


def test_objections_panel_and_appeal_stand_in_the_file(cast, browse):
    call = cast.round("panel", panel=True, notice_days=15)
    case = cast.endorsed_up(cast.examined(cast.draft(round_=call)))
    for expert, points in ((cast.expert_a, "80"), (cast.expert_b, "82")):
        perform(case, "assign", by=cast.auditor_3306, data={"user": expert.pk})
        score = {"points": points, "reasons": "sound", "declared": "I am independent."}
        perform(case, "score", by=expert, data=score)
    perform(case, "conclude", by=cast.auditor_3306_b, data={})
    perform(case, "select", by=cast.approver_3306, data={})
    cast.contested(case)
    response = browse(cast.approver_3306_b).get(page_of(case))
    page = text_of(response)
    assert "The river smells." in page
    assert "Panel scores" in page
    verbs = {button.url.rstrip("/").rpartition("/")[2] for button in response.context["shown"]}
    assert {"dismiss", "uphold"} <= verbs
    assert "/contest/" not in page


def test_the_record_stands_below_with_digests(cast, auditor):
    case = cast.examined()
    page = text_of(auditor.get(page_of(case)))
    assert history(case).last().digest[:12] in page
    assert "submitted → examination" in page


def test_the_case_file_takes_no_more_queries_for_more_evidence_and_more_runs(cast, auditor):
    small, large = cast.examined(), cast.examined(cast.draft(cast.another_site()))
    small.citations.all()
    with CaptureQueriesContext(connection) as few:
        auditor.get(page_of(small))
    for _run in range(3):
        recheck(large, trigger="test")
    with CaptureQueriesContext(connection) as many:
        auditor.get(page_of(large))
    assert len(few) <= 30
    assert len(many) == len(few) + 1  # the earlier runs' own table


def test_the_page_speaks_every_language(cast, auditor):
    case = cast.examined()
    heads = set()
    for language in ("en", "zh-hans", "id"):
        auditor.cookies["django_language"] = language
        response = auditor.get(page_of(case))
        assert language == response.wsgi_request.LANGUAGE_CODE
        heads.add(response.context["steps"][0].name)
    assert {"Submitted", "已提交"} <= heads


def test_the_rule_of_a_check_is_named_in_the_readers_language(cast, auditor):
    case = cast.examined()
    assert case.assessments.latest("number").findings.filter(clause="13/2024 art. 15 (6)").exists()
    for language, said in (
        ("zh-hans", "工信部节〔2024〕13号第十五条第（六）项"),
        ("id", "pasal 15 butir (6)"),
    ):
        auditor.cookies["django_language"] = language
        assert said in auditor.get(page_of(case)).content.decode()


def test_the_page_needs_no_inline_style_or_script(cast, auditor):
    case = cast.examined()
    for path in (page_of(case), "/admin/certification/application/", "/admin/"):
        page = text_of(auditor.get(path))
        assert ' style="' not in page
        assert "<style" not in page
        assert "<script>" not in page
