"""The faces of panel and register, per role."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from certification.models import Application, Expert, PanelScore, Seat
from certification.panel.actions import draw
from certification.scheme.definition import Criterion, Judging
from certification.scheme.models import SchemeVersion
from certification.verbs import perform
from tests.api.caller import Caller
from tests.cast import Cast
from tests.portal.conftest import As

REGISTER = "admin:certification_expert"


def test_the_register_in_the_admin_and_an_experts_own_page(cast: Cast, signed_in: As) -> None:
    case = cast.endorsed_up(cast.examined(cast.draft(round_=cast.round("panel", panel=True))))
    row = draw(case)
    for key, points in zip(row.drawn, ("90", "84"), strict=True):
        person = Expert.objects.get(user=key).user
        perform(
            case, "score", by=person, data={"points": points, "reasons": "Clear.", "declared": "No ties."}
        )
    first = Expert.objects.get(user=row.drawn[0])
    own = signed_in(first.user)
    assert "No panel of yours is concluded yet" in own.get(reverse("expert-own")).content.decode()
    perform(case, "conclude", by=cast.auditor_3306_b, data={})
    page = own.get(reverse("expert-own")).content.decode()
    assert "6.00" in page
    assert "say nothing" in page
    assert "84.00" in page
    away = reverse("expert-change", args=["away"])
    assert own.post(away, {"away_from": "2030-01-02", "away_until": "2030-01-01"}).status_code == 409
    assert own.post(away, {"away_from": "2030-01-02"}).status_code == 302
    assert (
        own.post(reverse("expert-change", args=["tie"]), {"kind": "family", "name": "Firm"}).status_code
        == 302
    )
    for person, status in ((cast.owner, 403), (cast.auditor_3306, 403)):
        assert signed_in(person).get(reverse("expert-own")).status_code == status
        assert signed_in(person).get(away).status_code == status
    desk = signed_in(cast.auditor_3306)
    listed = desk.get(reverse(f"{REGISTER}_changelist")).content.decode()
    assert "+6.00 (too few cases)" in listed
    assert "+6.00" not in signed_in(cast.auditor_44).get(reverse(f"{REGISTER}_changelist")).content.decode()
    told = desk.get(reverse(f"{REGISTER}_change", args=[first.pk])).content.decode()
    assert "not a verdict" in told
    assert "Firm" in told
    assert desk.get(reverse(f"{REGISTER}_amend", args=[first.pk])).status_code == 403
    assert signed_in(cast.administrator).get(reverse(f"{REGISTER}_amend", args=[first.pk])).status_code == 200
    assert signed_in(first.user).get(reverse(f"{REGISTER}_changelist")).status_code in {302, 403}
    file = desk.get(reverse("admin:certification_application_change", args=[case.pk])).content.decode()
    assert "Drawn again from what was kept: the same people." in file
    assert "the mean of two" in file


@pytest.fixture
def by_criteria(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheme version with two criteria."""
    names = {"en": "Depth", "zh-hans": "深度", "id": "Kedalaman"}
    made = tuple(Criterion(code=code, names=names, points=Decimal(60 - 20 * (code == "b"))) for code in "ab")
    judging = Judging(criteria=made, provenance={})
    found = SchemeVersion.definition.func  # type: ignore[attr-defined]

    class Told:
        def __init__(self, definition: Any) -> None:
            self.definition, self.judging = definition, judging

        def __getattr__(self, name: str) -> Any:
            return getattr(self.definition, name)

    monkeypatch.setattr(SchemeVersion, "definition", property(lambda version: Told(found(version))))


@pytest.mark.usefixtures("by_criteria")
def test_experts_score_by_the_schemes_criteria(cast: Cast, signed_in: As) -> None:
    case: Application = cast.endorsed_up(cast.examined(cast.draft(round_=cast.round("panel", panel=True))))
    first, second = (Expert.objects.get(user=key).user for key in draw(case).drawn)
    seat = Seat.objects.get(application=case, user=first)
    browser = signed_in(first)
    assert "criterion_a" in browser.get(reverse("seat", args=[seat.pk])).content.decode()
    address = reverse("application-verb", args=[case.pk, "score"])
    given = {"criterion_a": "50", "criterion_b": "41", "reasons": "Good.", "declared": "None."}
    assert browser.post(address, given).status_code == 422
    assert browser.post(address, {**given, "criterion_b": "30"}).status_code == 302
    assert PanelScore.objects.get().points == Decimal(80)
    said = {"reasons": "Good.", "declared": "None."}
    wrong = Caller.of(second).post(
        f"applications/{case.pk}/score", {**said, "criteria": {"a": {"points": "50"}}}
    )
    assert (wrong.status, set(wrong.body["errors"])) == (400, {"criterion_b"})
    sent = Caller.of(second).post(
        f"applications/{case.pk}/score",
        {**said, "criteria": {"a": {"points": "50"}, "b": {"points": "20.5"}}},
    )
    assert sent.status == 200, sent.body
    assert PanelScore.objects.get(expert=second).criteria == {"a": "50", "b": "20.5"}


def test_who_has_given_points_no_longer_declines(cast: Cast, signed_in: As) -> None:
    case = cast.endorsed_up(cast.examined(cast.draft(round_=cast.round("panel", panel=True))))
    person = Expert.objects.get(user=draw(case).drawn[0]).user
    points = {"points": "90", "reasons": "Clear.", "declared": "No ties."}
    address = reverse("application-verb", args=[case.pk, "decline"])
    browser = signed_in(person)
    assert "Not possible now" not in browser.get(address).content.decode()
    perform(case, "score", by=person, data=points)
    assert "Not possible now" in browser.get(address).content.decode()
    answer = Caller.of(person).post(f"applications/{case.pk}/decline", {"reasons": "no time"})
    assert (answer.status, answer.code) == (409, "already_done")
    assert case.seats.current().filter(user=person).exists()
