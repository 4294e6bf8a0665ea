"""Several cases at once: all of them, or none."""

import pytest

from certification.models import Application, PublicNotice
from tests.api.caller import Caller
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cast: Cast) -> list[Application]:
    call = cast.round("notice", notice_days=10)
    return [cast.examined(cast.draft(cast.another_site(), round_=call)) for _each in range(2)]


def _statuses(pair):
    return {Application.objects.get(pk=case.pk).status for case in pair}


def test_endorse_and_select_as_one(cast: Cast, pair: list[Application]):
    ids = [case.pk for case in pair]
    auditor, approver = Caller.of(cast.auditor_3306), Caller.of(cast.approver_3306)
    assert list(auditor.post("applications/endorse", {"ids": ids}).body["errors"]) == ["opinion"]
    done = auditor.post("applications/endorse", {"ids": ids, "opinion": "in order"})
    assert [row["status"] for row in done.body["results"]] == ["selection", "selection"]
    done = approver.post("applications/select/", {"ids": ids}).body["results"]
    assert [(row["id"], row["status"]) for row in done] == [(key, "notice") for key in ids]
    assert PublicNotice.objects.get().applications.count() == 2


def test_one_that_cannot_keeps_all_where_they_are(cast: Cast, pair: list[Application]):
    late = cast.submitted(cast.draft(cast.another_site()))
    auditor = Caller.of(cast.auditor_3306)
    refused = auditor.post("applications/endorse", {"ids": [pair[0].pk, late.pk], "opinion": "in order"})
    assert (refused.status, refused.code) == (409, "wrong_status")
    assert _statuses(pair) == {"examination"}


def test_what_is_not_seen_is_not_there(cast: Cast, pair: list[Application]):
    ids = [case.pk for case in pair]
    for who, status in (("auditor_44", 404), ("owner", 403), ("reviewer_3306", 403), ("administrator", 404)):
        assert (
            Caller.of(cast.people[who]).post("applications/endorse", {"ids": ids, "opinion": "x"}).status
            == status
        )
    assert Caller().post("applications/endorse", {"ids": ids, "opinion": "x"}).status == 401
    auditor = Caller.of(cast.auditor_3306)
    for odd in ([], [0], ["x"], [10**30], "1", None, [1] * 201, {"a": 1}):
        assert auditor.post("applications/select", {"ids": odd}).status == 400
    assert auditor.post("applications/endorse", {"ids": [*ids, 10**17], "opinion": "x"}).status == 404
    assert _statuses(pair) == {"examination"}


def test_titles_in_one_go(cast: Cast):
    cases = [cast.selected(cast.draft(cast.another_site())) for _each in range(2)]
    done = Caller.of(cast.approver_3306).post("applications/grant", {"ids": [case.pk for case in cases]})
    numbers = [row["designation"] for row in done.body["results"]]
    assert done.status == 200
    assert len(set(numbers)) == 2
    assert all(numbers)
