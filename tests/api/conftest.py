"""Rows of every resource for the API's tests."""

import datetime as dt
from collections.abc import Callable

import pytest

from certification.chain.actions import alert_buyers
from certification.designation.actions import suspend
from certification.impact.actions import Question, study
from certification.models import Objection
from certification.verbs import perform
from greenchain.accounts.models import User
from greenchain.clock import today
from suppliers.models import Level
from suppliers.place.reference import registered
from suppliers.reporting.actions import report
from tests.api.caller import Caller
from tests.cast import YEAR, Cast
from tests.codes import published
from tests.factories_suppliers import (
    ComplianceRecordFactory,
    EnterpriseFactory,
    EvidenceFactory,
    ParkFactory,
    ProductFactory,
    SupplyLinkFactory,
)
from tests.papers import pdf


@pytest.fixture
def call(db: None) -> Callable[[User | None], Caller]:  # noqa: ARG001 - opens the database
    """A program of a person's."""
    return Caller.of


@pytest.fixture
def full(cast: Cast) -> Cast:
    """The cast with at least three rows of every resource: cases in draft, on notice and granted, a broken supplier."""
    owner, mine = cast.owner, cast.enterprise
    registered()["deadlines"]()
    for number in range(3):
        ProductFactory.create(enterprise=mine)
        report(ParkFactory.create(manager=mine), YEAR, by=owner, values={"energy_tce": "9"})
        ComplianceRecordFactory.create(
            enterprise=mine,
            kind="inspection_problem",
            match="possible",
            happened_on=dt.date(2015, 1, 1 + number),
        )
        SupplyLinkFactory.create(buyer=EnterpriseFactory.create(), supplier=mine)
        SupplyLinkFactory.create(buyer=mine, supplier=EnterpriseFactory.create(), spend=10, share="0.1")
        _claimed(cast, number)
        cast.granted(cast.draft(cast.another_site()))
        noticed = cast.selected(
            cast.draft(cast.another_site(), round_=cast.round(f"notice{number}", notice_days=10))
        )
        perform(
            noticed,
            "contest",
            by=None,
            data={"name": "Zhao", "contact": "z@example.org", "statement": "smoke"},
        )
    cast.draft(level=Level.MUNICIPAL)
    title = cast.granted(cast.draft(cast.another_site()))
    suspend(title, by=cast.approver_3306, reasons="fire", until_on=today() + dt.timedelta(days=9))
    alert_buyers()
    published(cast)
    for score in ("81", "82", "83"):
        changes = {"national": {"pass_score": score}}
        question = Question(before=cast.national, after=cast.national, year=YEAR, changes=changes)
        study(by=cast.approver_CN, question=question)
    assert Objection.objects.count() == 3
    assert owner.is_active
    return cast


def _claimed(cast: Cast, number: int) -> None:
    from django.core.files.base import ContentFile  # noqa: PLC0415 - here alone

    from suppliers.claim.actions import claim  # noqa: PLC0415 - here alone
    from tests.uscc import uscc  # noqa: PLC0415 - here alone

    fields = {"scheme": "uscc", "identifier": uscc(66_000 + number), "name": f"新企业{number}"}
    fields["region"] = cast.site.region  # type: ignore[assignment]
    claim(fields, by=cast.stranger, licence=ContentFile(pdf(f"licence {number}"), name="licence.pdf"))
    EvidenceFactory.create(enterprise=cast.enterprise)
