"""The proposed list: by rank within the quota, ties decided by people, what differs has its reason."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from certification.application import actions as applying
from certification.models import Application, Assessment, PublicNotice, Round
from certification.notice.ranking import places_taken, ranking_of
from certification.notice.selection import compose
from certification.verbs import perform
from greenchain.audit.immutable import lifted
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from tests.api.caller import Caller
from tests.cast import Cast
from tests.portal.conftest import As


@pytest.fixture
def call(cast: Cast) -> Round:
    """A municipal round with two places and a public notice."""
    return cast.round("two", quota={"1": 2}, notice_days=15)


@pytest.fixture
def cases(cast: Cast, call: Round) -> list[Application]:
    """Four at selection, scored 90, 85, 85, 80."""
    made = []
    for place, score in enumerate((90, 85, 85, 80)):
        site = cast.site if not place else cast.another_site()
        case = cast.endorsed_up(cast.examined(cast.draft(site, round_=call)))
        with lifted():
            Assessment.objects.filter(application=case).update(low=Decimal(score))
        made.append(case)
    return made


def keys(cases: list[Application]) -> list[int]:
    return [case.pk for case in cases]


def test_the_ranking_shows_ties_and_what_fits(cast: Cast, call: Round, cases: list[Application]) -> None:
    assert cast.approver_3306.authority is not None
    ranking = ranking_of(call, 1, cast.approver_3306.authority)
    assert [(row.rank, row.rivals, row.tied) for row in ranking.rows] == [
        (1, 4, False),
        (2, 4, True),
        (2, 4, True),
        (4, 4, False),
    ]
    assert [row.proposed for row in ranking.rows] == [True, False, False, False]
    assert [row.case.pk for row in ranking.edge] == keys(cases[1:3])
    assert (ranking.quota, ranking.taken, ranking.left, ranking.rank_by) == (2, 0, 2, ("score", "panel"))


def test_a_list_is_composed_whole_or_not_at_all(cast: Cast, call: Round, cases: list[Application]) -> None:
    first, second, third, last = cases
    by = cast.approver_3306

    def wrong(chosen: list[Application], code: str, **more: Any) -> None:
        with pytest.raises(Refused) as no:
            compose(call, 1, by=by, chosen=keys(chosen), **more)
        assert no.value.code == code
        assert not Application.objects.exclude(status="selection").filter(round=call).exists()

    wrong([first, second, third], "within_quota")
    wrong([first, second], "rank_or_reasons")
    wrong([second, third], "rank_or_reasons", reasons={second.pk: "x", third.pk: "y"})
    wrong([first, last], "rank_or_reasons")
    wrong([], "chosen")
    with pytest.raises(NotYours):
        compose(call, 1, by=cast.auditor_3306, chosen=keys([first]))
    (notice,) = compose(
        call, 1, by=by, chosen=keys([first, third]), reasons={third.pk: "closer to the river"}, close=True
    )
    assert set(notice.applications.values_list("pk", flat=True)) == set(keys([first, third]))
    said = history(third).get(verb="select").data
    assert (said["rank"], said["of"], said["tied"], said["by_rank"], said["reasons"]) == (
        2,
        4,
        True,
        False,
        "closer to the river",
    )
    passed = history(last).get(verb="pass_over").data
    assert (passed["rank"], passed["of"]) == (4, 4)
    assert {case.status for case in Application.objects.filter(pk__in=keys([second, last]))} == {
        "not_selected"
    }
    assert places_taken(Application.objects.get(pk=last.pk)) == 2


def test_one_by_one_the_rank_holds_too(cast: Cast, cases: list[Application]) -> None:
    with pytest.raises(Refused) as no:
        perform(cases[3], "select", by=cast.approver_3306, data={})
    assert (no.value.code, no.value.field) == ("rank_or_reasons", "reasons")
    perform(cases[0], "select", by=cast.approver_3306, data={})
    perform(cases[3], "select", by=cast.approver_3306, data={"reasons": "the only one of its industry"})
    with pytest.raises(Refused, match="quota"):
        perform(cases[1], "select", by=cast.approver_3306, data={"reasons": "x"})
    perform(cases[1], "pass_over", by=cast.approver_3306, data={})


def test_who_was_not_selected_reads_the_rank_and_may_apply_again(
    cast: Cast, cases: list[Application], signed_in: As
) -> None:
    perform(cases[3], "pass_over", by=cast.approver_3306, data={})
    page = signed_in(cast.owner).get(reverse("application", args=[cases[3].pk])).content.decode()
    assert "Rank 4 of 4 in this round" in page
    assert "no fault and no bar" in page
    again = applying.start(cast.round("next"), level=1, subject=cases[3].subject, by=cast.owner)
    assert again.status == "draft"
    assert again.form["green_summary"] == cases[3].form["green_summary"]


def test_the_page_the_sheet_and_the_api(
    cast: Cast, call: Round, cases: list[Application], signed_in: As
) -> None:
    address = reverse("admin:certification_round_ranking", args=[call.pk, 1])
    browser = signed_in(cast.approver_3306)
    assert str(call) in browser.get(reverse("admin:certification_round_rankings")).content.decode()
    page = browser.get(address).content.decode()
    assert "2 equals stand at the edge of the quota" in page
    assert page.count(" checked") == 1
    sheet = browser.get(address, {"form": "xlsx"})
    assert sheet.content.startswith(b"PK")
    assert "attachment" in sheet["Content-Disposition"]
    refused = browser.post(address, {"chosen": [str(cases[0].pk), str(cases[1].pk)]})
    assert refused.status_code == 409
    assert "Compose" not in signed_in(cast.auditor_3306).get(address).content.decode()
    assert signed_in(cast.auditor_3306).post(address, {"chosen": [str(cases[0].pk)]}).status_code == 403
    other = signed_in(cast.approver_44).get(address)
    assert cases[0].number not in other.content.decode()
    assert signed_in(cast.owner).get(address).status_code in {302, 403, 404}
    path = f"rounds/{call.code}/ranking/municipal"
    for person in (cast.owner, cast.expert_a, cast.administrator):
        assert Caller.of(person).get(path).status == 404
    assert Caller.of(None).get(path).status == 401
    assert Caller.of(cast.approver_44).get(path).body["rows"] == []
    told = Caller.of(cast.approver_3306).get(path).body
    assert [row["rank"] for row in told["rows"]] == [1, 2, 2, 4]
    assert Caller.of(cast.auditor_3306).post(path, {"chosen": [cases[0].pk]}).status == 403
    given = {"chosen": keys(cases[:2]), "reasons": {str(cases[1].pk): "by lot"}}
    done = Caller.of(cast.approver_3306).post(path, given)
    assert (done.status, done.body["taken"], done.body["left"]) == (200, 2, 0)
    assert PublicNotice.objects.get().applications.count() == 2


def test_what_was_composed_leads_to_its_notice(
    call: Round, cases: list[Application], signed_in: As, cast: Cast
) -> None:
    address = reverse("admin:certification_round_ranking", args=[call.pk, 1])
    given = {"chosen": [str(each.pk) for each in cases[:2]], f"reason_{cases[1].pk}": "by lot"}
    page = signed_in(cast.approver_3306).post(address, given, follow=True).content.decode()
    notice = PublicNotice.objects.get()
    assert f'<a href="{reverse("notice", args=[notice.number])}">{notice.number}</a>' in page


def late(case: Application) -> Application:
    """The case when its desk did not act in time: it lies one level up."""
    Application.objects.filter(pk=case.pk).update(due_on=today() - dt.timedelta(days=1))
    return applying.escalate(Application.objects.get(pk=case.pk))


def test_a_case_that_escalates_keeps_its_place_in_the_quota_of_who_decides(cast: Cast) -> None:
    """From the notice, the decision or the examination: the old desk gains no place, the new one loses none."""
    call = cast.round("one", quota={"1": 1, "2": 1}, notice_days=15)
    sites = (cast.site, cast.another_site())
    first, second = (cast.endorsed_up(cast.examined(cast.draft(site, round_=call))) for site in sites)
    third = cast.another_site()
    cast.granted(cast.draft(third))
    above = cast.endorsed_up(cast.examined(cast.draft(third, round_=call, level=2)))
    perform(first, "select", by=cast.approver_3306, data={"reasons": "by lot"})
    assert late(first).desk.code == "33"
    with pytest.raises(Refused, match="quota"):
        perform(second, "select", by=cast.approver_3306, data={"reasons": "x"})
    with pytest.raises(Refused) as no:
        compose(call, 1, by=cast.approver_3306, chosen=[second.pk], reasons={second.pk: "x"})
    assert no.value.code == "within_quota"
    perform(above, "select", by=cast.approver_33, data={})
    assert (places_taken(second), places_taken(above)) == (1, 0)


def test_what_another_desk_selects_is_left_to_it(cast: Cast) -> None:
    """A case whose desk was late is endorsed above: it ranks with its own, and only the desk above chooses it."""
    call = cast.round("one", quota={"1": 1}, notice_days=15)
    gone = late(cast.examined(cast.draft(round_=call)))
    perform(gone, "endorse", by=cast.auditor_33, data={"opinion": "in order"})
    stays, other = (
        cast.endorsed_up(cast.examined(cast.draft(cast.another_site(), round_=call))) for _number in range(2)
    )
    assert (gone.status, gone.desk.code) == ("selection", "33")
    with pytest.raises(Refused) as no:
        compose(call, 1, by=cast.approver_3306, chosen=[gone.pk], reasons={gone.pk: "x"})
    assert no.value.code == "chosen"
    said = {stays.pk: "x", other.pk: "y"}
    compose(call, 1, by=cast.approver_3306, chosen=[stays.pk], reasons=said, close=True)
    assert places_taken(gone) == 1
    with pytest.raises(Refused, match="quota"):
        perform(gone, "select", by=cast.approver_33, data={"reasons": "x"})
