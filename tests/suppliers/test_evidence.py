"""The vault: what it keeps, what it refuses, and what becomes of a file."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from greenchain.audit import trail
from greenchain.audit.trail import history, subscribe
from greenchain.clock import now, stopped_at, today
from greenchain.refusals import NotYours, Refused
from suppliers.evidence.actions import attach, inspect, remind, replace, retract
from suppliers.evidence.condition import Condition
from suppliers.evidence.models import Evidence
from tests import papers
from tests.factories_suppliers import (
    EnterpriseFactory,
    EvidenceFactory,
    MembershipFactory,
    ProductFactory,
    SiteFactory,
)

PERIOD = {"period_from": dt.date(2025, 1, 1), "period_to": dt.date(2025, 12, 31)}


def upload(content, name="paper.pdf"):
    return SimpleUploadedFile(name, content)


pytestmark = pytest.mark.usefixtures("places")


@pytest.fixture
def owner():
    return MembershipFactory.create()


def filed(owner, content=None, **given):
    wanted = {
        "kind": "business_licence",
        "title": "Licence",
        "upload": upload(content or papers.pdf("licence")),
    }
    return attach(owner.enterprise, by=owner.user, **{**wanted, **given})


def content_of(evidence):
    with evidence.file.open() as file:
        return file.read()


# ── attach ────────────────────────────────────────────────────────────────────────────────────────────────


def test_attach_keeps_the_file_out_of_reach_and_says_so_once(owner):
    evidence = filed(owner)
    assert content_of(evidence) == papers.pdf("licence")
    assert "licence" not in evidence.file.name.lower()
    assert (evidence.version, evidence.reused) == (1, False)
    assert [entry.verb for entry in history(evidence)] == ["attach"]
    assert history(evidence)[0].data["sha256"] == evidence.sha256


def test_the_same_file_is_kept_once(owner):
    first = filed(owner)
    again = filed(owner, title="Licence, once more")
    assert again == first
    assert again.reused
    assert Evidence.objects.count() == 1
    assert len(history(first)) == 1


def test_the_same_file_may_prove_another_kind_and_is_stored_once(owner):
    first = filed(owner)
    other = filed(owner, kind="green_plan")
    assert other != first
    assert other.file.name == first.file.name


def test_another_enterprise_keeps_its_own_copy(owner):
    other = MembershipFactory.create()
    assert filed(owner) != filed(other)


def test_the_title_falls_back_to_the_name(owner):
    assert filed(owner, title=" ").title == "paper.pdf"


def test_who_may_attach(owner, auditor_of, administrator):
    viewer = MembershipFactory.create(enterprise=owner.enterprise, role="viewer")
    gone = MembershipFactory.create(enterprise=owner.enterprise, until_on=dt.date(2025, 6, 1))
    strangers = [viewer.user, gone.user, MembershipFactory.create().user, auditor_of("3306"), administrator]
    for person in strangers:
        with pytest.raises(NotYours):
            attach(
                owner.enterprise, by=person, kind="business_licence", title="x", upload=upload(papers.pdf())
            )
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"kind": "no_such_kind"}, "unknown_kind", "kind"),
        ({"kind": "qms_certificate"}, "incomplete", "expires_on"),
        ({"kind": "form_b204_1"}, "incomplete", "period_from"),
        ({"period_from": dt.date(2025, 2, 1), "period_to": dt.date(2025, 1, 1)}, "incomplete", "period_to"),
        ({"issued_on": dt.date(2025, 2, 1), "expires_on": dt.date(2025, 1, 1)}, "incomplete", "expires_on"),
        ({"issued_on": today() + dt.timedelta(days=2)}, "incomplete", "issued_on"),
    ],
)
def test_what_a_kind_needs(owner, given, code, field):
    with pytest.raises(Refused) as refusal:
        filed(owner, **given)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_a_yearly_proof_with_its_period_is_kept(owner):
    assert filed(owner, kind="form_b204_1", **PERIOD).period_to == dt.date(2025, 12, 31)


def test_sites_and_products_must_be_ones_own(owner):
    assert filed(owner, site=SiteFactory.create(enterprise=owner.enterprise)).site
    for alien in ({"site": SiteFactory.create()}, {"product": ProductFactory.create()}):
        with pytest.raises(Refused) as refusal:
            filed(owner, papers.pdf("x"), **alien)
        assert refusal.value.code == "another_enterprise"


def test_the_database_holds_the_rule_of_one_copy(owner):
    first = filed(owner)
    first.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save()


# ── replace and retract ───────────────────────────────────────────────────────────────────────────────────


def test_replace_keeps_both_versions(owner):
    old = filed(owner, issuer="Shaoxing Market Regulator")
    new = replace(old, by=owner.user, upload=upload(papers.pdf("newer")), title="Licence 2026")
    assert (new.version, new.replaces, new.issuer, new.title) == (2, old, old.issuer, "Licence 2026")
    assert list(Evidence.objects.current()) == [new]
    assert [entry.verb for entry in history(new)] == ["replace"]
    assert content_of(old) == papers.pdf("licence")


def test_a_replaced_version_is_neither_replaced_nor_retracted_nor_filed_again(owner):
    old = filed(owner)
    replace(old, by=owner.user, upload=upload(papers.pdf("newer")))
    with pytest.raises(Refused) as refusal:
        replace(old, by=owner.user, upload=upload(papers.pdf("newest")))
    assert refusal.value.code == "already_done"
    with pytest.raises(Refused):
        retract(old, by=owner.user, reasons="wrong file")
    with pytest.raises(Refused) as refusal:
        filed(owner)
    assert refusal.value.code == "older_version"


def test_a_file_does_not_replace_itself(owner):
    old = filed(owner)
    with pytest.raises(Refused) as refusal:
        replace(old, by=owner.user, upload=upload(papers.pdf("licence")))
    assert refusal.value.code == "same_file"


def test_retract_needs_reasons_and_leaves_the_row(owner):
    evidence = filed(owner)
    with pytest.raises(Refused) as refusal:
        retract(evidence, by=owner.user, reasons=" ")
    assert refusal.value.field == "reasons"
    retracted = retract(evidence, by=owner.user, reasons="Wrong enterprise")
    assert retracted.retracted_at
    assert not Evidence.objects.current().exists()
    assert [entry.verb for entry in history(evidence)] == ["attach", "retract"]
    with pytest.raises(Refused) as refusal:
        retract(evidence, by=owner.user, reasons="again")
    assert refusal.value.code == "already_done"
    assert filed(owner) != evidence  # may be filed anew


def test_others_neither_replace_nor_retract(owner, auditor_of):
    evidence = filed(owner)
    for person in (auditor_of("3306"), MembershipFactory.create().user):
        with pytest.raises(NotYours):
            retract(evidence, by=person, reasons="x")
        with pytest.raises(NotYours):
            replace(evidence, by=person, upload=upload(papers.pdf("newer")))


def test_a_higher_layer_may_refuse_a_retraction_and_nothing_changes(owner):
    """Certification subscribes to "retract" and refuses while a case rests on the file."""
    evidence = filed(owner)

    @subscribe("retract")
    def refuse(_entry, _about):
        raise Refused("A case rests on it.", code="cited")

    try:
        with pytest.raises(Refused) as refusal:
            retract(evidence, by=owner.user, reasons="wrong")
    finally:
        trail._subscribers["retract"].remove(refuse)
    assert refusal.value.code == "cited"
    assert Evidence.objects.current().get() == evidence


def test_expiry(owner):
    yesterday = today() - dt.timedelta(days=1)
    expired = filed(owner, issued_on=yesterday, expires_on=yesterday)
    valid = filed(owner, papers.pdf("2"), expires_on=today())
    assert expired.is_expired
    assert not valid.is_expired
    assert list(Evidence.objects.valid()) == [valid]
    assert str(valid) == "Licence"


# ── condition ─────────────────────────────────────────────────────────────────────────────────────────────


def stored(evidence, content):
    """The file in the store, overwritten behind the vault's back."""
    with evidence.file.storage.open(evidence.file.name, "wb") as file:
        file.write(content)


def test_the_condition_is_told_when_the_file_comes_in(owner):
    scan = filed(owner, papers.drawn(papers.SCAN))
    assert (scan.condition, scan.is_unreadable) == (Condition.SCANNED, False)
    assert "text recognition" in scan.advice
    assert scan.seen_at
    assert filed(owner, papers.drawn(papers.WRITTEN)).condition == Condition.GOOD


def test_a_later_look_finds_what_became_of_a_file(owner):
    evidence = filed(owner, papers.drawn(papers.WRITTEN))
    sound = content_of(evidence)
    for content, condition in (
        (papers.drawn(papers.SCAN), Condition.LOST),  # readable, but not what was put in
        (papers.pdf(password="x"), Condition.ENCRYPTED),
        (sound[:100], Condition.DAMAGED),
        (sound, Condition.GOOD),
    ):
        stored(evidence, content)
        assert inspect(evidence).condition == condition
    evidence.file.storage.delete(evidence.file.name)
    assert inspect(evidence).condition == Condition.LOST
    assert [entry.verb for entry in history(evidence)] == ["attach", *["inspect"] * 5]
    inspect(evidence)
    assert len(history(evidence)) == 6  # nothing changed, nothing is said


def test_what_was_looked_into_rests(owner):
    unseen = EvidenceFactory.create(enterprise=owner.enterprise)
    seen = filed(owner)
    assert list(Evidence.objects.due_for_a_look()) == [unseen]
    Evidence.objects.filter(pk=seen.pk).update(seen_at=seen.seen_at - dt.timedelta(days=91))
    assert list(Evidence.objects.due_for_a_look()) == [unseen, seen]


# ── reminders ─────────────────────────────────────────────────────────────────────────────────────────────


def expiring(owner, days, **given):
    return EvidenceFactory.create(
        enterprise=owner.enterprise, expires_on=today() + dt.timedelta(days=days), **given
    )


def told(owner):
    entry = remind(owner.enterprise)
    return [row["evidence"] for row in entry.data["files"]] if entry else None


def test_the_enterprise_is_reminded_once_at_each_step(owner):
    assert told(owner) is None
    far, sixty, thirty, seven = (expiring(owner, days) for days in (61, 60, 30, 7))
    for days in (-1, None):
        gone = expiring(owner, days or 3)
        Evidence.objects.filter(pk=gone.pk).update(retracted_at=None if days else now())
    assert told(owner) == [seven.pk, thirty.pk, sixty.pk]
    assert told(owner) is None
    sixty.refresh_from_db()
    assert sixty.reminded == 60
    with stopped_at(dt.datetime.combine(today() + dt.timedelta(days=1), dt.time(4), dt.UTC)):
        assert told(owner) == [far.pk]
    with stopped_at(dt.datetime.combine(today() + dt.timedelta(days=31), dt.time(4), dt.UTC)):
        assert told(owner) == [sixty.pk, far.pk]


def test_a_replaced_file_is_not_reminded_of_and_its_successor_anew(owner):
    old = expiring(owner, 7, kind="qms_certificate")
    assert told(owner) == [old.pk]
    later = today() + dt.timedelta(days=20)
    new = replace(old, by=owner.user, upload=upload(papers.pdf("new")), expires_on=later)
    assert told(owner) == [new.pk]


def test_factories_make_sound_files():
    enterprise = EnterpriseFactory.create()
    assert filed(MembershipFactory.create(enterprise=enterprise)).enterprise == enterprise
