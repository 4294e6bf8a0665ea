"""A desk with 10,000 cases: the first page costs what it costs with sixty, and handing out still works."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.models import Application, Seat
from certification.queue.actions import hand_to, share_out
from certification.queue.loads import load_of
from certification.workflow import Status
from suppliers.models import Site
from tests.cast import Cast

QUEUE = "/admin/certification/application/"
MANY = 10_000
FEW = 60


def like(case: Application, first: int, count: int) -> list[Application]:
    """So many cases like this one at the same desk, each of a site of its own."""
    of_site = {each.attname: getattr(case.site, each.attname) for each in Site._meta.concrete_fields}
    sites = Site.objects.bulk_create(
        (Site(**of_site | {"id": None, "name": f"site {number}"}) for number in range(first, first + count)),
        batch_size=500,
    )
    fields = {each.attname: getattr(case, each.attname) for each in Application._meta.concrete_fields}
    return Application.objects.bulk_create(
        (
            Application(**fields | {"id": None, "number": f"N{number}", "site_id": site.pk})
            for number, site in enumerate(sites, first)
        ),
        batch_size=500,
    )


ADDRESSES = ("", "?heard=unasked", "?who=nobody", "?where=territory&heard=awaited")


def test_the_first_page_costs_as_much_with_ten_thousand_cases_as_with_sixty(cast: Cast, browse):
    case = cast.examined()
    browser = browse(cast.auditor_3306)

    def costs():
        found = []
        for address in ADDRESSES:
            with CaptureQueriesContext(connection) as queries:
                page = browser.get(QUEUE + address)
            found.append((len(queries), page.context["cl"].result_count))
        return found

    like(case, 0, FEW)
    costs()  # the first page of a process reads what stays
    few = costs()
    rows = like(case, FEW, MANY - FEW)
    many = costs()
    assert [listed for _cost, listed in few] == [FEW + 1] * 3 + [0]
    assert [listed for _cost, listed in many] == [MANY + 1] * 3 + [0]
    assert [cost for cost, _listed in many] == [cost for cost, _listed in few]
    assert max(cost for cost, _listed in many) <= 12

    hand_to(rows[:10], by=cast.auditor_3306, user=cast.auditor_3306)
    share_out(list(Application.objects.filter(pk__in=[row.pk for row in rows[:40]])), by=cast.auditor_3306)
    assert set(load_of(cast.auditor_3306).values()) == {20}
    assert Seat.objects.current().filter(application__status=Status.EXAMINATION).count() == 40
