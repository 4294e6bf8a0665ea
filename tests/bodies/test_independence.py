"""Ties are computed, each with its reason; without data the answer is "unknown, declared", never "independent"."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from certification.body.mail import own_domains, public_domains, shared
from certification.evaluation.independence import Answer, overall, ties_of
from certification.models import Body, Consulting, Employer, Shareholder, Staff
from certification.verbs import perform
from greenchain.audit.trail import history
from greenchain.clock import today, years_after
from greenchain.refusals import Refused
from suppliers.models import FormerName, Membership, Shareholding
from tests.bodies.conftest import staffed
from tests.cast import Cast
from tests.portal.conftest import As

LATELY = years_after(today(), -3) + dt.timedelta(days=1)
LONG_AGO = years_after(today(), -3) - dt.timedelta(days=1)


def _told(body: Body, cast: Cast) -> dict[str, str]:
    return {each.key: each.answer for each in ties_of(body, cast.enterprise)}


def _why(body: Body, cast: Cast, key: str) -> str:
    return next(each.reason["en"] for each in ties_of(body, cast.enterprise) if each.key == key)


def _all_told(body: Body, cast: Cast) -> None:
    body.shareholders_on = body.consulting_on = today()
    body.save()
    Staff.objects.filter(body=body).update(past_on=today())
    cast.enterprise.shareholders_on = today()
    cast.enterprise.save()


def test_without_data_it_is_unknown(cast: Cast, declared: Body) -> None:
    assert overall(ties_of(declared, cast.enterprise)) == Answer.UNKNOWN
    told = _told(declared, cast)
    assert {told[key] for key in ("shareholders", "employers", "consulting")} == {"unknown"}
    assert "independent" not in {str(each.label) for each in Answer}


def test_with_all_declared_there_is_no_tie_in_what_is_declared(cast: Cast, declared: Body) -> None:
    staffed(declared)
    _all_told(declared, cast)
    assert overall(ties_of(declared, cast.enterprise)) == Answer.CLEAR
    body_only = years_after(today(), -1) - dt.timedelta(days=1)
    Body.objects.filter(pk=declared.pk).update(consulting_on=body_only)
    assert _told(declared, cast)["consulting"] == "unknown"


def _representative(body: Body, _cast: Cast) -> None:
    Body.objects.filter(pk=body.pk).update(legal_representative="Wang　Wei")


def _owner_of_body(body: Body, _cast: Cast) -> None:
    Shareholder.objects.create(body=body, name="wang wei")


def _owner_of_applicant(_body: Body, cast: Cast) -> None:
    Shareholding.objects.create(enterprise=cast.enterprise, name="Qian Duo")


def _owns_body(body: Body, cast: Cast) -> None:
    Shareholder.objects.create(body=body, name="x", identifier=cast.enterprise.identifier.lower())


def _owned_by_body(body: Body, cast: Cast) -> None:
    Shareholding.objects.create(enterprise=cast.enterprise, name="x", identifier=body.identifier)


def _common(body: Body, cast: Cast) -> None:
    Shareholder.objects.create(body=body, name="绿色投资（集团）有限公司", identifier="")
    Shareholding.objects.create(enterprise=cast.enterprise, name="绿色投资(集团)有限公司", identifier="91X")


def _mail(body: Body, _cast: Cast) -> None:
    Staff.objects.filter(body=body).update(email="li@lab.applicant.example")


def _employer(body: Body, cast: Cast) -> None:
    FormerName.objects.create(enterprise=cast.enterprise, name="旧名称有限公司")
    Employer.objects.create(staff=body.staff.all()[0], name="旧名称有限公司", until_on=LATELY)


def _advised(body: Body, cast: Cast) -> None:
    Consulting.objects.create(
        body=body, name="x", identifier=cast.enterprise.identifier, until_on=LATELY, about="energy plan"
    )


def _member(body: Body, cast: Cast) -> None:
    person = body.members.get()
    Membership.objects.create(user=person, enterprise=cast.enterprise, role="viewer", until_on=LATELY)


@pytest.mark.parametrize(
    ("tie", "key", "words"),
    [
        (_representative, "representative", "the same legal representative"),
        (_owner_of_body, "representative", "owns a part of the body"),
        (_owner_of_applicant, "representative", "owns a part of the applicant"),
        (_owns_body, "shareholders", "The applicant owns a part of the body"),
        (_owned_by_body, "shareholders", "The body owns a part of the applicant"),
        (_common, "shareholders", "owns a part of both"),
        (_mail, "mail", "applicant.example"),
        (_employer, "employers", "worked for the applicant within three years"),
        (_advised, "consulting", "energy plan"),
        (_member, "people", "keeper acts for the applicant"),
    ],
)
def test_each_tie_with_its_reason(
    cast: Cast, declared: Body, tie: Callable[[Body, Cast], Any], key: str, words: str
) -> None:
    staffed(declared)
    _all_told(declared, cast)
    tie(declared, cast)
    told = _told(declared, cast)
    assert {name for name, answer in told.items() if answer == "tied"} == {key}
    assert words in _why(declared, cast, key)
    reason = next(each.reason for each in ties_of(declared, cast.enterprise) if each.key == key)
    assert set(reason) == {"en", "zh-hans", "id"}


def test_what_lies_more_than_three_years_back_does_not_tie(cast: Cast, declared: Body) -> None:
    staffed(declared)
    _all_told(declared, cast)
    name = cast.enterprise.name
    Employer.objects.create(staff=declared.staff.all()[0], name=name, until_on=LONG_AGO)
    Consulting.objects.create(body=declared, name=name, until_on=LONG_AGO)
    Shareholder.objects.create(body=declared, name=name, until_on=today() - dt.timedelta(days=1))
    person = declared.members.get()
    Membership.objects.create(
        user=person, enterprise=cast.enterprise, role="viewer", since_on=LONG_AGO, until_on=LONG_AGO
    )
    assert overall(ties_of(declared, cast.enterprise)) == Answer.CLEAR


def test_identifiers_decide_where_both_have_one(cast: Cast, declared: Body) -> None:
    Consulting.objects.create(body=declared, name=cast.enterprise.name, identifier="another")
    assert _told(declared, cast)["consulting"] == "unknown"


def test_boxes_that_anyone_may_have_say_nothing(cast: Cast, declared: Body) -> None:
    assert {"qq.com", "163.com", "gmail.com"} <= public_domains()
    assert own_domains(["a@qq.com", "b@vip.qq.com", "c@Firm.cn", "none", "", "d@firm.cn."]) == {"firm.cn"}
    assert shared({"energy.firm.cn"}, {"firm.cn"}) == "firm.cn"
    assert shared({"otherfirm.cn"}, {"firm.cn"}) == ""
    cast.enterprise.contact_email = "firm@163.com"
    cast.enterprise.save()
    Membership.objects.filter(enterprise=cast.enterprise).delete()
    Body.objects.filter(pk=declared.pk).update(contact_email="office@163.com")
    assert _told(declared, cast)["mail"] == "unknown"


def test_a_tie_refuses_and_what_is_unknown_is_kept_with_the_assignment(cast: Cast) -> None:
    case = cast.examined(cast.draft(round_=cast.round("evaluated", evaluation="required")))
    body = cast.evaluator.bodies.get()
    contract = Consulting.objects.create(body=body, name=cast.enterprise.name, about="energy plan")
    with pytest.raises(Refused) as no:
        perform(case, "assign", by=cast.auditor_3306, data={"user": cast.evaluator.pk})
    assert (no.value.code, no.value.field) == ("independent", "user")
    assert "energy plan" in str(no.value)
    contract.delete()
    seat = perform(case, "assign", by=cast.auditor_3306, data={"user": cast.evaluator.pk})
    assert seat.engagement.answer == "unknown"
    assert {row["key"] for row in seat.engagement.ties} == {
        "people",
        "representative",
        "shareholders",
        "mail",
        "employers",
        "consulting",
    }


def test_an_enterprise_keeps_its_shareholders(cast: Cast, signed_in: As) -> None:
    browser, new = signed_in(cast.editor), reverse("shareholding-new", args=[cast.enterprise.pk])
    name = "浙江省绿色制造产业投资发展集团有限责任公司"
    assert browser.post(new, {"name": name, "share": "101"}).status_code == 422
    backwards = {"name": name, "since_on": "2026-02-01", "until_on": "2026-01-01"}
    assert browser.post(new, backwards).status_code == 422
    assert browser.post(new, {"name": name, "share": "60", "since_on": "2020-01-01"}).status_code == 302
    held = Shareholding.objects.get()
    assert history(held).filter(verb="add_shareholding").count() == 1
    page = reverse("shareholding", args=[held.pk])
    ended = {"name": name, "share": "60", "since_on": "2020-01-01", "until_on": "2025-12-31"}
    for person, status in ((cast.viewer, 403), (cast.auditor_3306, 403), (cast.stranger, 404), (None, 302)):
        assert signed_in(person).post(page, ended).status_code == status
    assert browser.post(page, ended).status_code == 302
    held.refresh_from_db()
    assert held.ended
    shown = browser.get(reverse("enterprise", args=[cast.enterprise.pk])).content.decode()
    assert name in shown
    assert "unknown, declared" in shown
