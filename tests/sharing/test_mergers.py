"""In a merger invitations, watched suppliers and answers go along, consents end; a new name leaves all of it."""

import datetime as dt
from typing import Any

import pytest

from certification.chain.models import Choice, Mute, Watch
from certification.delivery.actions import send_mails
from certification.models import Alert, Delivery
from greenchain.audit.proof import breaks
from greenchain.audit.trail import history
from greenchain.clock import today
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.enterprise.changing import approve_change, tell_change, undo_change
from suppliers.invitation.actions import invite
from suppliers.invitation.answering import accept, decline, stop
from suppliers.models import AnswerSet, Consent, Enterprise, Invitation, Stopped
from suppliers.sharing.actions import answer, consent
from tests.cast import Cast
from tests.factories_suppliers import (
    EnterpriseFactory,
    EvidenceFactory,
    MembershipFactory,
    SupplyLinkFactory,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def change(cast: Cast, kind: str = "merger", **given: Any) -> EnterpriseChange:
    proof = EvidenceFactory.create(enterprise=cast.enterprise)
    told = tell_change(
        cast.enterprise, by=cast.owner, kind=kind, happened_on=today() - 3 * DAY, proof=proof, **given
    )
    return approve_change(told, by=cast.approver_3306)


def undo(row: EnterpriseChange, cast: Cast) -> None:
    undo_change(row, by=cast.approver_3306, reasons="annulled")


def member() -> Any:
    return MembershipFactory.create()


def invited(cast: Cast, supplier: Enterprise | None = None, name: str = "Known", **given: str) -> Invitation:
    given = {"contact": f"{name}@supplier.example".replace(" ", "."), "language": "en", **given}
    if supplier is not None:
        SupplyLinkFactory.create(buyer=cast.enterprise, supplier=supplier)
    return invite(cast.enterprise, by=cast.owner, supplier=supplier, name=name, **given)


def parties(row: Any) -> tuple[int, int | None]:
    row.refresh_from_db()
    return row.buyer_id, row.supplier_id


def test_consents_end_are_told_and_hold_again_when_it_is_undone(cast: Cast) -> None:
    other, giver, reader = EnterpriseFactory.create(), member(), member()
    given = consent(cast.enterprise, by=cast.owner, buyer=reader.enterprise, answers=True)
    to_all = consent(cast.enterprise, by=cast.owner, named=True)
    received = consent(giver.enterprise, by=giver.user, buyer=cast.enterprise, answers=True)
    elsewhere = consent(giver.enterprise, by=giver.user, buyer=other, answers=True)
    gone = consent(cast.enterprise, by=cast.owner, buyer=giver.enterprise, answers=True)
    gone.withdrawn_at, gone.withdrawn_by = gone.given_at, cast.owner
    gone.save()

    merger = change(cast, other=other)

    assert set(Consent.objects.in_force()) == {elsewhere}
    assert [entry.verb for entry in history(received)] == ["give_consent", "end_consent"]
    assert history(received)[1].data["because"] == "merger"
    send_mails()
    for person in (giver.user, reader.user):
        assert Delivery.objects.filter(addressee=person, entry__verb="end_consent").count() == 1

    undo(merger, cast)
    assert set(Consent.objects.in_force()) == {given, to_all, received, elsewhere}
    assert history(given).last().verb == "resume_consent"
    assert list(breaks()) == []


def test_answers_stand_at_the_other_as_a_draft(cast: Cast) -> None:
    other = EnterpriseFactory.create()
    mine = answer(cast.enterprise, {"people": "120"}, by=cast.owner)

    merger = change(cast, other=other)

    draft = AnswerSet.objects.get(enterprise=other)
    assert (draft.values, draft.confirmed, draft.confirmed_at) == (mine.values, {}, None)
    undo(merger, cast)
    assert list(AnswerSet.objects.all()) == [mine]


def test_what_the_other_answered_itself_stays(cast: Cast) -> None:
    other = member()
    theirs = answer(other.enterprise, {"people": "7"}, by=other.user)
    answer(cast.enterprise, {"people": "120"}, by=cast.owner)
    merger = change(cast, other=other.enterprise)
    assert AnswerSet.objects.get(enterprise=other.enterprise) == theirs
    undo(merger, cast)
    assert AnswerSet.objects.get(enterprise=other.enterprise).values == theirs.values


def test_a_draft_that_was_worked_on_stays_when_the_merger_is_undone(cast: Cast) -> None:
    other = member()
    answer(cast.enterprise, {"people": "120"}, by=cast.owner)
    merger = change(cast, other=other.enterprise)
    answer(other.enterprise, {"people": "121"}, by=other.user)
    undo(merger, cast)
    assert AnswerSet.objects.get(enterprise=other.enterprise).values["people"] == "121"


def test_invitations_go_along_or_are_cancelled(cast: Cast) -> None:
    boss, known, joined = member(), EnterpriseFactory.create(), member()
    other = boss.enterprise
    waiting = invited(cast, known)
    strange = invited(cast, name="Nobody knows")
    come = accept(invited(cast, joined.enterprise, name="Come"), joined.enterprise, by=joined.user)
    itself = invited(cast, other, name="Itself")
    declined = decline(invited(cast, name="Declined"))
    twice = EnterpriseFactory.create()
    mine = invited(cast, twice, name="Twice")
    SupplyLinkFactory.create(buyer=other, supplier=twice)
    theirs = invite(other, by=boss.user, supplier=twice, name="Twice", contact="t@x.example", language="en")
    secret = waiting.secret
    stop(strange)

    merger = change(cast, other=other)

    assert parties(waiting) == (other.pk, known.pk)
    assert parties(strange) == (other.pk, None)
    assert parties(come) == (other.pk, joined.enterprise.pk)
    assert parties(declined) == (other.pk, None)
    for row in (itself, mine):
        row.refresh_from_db()
        assert (row.status, row.digest) == ("cancelled", "")
        assert history(row).last().data["because"] == "merger"
    theirs.refresh_from_db()
    assert theirs.status == "sent"
    assert Invitation.objects.by_secret(secret).waiting().get() == waiting, "the mail's link goes on working"
    assert Stopped.objects.filter(buyer=other).count() == 1

    undo(merger, cast)
    me = cast.enterprise.pk
    rows = [waiting, strange, come, declined, itself, mine]
    assert [parties(row)[0] for row in rows] == [me] * 6
    assert [row.status for row in rows] == ["sent", "sent", "accepted", "declined", "sent", "sent"]
    assert Invitation.objects.by_secret(mine.secret).waiting().get() == mine
    assert not Stopped.objects.filter(buyer=other).exists()
    assert parties(theirs)[0] == other.pk


def test_who_was_invited_is_invited_as_the_other(cast: Cast) -> None:
    other, one, two = EnterpriseFactory.create(), member(), member()

    def ask(boss: Any, whom: Enterprise) -> Invitation:
        SupplyLinkFactory.create(buyer=boss.enterprise, supplier=whom)
        return invite(
            boss.enterprise, by=boss.user, supplier=whom, name="x", contact="x@y.example", language="en"
        )

    alone, both, its_own = ask(one, cast.enterprise), ask(two, cast.enterprise), ask(two, other)

    merger = change(cast, other=other)

    assert parties(alone) == (one.enterprise.pk, other.pk)
    both.refresh_from_db()
    its_own.refresh_from_db()
    assert (both.status, its_own.status) == ("cancelled", "sent")
    undo(merger, cast)
    assert parties(alone)[1] == parties(both)[1] == cast.enterprise.pk
    assert both.status == "sent"


def test_watched_suppliers_and_choices_go_along(cast: Cast) -> None:
    other, buyer = EnterpriseFactory.create(), EnterpriseFactory.create()
    person = cast.stranger
    watched = Watch.objects.create(user=person, buyer=buyer, supplier=cast.enterprise)
    mine = Watch.objects.create(user=cast.owner, buyer=cast.enterprise, supplier=buyer)
    itself = Watch.objects.create(user=cast.owner, buyer=cast.enterprise, supplier=other)
    chosen = Choice.objects.create(user=cast.owner, buyer=cast.enterprise, least=0.1)
    silenced = Mute.objects.create(
        user=person, buyer=buyer, supplier=cast.enterprise, until_on=today(), alert=_alert(buyer, cast)
    )

    merger = change(cast, other=other)

    assert parties(watched) == (buyer.pk, other.pk)
    assert parties(mine) == (other.pk, buyer.pk)
    assert parties(itself) == (cast.enterprise.pk, other.pk)
    assert parties(silenced) == (buyer.pk, cast.enterprise.pk), "the other was not silenced"
    chosen.refresh_from_db()
    assert chosen.buyer == other
    undo(merger, cast)
    assert parties(watched)[1] == parties(mine)[0] == cast.enterprise.pk
    chosen.refresh_from_db()
    assert chosen.buyer == cast.enterprise


def _alert(buyer: Enterprise, cast: Cast) -> Alert:
    title = cast.granted(cast.draft(cast.another_site()))
    return Alert.objects.create(
        buyer=buyer, supplier=cast.enterprise, entry=history(title)[0], cause="issue", designation=title
    )


def test_a_new_name_leaves_everything_where_it_is(cast: Cast) -> None:
    reader = member()
    given = consent(cast.enterprise, by=cast.owner, buyer=reader.enterprise, answers=True)
    asked = invited(cast, reader.enterprise)
    written = answer(cast.enterprise, {"people": "120"}, by=cast.owner)

    change(cast, "rename", name="绍兴新名股份有限公司")

    assert list(Consent.objects.in_force()) == [given]
    assert parties(asked) == (cast.enterprise.pk, reader.enterprise.pk)
    assert list(AnswerSet.objects.all()) == [written]
