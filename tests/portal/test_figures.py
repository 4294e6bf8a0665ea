"""The figures of a site-year: entry, tables without scripts, and two people at once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from greenchain.clock import today
from suppliers.models import Membership, Site, SiteYear
from suppliers.reporting.actions import report
from tests.factories_suppliers import MembershipFactory, SiteFactory, few_places
from tests.portal.conftest import As

YEAR = today().year - 1


@pytest.fixture
def owner(db: None) -> User:  # noqa: ARG001 - opens the database
    few_places()
    return MembershipFactory.create(user__username="owner").user


@pytest.fixture
def site(owner: User) -> Site:
    return SiteFactory.create(enterprise=Membership.objects.get(user=owner).enterprise)


@pytest.fixture
def browser(owner: User, signed_in: As) -> Client:
    return signed_in(owner)


@pytest.fixture
def address(site: Site) -> str:
    return reverse("site-year", args=[site.pk, YEAR])


RETROFITS = {
    "retrofits-count": "3",
    "retrofits-0-name": "Heat recovery",
    "retrofits-0-year": str(YEAR),
    "retrofits-0-investment": "420.5",
    "retrofits-2-name": "New boiler",
    "retrofits-2-year": str(YEAR - 1),
    "retrofits-2-investment": "80",
}


def _typed(**changes: Any) -> dict[str, Any]:
    return {
        "seen": "new",
        "gross_output": "52340.5",
        "functions": ["energy_query", "balance"],
        **RETROFITS,
        **changes,
    }


def test_values_and_tables_are_kept(browser: Client, address: str, site: Site) -> None:
    assert browser.post(address, _typed(source="Form B204-1")).status_code == 302
    stored = SiteYear.objects.get(site=site)
    assert (str(stored.gross_output), stored.source) == ("52340.5000", "Form B204-1")
    assert [row["name"] for row in stored.table("retrofits")] == ["Heat recovery", "New boiler"]
    assert [row["function"] for row in stored.table("functions")] == ["energy_query", "balance"]


def test_the_year_before_stands_beside(browser: Client, address: str, site: Site, owner: User) -> None:
    report(site, YEAR - 1, by=owner, values={"energy_tce": "1809"})
    assert "1,809" in browser.get(address).content.decode()


def test_faults_stand_beside_their_cells_and_nothing_is_lost(browser: Client, address: str) -> None:
    wrong = {"energy_tce": "2,010", "retrofits-0-investment": "much", "retrofits-2-year": "1999"}
    answer = browser.post(address, _typed(**wrong))
    assert answer.status_code == 422
    text = answer.content.decode()
    for words in (
        "is not a number.",
        "2,010",
        "much",
        f"must be from {YEAR - 2}",
        "Heat recovery",
        "52340.5",
    ):
        assert words in text
    assert not SiteYear.objects.exists()


def test_a_name_twice_is_told(browser: Client, address: str) -> None:
    answer = browser.post(address, _typed(**{"retrofits-2-name": "Heat recovery"}))
    assert (answer.status_code, "stands twice" in answer.content.decode()) == (422, True)


def test_more_rows_without_scripts(browser: Client, address: str) -> None:
    answer = browser.post(address, _typed(more="retrofits"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'name="retrofits-count" value="7"' in text
    assert 'name="retrofits-1-name" value="New boiler"' in text
    assert not SiteYear.objects.exists()


def test_one_more_row_with_scripts(browser: Client, site: Site) -> None:
    row = reverse("site-year-row", args=[site.pk, YEAR, "retrofits"])
    text = browser.get(row, {"retrofits-count": "3"}).content.decode()
    assert 'name="retrofits-3-name"' in text
    assert 'value="4" hx-swap-oob="true"' in text
    for wrong in ({"retrofits-count": "x"}, {"retrofits-count": "100"}):
        assert browser.get(row, wrong).status_code == 404
    for table in ("functions", "nothing"):
        assert browser.get(reverse("site-year-row", args=[site.pk, YEAR, table])).status_code == 404


def test_an_emptied_row_is_gone(browser: Client, address: str, site: Site) -> None:
    browser.post(address, _typed())
    seen = _seen(browser, address)
    emptied = dict.fromkeys((key for key in RETROFITS if "-0-" in key), "")
    browser.post(address, _typed(seen=seen, **emptied))
    assert [row["name"] for row in SiteYear.objects.get(site=site).table("retrofits")] == ["New boiler"]


def _seen(browser: Client, address: str) -> str:
    context: Any = browser.get(address).context
    return str(context["seen"])


def test_a_second_tab_does_not_write_over_the_first(browser: Client, address: str, site: Site) -> None:
    browser.post(address, _typed())
    late = browser.post(address, _typed(gross_output="1"))
    assert late.status_code == 409
    assert "Somebody changed these figures meanwhile" in late.content.decode()
    assert "Stored now" in late.content.decode()
    assert str(SiteYear.objects.get(site=site).gross_output) == "52340.5000"
    context: Any = late.context
    assert browser.post(address, _typed(gross_output="1", seen=context["seen"])).status_code == 302
    assert str(SiteYear.objects.get(site=site).gross_output) == "1.0000"


def test_saving_twice_changes_nothing(browser: Client, address: str, site: Site) -> None:
    from greenchain.audit.models import AuditEntry  # noqa: PLC0415 - one use

    browser.post(address, _typed())
    entries = AuditEntry.objects.count()
    browser.post(address, _typed(seen=_seen(browser, address)))
    assert AuditEntry.objects.count() == entries
    assert SiteYear.objects.filter(site=site).count() == 1


def test_only_ways_back_into_the_house(browser: Client, address: str) -> None:
    answer = browser.post(address, _typed(next="//evil.example/"))
    assert answer["Location"] == address
    seen = _seen(browser, address)
    assert browser.post(address, _typed(seen=seen, next="/work/"))["Location"] == "/work/"


def test_years_that_cannot_be(browser: Client, site: Site) -> None:
    for year in (1999, today().year + 1):
        assert browser.get(reverse("site-year", args=[site.pk, year])).status_code == 404


def test_a_figure_is_given_in_another_unit_and_what_is_kept_is_told(
    browser: Client, address: str, site: Site
) -> None:
    asked = {"energy_tce": "3 500", "energy_tce-unit": "MWh"}
    told = browser.get(reverse("figure-read", args=["energy_tce"]), asked).content.decode()
    assert "= 430.15 tce" in told
    assert "calorific value; GB/T 2589" in told
    assert (
        "It may be given in"
        in browser.get(reverse("figure-read", args=["energy_tce"]), {"energy_tce": "3 kg"}).content.decode()
    )
    assert browser.get(reverse("figure-read", args=["nonsense"])).status_code == 404
    faulty = browser.post(address, _typed(**asked, water_m3="lots"))
    assert 'name="energy_tce" value="3500"' in faulty.content.decode()
    assert '<option value="MWh" selected>' in faulty.content.decode()
    assert browser.post(address, _typed(**asked, co2_t="1.2 kt")).status_code == 302
    row = SiteYear.objects.get(site=site)
    assert row.values == {"energy_tce": "430.15", "co2_t": "1200"}
    entry = AuditEntry.objects.get(verb="report")
    assert entry.data["converted"] == {
        "energy_tce": {
            "given": "3 500 MWh",
            "unit": "MWh",
            "factor": "0.1229",
            "basis": "calorific",
            "source": "GB/T 2589-2020",
        },
        "co2_t": {"given": "1.2 kt", "unit": "kt CO2", "factor": "1000"},
    }
    assert browser.get(address).content.decode().count('name="energy_tce" value="430.15"') == 1
