import csv
import datetime as dt
import io

from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.application.models import Application
from certification.verbs import perform
from greenchain.clock import today
from suppliers.record.actions import enter
from tests.admin.conftest import text_of

QUEUE = "/admin/certification/application/"


def numbers(response):
    return [case.number for case in response.context["cl"].result_list]


def test_the_queue_is_what_lies_at_my_desk_by_deadline(cast, auditor):
    later, sooner = cast.examined(), cast.examined(cast.draft(cast.another_site()))
    Application.objects.filter(pk=sooner.pk).update(due_on=today())
    selected = cast.endorsed_up(cast.examined(cast.draft(cast.another_site())))
    assert numbers(auditor.get(QUEUE)) == [sooner.number, later.number]
    assert selected.number in numbers(auditor.get(QUEUE + "?where=territory"))


def test_the_queue_says_what_blocks_and_how_much_time_is_left(cast, auditor):
    case = cast.examined()
    site = cast.another_site()
    fact = {"kind": "dishonest_debtor", "title": "Listed", "source": "list", "happened_on": today()}
    enter(cast.enterprise, site=site, by=cast.auditor_3306, match="possible", **fact)
    blocked = cast.examined(cast.draft(site))
    Application.objects.filter(pk=blocked.pk).update(due_on=today() - dt.timedelta(days=30))
    page = text_of(auditor.get(QUEUE))
    assert "working days left" in page
    assert "overdue by" in page
    rows = {row.pk: row.blocks for row in auditor.get(QUEUE).context["cl"].result_list}
    assert rows == {case.pk: 0, blocked.pk: 1}


def test_filters(cast, auditor):
    cases = {"late": cast.examined(), "soon": cast.examined(cast.draft(cast.another_site()))}
    Application.objects.filter(pk=cases["late"].pk).update(due_on=today() - dt.timedelta(days=1))
    Application.objects.filter(pk=cases["soon"].pk).update(due_on=today() + dt.timedelta(days=1))
    for query, found in (
        ("?due=overdue", "late"),
        ("?due=week", "soon"),
        ("?due=none", ""),
        ("?status=examination", "late soon"),
        ("?status=selection", ""),
        ("?level=1", "late soon"),
        ("?level=3", ""),
        ("?scheme=green_factory", "late soon"),
        ("?scheme=other", ""),
        ("?where=over", ""),
    ):
        assert set(numbers(auditor.get(QUEUE + query))) == {cases[name].number for name in found.split()}, (
            query
        )


def test_the_round_filter_takes_a_key_and_nothing_else(cast, auditor):
    case = cast.examined()
    assert numbers(auditor.get(f"{QUEUE}?round={case.round_id}")) == [case.number]
    assert numbers(auditor.get(f"{QUEUE}?round=x")) == [case.number]


def test_a_search_looks_in_the_whole_territory(cast, auditor):
    case = cast.endorsed_up(cast.examined())
    assert numbers(auditor.get(QUEUE)) == []
    for wanted in (case.number, cast.enterprise.identifier, cast.enterprise.name_en):
        assert numbers(auditor.get(QUEUE, {"q": wanted})) == [case.number]


def test_an_empty_queue_says_why_and_what_next(cast, auditor):  # noqa: ARG001 - the cast is there
    assert "Nothing waits at your desk." in text_of(auditor.get(QUEUE))
    assert "No case fits." in text_of(auditor.get(QUEUE + "?due=overdue"))


def test_a_reviewer_sees_the_territory_and_no_batches(cast, browse):
    case = cast.examined()
    page = browse(cast.reviewer_33).get(QUEUE)
    assert numbers(page) == [case.number]
    assert "endorse_batch" not in text_of(page)


def test_drafts_are_nobody_elses_business(cast, auditor):
    cast.draft()
    assert numbers(auditor.get(QUEUE + "?where=all")) == []


def test_the_queue_takes_as_many_queries_for_one_case_as_for_three(cast, auditor):
    cast.examined()
    auditor.get(QUEUE)  # what a process reads once it keeps
    with CaptureQueriesContext(connection) as one:
        auditor.get(QUEUE)
    cast.examined(cast.draft(cast.another_site()))
    cast.examined(cast.draft(cast.another_site()))
    with CaptureQueriesContext(connection) as three:
        auditor.get(QUEUE)
    assert len(one) == len(three) <= 11


def read(response):
    body = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body)))


def test_the_export_is_the_queue_as_it_is_filtered(cast, auditor):
    case = cast.examined()
    cast.endorsed_up(cast.examined(cast.draft(cast.another_site())))
    response = auditor.get(QUEUE + "export/")
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    head, *rows = read(response)
    assert head[0] == "Number"
    assert [row[0] for row in rows] == [case.number]
    assert len(read(auditor.get(QUEUE + "export/?where=territory"))) == 3


def test_a_cell_of_the_export_is_never_a_formula(cast, auditor):
    cast.site.name = '=HYPERLINK("http://example.org")'
    cast.site.save()
    cast.examined()
    _head, row = read(auditor.get(QUEUE + "export/"))
    assert row[1] == '\'=HYPERLINK("http://example.org")'


def test_cases_sent_back_are_not_at_the_desk(cast, auditor):
    case = cast.examined()
    due = (today() + dt.timedelta(days=9)).isoformat()
    perform(case, "send_back", by=cast.auditor_3306, data={"codes": ["clarify"], "due_on": due})
    assert numbers(auditor.get(QUEUE)) == []
