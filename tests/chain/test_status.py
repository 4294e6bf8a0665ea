"""The written rule: which enterprises are green."""

import datetime as dt

import pytest

from certification.chain.status import UNKNOWN, Holding, State, holdings
from certification.designation import actions as titles
from certification.designation.green import green_enterprises
from greenchain.clock import today
from suppliers.models import Enterprise, Level
from tests.chain.conftest import Chains
from tests.factories_suppliers import EnterpriseFactory, SiteFactory


def held(enterprise: Enterprise) -> Holding:
    return holdings([enterprise.pk]).get(enterprise.pk, UNKNOWN)


@pytest.mark.parametrize(
    ("sites", "state"),
    [
        ((), State.NONE),
        (("",), State.NONE),
        (("current",), State.GREEN),
        (("current", "current"), State.GREEN),
        (("current", ""), State.PARTLY),
        (("current", "suspended"), State.PARTLY),
        (("suspended",), State.SUSPENDED),
        (("suspended", "expired", "surrendered"), State.SUSPENDED),
        (("expired",), State.EXPIRED),
        (("surrendered", ""), State.SURRENDERED),
        (("revoked",), State.REVOKED),
    ],
)
def test_the_rule(chains: Chains, sites: tuple[str, ...], state: State) -> None:
    enterprise = chains.supplier(*sites)
    assert held(enterprise).state is state
    assert green_enterprises().filter(pk=enterprise.pk).exists() == (state is State.GREEN)


def test_the_best_level_in_force_is_told(chains: Chains) -> None:
    enterprise = chains.supplier("current")
    site = enterprise.sites.get()
    best = chains.title(site, level=Level.PROVINCIAL)
    found = held(enterprise)
    assert (found.best, found.green_sites, len(found.sites)) == (found.title, 1, 1)
    assert found.title is not None
    assert (found.title.number, str(found.title.level_name)) == (best.number, "provincial")
    chains.suspend(best)
    found = held(enterprise)
    assert found.state is State.GREEN
    assert found.best is not None
    assert (found.best.level, found.suspended) == (Level.MUNICIPAL, 1)


def test_of_lost_titles_the_latest_is_told(chains: Chains) -> None:
    enterprise = chains.supplier("expired")
    site = enterprise.sites.get()
    chains.title(site, "surrendered", level=Level.PROVINCIAL)
    assert held(enterprise).state is State.SURRENDERED


def test_a_validity_that_is_over_counts_as_expired_before_the_clock_has_run(chains: Chains) -> None:
    enterprise = chains.supplier("")
    title = chains.title(enterprise.sites.get())
    before = today() - dt.timedelta(days=10)
    type(title).objects.filter(pk=title.pk).update(
        announced_on=before, valid_until=today() - dt.timedelta(days=1)
    )
    assert held(enterprise).state is State.EXPIRED
    assert not green_enterprises().filter(pk=enterprise.pk).exists()


def test_a_title_that_is_announced_for_a_later_day_does_not_count_yet(chains: Chains) -> None:
    enterprise = chains.supplier("")
    titles.issue(
        enterprise.sites.get(),
        version=chains.cast.version,
        level=Level.MUNICIPAL,
        authority=chains.cast.auditor_3306.authority,  # type: ignore[arg-type]
        announced_on=today() + dt.timedelta(days=3),
    )
    assert held(enterprise).state is State.NONE
    day = today() + dt.timedelta(days=3)
    assert holdings([enterprise.pk], day)[enterprise.pk].state is State.GREEN
    assert green_enterprises(day).filter(pk=enterprise.pk).exists()


def test_many_in_one_query(chains: Chains, django_assert_num_queries) -> None:
    wanted = [chains.supplier(*sites).pk for sites in ((), ("current",), ("", "current"))]
    with django_assert_num_queries(1):
        found = holdings(Enterprise.objects.filter(pk__in=wanted).values("pk"))
    assert [found.get(key, UNKNOWN).state for key in wanted] == [State.NONE, State.GREEN, State.PARTLY]


@pytest.mark.usefixtures("chains")
def test_who_has_no_site_is_unknown() -> None:
    assert holdings([EnterpriseFactory.create().pk]) == {}
    assert UNKNOWN.title is None
    SiteFactory.create()
    assert green_enterprises().count() == 0
