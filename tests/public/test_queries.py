"""Every public list costs the same number of queries at one row and at three, and never more than twelve."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.progress.outlook import _outlook
from suppliers.models import RegionYear
from tests.cast import Cast

pytestmark = pytest.mark.django_db
LISTS = {
    "/register/": 5,
    "/register/?format=csv": 1,
    "/green-codes/": 1,
    "/notices/": 4,
    "/schemes/": 2,
    "/deadlines/": 1,
    "/progress/?format=csv": 6,
}


def cost(client: Client, address: str) -> int:
    """Queries that a page takes, computed anew."""
    _outlook.cache_clear()
    with CaptureQueriesContext(
        connection,
    ) as caught:
        answer = client.get(address)
        answer.getvalue()
    assert answer.status_code == 200
    return len(caught)


@pytest.mark.parametrize("address", LISTS)
def test_lists_cost_the_same_however_long(client: Client, cast: Cast, address: str) -> None:
    RegionYear.objects.create(
        region_id="330000", year=2025, gross_output=100, source="t", vintage="2026-01-01"
    )
    call, noticed = cast.round(), cast.round("noticed", notice_days=15)
    cast.granted()
    cast.selected(cast.draft(cast.another_site(), round_=noticed))
    one = cost(client, address)
    RegionYear.objects.create(
        region_id="440000", year=2025, gross_output=100, source="t", vintage="2026-01-01"
    )
    for _more in range(2):
        cast.granted(cast.draft(cast.another_site(), round_=call))
        cast.selected(cast.draft(cast.another_site(), round_=noticed))
    assert cost(client, address) == one == LISTS[address]
