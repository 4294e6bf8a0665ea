"""A whole case by hand: from the pre-check to the public register, in English and in Chinese."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from certification.models import Application, Designation
from certification.tasks import check
from greenchain.clock import today
from suppliers.models import Level, Region, RegionYear
from suppliers.reporting.actions import report
from tests.browser.conftest import Open
from tests.browser.visit import Visit
from tests.cast import FORM, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def half(cast: Cast) -> None:
    """The site makes half of the nation's output this year."""
    cast.round()
    RegionYear.objects.create(
        region=Region.objects.get(code="330000"),
        year=today().year,
        gross_output=10,
        source="test",
        vintage=dt.date(today().year, 1, 1),
    )
    report(cast.site, today().year, by=cast.owner, values={"gross_output": "50000"})


@pytest.mark.usefixtures("half")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_from_the_first_check_to_the_public_register(cast: Cast, visitor: Open, language: str) -> None:
    passer_by = visitor(language)
    passer_by.go("/")
    expect(passer_by.page.locator(".hero")).to_contain_text(re.compile(r"^\s*0[.,]0"))

    case = applied(cast, visitor(language))
    endorsed(cast, visitor(language), case)
    granted(cast, visitor(language), case)
    title = Designation.objects.get()

    passer_by.go("/register/")
    passer_by.shot("register")
    passer_by.page.get_by_role("link", name=title.name, exact=True).click()
    passer_by.sees(passer_by.words("This title is in force"))
    passer_by.shot("title")
    passer_by.go("/verify/")
    passer_by.page.fill("#number", title.number.lower())
    passer_by.button("Verify").click()
    passer_by.sees(passer_by.words("This title is in force"))
    passer_by.sees(title.name)
    passer_by.go("/")
    expect(passer_by.page.locator(".hero")).to_contain_text(re.compile(r"^\s*50[.,]0"))
    passer_by.shot("home")

    upwards(cast)
    passer_by.go("/register/?level=national")
    expect(passer_by.page.locator("tbody tr")).to_have_count(1)
    expect(passer_by.page.locator("tbody")).to_contain_text(cast.site.name)


def applied(cast: Cast, owner: Visit) -> Application:
    """By the owner: sees what bars it, fills in, watches the score, submits, sees the checks' result arrive."""
    page = owner.page
    owner.sign_in(cast.owner)
    expect(page.locator("h1")).to_have_text(owner.words("What to do next"))
    page.locator(".tbl .row-acts a").first.wait_for()  # the gap to the next level has been computed
    owner.shot("dashboard")

    owner.link("New application").first.click()
    page.select_option("#id_subject", f"site:{cast.site.pk}")
    page.locator("input[name=call]").first.check()
    owner.button("Check").click()
    owner.sees(owner.words("Nothing on record bars this application"))
    assert not Application.objects.exists()
    owner.shot("precheck")
    owner.button("Start the application").click()

    page.locator("#missing .to-mend").wait_for()
    for key, text in FORM.items():
        field = page.locator(f"#id_{key}")
        if key == "ownership":
            field.select_option(text)
        else:
            field.fill(text)
            field.blur()
        page.locator(f"#kept-{key} .kept-ok").wait_for()
    owner.sees(owner.words("Nothing is missing"))

    owner.page.evaluate("window.stays = true")
    score = page.locator("#score .score-now")
    before = score.inner_text()
    page.select_option("#id_claim_R1", "full")
    expect(score).not_to_have_text(before)
    before = score.inner_text()
    page.fill("#id_renewable_tce", "10")
    expect(score).not_to_have_text(before)
    expect(page.locator("#points-E3")).not_to_contain_text("8.00")
    assert page.evaluate("window.stays")
    page.fill("#id_renewable_tce", "700")
    owner.shot("draft")
    owner.button("Save figures and self-scores").click()
    owner.sees(owner.words("Figures and self-scores are saved."))

    page.locator("#moves").get_by_role("link", name=owner.words("Submit"), exact=True).click()
    page.check("#id_commitment")
    page.fill("#id_signed_by", "Wang Wei")
    owner.shot("submit")
    owner.button("Submit").click()
    page.locator("#waiting").wait_for()
    case = Application.objects.get()
    assert case.status == "submitted"
    assert case.claims["R1"]["claim"] == "full"
    check(case.pk)
    page.locator("#waiting").wait_for(state="detached")
    owner.sees(owner.words("Checks"))
    expect(page.locator(".case-side")).to_contain_text(":")
    owner.shot("application")
    return case


def endorsed(cast: Cast, auditor: Visit, case: Application) -> None:
    """By the desk's auditor, in the admin."""
    auditor.sign_in(cast.auditor_3306)
    auditor.shot("desk")
    auditor.link("To the queue").click()
    auditor.shot("queue")
    auditor.page.get_by_role("link", name=case.number).click()
    auditor.shot("case-file")
    auditor.link("Endorse").click()
    auditor.page.fill("#id_opinion", "In order.")
    auditor.button("Endorse").click()
    auditor.page.locator(".messagelist .success").wait_for()
    case.refresh_from_db()
    assert case.status == "selection"


def granted(cast: Cast, approver: Visit, case: Application) -> None:
    """By the desk's approver: selected, then granted."""
    approver.sign_in(cast.approver_3306)
    approver.go(f"/admin/certification/application/{case.pk}/change/")
    approver.link("Select").click()
    approver.button("Select").click()
    approver.link("Grant").click()
    approver.button("Grant").click()
    approver.page.locator(".messagelist .success").wait_for()
    case.refresh_from_db()
    assert case.status == "granted"


def upwards(cast: Cast) -> None:
    """On to a provincial and a national title; the same moves, made without a browser."""
    cast.granted(cast.draft(level=Level.PROVINCIAL))
    cast.granted(cast.draft(level=Level.NATIONAL, round_=cast.round("national")))
