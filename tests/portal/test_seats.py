"""Seats: the frozen dossier, the files of that case only, and the judgement."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from certification.application import actions as applying
from certification.models import Application, Evaluation, PanelScore, Seat
from certification.verbs import perform
from greenchain.clock import today
from tests.cast import Cast
from tests.factories_suppliers import EvidenceFactory
from tests.portal.conftest import As


@pytest.fixture
def evaluated(cast: Cast) -> Seat:
    case = cast.examined(cast.draft(round_=cast.round("evaluated", evaluation="required")))
    perform(case, "assign", by=cast.auditor_3306, data={"user": cast.evaluator.pk})
    return Seat.objects.get(application=case)


@pytest.fixture
def scored(cast: Cast) -> Seat:
    case = cast.endorsed_up(cast.examined(cast.draft(round_=cast.round("panel", panel=True))))
    perform(case, "assign", by=cast.auditor_3306, data={"user": cast.expert_a.pk})
    return Seat.objects.get(application=case)


def _points(case: Application, **changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "technical_reviewer": "Staff 0",
        "signatory": "Staff 1",
        "conclusion": "In order.",
    }
    for item in case.scheme_version.definition.indicators:
        given[f"points_{item.code}"] = "1"
        given[f"reason_{item.code}"] = "seen on site"
    return {**given, **changes}


def test_an_evaluator_works_through_the_dossier(cast: Cast, evaluated: Seat, signed_in: As) -> None:
    browser, case = signed_in(cast.evaluator), evaluated.application
    assert case.number in browser.get(reverse("seats")).content.decode()
    address = reverse("seat", args=[evaluated.pk])
    text = browser.get(address).content.decode()
    assert "Declare your independence first" in text
    assert "Dossier 1, frozen" in text
    report = reverse("application-verb", args=[case.pk, "evaluate"])
    assert "technical_reviewer" not in text
    assert browser.post(reverse("seat-declare", args=[evaluated.pk]), {"declared": ""}).status_code == 422
    browser.post(reverse("seat-declare", args=[evaluated.pk]), {"declared": "I have no ties."})
    assert "I have no ties." in browser.get(address).content.decode()
    short = browser.post(report, _points(case, reason_E1="", conclusion="My long conclusion"))
    assert short.status_code == 409
    assert "My long conclusion" in short.content.decode()
    assert browser.post(report, _points(case, points_E1="999")).status_code == 422
    done = browser.post(report, _points(case))
    assert (done.status_code, done["Location"]) == (302, reverse("seats"))
    assert Evaluation.objects.get().total == len(case.scheme_version.definition.indicators)
    assert browser.get(address).status_code == 404
    assert "Ended seats" in browser.get(reverse("seats")).content.decode()


def test_files_open_with_the_seat_and_close_with_it(cast: Cast, evaluated: Seat, signed_in: As) -> None:
    browser = signed_in(cast.evaluator)
    cited = evaluated.application.citations.order_by("pk").first()
    assert cited is not None
    address = reverse("seat-file", args=[evaluated.pk, cited.evidence_id])
    answer = browser.get(address)
    assert answer.getvalue()
    assert "sandbox" in answer["Content-Security-Policy"]
    uncited = EvidenceFactory.create(enterprise=cast.enterprise)
    assert browser.get(reverse("seat-file", args=[evaluated.pk, uncited.pk])).status_code == 404
    assert browser.get(reverse("evidence-file", args=[cited.evidence_id])).status_code == 404
    assert signed_in(cast.expert_a).get(address).status_code == 404
    evaluated.until_on = today()
    evaluated.save()
    assert browser.get(address).status_code == 404
    assert browser.get(reverse("seat", args=[evaluated.pk])).status_code == 404


def test_the_dossier_is_what_was_frozen(cast: Cast, evaluated: Seat, signed_in: As) -> None:
    case = evaluated.application
    Application.objects.filter(pk=case.pk).update(form={**case.form, "green_summary": "Changed afterwards"})
    text = signed_in(cast.evaluator).get(reverse("seat", args=[evaluated.pk])).content.decode()
    assert "Changed afterwards" not in text
    assert case.form["green_summary"] in text


def test_a_seat_is_declined(cast: Cast, evaluated: Seat, signed_in: As) -> None:
    browser = signed_in(cast.evaluator)
    address = reverse("application-verb", args=[evaluated.application_id, "decline"])
    assert browser.post(address, {"reasons": ""}).status_code == 422
    assert browser.post(address, {"reasons": "I know them."})["Location"] == reverse("seats")
    assert not Seat.objects.current().exists()


def test_an_expert_sees_no_score(cast: Cast, scored: Seat, signed_in: As) -> None:
    browser = signed_in(cast.expert_a)
    text = browser.get(reverse("seat", args=[scored.pk])).content.decode()
    assert "computed" not in text
    assert "base value" not in text
    assert "in order" not in text
    address = reverse("application-verb", args=[scored.application_id, "score"])
    refused = browser.post(address, {"points": "80", "reasons": "Solid."})
    assert (refused.status_code, "Solid." in refused.content.decode()) == (422, True)
    given = {"points": "80", "reasons": "Solid.", "declared": "I have no ties."}
    assert browser.post(address, {**given, "points": "101"}).status_code == 422
    assert browser.post(address, given).status_code == 302
    again = browser.post(address, given, follow=True)
    assert "scored this case already" in again.content.decode()
    assert PanelScore.objects.count() == 1


def test_a_returned_case_leaves_the_seat_with_the_last_dossier(
    cast: Cast, evaluated: Seat, signed_in: As
) -> None:
    case = evaluated.application
    due = today() + dt.timedelta(days=9)
    perform(case, "send_back", by=cast.evaluator, data={"codes": ["clarify"], "note": "?", "due_on": due})
    applying.fill_in(case, by=cast.owner, form={"green_summary": "In the making"})
    text = signed_in(cast.evaluator).get(reverse("seat", args=[evaluated.pk])).content.decode()
    assert "In the making" not in text
