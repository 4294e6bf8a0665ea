"""A body takes a case: contract, time to answer, the year's cap, sanctions, and who takes over."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from certification.body import actions as keeping
from certification.evaluation.actions import declare, time_out
from certification.evaluation.candidates import candidates
from certification.models import Application, Body, Engagement, Evaluation, Seat
from certification.tasks import clock
from certification.verbs import perform
from certification.workflow import Status
from greenchain.accounts.models import Role, User
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Level
from tests.bodies.conftest import SAID, staffed
from tests.cast import Cast
from tests.factories_suppliers import UserFactory
from tests.portal.conftest import As

DAY = dt.timedelta(days=1)


@pytest.fixture
def case(cast: Cast) -> Application:
    return cast.examined(cast.draft(round_=cast.round("evaluated", evaluation="required")))


@pytest.fixture
def second(cast: Cast) -> User:
    """The evaluator of a second registered body of another legal representative."""
    person = UserFactory.create(username="second", role=Role.EVALUATOR, email="second@second.example")
    body = Body.objects.create(**SAID, status="registered")
    body.members.add(person)
    staffed(body)
    assert cast.evaluator != person
    return person


def _assign(case: Application, by: User, user: User, **more: Any) -> Seat:
    seat = perform(case, "assign", by=by, data={"user": user.pk, **more})
    assert isinstance(seat, Seat)
    return seat


def _national(case: Application) -> Application:
    Application.objects.filter(pk=case.pk).update(level=Level.NATIONAL)
    case.refresh_from_db()
    return case


def _taken(case: Application, count: int, body: Body, *, given_up: bool = False) -> None:
    """That many national cases of this year, already taken."""
    fields = {each.attname: getattr(case, each.attname) for each in Application._meta.concrete_fields}
    made = Application.objects.bulk_create(
        Application(**{**fields, "id": None, "number": f"T{body.pk}{given_up}{number}", "status": "granted"})
        for number in range(count)
    )
    seats = Seat.objects.bulk_create(
        Seat(application=one, user=body.members.get(), part="evaluator") for one in made
    )
    Engagement.objects.bulk_create(
        Engagement(
            seat=seat,
            body=body,
            legal_representative=body.legal_representative,
            answer_by=today(),
            answer="unknown",
            given_up=given_up,
        )
        for seat in seats
    )


def test_the_contract_stands_with_the_assignment(cast: Cast, case: Application) -> None:
    dates = {"contract_from": today(), "contract_until": today() - DAY}
    with pytest.raises(ValidationError):
        _assign(case, cast.auditor_3306, cast.evaluator, **dates)
    dates["contract_until"] = today() + 90 * DAY
    seat = _assign(case, cast.auditor_3306, cast.evaluator, contract_number="C-1", **dates)
    assert (seat.engagement.contract_number, seat.engagement.contract_until) == ("C-1", today() + 90 * DAY)
    entry = history(case).filter(verb="assign").get()
    assert entry.data["contract_number"] == "C-1"


def test_fifteen_a_year_over_all_bodies_of_a_legal_representative(
    cast: Cast, case: Application, second: User
) -> None:
    one, other = cast.evaluator.bodies.get(), second.bodies.get()
    Body.objects.filter(pk=other.pk).update(legal_representative=one.legal_representative)
    other.refresh_from_db()
    _national(case)
    _taken(case, 8, one)
    _taken(case, 7, other)
    _taken(case, 3, other, given_up=True)
    with pytest.raises(Refused) as no:
        _assign(case, cast.auditor_3306, second)
    assert no.value.code == "within_cap"
    assert [each.taken for each in candidates(case)] == [15, 15]
    Engagement.objects.filter(pk=Engagement.objects.filter(body=one).first().pk).update(given_up=True)
    _assign(case, cast.auditor_3306, second)
    with time_machine.travel(dt.datetime(today().year + 1, 3, 2, 4, tzinfo=dt.UTC), tick=False):
        assert candidates(case)[0].taken == 0


def test_the_cap_counts_national_cases_only(cast: Cast, case: Application) -> None:
    body = cast.evaluator.bodies.get()
    _taken(case, 15, body)
    assert _assign(case, cast.auditor_3306, cast.evaluator).engagement.body == body


def test_another_evaluator_takes_over_with_reasons(cast: Cast, case: Application, second: User) -> None:
    first = _assign(case, cast.auditor_3306, cast.evaluator)
    with pytest.raises(Refused) as no:
        _assign(case, cast.auditor_3306, second)
    assert (no.value.code, no.value.field) == ("reasons", "reasons")
    declare(first, by=cast.evaluator, declared="No ties.")
    with pytest.raises(NotYours):
        _assign(case, cast.owner, second, reasons="We prefer another.")
    _assign(case, cast.auditor_3306, second, reasons="Ill for months.")
    first.refresh_from_db()
    assert (first.until_on, first.ended, first.engagement.given_up) == (today(), "Ill for months.", True)
    assert [seat.user for seat in case.seats.current()] == [second]
    assert history(case).filter(verb="assign").count() == 2


def test_who_declines_no_longer_counts(cast: Cast, case: Application) -> None:
    seat = _assign(_national(case), cast.auditor_3306, cast.evaluator)
    assert Engagement.objects.national_in(today().year).count() == 1
    perform(case, "decline", by=cast.evaluator, data={"reasons": "No time."})
    seat.refresh_from_db()
    assert (seat.until_on, seat.ended) == (today(), "No time.")
    assert Engagement.objects.national_in(today().year).count() == 0


def test_who_does_not_answer_loses_the_case_to_the_desk(cast: Cast, case: Application) -> None:
    seat = _assign(case, cast.auditor_3306, cast.evaluator)
    with pytest.raises(Refused):
        time_out(seat.engagement)
    with time_machine.travel(
        dt.datetime.combine(seat.engagement.answer_by + DAY, dt.time(4), tzinfo=dt.UTC), tick=False
    ):
        clock()
        clock()
        seat.refresh_from_db()
        assert (seat.until_on, seat.ended) == (today(), "timed_out")
        case.refresh_from_db()
        assert case.status == Status.EVALUATION
        assert history(case).filter(verb="time_out").count() == 1
        _assign(case, cast.auditor_3306, cast.evaluator)


def test_who_declared_in_time_keeps_the_case(cast: Cast, case: Application) -> None:
    seat = _assign(case, cast.auditor_3306, cast.evaluator)
    declare(seat, by=cast.evaluator, declared="No ties.")
    with time_machine.travel(
        dt.datetime.combine(seat.engagement.answer_by + DAY, dt.time(4), tzinfo=dt.UTC), tick=False
    ):
        clock()
        assert Seat.objects.current().filter(pk=seat.pk).exists()


def _report(case: Application) -> dict[str, Any]:
    points = {
        item.code: {"points": "1", "reason": "seen"} for item in case.scheme_version.definition.indicators
    }
    return {"technical_reviewer": "Staff 0", "signatory": "Staff 1", "points": points}


def test_reports_are_not_accepted_while_a_sanction_runs(cast: Cast, case: Application) -> None:
    seat = _assign(case, cast.auditor_3306, cast.evaluator)
    body = seat.engagement.body
    with pytest.raises(Refused) as undeclared:
        perform(case, "evaluate", by=cast.evaluator, data=_report(case))
    assert undeclared.value.field == "declared"
    declare(seat, by=cast.evaluator, declared="No ties.")
    told: dict[str, Any] = {
        "since_on": today(),
        "until_on": today() + 30 * DAY,
        "reasons": "Reports copied from one another.",
    }
    for somebody in (cast.administrator, cast.approver_33, cast.auditor_CN, cast.evaluator):
        with pytest.raises(NotYours):
            keeping.sanction_body(body, by=somebody, **told)
    keeping.sanction_body(body, by=cast.approver_CN, **told)
    with pytest.raises(Refused):
        keeping.sanction_body(body, by=cast.approver_CN, **told)
    assert history(body).filter(verb="sanction_body").count() == 1
    with pytest.raises(Refused) as no:
        perform(case, "evaluate", by=cast.evaluator, data=_report(case))
    assert no.value.code == "sanctioned"
    other = cast.examined(cast.draft(cast.another_site(), round_=cast.round("evaluated")))
    with pytest.raises(Refused) as refused:
        _assign(other, cast.auditor_3306, cast.evaluator)
    assert refused.value.code == "sanctioned"
    keeping.lift_sanction(body, by=cast.approver_CN, reasons="Heard; a mistake of ours.")
    with pytest.raises(Refused):
        keeping.lift_sanction(body, by=cast.approver_CN, reasons="Again.")
    perform(case, "evaluate", by=cast.evaluator, data=_report(case))
    assert Evaluation.objects.get().body == body


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "declared"}, "body"),
        ({"scope": ["park"]}, "scope"),
        ({"legal_representative": " "}, "conditions"),
    ],
)
def test_only_sound_bodies_get_a_case(
    cast: Cast, case: Application, change: dict[str, Any], code: str
) -> None:
    Body.objects.update(**change)
    with pytest.raises(Refused) as no:
        _assign(case, cast.auditor_3306, cast.evaluator)
    assert no.value.code == code


def test_the_desk_and_the_applicant_see_the_ties_before_they_choose(
    cast: Cast,
    case: Application,
    second: User,
    signed_in: As,
) -> None:
    desk = reverse("admin:certification_application_assign", args=[case.pk])
    text = signed_in(cast.auditor_3306).get(desk).content.decode()
    assert "unknown, declared" in text
    assert second.bodies.get().name in text
    page = reverse("application-verb", args=[case.pk, "assign"])
    assert "unknown, declared" in signed_in(cast.owner).get(page).content.decode()
    signed_in(cast.owner).post(page, {"user": second.pk, "contract_number": "C-2"})
    assert case.seats.current().get().engagement.contract_number == "C-2"
    shown = signed_in(cast.auditor_3306).get(
        reverse("admin:certification_application_change", args=[case.pk])
    )
    assert "The e-mail domains differ." in shown.content.decode()


def test_many_candidates_cost_no_more_queries(
    cast: Cast, case: Application, second: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _national(case)
    found = candidates(case)
    assert second.bodies.exists()
    for extra in (1, 3):
        for number in range(extra):
            body = Body.objects.create(**{**SAID, "identifier": f"C{extra}{number}"}, status="registered")
            staffed(body)
        with django_assert_num_queries(11):
            found = candidates(case)
    assert len(found) == 6
    assert cast.evaluator.bodies.get() in [each.body for each in found]
