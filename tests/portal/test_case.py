"""An application from the pre-check to the answer of a return, as its applicant meets it."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.application import actions as applying
from certification.assessment.actions import check
from certification.models import Application, Citation
from certification.verbs import perform
from greenchain.audit.models import AuditEntry
from greenchain.clock import today
from suppliers.models import Evidence, SiteYear
from suppliers.record.actions import enter
from tests.cast import FORM, YEAR, Cast
from tests.factories_suppliers import ComplianceRecordFactory, EvidenceFactory
from tests.papers import pdf
from tests.portal.conftest import As

HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(cast: Cast, signed_in: As) -> Client:
    return signed_in(cast.owner)


def _choice(cast: Cast, level: int = 1, code: str = "quick") -> dict[str, str]:
    return {"subject": f"site:{cast.site.pk}", "call": f"{cast.round(code).pk}:{level}"}


def _page(browser: Client, case: Application) -> str:
    return browser.get(reverse("application", args=[case.pk])).content.decode()


def test_the_precheck_comes_before_any_typing(cast: Cast, browser: Client) -> None:
    address = reverse("application-new")
    cast.round()
    assert "Check" in browser.get(address, {"site": cast.site.pk}).content.decode()
    text = browser.get(address, _choice(cast)).content.decode()
    assert "Nothing on record bars this application" in text
    assert not Application.objects.exists()


def test_the_precheck_tells_what_bars(cast: Cast, browser: Client) -> None:
    address = reverse("application-new")
    text = browser.get(address, _choice(cast, level=2)).content.decode()
    assert "Something stands in the way" in text
    assert "requires a title in force at municipal level" in text
    possible = enter(
        cast.enterprise,
        by=cast.auditor_3306,
        kind="dishonest_debtor",
        title="A name on the list",
        source="China Enforcement",
        happened_on=today() - dt.timedelta(days=30),
        match="possible",
    )
    text = browser.get(address, _choice(cast)).content.decode()
    assert "A person will have to look" in text
    assert possible.title in text
    ComplianceRecordFactory.create(
        enterprise=cast.enterprise, title="A spill", happened_on=today() - dt.timedelta(days=9)
    )
    text = browser.get(address, _choice(cast)).content.decode()
    assert "It bars the application while it stands" in text


def test_start_once(cast: Cast, browser: Client) -> None:
    address = reverse("application-new")
    first = browser.post(address, _choice(cast))
    case = Application.objects.get()
    assert first["Location"] == reverse("application", args=[case.pk])
    second = browser.post(address, _choice(cast))
    assert (second.status_code, Application.objects.count()) == (409, 1)
    assert "There is an open application" in second.content.decode()
    assert browser.post(address, {"subject": "site:0", "call": "1:1"}).status_code == 422


def test_others_sites_cannot_be_chosen(cast: Cast, signed_in: As) -> None:
    answer = signed_in(cast.stranger).post(reverse("application-new"), _choice(cast))
    assert (answer.status_code, Application.objects.exists()) == (422, False)


def test_a_field_is_kept_as_it_is_left(cast: Cast, browser: Client) -> None:
    case = applying.start(cast.round(), level=1, subject=cast.site, by=cast.owner)
    address = reverse("application-form", args=[case.pk])
    text = browser.post(
        address,
        {"only": "process_summary", "process_summary": "Dyeing", "was_process_summary": ""},
        headers=HTMX,
    ).content.decode()
    assert "kept" in text
    assert 'id="missing"' in text
    assert 'id="moves"' in text
    case.refresh_from_db()
    assert case.form["process_summary"] == "Dyeing"
    wrong = browser.post(address, {"only": "contact_email", "contact_email": "no"}, headers=HTMX)
    assert "valid email" in wrong.content.decode()
    for key, value in FORM.items():
        browser.post(address, {"only": key, key: value, f"was_{key}": case.form.get(key, "")}, headers=HTMX)
    assert "The application can be submitted" in _page(browser, case)


def test_the_form_is_saved_without_scripts(cast: Cast, browser: Client) -> None:
    case = applying.start(cast.round(), level=1, subject=cast.site, by=cast.owner)
    address = reverse("application-form", args=[case.pk])
    too_long = browser.post(address, {**FORM, "process_summary": "x" * 201})
    assert too_long.status_code == 422
    assert "x" * 201 in too_long.content.decode()
    assert browser.post(address, FORM).status_code == 302
    case.refresh_from_db()
    assert case.form == {**case.form, **FORM}


def test_two_people_at_one_field(cast: Cast, browser: Client, signed_in: As) -> None:
    case = cast.draft()
    address = reverse("application-form", args=[case.pk])
    was = {"was_green_summary": FORM["green_summary"]}
    editor = signed_in(cast.editor)
    editor.post(address, {"only": "green_summary", "green_summary": "Theirs", **was}, headers=HTMX)
    late = browser.post(address, {"only": "green_summary", "green_summary": "Mine", **was}, headers=HTMX)
    assert "Somebody changed this meanwhile to: “Theirs”" in late.content.decode()
    case.refresh_from_db()
    assert case.form["green_summary"] == "Theirs"
    now = {"was_green_summary": "Theirs"}
    browser.post(address, {"only": "green_summary", "green_summary": "Mine", **now}, headers=HTMX)
    case.refresh_from_db()
    assert case.form["green_summary"] == "Mine"
    full = browser.post(address, {**FORM, **was})
    assert full.status_code == 409


def _figures(browser: Client, case: Application) -> dict[str, Any]:
    """What the page would send without a change."""
    context: Any = browser.get(reverse("application", args=[case.pk])).context
    page = context["page"]
    forms = [*page.figures, *page.claims]
    sent = {field.name: field.value() for field in forms if field.value() not in {None, False, ""}}
    return {**sent, "seen": page.seen}


def test_the_score_follows_the_typing_and_nothing_is_stored(cast: Cast, browser: Client) -> None:
    case = cast.draft()
    sent, entries = _figures(browser, case), AuditEntry.objects.count()
    address = reverse("application-live", args=[case.pk])
    first = browser.post(address, sent, headers=HTMX)
    worse = browser.post(address, {**sent, "energy_tce": "9000"}, headers=HTMX)
    assert (first.status_code, worse.status_code) == (200, 200)
    context: Any = first.context
    other: Any = worse.context
    assert other["page"].score.low < context["page"].score.low
    assert 'id="value-E1" hx-swap-oob="true"' in worse.content.decode()
    claimed = browser.post(address, {**sent, "claim_P1": "none"}, headers=HTMX).context
    assert claimed is not None
    assert claimed["page"].score.result("P1").points == 0
    faulty = browser.post(address, {**sent, "energy_tce": "lots"}, headers=HTMX)
    assert "is not a number." in faulty.content.decode()
    assert AuditEntry.objects.count() == entries
    case.refresh_from_db()
    assert case.claims == {}


def test_figures_and_claims_are_saved_together(cast: Cast, browser: Client) -> None:
    case = cast.draft()
    address = reverse("application-figures", args=[case.pk])
    sent = {**_figures(browser, case), "energy_tce": "1234.5", "claim_R1": "none"}
    assert browser.post(address, sent).status_code == 302
    case.refresh_from_db()
    assert case.claims["R1"]["claim"] == "none"
    assert SiteYear.objects.get(site=case.site, year=YEAR).values["energy_tce"] == "1234.5"
    late = browser.post(address, sent)
    assert late.status_code == 409
    assert "Somebody changed figures or self-scores meanwhile" in late.content.decode()
    assert browser.post(address, {**_figures(browser, case), "energy_tce": "-1"}).status_code == 422
    unexplained = browser.post(address, {**_figures(browser, case), "na_P3": "on"})
    assert (unexplained.status_code, "Say why it does not apply" in unexplained.content.decode()) == (
        422,
        True,
    )


def test_a_second_tab_is_told(cast: Cast, browser: Client) -> None:
    case = cast.draft()
    sent = _figures(browser, case)
    address = reverse("application-figures", args=[case.pk])
    assert browser.post(address, {**sent, "energy_tce": "1000"}).status_code == 302
    late = browser.post(address, {**sent, "energy_tce": "3000"})
    assert (late.status_code, 'value="3000"' in late.content.decode()) == (409, True)
    assert SiteYear.objects.get(site=case.site, year=YEAR).values["energy_tce"] == "1000"
    context: Any = late.context
    again = {**sent, "energy_tce": "3000", "seen": context["page"].seen}
    assert browser.post(address, again).status_code == 302


def test_cite_from_the_vault_and_bring_a_file(cast: Cast, browser: Client) -> None:
    case = cast.draft()
    address = reverse("application-cite", args=[case.pk, "E1"])
    before = case.citations.filter(requirement="E1").count()
    spare = EvidenceFactory.create(enterprise=cast.enterprise, kind="other", title="A spare file")
    assert "A spare file" in browser.get(address).content.decode()
    chosen = browser.post(address, {"cite": "1", "evidence": [spare.pk]})
    assert chosen["Location"].endswith("#E1")
    assert browser.post(address, {"cite": "1"}).status_code == 422
    upload = {
        "upload": "1",
        "kind": "energy_user_report",
        "period_from": f"{YEAR}-01-01",
        "period_to": f"{YEAR}-12-31",
        "file": SimpleUploadedFile("report.pdf", pdf("fresh")),
    }
    assert browser.post(address, upload).status_code == 302
    assert case.citations.filter(requirement="E1").count() == before + 2
    hostile = {**upload, "file": SimpleUploadedFile("x.pdf", b"<script>")}
    assert browser.post(address, hostile).status_code == 422
    citation = Citation.objects.get(application=case, requirement="E1", evidence=spare)
    browser.post(reverse("uncite", args=[citation.pk]))
    assert case.citations.filter(requirement="E1").count() == before + 1
    assert Evidence.objects.filter(pk=spare.pk).exists()
    assert browser.get(reverse("application-cite", args=[case.pk, "Z9"])).status_code == 404


def test_submit_with_the_commitment_then_wait(cast: Cast, browser: Client) -> None:
    case = cast.draft()
    address = reverse("application-verb", args=[case.pk, "submit"])
    assert "We declare that this application" in browser.get(address).content.decode()
    unsigned = browser.post(address, {"signed_by": "Li Lei"})
    assert (unsigned.status_code, 'value="Li Lei"' in unsigned.content.decode()) == (422, True)
    given = {"commitment": "on", "signed_by": "Li Lei"}
    assert browser.post(address, given)["Location"] == reverse("application", args=[case.pk])
    twice = browser.post(address, given, follow=True)
    assert "has been done already" in twice.content.decode()
    assert case.dossiers.count() == 1
    text = _page(browser, case)
    assert 'hx-trigger="every 1s"' in text
    assert '<noscript><meta http-equiv="refresh"' in text
    state = reverse("application-state", args=[case.pk])
    assert "HX-Refresh" not in browser.get(state)
    check(case, worker="worker-7")
    assert browser.get(state)["HX-Refresh"] == "true"
    assert "checked by worker worker-7" in _page(browser, case)


def test_what_is_missing_keeps_the_draft(cast: Cast, browser: Client) -> None:
    case = applying.start(cast.round(), level=1, subject=cast.site, by=cast.owner)
    Citation.objects.filter(application=case, requirement="gate.plan_and_targets").delete()
    text = _page(browser, case)
    assert 'href="#form-ownership"' in text
    assert 'href="#gate.plan_and_targets"' in text
    address = reverse("application-verb", args=[case.pk, "submit"])
    assert "Not possible now" in browser.get(address).content.decode()
    refused = browser.post(address, {"commitment": "on", "signed_by": "Li Lei"})
    assert (refused.status_code, "Still missing" in refused.content.decode()) == (409, True)
    case.refresh_from_db()
    assert case.status == "draft"


def test_a_return_is_answered(cast: Cast, browser: Client) -> None:
    case = cast.examined()
    due = today() + dt.timedelta(days=9)
    data = {"codes": ["figure_unproven"], "note": "See form 205-1.", "named": ["figures"], "due_on": due}
    perform(case, "send_back", by=cast.auditor_3306, data=data)
    text = _page(browser, case)
    for words in (
        "Answer by",
        "a figure does not follow from its evidence",
        "See form 205-1.",
        "Only this may change",
    ):
        assert words in text
    sent = {**_figures(browser, case), "energy_tce": "1800"}
    browser.post(reverse("application-figures", args=[case.pk]), sent)
    text = _page(browser, case)
    assert "Changed since the submission" in text
    assert "Total energy consumption" in text
    applying.fill_in(case, by=cast.owner, form={"green_summary": "Also this"})
    address = reverse("application-verb", args=[case.pk, "submit"])
    refused = browser.post(address, {"commitment": "on", "signed_by": "Li Lei"})
    assert "Only what was asked for may change" in refused.content.decode()
    applying.fill_in(case, by=cast.owner, form={"green_summary": FORM["green_summary"]})
    assert browser.post(address, {"commitment": "on", "signed_by": "Li Lei"}).status_code == 302
    check(case, worker="test")
    assert "Changed between the last two submissions" in _page(browser, case)


def test_the_record_tells_no_internal_note(cast: Cast, browser: Client) -> None:
    case = cast.draft()
    cast.submitted(case)
    check(case, worker="test")
    perform(case, "endorse", by=cast.auditor_3306, data={"opinion": "Between us: weak but passable."})
    perform(case, "select", by=cast.approver_3306, data={})
    perform(case, "refuse", by=cast.approver_3306, data={"reasons": "The quota is used up."})
    text = _page(browser, case)
    assert "Between us" not in text
    assert "auditor_3306" not in text
    assert "The quota is used up." in text
    assert "You may appeal" in browser.get(reverse("work")).content.decode()
    address = reverse("application-verb", args=[case.pk, "appeal"])
    assert browser.post(address, {"reasons": "It is not."}).status_code == 302
    again = browser.get(address)
    assert "There has been an appeal" in again.content.decode()


def test_no_such_move(cast: Cast, browser: Client) -> None:
    case = cast.draft()
    assert browser.get(reverse("application-verb", args=[case.pk, "steal"])).status_code == 404
    assert browser.get(reverse("application-verb", args=[case.pk, "grant"])).status_code == 403
    gone = browser.get(reverse("application-verb", args=[case.pk, "appeal"]), follow=True)
    assert "cannot be done while" in gone.content.decode()


def test_withdraw_a_draft(cast: Cast, browser: Client) -> None:
    case = cast.draft()
    assert browser.post(reverse("application-verb", args=[case.pk, "withdraw"]), {}).status_code == 302
    case.refresh_from_db()
    assert case.status == "withdrawn"
    assert "withdrawn" in browser.get(reverse("application-list"), {"status": "withdrawn"}).content.decode()


def test_the_owner_chooses_the_evaluator_where_the_round_lets_them(cast: Cast, browser: Client) -> None:
    call = cast.round("optional", evaluation="required")
    case = cast.examined(cast.draft(round_=call))
    address = reverse("application-verb", args=[case.pk, "assign"])
    assert address in _page(browser, case)
    assert browser.post(address, {"user": cast.evaluator.pk}).status_code == 302
    assert case.seats.current().get().user == cast.evaluator
    quick = cast.examined(cast.draft(cast.another_site()))
    assert reverse("application-verb", args=[quick.pk, "assign"]) not in _page(browser, quick)


def test_a_part_of_a_page_is_never_a_whole_page(cast: Cast, browser: Client, client: Client) -> None:
    """Signed out or too late: htmx loads the page anew instead of putting another page into this one."""
    case = cast.draft()
    address = reverse("application-form", args=[case.pk])
    assert client.post(address, {"only": "ownership"}, headers=HTMX)["HX-Refresh"] == "true"
    cast.submitted(case)
    late = browser.post(address, {"only": "ownership", "ownership": "private"}, headers=HTMX)
    assert (late.status_code, late["HX-Refresh"], late.content) == (200, "true", b"")


def test_what_the_vault_holds_is_suggested_and_cited_in_one_go(cast: Cast, browser: Client) -> None:
    draft = cast.draft()
    assert "Ready in your vault" not in _page(browser, draft)
    draft.citations.filter(requirement__in=["E1", "gate.plan_and_targets"]).delete()
    vault = EvidenceFactory.create
    vault(enterprise=cast.enterprise, kind="form_b204_1", condition="encrypted")
    vault(enterprise=cast.enterprise, kind="form_b204_1", expires_on=dt.date(2026, 1, 1))
    vault(enterprise=cast.enterprise, kind="form_b204_1", site=cast.another_site())
    text = _page(browser, draft)
    assert "Ready in your vault" in text
    address = reverse("application-cite-fitting", args=[draft.pk])
    entries = AuditEntry.objects.count()
    answer = browser.post(address, {"requirement": "E1"})
    assert answer["Location"].endswith("#E1")
    assert set(draft.citations.values_list("evidence__kind", flat=True).filter(requirement="E1")) > {
        "form_b204_1"
    }
    browser.post(address)
    assert draft.citations.filter(requirement="gate.plan_and_targets").count() == 3
    assert AuditEntry.objects.count() == entries + 2
    assert "Ready in your vault" not in _page(browser, draft)
    again = browser.post(
        address, follow=True, headers={"referer": "http://testserver/evidence/"}
    ).content.decode()
    assert "Nothing in the vault fits" in again
    by_hand = browser.get(address)
    assert by_hand.status_code == 405
    assert f'href="/applications/{draft.pk}/"' in by_hand.content.decode()


def test_suggestions_cost_one_query_whatever_they_are(cast: Cast, browser: Client) -> None:
    draft = cast.draft()
    _page(browser, draft)
    with CaptureQueriesContext(connection) as few:
        _page(browser, draft)
    draft.citations.exclude(requirement__contains=".").delete()  # gates keep theirs: it stays complete
    with CaptureQueriesContext(connection) as many:
        _page(browser, draft)
    assert len(few) == len(many)
