"""The network as it is now: folded or not, whatever changed since and however it was written, on any day."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection, transaction
from django.db.models import F

from greenchain.clock import now, stopped_at, today
from suppliers.models import Enterprise, NetworkChange, NetworkFold, SupplyLink
from suppliers.supply import folds, journal
from suppliers.supply.journal import LINKS
from suppliers.supply.live import fold, fold_if_due, network
from suppliers.supply.reading import shares_of
from tests.factories_suppliers import EnterpriseFactory, SupplyLinkFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def link(buyer: Enterprise, supplier: Enterprise, **given) -> SupplyLink:
    return SupplyLinkFactory.create(buyer=buyer, supplier=supplier, **given)


@pytest.fixture
def four(places: None) -> list[Enterprise]:  # noqa: ARG001 - regions first
    """a buys from b, b from c; d stands alone."""
    a, b, c, d = EnterpriseFactory.create_batch(4)
    link(a, b)
    link(b, c)
    return [a, b, c, d]


@pytest.mark.parametrize("folded", [False, True])
def test_every_way_of_writing_is_seen_by_the_next_question(four, folded):
    a, b, c, d = (each.pk for each in four)
    if folded:
        fold()
    assert network().upstream(a) == {b: 1, c: 2}
    SupplyLink.objects.bulk_create([SupplyLink(buyer_id=a, supplier_id=d, declared_by_id=a)])
    assert network().upstream(a) == {b: 1, c: 2, d: 1}
    SupplyLink.objects.filter(supplier=d).update(buyer=F("buyer") + 0, disputed_at=now())
    assert network().upstream(a) == {b: 1, c: 2}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE suppliers_supplylink SET buyer_id = %s, declared_by_id = %s WHERE buyer_id = %s",
            [a, a, b],
        )
    assert network().upstream(a) == {b: 1, c: 1}
    assert network().downstream(c) == {a: 1}
    SupplyLink.objects.filter(supplier=b).delete()
    assert network().upstream(a) == {c: 1}


def test_a_change_inside_a_transaction_that_is_rolled_back_leaves_no_trace(four):
    a, b, c, d = (each.pk for each in four)
    fold()
    with transaction.atomic():
        link(four[2], four[3])
        assert network().upstream(a) == {b: 1, c: 2, d: 3}
        transaction.set_rollback(True)
    assert network().upstream(a) == {b: 1, c: 2}


def test_the_calendar_changes_the_network_without_a_write(four):
    a, b, c, d = (each.pk for each in four)
    link(four[0], four[3], since_on=today() + DAY, until_on=today() + 3 * DAY)
    fold()
    assert network().upstream(a) == {b: 1, c: 2}
    for days, there in ((1, True), (3, True), (4, False)):
        with stopped_at(now() + days * DAY):
            assert (d in network().upstream(a)) is there


def test_the_network_of_another_day_can_be_asked_for(four):
    a, b, c, _d = (each.pk for each in four)
    SupplyLink.objects.filter(buyer=a).update(since_on=today() - 10 * DAY, until_on=today() - DAY)
    SupplyLink.objects.filter(buyer=b).update(since_on=today() - 10 * DAY, disputed_at=now())
    for _each in range(2):
        assert network().upstream(a) == {}
        assert network(today() - DAY).upstream(a) == {b: 1, c: 2}
        assert network(today() - 11 * DAY).upstream(a) == {}
        fold()


def test_shares_are_declared_or_estimated_and_never_more_than_the_whole():
    nan = float("nan")
    told = shares_of(
        np.array([1, 1, 1, 2, 2, 3]),
        np.array([0.5, nan, nan, nan, 0.8, nan]),
        np.array([nan, 30, 10, 50, 50, nan]),
    )
    assert told.tolist() == pytest.approx(
        [0.5 / 1.5, 0.75 / 1.5, 0.25 / 1.5, 0.5 / 1.3, 0.8 / 1.3, 0], abs=1e-3
    )


def test_exposure_is_the_same_folded_and_laid_over(four):
    a, b, c, d = four
    SupplyLink.objects.filter(buyer=a).update(spend=Decimal(30))
    link(a, c, spend=Decimal(10))
    link(c, d, share=Decimal("0.5"))

    def told():
        found = network()
        reach = found.reach(a.pk, exposure=True)
        return {int(found.keys[place]): round(float(reach.exposure[place]), 3) for place in reach.places}

    before = told()
    assert before == {b.pk: 0.75, c.pk: 0.25, d.pk: 0.125}
    fold()
    assert told() == before
    SupplyLink.objects.filter(buyer=c).update(share=Decimal("0.25"))
    assert told() == {**before, d.pk: 0.062}


def test_a_fold_is_made_when_it_is_due(four):
    assert fold_if_due()
    assert not fold_if_due()
    link(four[2], four[3])
    assert not fold_if_due()
    with stopped_at(now() + dt.timedelta(minutes=11)):
        assert fold_if_due()
        if (
            connection.vendor == "sqlite"
        ):  # on PostgreSQL what this transaction did itself always counts as later
            assert journal.count_since(LINKS, folds.newest(LINKS).row.horizon)[0] == 0
    with stopped_at(now() + DAY):
        assert fold_if_due()
    with stopped_at(now() + 4 * DAY):
        assert fold_if_due()
    assert not NetworkChange.objects.exists()


@pytest.mark.usefixtures("four")
def test_old_files_go_and_files_of_another_life_are_not_read(settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _each in range(4):
            fold()
    assert len(list(settings.NETWORK_DIR.iterdir())) == 2
    assert folds.newest(LINKS) is not None
    NetworkFold.objects.all().delete()
    assert folds.newest(LINKS) is None
    with stopped_at(now() + 2 * DAY):
        fold()
    assert folds.newest(LINKS) is not None


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_process_keeps_what_it_laid_over(four, django_assert_num_queries):
    a, b, c, d = (each.pk for each in four)
    assert network().upstream(a) == {b: 1, c: 2}
    assert NetworkFold.objects.count() == 1
    link(four[2], four[3])
    assert network().upstream(a) == {b: 1, c: 2, d: 3}
    assert network() is network()
    with django_assert_num_queries(2):
        assert network().upstream(a) == {b: 1, c: 2, d: 3}
