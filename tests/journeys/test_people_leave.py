"""People leave: stand-ins with dates, acts that go up a level, seats that end, work that falls back, hand-over."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.complaint.actions import complain, confirm_complaint, pass_up, take_up
from certification.complaint.models import Complaint
from certification.delivery.audience import people_of
from certification.evaluation.actions import assign
from certification.models import Application
from certification.queue.actions import hand_to, share_out
from certification.queue.upwards import gone_up_to
from certification.tasks import clock
from certification.verbs import perform
from greenchain.accounts.actions import appoint, come_back, go_away, leave
from greenchain.accounts.keys import create_key
from greenchain.accounts.models import Absence, User
from greenchain.audit.trail import history, record
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.claim.actions import claim, confirm
from suppliers.enterprise.access import may
from suppliers.enterprise.actions import admit, dismiss
from suppliers.models import Authority, Claim, Enterprise, Level, Membership, Region
from tests.api.caller import Caller
from tests.cast import Cast
from tests.factories_suppliers import UserFactory
from tests.papers import pdf

DAY = dt.timedelta(days=1)


def away(
    person: User, stand_in: User | None = None, *, since: int = 0, until: int = 5, by: User | None = None
):
    return go_away(
        by=by or person,
        person=person,
        stand_in=stand_in,
        since_on=today() + since * DAY,
        until_on=today() + until * DAY,
    )


def verbs(case: Application, person: User) -> set[str]:
    """What the person may do now, on a case read anew."""
    fresh = Application.objects.get(pk=case.pk)
    return {offer.verb for offer in fresh.offers(person) if offer.allowed}


def last(case: Application) -> dict[str, str]:
    return history(case).last().data


def endorse(case: Application, by: User) -> None:
    perform(case, "endorse", by=by, data={"opinion": "in order"})


def browser_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def gone(*people: User) -> None:
    User.objects.filter(pk__in=[person.pk for person in people]).update(is_active=False)


# ── Standing in ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_stand_in_from_above_acts_for_who_is_away_and_the_entry_says_for_whom(cast: Cast):
    case = cast.examined()
    assert "endorse" not in verbs(case, cast.auditor_33)
    away(cast.auditor_3306, cast.auditor_33)
    assert "endorse" in verbs(case, cast.auditor_33)
    assert "endorse" not in verbs(case, cast.auditor_33_b)
    assert Application.objects.queue_of(cast.auditor_33).filter(pk=case.pk).exists()
    page = browser_of(cast.auditor_33).get(reverse("admin:certification_application_change", args=[case.pk]))
    assert "You stand in for auditor_3306." in page.text
    endorse(case, cast.auditor_33)
    assert last(case)["standing_in_for"] == "auditor_3306"
    assert case.endorsements.get().desk.code == "3306"


@pytest.mark.parametrize(("since", "until"), [(1, 5), (-5, -1)])
def test_before_and_after_its_days_nobody_stands_in(cast: Cast, since: int, until: int):
    case = cast.examined()
    Absence.objects.create(
        person=cast.auditor_3306,
        stand_in=cast.auditor_33,
        since_on=today() + since * DAY,
        until_on=today() + until * DAY,
    )
    assert "endorse" not in verbs(case, cast.auditor_33)
    with pytest.raises(NotYours):
        endorse(case, cast.auditor_33)


def test_an_absence_is_ended_early_once_and_by_whom_it_concerns(cast: Cast):
    row = away(cast.auditor_3306, cast.auditor_33)
    with pytest.raises(NotYours):
        come_back(row, by=cast.auditor_33)
    come_back(row, by=cast.administrator)
    assert "endorse" not in verbs(cast.examined(), cast.auditor_33)
    with pytest.raises(Refused, match="over already"):
        come_back(row, by=cast.auditor_3306)
    assert [entry.verb for entry in history(row)] == ["go_away", "come_back"]


@pytest.mark.parametrize(
    ("stand_in", "code"),
    [
        ("approver_33", "stand_in"),
        ("auditor_44", "stand_in"),
        ("auditor_3306", "stand_in"),
        ("owner", "stand_in"),
    ],
)
def test_a_stand_in_has_the_same_role_at_the_same_authority_or_above(cast: Cast, stand_in: str, code: str):
    with pytest.raises(Refused) as no:
        away(cast.auditor_3306, cast.people[stand_in])
    assert no.value.code == code
    with pytest.raises(Refused) as below:
        away(cast.auditor_33, cast.auditor_3306)
    assert below.value.code == code


def test_who_is_away_themselves_stands_in_for_nobody(cast: Cast):
    away(cast.auditor_33)
    with pytest.raises(Refused, match="choose somebody else"):
        away(cast.auditor_3306, cast.auditor_33)
    with pytest.raises(Refused, match="already"):
        away(cast.auditor_33, cast.auditor_33_b, since=2, until=9)
    with pytest.raises(Refused, match="last day"):
        away(cast.auditor_CN, until=-1)
    with pytest.raises(NotYours):
        away(cast.auditor_CN, by=cast.auditor_CN_b)
    with pytest.raises(NotYours):
        away(cast.owner)


def test_officials_say_it_in_the_admin_for_themselves_and_administrators_and_programs_for_others(cast: Cast):
    add, days = reverse("admin:accounts_absence_add"), {"since_on": str(today()), "until_on": str(today())}
    own = browser_of(cast.auditor_3306)
    page = own.get(add)
    assert "person" not in page.context["form"].fields
    offered = {person.username for person in page.context["form"].fields["stand_in"].queryset}
    assert offered == {"auditor_3306_b", "auditor_33", "auditor_33_b", "auditor_CN", "auditor_CN_b"}
    answer = own.post(add, {**days, "stand_in": cast.auditor_33.pk}, follow=True)
    row = Absence.objects.get()
    assert answer.redirect_chain == [(reverse("admin:accounts_absence_change", args=[row.pk]), 302)]
    assert "already" in own.post(add, days).text
    own.post(reverse("admin:accounts_absence_come_back", args=[row.pk]))
    row.refresh_from_db()
    assert row.is_over
    given = {**days, "person": "auditor_33", "stand_in": "auditor_CN"}
    browser_of(cast.administrator).post(add, given)
    assert Absence.objects.running().get().stand_in == cast.auditor_CN
    caller = Caller(create_key(cast.approver_3306))
    wrong = caller.post("absences/", {"until_on": str(today()), "stand_in": "auditor_33"})
    assert (wrong.status, list(wrong.body["errors"])) == (400, ["stand_in"])
    made = caller.post("absences/", {"until_on": str(today()), "stand_in": "approver_33"})
    assert (made.status, made.body["person"], made.body["authority"]) == (201, "approver_3306", "3306")
    assert caller.post(f"absences/{made.body['id']}/end").body["ended_at"]
    assert caller.post(f"absences/{made.body['id']}/end").status == 409


def test_what_was_handed_to_who_is_away_is_the_stand_ins_and_sharing_out_skips_them(cast: Cast):
    one, two = cast.examined(), cast.examined(cast.draft(cast.another_site()))
    hand_to([one], by=cast.auditor_3306, user=cast.auditor_3306)
    away(cast.auditor_3306, cast.auditor_3306_b)
    share_out([two], by=cast.auditor_3306_b)
    assert two.seats.current().get().user == cast.auditor_3306_b
    queue = browser_of(cast.auditor_3306_b).get(
        reverse("admin:certification_application_changelist"), {"who": "me"}
    )
    assert {row.pk for row in queue.context["cl"].result_list} == {one.pk, two.pk}
    endorse(one, cast.auditor_3306_b)
    assert last(one)["standing_in_for"] == "auditor_3306"
    endorse(two, cast.auditor_3306_b)
    assert "standing_in_for" not in last(two)


# ── Going up ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_act_goes_up_when_everybody_at_the_desk_took_part(cast: Cast):
    case = cast.selected()
    assert "grant" not in verbs(case, cast.approver_33)
    took_part(case, cast.approver_3306)
    assert "grant" not in verbs(case, cast.approver_33), "one independent person remains"
    took_part(case, cast.approver_3306_b)
    assert "grant" in verbs(case, cast.approver_33)
    assert "grant" not in verbs(case, cast.approver_CN), "it goes up one level, not two"
    assert "grant" not in verbs(case, cast.auditor_33)
    assert "grant" not in verbs(case, cast.approver_44)
    assert list(gone_up_to(cast.approver_33)) == [case]
    assert not gone_up_to(cast.approver_CN).exists()
    with pytest.raises(NotYours, match=r"Nobody at .* may do this: it goes to"):
        perform(case, "grant", by=cast.approver_3306, data={})
    decision = perform(case, "grant", by=cast.approver_33, data={})
    entry = history(case).get(verb="grant").data
    assert (entry["went_up_from"], entry["because"]) == ("3306", "took_part")
    case.refresh_from_db()
    assert (case.desk.code, case.level, decision.designation.authority.code) == (
        "3306",
        Level.MUNICIPAL,
        "3306",
    )


def took_part(case: Application, person: User) -> None:
    """Something that the person did in the case, which bars them from granting it."""
    record("waive", case, by=person)


def test_two_levels_up_where_nobody_is_left_on_the_way(cast: Cast):
    case = cast.examined()
    gone(cast.auditor_3306, cast.auditor_3306_b)
    assert "endorse" in verbs(case, cast.auditor_33)
    away(cast.auditor_33)
    assert "endorse" not in verbs(case, cast.auditor_CN)
    gone(cast.auditor_33_b)
    assert "endorse" in verbs(case, cast.auditor_CN)
    assert list(gone_up_to(cast.auditor_CN)) == [case]
    endorse(case, cast.auditor_CN)
    assert last(case)["because"] == "nobody"
    assert case.endorsements.get().desk.code == "3306"


def test_a_stand_in_who_took_part_leaves_nobody_and_an_independent_one_keeps_it_there(cast: Cast):
    case = cast.selected()
    took_part(case, cast.approver_3306)
    away(cast.approver_3306_b, cast.approver_3306)
    assert "grant" in verbs(case, cast.approver_33), "the only stand-in took part"
    come_back(Absence.objects.get(), by=cast.approver_3306_b)
    assert "grant" not in verbs(case, cast.approver_33)
    away(cast.approver_3306_b, cast.approver_33_b)
    assert "grant" in verbs(case, cast.approver_33_b)
    assert "grant" not in verbs(case, cast.approver_33)
    perform(case, "grant", by=cast.approver_33_b, data={})
    assert history(case).get(verb="grant").data["standing_in_for"] == "approver_3306_b"


def test_who_sits_above_finds_such_cases_and_reads_why_they_may_act(cast: Cast):
    case = cast.examined()
    gone(cast.auditor_3306, cast.auditor_3306_b)
    browser = browser_of(cast.auditor_33)
    address = reverse("admin:certification_application_changelist")
    assert case.number in browser.get(address, {"where": "up"}).text
    assert case.number not in browser.get(address).text
    assert "where nobody is left to act" in browser.get(reverse("admin:index")).text
    page = browser.get(reverse("admin:certification_application_change", args=[case.pk]))
    desk, above = Authority.objects.get(code="3306"), Authority.objects.get(code="33")
    assert f"Nobody at {desk} may do this: it goes to {above}." in page.text


def test_opening_a_case_costs_who_sits_above_two_queries_more_at_most(cast: Cast):
    case = cast.examined()
    pages = (
        reverse("admin:certification_application_change", args=[case.pk]),
        reverse("api-applications-detail", args=[case.pk]),
    )

    def costs(person: User) -> list[int]:
        browser, found = browser_of(person), []
        for page in (*pages, *pages):
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(page).status_code == 200
            found.append(len(asked))
        return found[2:]

    desk, above = costs(cast.auditor_3306), costs(cast.auditor_33)
    gone(cast.auditor_3306, cast.auditor_3306_b)
    come_up = costs(cast.auditor_33)
    assert max(desk) <= 12
    for found in (above, come_up):
        assert all(more - own <= 2 for more, own in zip(found, desk, strict=True)), (desk, found)


# ── Seats that end ──────────────────────────────────────────────────────────────────────────────────────────


def serves_until(person: User, day: dt.date, by: User) -> None:
    row = User.objects.get(pk=person.pk)
    row.until_on = day
    appoint(row, by=by)


def test_the_day_after_the_last_day_access_ends_and_the_work_falls_back_once(cast: Cast):
    case = cast.examined()
    hand_to([case], by=cast.auditor_3306, user=cast.auditor_3306)
    key = create_key(cast.auditor_3306)
    serves_until(cast.auditor_3306, today(), cast.administrator)
    clock()
    assert User.objects.get(pk=cast.auditor_3306.pk).is_active
    User.objects.filter(pk=cast.auditor_3306.pk).update(until_on=today() - DAY)
    clock()
    clock()
    gone_now = User.objects.get(pk=cast.auditor_3306.pk)
    assert not gone_now.is_active
    assert Caller(key).get("applications/").status == 401
    assert not case.seats.current().exists()
    entries = history(case).filter(verb="fall_back")
    assert [entry.data["name"] for entry in entries] == ["auditor_3306"]
    assert history(gone_now).filter(verb="leave").count() == 1
    told = people_of("auditors", case, entries.get())
    assert told == [cast.auditor_3306_b]
    queue = browser_of(cast.auditor_3306_b).get(
        reverse("admin:certification_application_changelist"), {"who": "nobody"}
    )
    assert case.number in queue.text


def test_setting_an_account_inactive_by_hand_releases_the_same(cast: Cast):
    case = cast.examined(cast.draft(round_=cast.round("slow", evaluation="required")))
    assign(case, by=cast.auditor_3306, user=cast.evaluator, part="evaluator")
    person = User.objects.get(pk=cast.evaluator.pk)
    person.is_active = False
    appoint(person, by=cast.administrator)
    seat = case.seats.get()
    assert (seat.ended, seat.until_on) == ("left", today())
    assert seat.engagement.given_up
    assert history(case).last().verb == "fall_back"
    away_now = User.objects.get(pk=cast.auditor_3306.pk)
    with pytest.raises(Refused, match="not ended"):
        leave(away_now)


def test_a_complaint_is_handed_back_and_goes_up_where_nobody_is_left(cast: Cast):
    title = cast.granted()
    row = complain(title, name="Zhou", contact="zhou@example.org", statement="The river smells.")
    row = confirm_complaint(row)
    assert row.authority.code == "3306"
    take_up(row, by=cast.approver_3306_b)
    with pytest.raises(Refused):
        pass_up(row)
    person = User.objects.get(pk=cast.approver_3306_b.pk)
    person.is_active = False
    appoint(person, by=cast.administrator)
    row.refresh_from_db()
    assert row.taken_by is None
    clock()
    row.refresh_from_db()
    assert row.authority.code == "33"
    assert not Complaint.objects.visible_to(cast.approver_3306).exists()
    take_up(row, by=cast.approver_33)
    assert [entry.verb for entry in history(row)][-3:] == ["fall_back", "pass_up", "take_complaint"]


def test_mails_reach_the_stand_in_and_those_above_where_nobody_is_left(cast: Cast):
    case = cast.examined()
    entry = history(case).get(verb="check")
    assert people_of("landing", case, entry) == [cast.auditor_3306, cast.auditor_3306_b]
    away(cast.auditor_3306, cast.auditor_33)
    assert cast.auditor_33 in people_of("landing", case, entry)
    come_back(Absence.objects.get(), by=cast.auditor_3306)
    gone(cast.auditor_3306, cast.auditor_3306_b)
    fresh = Application.objects.get(pk=case.pk)
    assert people_of("landing", fresh, entry) == [cast.auditor_33, cast.auditor_33_b]


# ── An enterprise without owner ─────────────────────────────────────────────────────────────────────────────


def ask_to_take_over(cast: Cast, person: User) -> Claim:
    given = {
        "scheme": cast.enterprise.scheme,
        "identifier": cast.enterprise.identifier,
        "country": "CN",
        "name": "Another name",
        "region": Region.objects.get(pk="440100"),
    }
    return claim(given, by=person, licence=SimpleUploadedFile("licence.pdf", pdf("licence")))


def test_an_enterprise_whose_only_owner_left_is_handed_over_by_its_own_desk(cast: Cast):
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(claimed_at=now())
    with pytest.raises(Refused, match="Ask one of its owners"):
        ask_to_take_over(cast, cast.editor)
    page = browser_of(cast.editor).get(reverse("enterprise", args=[cast.enterprise.pk]))
    assert "Ask to take it over" not in page.text
    gone(cast.owner)
    page = browser_of(cast.editor).get(reverse("enterprise", args=[cast.enterprise.pk]))
    assert "Ask to take it over" in page.text
    row, rival = ask_to_take_over(cast, cast.editor), ask_to_take_over(cast, cast.stranger)
    assert row.desk == cast.enterprise.desk, "the desk is not what the claimant says"
    asked = history(cast.enterprise).filter(verb="ask_hand_over")[0]
    assert cast.editor not in people_of("members", cast.enterprise, asked)
    desk = browser_of(cast.approver_33)
    assert "owner, no longer active" in desk.get(reverse("admin:suppliers_claim_change", args=[row.pk])).text
    confirm(row, by=cast.approver_33)
    assert may(cast.editor, cast.enterprise, "own")
    entry = history(cast.enterprise).get(verb="hand_over").data
    assert (entry["owner"], entry["former"]) == ("editor", ["owner"])
    name = cast.enterprise.name
    cast.enterprise.refresh_from_db()
    assert cast.enterprise.name == name
    with pytest.raises(Refused, match="owns this enterprise by now"):
        confirm(rival, by=cast.approver_33)
    User.objects.filter(pk=cast.owner.pk).update(is_active=True)
    assert not may(User.objects.get(pk=cast.owner.pk), cast.enterprise, "view")


def test_the_last_owner_is_told_what_to_do_and_an_ended_membership_takes_everything_away(cast: Cast):
    own, edit = (Membership.objects.get(user=cast.people[name]) for name in ("owner", "editor"))
    with pytest.raises(Refused, match="admit another owner first"):
        dismiss(own, by=cast.owner)
    case = cast.draft()
    consultant = UserFactory.create(username="consultant")
    held = admit(
        cast.enterprise, by=cast.owner, person=consultant, role="editor", consultant=True, until_on=today()
    )
    assert may(consultant, cast.enterprise, "edit")
    Membership.objects.filter(pk=held.pk).update(since_on=today() - 2 * DAY, until_on=today() - DAY)
    dismiss(edit, by=cast.owner)
    for person in (consultant, cast.editor):
        assert not may(person, cast.enterprise, "view")
        assert not Application.objects.visible_to(person).exists()
        assert not verbs(case, person)
        assert browser_of(person).get(reverse("application", args=[case.pk])).status_code == 404
