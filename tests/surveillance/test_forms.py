"""The annual form, the city's opinion, the ladder's proposals, accidents: who may, what is refused, what is frozen."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from certification import tasks
from certification.designation.actions import reinstate, revoke, suspend
from certification.models import (
    Designation,
    Filing,
    Hold,
    Listing,
    Obligation,
    Proposal,
    Scheme,
    SchemeVersion,
)
from certification.surveillance.accidents import confirm_hold
from certification.surveillance.actions import drop, reply
from certification.surveillance.duties import owe_rebenchmarks
from certification.surveillance.filing import file_form, give_opinion, give_opinions, keep_form, rebenchmark
from certification.surveillance.ladder import rung_of
from certification.surveillance.paper import paper_of
from certification.surveillance.ranking import places
from certification.verbs import perform
from greenchain.audit.trail import history
from greenchain.clock import stopped_at, today
from greenchain.refusals import NotYours, Refused
from suppliers.record.actions import confirm, enter
from suppliers.reporting.actions import report
from tests.cast import YEAR, Cast
from tests.good_figures import VALUES

DAY = dt.timedelta(days=1)
SHARES = {"green_product_share": "80", "rd_share": "3"}


@pytest.fixture
def form(cast: Cast) -> Obligation:
    """The form of last year, whose figures are reported."""
    title = cast.granted()
    row = Obligation.objects.get(designation=title)
    row.year, row.due_on = YEAR, today() + 20 * DAY
    row.save()
    return row


def filed(cast: Cast, form: Obligation) -> Filing:
    keep_form(form, by=cast.owner, figures=SHARES)
    file_form(form, by=cast.owner)
    return form.filings.latest("number")


def noon(day: dt.date) -> Any:
    return stopped_at(dt.datetime(day.year, day.month, day.day, 4, tzinfo=dt.UTC))


def test_figures_come_from_the_report_and_swings_are_explained(cast: Cast, form: Obligation) -> None:
    report(cast.site, YEAR - 1, by=cast.owner, values={**VALUES, "energy_tce": "1000"})
    lines = {line.figure.key: line for line in paper_of(form).lines}
    assert lines["energy_tce"].is_fixed
    assert lines["energy_tce"].before == 1000
    assert lines["energy_tce"].swing == 100
    assert lines["solid_waste_share"].value == 100
    assert lines["rd_share"].lacks
    keep_form(form, by=cast.owner, figures=SHARES)
    with pytest.raises(Refused, match="Total energy") as no:
        file_form(form, by=cast.owner)
    assert no.value.code == "unexplained"
    keep_form(
        form, by=cast.owner, explanations={"energy_tce": "A second line."}, changes={"address": "New gate."}
    )
    file_form(form, by=cast.owner)
    frozen = form.filings.get()
    assert frozen.content["figures"]["energy_tce"] == "2000"
    assert frozen.content["explanations"] == {"energy_tce": "A second line."}
    assert frozen.content["changes"] == {"address": "New gate."}
    assert not frozen.late
    report(cast.site, YEAR, by=cast.owner, values={"energy_tce": "2100"})
    assert Filing.objects.get().content["figures"]["energy_tce"] == "2000"
    with pytest.raises(Refused):
        file_form(form, by=cast.owner)
    with pytest.raises(Refused):
        keep_form(form, by=cast.owner, figures={"rd_share": "4"})


def test_last_years_filing_stands_beside(cast: Cast, form: Obligation) -> None:
    filed(cast, form)
    report(cast.site, YEAR + 1, by=cast.owner, values=VALUES)
    after = Obligation.objects.create(designation=form.designation, year=YEAR + 1, due_on=form.due_on)
    lines = {line.figure.key: line for line in paper_of(after).lines}
    assert lines["rd_share"].value == 3
    assert lines["rd_share"].source == "before"
    assert lines["rd_share"].lacks  # a proposal is not a statement


@pytest.mark.parametrize("wrong", ["many", "-1", "101", "1e40", "NaN"])
def test_a_wrong_figure_is_refused_and_nothing_else_is_lost(cast: Cast, form: Obligation, wrong: str) -> None:
    keep_form(form, by=cast.owner, figures={"green_product_share": "80"})
    with pytest.raises(Refused) as no:
        keep_form(form, by=cast.owner, figures={"rd_share": wrong})
    assert no.value.field == "rd_share"
    with pytest.raises(Refused):
        keep_form(form, by=cast.owner, figures={"nonsense": "1"})
    form.refresh_from_db()
    assert form.draft.figures == {"green_product_share": "80"}


def test_who_may_fill_in_file_and_judge(cast: Cast, form: Obligation) -> None:
    for person in (cast.viewer, cast.stranger, cast.auditor_3306, cast.evaluator, cast.administrator):
        with pytest.raises(NotYours):
            keep_form(form, by=person, figures=SHARES)
        with pytest.raises(NotYours):
            file_form(form, by=person)
    keep_form(form, by=cast.editor, figures=SHARES)
    file_form(form, by=cast.editor)
    filing = form.filings.get()
    for person in (cast.owner, cast.approver_3306, cast.auditor_33, cast.auditor_44, cast.auditor_CN):
        with pytest.raises(NotYours):
            give_opinion(filing, by=person, outcome="accepted")
    seen = Obligation.objects.visible_to
    assert seen(cast.viewer).exists()
    assert seen(cast.auditor_33).exists()
    assert not seen(cast.stranger).exists()
    assert not seen(cast.auditor_44).exists()


def test_a_question_opens_the_form_again(cast: Cast, form: Obligation) -> None:
    filing = filed(cast, form)
    with pytest.raises(Refused, match="reasons"):
        give_opinion(filing, by=cast.auditor_3306, outcome="queried")
    give_opinion(filing, by=cast.auditor_3306, outcome="queried", text="Which products?")
    form.refresh_from_db()
    assert form.filed_at is None
    with pytest.raises(Refused):
        give_opinion(filing, by=cast.auditor_3306, outcome="accepted")
    file_form(form, by=cast.owner)
    with pytest.raises(Refused, match="anew"):
        give_opinion(filing, by=cast.auditor_3306, outcome="accepted")
    again = form.filings.latest("number")
    assert again.number == 2
    give_opinion(again, by=cast.auditor_3306, outcome="on_site", text="We come by.")
    give_opinion(again, by=cast.auditor_3306_b, outcome="accepted", text="Seen.")
    assert again.opinion.text == "Seen."


def test_opinions_in_bulk_are_given_to_all_or_none(cast: Cast, form: Obligation) -> None:
    first = filed(cast, form)
    title = cast.granted(cast.draft(cast.another_site()))
    other = Obligation.objects.get(designation=title)
    Obligation.objects.filter(pk=other.pk).update(year=YEAR)
    second = filed(cast, Obligation.objects.get(pk=other.pk))
    give_opinion(first, by=cast.auditor_3306, outcome="accepted")
    with pytest.raises(Refused):
        give_opinions([second, first], by=cast.auditor_3306, outcome="accepted")
    assert second.opinion is None
    assert give_opinions([second], by=cast.auditor_3306, outcome="accepted") == 1


def test_a_late_form_is_marked_and_drops_the_proposal(cast: Cast, form: Obligation) -> None:
    title = form.designation
    with noon(form.due_on + 16 * DAY):
        tasks.watch()
        tasks.watch()
        proposal = Proposal.objects.get(designation=title)
        assert (proposal.measure, proposal.ground) == ("suspend", "form")
        with pytest.raises(Refused, match="being heard"):
            suspend(title, by=cast.approver_3306, reasons="late", until_on=today() + 30 * DAY)
        with pytest.raises(NotYours):
            reply(proposal, by=cast.stranger, text="It was the post.")
        assert filed(cast, form).late
        proposal.refresh_from_db()
        assert proposal.outcome == "dropped"
        with pytest.raises(Refused):
            drop(proposal, by=cast.approver_3306, reasons="twice")
        tasks.watch()
        assert Proposal.objects.filter(designation=title).count() == 1


def test_a_suspension_is_heard_and_a_removal_needs_its_own_hearing(cast: Cast, form: Obligation) -> None:
    title = form.designation
    with noon(form.due_on + 16 * DAY):
        tasks.watch()
        reply(Proposal.objects.get(), by=cast.owner, text="We were moving.")
        suspend(title, by=cast.approver_3306, reasons="late", until_on=today() + 30 * DAY)
        assert Proposal.objects.get().outcome == "carried"
        with pytest.raises(Refused, match="heard first"):
            revoke(title, by=cast.approver_3306, cause="fault", reasons="late")


def test_only_the_keeper_drops_a_proposal(cast: Cast) -> None:
    title = cast.granted()
    data = {"cause": "fault", "reasons": "Seen.", "reply_by": today() + 9 * DAY, "measure": "suspend"}
    proposal = perform(title, "propose", by=cast.auditor_3306, data=data)
    for person in (cast.auditor_3306, cast.approver_33, cast.owner):
        with pytest.raises(NotYours):
            drop(proposal, by=person, reasons="no")
    with pytest.raises(Refused, match="reasons"):
        drop(proposal, by=cast.approver_3306, reasons=" ")
    drop(proposal, by=cast.approver_3306, reasons="It was another site.")
    with pytest.raises(Refused):
        reply(proposal, by=cast.owner, text="Thanks.")


@pytest.mark.parametrize(
    ("left", "rung"), [(31, None), (30, 30), (8, 30), (7, 7), (0, 0), (-1, -1), (-9, -1), (-99, -10)]
)
def test_the_rungs(left: int, rung: int | None) -> None:
    assert rung_of(left) == rung


def test_a_clock_that_stood_still_tells_the_lowest_rung_alone(form: Obligation) -> None:
    with noon(form.due_on - 5 * DAY):
        tasks.watch()
        tasks.watch()
    told = [entry.data["days"] for entry in history(form.designation) if entry.verb == "remind_duty"]
    assert told == [5]
    with noon(form.due_on - 4 * DAY):
        tasks.watch()
    assert sum(entry.verb == "remind_duty" for entry in history(form.designation)) == 1


def test_places_favour_the_holder() -> None:
    ranks, first = places([Decimal(one) for one in range(40, 0, -1)])
    assert [rank for rank in ranks if rank >= first] == [39, 40]
    tied = [*range(40, 3, -1), 2, 2, 2]  # the last two places tie with the one above them
    ranks, first = places([Decimal(one) for one in tied])
    assert [rank for rank in ranks if rank >= first] == []
    assert places([Decimal(1)] * 19)[1] == 20  # fewer than twenty have no lowest


def accident(cast: Cast, **changes: Any) -> Any:
    facts = {
        "kind": "accident_or_violation",
        "title": "Explosion",
        "source": "Emergency office",
        "happened_on": today(),
        "severity": "major",
        "match": "confirmed",
        **changes,
    }
    return enter(cast.enterprise, by=cast.auditor_3306, **facts)


def test_a_serious_accident_suspends_at_once(cast: Cast) -> None:
    title = cast.granted()
    accident(cast, severity="larger")
    accident(cast, severity="")
    possible = accident(cast, match="possible")
    title.refresh_from_db()
    assert title.status == "current"
    confirm(possible, by=cast.auditor_3306, reasons="It is they.")
    title.refresh_from_db()
    assert title.status == "suspended"
    hold = Hold.objects.get()
    for person in (cast.auditor_3306, cast.approver_33, cast.owner):
        with pytest.raises(NotYours):
            confirm_hold(hold, by=person, reasons="so", until_on=today() + 60 * DAY)
    confirm_hold(hold, by=cast.approver_3306, reasons="Seen on site.", until_on=today() + 60 * DAY)
    with pytest.raises(Refused):
        confirm_hold(hold, by=cast.approver_3306, reasons="Again.", until_on=today() + 60 * DAY)
    title.refresh_from_db()
    assert title.suspended_until == today() + 60 * DAY


def test_a_hold_is_lifted_by_reinstating_and_reminded_once(cast: Cast) -> None:
    title = cast.granted()
    accident(cast)
    hold = Hold.objects.get()
    with noon(hold.answer_by + DAY):
        tasks.watch()
        tasks.watch()
    assert [entry.verb for entry in history(title)].count("hold_overdue") == 1
    title.refresh_from_db()
    reinstate(title, by=cast.approver_3306, cured="It was the neighbour.")
    hold.refresh_from_db()
    assert (hold.outcome, hold.answered_by) == ("lifted", cast.approver_3306)


@pytest.mark.parametrize(("cause", "years"), [("fault", 3), ("closed", 0), ("relocated", 0), ("merged", 0)])
def test_the_cause_decides_the_bar(cast: Cast, cause: str, years: int) -> None:
    title = cast.granted()
    data = {"cause": cause, "reasons": "Seen.", "reply_by": today() + DAY}
    reply(perform(title, "propose", by=cast.auditor_3306, data=data), by=cast.owner, text="So it is.")
    revoke(title, by=cast.approver_3306, cause=cause, reasons="Heard.")
    barred = title.barred_until.year - today().year if title.barred_until else 0
    assert barred == years
    assert Listing.objects.get(designation=title, annex="removed").told_in is None


def test_new_rules_are_owed_measured_and_judged(cast: Cast) -> None:
    title = cast.granted()
    old = SchemeVersion.objects.filter(
        scheme=Scheme.objects.get(key="green_factory"), effective_on__lt=cast.version.effective_on
    ).first()
    Designation.objects.filter(pk=title.pk).update(scheme_version=old)
    assert owe_rebenchmarks() == 1
    assert owe_rebenchmarks() == 0
    owed = Obligation.objects.get(designation=title, kind="rebenchmark")
    assert owed.due_on > today()
    with pytest.raises(NotYours):
        rebenchmark(owed, by=cast.stranger)
    rebenchmark(owed, by=cast.owner)
    frozen = owed.filings.get().content
    assert frozen["version"] != old.version
    assert float(frozen["score"]) > 0
    give_opinion(owed.filings.get(), by=cast.auditor_3306, outcome="accepted")


def test_the_page_keeps_files_and_tells(cast: Cast, form: Obligation) -> None:
    browser = Client()
    browser.force_login(cast.owner)
    page = reverse("obligation", args=[form.pk])
    text = browser.get(page).content.decode()
    assert "Fresh water" in text
    kept = browser.post(
        page, {"only": "figure-rd_share", "figure-rd_share": "3"}, headers={"HX-Request": "true"}
    )
    assert "kept" in kept.content.decode()
    wrong = browser.post(
        page, {"only": "figure-rd_share", "figure-rd_share": "x"}, headers={"HX-Request": "true"}
    )
    assert "Write a number" in wrong.content.decode()
    late = browser.post(page, {"seen": "old", "figure-green_product_share": "77"})
    assert late.status_code == 409
    assert 'value="77"' in late.content.decode()
    answer = browser.post(reverse("obligation-file", args=[form.pk]), {"figure-green_product_share": "77"})
    assert answer.status_code == 302
    assert form.filings.get().content["figures"]["green_product_share"] == "77"
    assert form.filings.get().digest in browser.get(page).content.decode()
    browser.force_login(cast.viewer)
    assert browser.get(page).status_code == 200
    assert browser.post(page, {}).status_code == 403
    browser.force_login(cast.stranger)
    assert browser.get(page).status_code == 404


def test_the_desk_judges_in_bulk_and_exports(cast: Cast, form: Obligation) -> None:
    filing = filed(cast, form)
    desk = Client()
    desk.force_login(cast.auditor_3306, backend="django.contrib.auth.backends.ModelBackend")
    listed = "/admin/certification/obligation/"
    assert "waits for an opinion" in desk.get(listed).content.decode()
    chosen = {"_selected_action": [form.pk], "index": 0}
    sheet = desk.post(listed, {**chosen, "action": "export_forms"})
    book = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][0] == form.designation.number
    assert 50000.0 in rows[1]
    assert rows[1][-1] == filing.digest
    desk.post(listed, {**chosen, "action": "accept_many", "text": "In order."})
    assert filing.opinion.text == "In order."
    assert "In order." in desk.get(f"{listed}{form.pk}/change/").content.decode()
    other = Client()
    other.force_login(cast.auditor_44, backend="django.contrib.auth.backends.ModelBackend")
    assert other.get(f"{listed}{form.pk}/change/").status_code == 404
