"""The record: chained, append-only, anchored; and where it was changed or cut off."""

import datetime as dt
from decimal import Decimal
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from greenchain.accounts.models import User
from greenchain.audit.immutable import lifted, tables
from greenchain.audit.models import Anchor, AuditEntry
from greenchain.audit.proof import anchor, breaks
from greenchain.audit.trail import history, record, subscribe
from greenchain.clock import stopped_at
from tests.factories_suppliers import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return UserFactory.create()


def three(person: User) -> list[AuditEntry]:
    """Three entries in one chain."""
    return [record("praise", person, by=person, reasons=text) for text in ("one", "two", "three")]


def told() -> list[str]:
    return [str(fault) for fault in breaks()]


def test_entries_are_chained(person: User) -> None:
    first, second, third = three(person)
    assert [entry.seq for entry in history(person)] == [1, 2, 3]
    assert second.previous == first.digest
    assert third.previous == second.digest
    assert told() == []


def test_values_keep_their_digits(person: User) -> None:
    entry = record("weigh", person, by=None, points=Decimal("5.40"), on=dt.date(2026, 1, 2), big=2**60)
    assert entry.data == {"points": "5.4", "on": "2026-01-02", "big": str(2**60)}
    assert entry.content["role"] == "system"


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_auditentry SET verb = 'blame'", "DELETE FROM audit_auditentry"]
)
def test_the_database_refuses_changes(person: User, statement: str) -> None:
    three(person)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert told() == []


def test_every_append_only_table_is_protected(person: User) -> None:
    three(person)
    assert "audit_auditentry" in tables()
    assert "certification_dossier" in tables()
    assert "certification_decision" in tables()


def tamper(statement: str, *params: Any) -> None:
    with lifted(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_a_changed_byte_is_found_where_it_is(person: User) -> None:
    chain = three(person)[1].chain
    tamper("UPDATE audit_auditentry SET body = replace(body, 'two', 'twö') WHERE seq = 2")
    assert told() == [f"{chain} entry 2: its text was changed"]


def test_a_changed_column_is_found(person: User) -> None:
    chain = three(person)[0].chain
    tamper("UPDATE audit_auditentry SET verb = 'blame' WHERE seq = 3")
    assert told() == [f"{chain} entry 3: its columns differ from its text"]


def test_a_cut_off_tail_is_found(person: User) -> None:
    chain = three(person)[0].chain
    tamper("DELETE FROM audit_auditentry WHERE seq = 3")
    assert told() == [f"{chain} entry 3: the tail was cut off, the head stands at 3"]


def test_the_zone_an_entry_was_written_in_does_not_matter(person: User) -> None:
    with stopped_at(dt.datetime(2026, 1, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))):
        three(person)
    assert told() == []


def test_a_missing_middle_is_found(person: User) -> None:
    chain = three(person)[0].chain
    tamper("DELETE FROM audit_auditentry WHERE seq = 2")
    assert told()[0] == f"{chain} entry 2: missing, entry 3 follows"


def test_a_whole_chain_cut_off_is_found(person: User) -> None:
    chain = three(person)[0].chain
    tamper("DELETE FROM audit_auditentry")
    assert told() == [f"{chain} entry 1: all 3 entries are missing"]


def test_the_anchor_catches_who_also_mends_the_head(person: User) -> None:
    chain = three(person)[0].chain
    assert anchor() is not None
    assert anchor() is None
    second = AuditEntry.objects.get(chain=chain, seq=2)
    tamper("DELETE FROM audit_auditentry WHERE seq = 3")
    tamper("UPDATE audit_chainhead SET seq = 2, digest = %s", second.digest)
    assert len(told()) == 1
    assert told()[0].startswith("anchor entry 1")
    assert Anchor.objects.count() == 1


def test_the_command_says_where(person: User) -> None:
    three(person)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "3 entries in 1 chains" in out.getvalue()
    tamper("DELETE FROM audit_auditentry WHERE seq = 3")
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_audit", stderr=err)
    assert "entry 3" in err.getvalue()


def test_a_subscriber_that_fails_takes_the_entry_with_it(person: User) -> None:
    @subscribe("explode")
    def _fail(_entry: AuditEntry, _about: Any) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        record("explode", person, by=None)
    assert not AuditEntry.objects.filter(verb="explode").exists()
