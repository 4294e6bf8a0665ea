"""The panel: drawn by rule and made again from its seed, blind until all are in, a third where two differ."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from certification.models import Application, Draw, Expert, ExpertTie, PanelResult, PanelScore, Seat
from certification.panel.actions import draw, replace_late
from certification.panel.calibration import FEW, calibrate
from certification.panel.combining import combined
from certification.panel.draw import agrees, drawn, lot
from certification.panel.due import late_seats, short
from certification.panel.models import seal
from certification.panel.register import enter_expert, set_away
from certification.panel.standing import standing
from certification.verbs import perform
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from tests.api.caller import Caller
from tests.cast import Cast
from tests.factories_suppliers import MembershipFactory, UserFactory
from tests.portal.conftest import As

WHY = {"reasons": "sound", "declared": "No ties."}


@pytest.fixture
def case(cast: Cast) -> Application:
    """At the panel, nobody drawn."""
    return cast.endorsed_up(cast.examined(cast.draft(round_=cast.round("panel", panel=True))))


def give(case: Application, person: Any, points: str) -> None:
    perform(case, "score", by=person, data={"points": points, **WHY})


def people(row: Draw) -> list[Any]:
    return [Expert.objects.get(user=key).user for key in row.drawn]


def test_two_are_drawn_and_the_draw_can_be_made_again(cast: Cast, case: Application) -> None:
    assert [each.pk for each in short()] == [case.pk]
    row = draw(case)
    assert (len(row.drawn), row.cause, agrees(row)) == (2, "first", True)
    assert list(short()) == []
    assert {seat.user_id for seat in case.seats.current().filter(part="expert")} == set(row.drawn)
    entry = history(case).get(verb="draw")
    assert entry.data["seed"] == row.seed == entry.previous
    assert {user for user, _open in entry.data["candidates"]} == {
        cast.expert_a.pk,
        cast.expert_b.pk,
        cast.expert_c.pk,
    }
    ranked = sorted(row.candidates, key=lambda each: lot(row.seed, each["user"]))
    assert row.drawn == [each["user"] for each in ranked[:2]]
    row.drawn = row.drawn[::-1]
    assert not agrees(row)
    with pytest.raises(Refused, match="complete"):
        draw(case)


def test_fewest_open_cases_go_first_and_no_two_of_one_house() -> None:
    rows = [
        {"user": 1, "open": 3, "employer": "A", "identifier": ""},
        {"user": 2, "open": 0, "employer": "B", "identifier": "X"},
        {"user": 3, "open": 1, "employer": "Other name of B", "identifier": "x"},
        {"user": 4, "open": 2, "employer": "C", "identifier": ""},
    ]
    assert drawn("seed", rows, 2) == [2, 4]
    assert drawn("seed", rows, 9) == [2, 4, 1]


def test_who_is_tied_takes_part_or_is_away_is_left_out_with_the_reason(cast: Cast, case: Application) -> None:
    more = {
        name: Expert.objects.create(
            user=UserFactory.create(username=name, role="expert", email=f"{name}@{name}.example"),
            employer=f"House {name}",
        )
        for name in (
            "owner_is_employer",
            "member",
            "tied",
            "tie_is_old",
            "away",
            "field",
            "scheme",
            "pool",
            "mail",
        )
    }
    Expert.objects.filter(pk=more["owner_is_employer"].pk).update(employer=cast.enterprise.name)
    MembershipFactory.create(user=more["member"].user, enterprise=cast.enterprise, role="viewer")
    for name, until in (("tied", None), ("tie_is_old", today() - dt.timedelta(days=4 * 366))):
        ExpertTie.objects.create(
            expert=more[name],
            kind="consulting",
            name="x",
            identifier=cast.enterprise.identifier,
            until_on=until,
        )
    set_away(more["away"], by=more["away"].user, away_from=today())
    Expert.objects.filter(pk=more["field"].pk).update(divisions=["99"])
    Expert.objects.filter(pk=more["scheme"].pk).update(schemes=["green_park"])
    Expert.objects.filter(pk=more["pool"].pk).update(authority=cast.approver_44.authority)
    more["mail"].user.email = "me@applicant.example"
    more["mail"].user.save()
    row = draw(case)
    names = {expert.user_id: name for name, expert in more.items()}
    why = {names[each["user"]]: each["why"] for each in row.left_out if each["user"] in names}
    assert why == {
        "owner_is_employer": "employer",
        "member": "member",
        "tied": "tie",
        "away": "away",
        "field": "industry",
        "scheme": "scheme",
        "pool": "pool",
        "mail": "mail",
    }
    assert more["tie_is_old"].user_id in {each["user"] for each in row.candidates}
    with pytest.raises(Refused, match="tie"):
        perform(case, "assign", by=cast.auditor_3306_b, data={"user": more["tied"].user.pk})


def test_a_decline_and_a_late_expert_bring_a_new_draw_of_others(cast: Cast, case: Application) -> None:
    first, second = people(draw(case))
    perform(case, "decline", by=first, data=WHY)
    again = draw(case)
    (third,) = people(again)
    assert (again.cause, third.pk not in {first.pk, second.pk}) == ("again", True)
    assert {"user": first.pk, "why": "part"} in again.left_out
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=40)):
        late = list(late_seats())
        assert {seat.user_id for seat in late} == {second.pk, third.pk}
        for seat in late:
            replace_late(seat)
            with pytest.raises(Refused):
                replace_late(seat)
        assert case.seats.get(user=second).ended == "timed_out"
        with pytest.raises(Refused, match="No expert is left") as no:
            draw(case)
        assert no.value.code == "nobody_left"
        assert [each.pk for each in short()] == [case.pk]
    with pytest.raises(Refused, match="took part"):
        perform(case, "assign", by=cast.auditor_3306_b, data={"user": first.pk})


def test_points_stay_sealed_for_everybody_until_all_are_in(
    cast: Cast, case: Application, signed_in: As
) -> None:
    first, second = people(draw(case))
    give(case, first, "81.73")
    entry = history(case).get(verb="score")
    assert set(entry.data["points"]) == {"sealed"}
    assert "81.73" not in entry.body
    assert "sound" not in entry.body
    for person in (second, cast.auditor_3306_b, cast.approver_33):
        assert not PanelScore.objects.visible_to(person).filter(application=case).exists()
    told = Caller.of(cast.auditor_3306).get(f"applications/{case.pk}/").body["panel"]
    assert (told["scored"], told["scores"], told["result"]) == (1, [], None)
    file = signed_in(cast.auditor_3306).get(reverse("admin:certification_application_change", args=[case.pk]))
    assert "1 expert has scored" in file.content.decode()
    assert "81.73" not in file.content.decode()
    seat = Seat.objects.get(application=case, user=second)
    page = signed_in(second).get(reverse("seat", args=[seat.pk])).content.decode()
    assert "81.73" not in page
    assert "History" not in Caller.of(second).get(f"applications/{case.pk}/").body
    give(case, second, "77")
    result = PanelResult.objects.get(application=case)
    assert (result.points, result.combined, result.spread) == (Decimal("79.37"), "mean", Decimal("4.73"))
    told = Caller.of(cast.auditor_3306).get(f"applications/{case.pk}/").body["panel"]
    assert {row["points"] for row in told["scores"]} == {"81.73", "77.00"}
    assert Caller.of(cast.auditor_44).get(f"applications/{case.pk}/").status == 404
    opened = history(case).get(verb="open_scores").data["given"]
    assert {points: sealed for _user, points, _salt, sealed in opened}["81.73"] == entry.data["points"][
        "sealed"
    ]
    assert all(seal(salt, points, "sound") == sealed for _user, points, salt, sealed in opened)
    assert PanelScore.objects.visible_to(second).count() == 2
    assert not PanelScore.objects.visible_to(cast.owner).exists()


def test_a_third_is_drawn_when_two_differ_by_more_than_the_rounds_threshold(
    cast: Cast, case: Application
) -> None:
    case.round.panel_threshold = Decimal(5)
    case.round.save()
    for person, points in zip(people(draw(case)), ("90", "84"), strict=True):
        give(case, person, points)
    assert (standing(case).apart, PanelResult.objects.exists()) == (True, False)
    with pytest.raises(Refused) as no:
        perform(case, "conclude", by=cast.auditor_3306_b, data={})
    assert no.value.code == "agreed"
    assert not PanelScore.objects.visible_to(cast.auditor_3306_b).exists()
    row = draw(case)
    assert row.cause == "third"
    give(case, people(row)[0], "83")
    assert PanelResult.objects.get().points == Decimal("83.50")
    perform(case, "conclude", by=cast.auditor_3306_b, data={})
    assert (case.status, history(case).get(verb="conclude").data["panel_score"]) == ("selection", "83.50")


@pytest.mark.parametrize(
    ("points", "how", "expected"),
    [
        (("80", "85"), "nearest", ("82.50", "mean")),
        (("60", "80", "82"), "nearest", ("81.00", "nearest")),
        (("60", "80", "82"), "median", ("80.00", "median")),
        (("60", "70", "80"), "nearest", ("70.00", "nearest")),
        (("60", "70", "90", "91"), "nearest", ("80.00", "median")),
    ],
)
def test_how_points_become_one(points: tuple[str, ...], how: str, expected: tuple[str, str]) -> None:
    total, told = combined([Decimal(each) for each in points], how)
    assert (str(total), told) == expected


def test_calibration_tells_the_difference_and_warns_of_small_numbers(cast: Cast, case: Application) -> None:
    first, second = people(draw(case))
    give(case, first, "90")
    give(case, second, "84")
    assert calibrate(cast.auditor_3306) == {}, "only concluded panels count"
    perform(case, "conclude", by=cast.auditor_3306_b, data={})
    told = calibrate(cast.auditor_3306)
    assert (told[first.pk].mean_difference, told[second.pk].mean_difference) == (Decimal(6), Decimal(-6))
    assert (told[first.pk].agreement, told[first.pk].few, told[first.pk].spread) == (Decimal(1), True, None)
    assert FEW > 1
    assert set(calibrate(first)) == {first.pk}
    assert calibrate(cast.auditor_44) == {}
    assert calibrate(cast.administrator) == {}
    own = Caller.of(first).get("experts/").body["results"]
    assert [row["username"] for row in own] == [first.username]
    assert own[0]["calibration"]["mean_difference"] == "6.00"
    assert Caller.of(cast.owner).get("experts/").body["results"] == []


def test_who_keeps_the_register(cast: Cast) -> None:
    person = UserFactory.create(role="expert")
    with pytest.raises(NotYours):
        enter_expert(by=cast.auditor_3306, user=person, employer="X")
    with pytest.raises(NotYours):
        enter_expert(by=cast.approver_3306, user=person, employer="X")
    row = enter_expert(
        by=cast.approver_3306, user=person, employer="X", authority=cast.approver_3306.authority
    )
    assert history(row).get().verb == "enter_expert"
    with pytest.raises(NotYours):
        set_away(row, by=cast.expert_a, away_from=today())
    with pytest.raises(Refused, match="role of an expert"):
        enter_expert(by=cast.administrator, user=cast.owner, employer="X")
