"""Compliance records: entered by those who answer, counted as article 15 says."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.models import ComplianceRecord
from suppliers.record.actions import clear, confirm, enter, refute
from suppliers.record.models import years_before
from tests.factories_suppliers import (
    ComplianceRecordFactory,
    EnterpriseFactory,
    MembershipFactory,
    SiteFactory,
)

pytestmark = pytest.mark.usefixtures("places")

DAY = dt.date(2026, 6, 30)
FACTS: dict[str, Any] = {
    "kind": "accident_or_violation",
    "title": "Discharge above the limit",
    "source": "Credit China",
    "source_url": "https://example.org/1",
    "happened_on": dt.date(2025, 6, 1),
}


@pytest.fixture
def enterprise():
    return EnterpriseFactory.create()


def test_an_auditor_enters_with_source_and_day(enterprise, auditor_of):
    auditor = auditor_of("33")
    row = enter(enterprise, by=auditor, match="possible", **FACTS)
    assert (row.authority, row.entered_by, row.match) == (auditor.authority, auditor, "possible")
    assert [entry.verb for entry in history(row)] == ["enter"]
    assert str(row) == "Discharge above the limit"


@pytest.mark.parametrize(
    ("role", "code"), [("auditor", "44"), ("auditor", "3302"), ("reviewer", "3306"), ("expert", "CN")]
)
def test_others_do_not(enterprise, official, role, code):
    with pytest.raises(NotYours):
        enter(enterprise, by=official(role, code), **FACTS)
    assert not ComplianceRecord.objects.exists()


def test_neither_do_members_and_administrators(enterprise, administrator):
    for person in (MembershipFactory.create(enterprise=enterprise).user, administrator):
        with pytest.raises(NotYours):
            enter(enterprise, by=person, **FACTS)


def test_the_desk_of_the_site_may_enter_about_the_site(auditor_of):
    enterprise = EnterpriseFactory.create(region_id="440103")
    site = SiteFactory.create(enterprise=enterprise, region_id="330602")
    auditor = auditor_of("3306")
    assert enter(enterprise, by=auditor, site=site, **FACTS).site == site
    with pytest.raises(NotYours):
        enter(enterprise, by=auditor, **FACTS)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "no such kind"}, "kind"),
        ({"source": ""}, "source"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"happened_on": today() + dt.timedelta(days=2)}, "happened_on"),
        ({"cleared_on": dt.date(2025, 5, 1)}, None),
    ],
)
def test_faulty_facts_are_refused(enterprise, auditor_of, given, field):
    with pytest.raises(Refused) as refusal:
        enter(enterprise, by=auditor_of("3306"), **{**FACTS, **given})
    assert refusal.value.field == field


def test_another_enterprises_site_and_unknown_facts(enterprise, auditor_of):
    with pytest.raises(Refused) as refusal:
        enter(enterprise, by=auditor_of("3306"), site=SiteFactory.create(), **FACTS)
    assert refusal.value.field == "site"
    with pytest.raises(TypeError):
        enter(enterprise, by=auditor_of("3306"), gravity=3, **FACTS)


def test_clear_confirm_refute(enterprise, auditor_of):
    auditor = auditor_of("3306")
    row = enter(enterprise, by=auditor, match="possible", **FACTS)
    assert confirm(row, by=auditor, reasons="Same USCC on the source page.").match == "confirmed"
    assert clear(row, by=auditor, cleared_on=dt.date(2026, 1, 1), reasons="Rectified.").cleared_on
    for again in (
        lambda: confirm(row, by=auditor, reasons="x"),
        lambda: clear(row, by=auditor, cleared_on=dt.date(2026, 1, 1), reasons="x"),
    ):
        with pytest.raises(Refused) as refusal:
            again()
        assert refusal.value.code == "already_done"
    assert refute(row, by=auditor, reasons="A namesake.").refuted_at
    with pytest.raises(Refused) as refusal:
        refute(row, by=auditor, reasons="x")
    assert refusal.value.code == "already_done"
    assert [entry.verb for entry in history(row)] == ["enter", "confirm_record", "clear", "refute"]


def test_each_needs_reasons_and_the_right_desk(auditor_of):
    row = ComplianceRecordFactory.create(match="possible")
    for verb in (
        lambda by, reasons: confirm(row, by=by, reasons=reasons),
        lambda by, reasons: clear(row, by=by, cleared_on=today(), reasons=reasons),
        lambda by, reasons: refute(row, by=by, reasons=reasons),
    ):
        with pytest.raises(NotYours):
            verb(auditor_of("44"), "x")
        with pytest.raises(Refused) as refusal:
            verb(auditor_of("3306"), " ")
        assert refusal.value.field == "reasons"


@pytest.mark.parametrize("cleared_on", [dt.date(2025, 5, 31), today() + dt.timedelta(days=2)])
def test_the_end_lies_between_the_beginning_and_today(auditor_of, cleared_on):
    row = ComplianceRecordFactory.create()
    with pytest.raises(Refused) as refusal:
        clear(row, by=auditor_of("3306"), cleared_on=cleared_on, reasons="x")
    assert refusal.value.field == "cleared_on"


@pytest.mark.parametrize(
    ("kind", "happened", "cleared", "counts"),
    [
        ("accident_or_violation", dt.date(2023, 7, 1), None, True),
        ("accident_or_violation", dt.date(2023, 6, 30), None, False),
        ("accident_or_violation", dt.date(2024, 1, 1), dt.date(2024, 2, 1), True),  # rectified, not undone
        ("accident_or_violation", dt.date(2026, 7, 1), None, False),  # not yet
        ("removed_before", dt.date(2023, 6, 30), None, False),
        ("inspection_problem", dt.date(2026, 1, 1), None, True),
        ("not_operating", dt.date(2018, 1, 1), None, True),
        ("not_operating", dt.date(2018, 1, 1), dt.date(2026, 6, 1), False),
        ("not_operating", dt.date(2018, 1, 1), dt.date(2026, 7, 1), True),  # cleared only later
        ("energy_supervision", dt.date(2026, 1, 1), dt.date(2026, 3, 1), False),
        ("dishonest_debtor", dt.date(2018, 1, 1), None, True),
        ("dishonest_debtor", dt.date(2018, 1, 1), dt.date(2023, 7, 1), True),
        ("dishonest_debtor", dt.date(2018, 1, 1), dt.date(2023, 6, 30), False),
    ],
)
def test_what_stands_on_a_day(kind, happened, cleared, counts):
    ComplianceRecordFactory.create(kind=kind, happened_on=happened, cleared_on=cleared)
    assert ComplianceRecord.objects.standing(DAY).exists() is counts


def test_what_was_refuted_never_stands(auditor_of):
    row = ComplianceRecordFactory.create(happened_on=today())
    assert ComplianceRecord.objects.standing().exists()
    refute(row, by=auditor_of("3306"), reasons="A namesake.")
    assert not ComplianceRecord.objects.standing().exists()


def test_about_a_site_and_the_whole(enterprise):
    here, there = SiteFactory.create_batch(2, enterprise=enterprise)
    whole, local, other = (
        ComplianceRecordFactory.create(enterprise=enterprise, site=site) for site in (None, here, there)
    )
    ComplianceRecordFactory.create()
    assert set(ComplianceRecord.objects.about(enterprise, here)) == {whole, local}
    assert set(ComplianceRecord.objects.about(enterprise)) == {whole, local, other}


def test_leap_days():
    assert years_before(dt.date(2028, 2, 29), 3) == dt.date(2025, 2, 28)


def test_the_database_refuses_an_end_before_the_beginning():
    with pytest.raises(IntegrityError), transaction.atomic():
        ComplianceRecordFactory.create(cleared_on=dt.date(2020, 1, 1))
