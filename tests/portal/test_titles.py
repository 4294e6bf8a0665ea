"""A title in its holder's hands."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from certification.designation.actions import issue
from certification.models import Designation, Obligation, Proposal
from certification.surveillance.filing import keep_form
from certification.verbs import perform
from greenchain.clock import today
from suppliers.models import Authority
from suppliers.reporting.actions import report
from tests.cast import Cast
from tests.good_figures import VALUES
from tests.portal.conftest import As


@pytest.fixture
def title(cast: Cast) -> Designation:
    return cast.granted()


@pytest.fixture
def browser(cast: Cast, signed_in: As) -> Client:
    return signed_in(cast.owner)


def test_the_annual_form_stands_on_the_figures(cast: Cast, title: Designation, browser: Client) -> None:
    owed = Obligation.objects.get(designation=title)
    address, page = reverse("obligation-file", args=[owed.pk]), reverse("holding", args=[title.number])
    early = browser.post(address, headers={"Referer": f"http://testserver{page}"}, follow=True)
    assert "Report the figures for" in early.content.decode()
    report(cast.site, owed.year, by=cast.owner, values={"gross_output": "1"})
    lacking = browser.post(address, headers={"Referer": f"http://testserver{page}"}, follow=True)
    assert "Still missing" in lacking.content.decode()
    report(cast.site, owed.year, by=cast.owner, values=VALUES)
    keep_form(owed, by=cast.owner, figures={"green_product_share": "80", "rd_share": "3"})
    filed = browser.post(address, follow=True)
    assert "is filed" in filed.content.decode()
    twice = browser.post(address, headers={"Referer": f"http://testserver{page}"}, follow=True)
    assert "was filed already" in twice.content.decode()


def test_a_proposal_is_answered(cast: Cast, title: Designation, browser: Client, signed_in: As) -> None:
    reply_by = today() + dt.timedelta(days=9)
    data = {"cause": "fault", "reasons": "Seen on site.", "reply_by": reply_by}
    proposal: Proposal = perform(title, "propose", by=cast.auditor_3306, data=data)
    assert "Answer the proposal" in browser.get(reverse("work")).content.decode()
    assert "A removal is proposed" in browser.get(reverse("work")).content.decode()
    address = reverse("proposal-reply", args=[proposal.pk])
    assert "Seen on site." in browser.get(address).content.decode()
    assert browser.post(address, {"text": ""}).status_code == 422
    assert browser.post(address, {"text": "It was cured."}).status_code == 302
    assert "It was cured." in browser.get(reverse("holding", args=[title.number])).content.decode()
    browser.post(address, {"text": "Another answer."})
    proposal.refresh_from_db()
    assert proposal.reply == "It was cured."
    assert signed_in(cast.stranger).get(address).status_code == 404


def test_surrender_and_appeal(cast: Cast, title: Designation, browser: Client) -> None:
    address = reverse("title-verb", args=[title.number, "surrender"])
    assert browser.post(address, {"reasons": ""}).status_code == 422
    assert browser.post(address, {"reasons": "We close."}).status_code == 302
    title.refresh_from_db()
    assert title.status == "surrendered"
    other = cast.granted(cast.draft(cast.another_site()))
    until = today() + dt.timedelta(days=90)
    perform(other, "suspend", by=cast.approver_3306, data={"reasons": "Seen on site.", "until_on": until})
    assert "Suspended: it does not count" in browser.get(reverse("work")).content.decode()
    appeal = reverse("title-verb", args=[other.number, "appeal"])
    assert appeal in browser.get(reverse("holding", args=[other.number])).content.decode()
    assert browser.post(appeal, {"reasons": "It was never so."}).status_code == 302
    assert "It was never so." in browser.get(reverse("holding", args=[other.number])).content.decode()


def test_renewal_starts_from_the_title(cast: Cast, title: Designation, browser: Client) -> None:
    call = cast.round()
    chosen = {"subject": f"site:{cast.site.pk}", "call": f"{call.pk}:1"}
    text = browser.get(reverse("application-new"), chosen).content.decode()
    assert f"This is a renewal of {title.number}" in text
    assert browser.post(reverse("application-new"), chosen).status_code == 302
    assert title.successors.get().level == 1
    higher = {**chosen, "call": f"{call.pk}:2"}
    assert (
        f"This builds on {title.number}" in browser.get(reverse("application-new"), higher).content.decode()
    )


def test_at_the_top_there_is_no_gap(cast: Cast, browser: Client, signed_in: As) -> None:
    gaps = reverse("work-gaps")
    assert "Points lacking" in browser.get(gaps).content.decode()
    nation = Authority.objects.get(code="CN")
    issue(cast.site, version=cast.national, level=3, authority=nation)
    assert "holds the highest level" in browser.get(gaps).content.decode()
    assert "Report a site" in signed_in(cast.stranger).get(gaps).content.decode()


def test_a_viewer_is_not_asked_to_apply(cast: Cast, browser: Client, signed_in: As) -> None:
    new = f'href="{reverse("application-new")}"'
    assert new in browser.get(reverse("work")).content.decode()
    for page in ("work", "application-list"):
        assert f'btn-primary" {new}' not in signed_in(cast.viewer).get(reverse(page)).content.decode()


def test_each_duty_has_its_own_words(title: Designation, browser: Client) -> None:
    soon = today() + dt.timedelta(days=9)
    for kind, said in (("rebenchmark", "Measure by the new rules"), ("scope_change", "Tell of the change")):
        Obligation.objects.filter(designation=title).update(kind=kind, due_on=soon)
        page = browser.get(reverse("work")).content.decode()
        assert said in page
        assert "File the annual form" not in page
    Obligation.objects.filter(designation=title).update(due_on=today() - dt.timedelta(days=1))
    assert "Overdue: tell of the change." in browser.get(reverse("work")).content.decode()
