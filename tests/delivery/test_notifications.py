"""Who is told of what, how they chose to be told, and what is not sent because it is settled."""

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.application.actions import withdraw
from certification.delivery.actions import choose, remind_due, send_mails, try_all_again, write
from certification.delivery.audience import AUDIENCES
from certification.delivery.dues import SOURCES
from certification.delivery.kinds import KINDS, Dropped, Rhythm, Way
from certification.delivery.models import MAX_ATTEMPTS, Delivery, Digest, MailChoice, Reminder
from certification.delivery.table import TELLINGS, VERBS
from certification.verbs import perform
from certification.workflow import MOVES, Status
from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from greenchain.audit.outbox import follow
from greenchain.audit.proof import breaks
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.claim import actions as claims
from tests.cast import Cast
from tests.delivery.conftest import Enter
from tests.factories_suppliers import UserFactory
from tests.papers import pdf
from tests.uscc import uscc

DAY = dt.timedelta(days=1)
MAILS = Path(settings.BASE_DIR) / "templates" / "mail"


def told(user: User) -> list[str]:
    """What the person was told of, the newest last."""
    return list(Delivery.objects.filter(addressee=user).order_by("pk").values_list("entry__verb", flat=True))


def at_morning(day: dt.date, hour: int = 8) -> dt.datetime:
    """That hour in China."""
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def send_back(cast: Cast, days: int = 40):
    """A case that was sent back, to be answered in so many days."""
    case = cast.examined()
    day = today() + days * DAY
    data = {"codes": ["evidence_unreadable"], "note": "The bill is blurred.", "due_on": day}
    perform(case, "send_back", by=cast.auditor_3306, data=data)
    case.refresh_from_db()
    return case


class TestTable:
    """The table is whole, and all that it names is there."""

    def test_every_move_is_told_or_told_to_nobody_on_purpose(self) -> None:
        names = {"A": "application", "D": "designation"}
        moves = {(names[move.case], move.verb) for move in MOVES}
        assert moves - set(TELLINGS) == set()

    def test_it_names_kinds_audiences_and_verbs_that_there_are(self) -> None:
        verbs = {move.verb for move in MOVES} | {verb for _chain, verb in TELLINGS}
        for row in (row for rows in TELLINGS.values() for row in rows):
            assert row.kind in KINDS, row
            assert row.to in AUDIENCES, row
            assert set(row.asks.split()) <= verbs | {"moved", "over"}, row

    def test_every_source_has_its_words_and_an_audience(self) -> None:
        for key, source in SOURCES.items():
            assert (MAILS / f"due-{key}.txt").exists(), key
            assert source.to in AUDIENCES, key

    def test_every_text_belongs_to_a_row(self) -> None:
        verbs = {row.verb for rows in TELLINGS.values() for row in rows}
        pairs = {f"{row.verb}-{row.to}" for rows in TELLINGS.values() for row in rows}
        known = verbs | pairs | {f"due-{key}" for key in SOURCES}
        known |= {"_foot", "default", "due", "digest", "buyers", "landing"}
        assert {path.stem for path in MAILS.glob("*.txt")} - known == set()


class TestWhoIsTold:
    """Applicants of their case, desks of their work, nobody of what they did themselves."""

    def test_a_case_from_draft_to_title(self, cast: Cast) -> None:
        cast.granted()
        send_mails()
        assert told(cast.owner) == ["check", "endorse", "select", "grant", "issue"]
        assert told(cast.editor) == ["start", "submit", "check", "endorse", "select", "grant", "issue"]
        assert told(cast.viewer) == told(cast.stranger) == told(cast.auditor_44) == []
        assert told(cast.auditor_3306_b) == ["check"]
        assert told(cast.approver_3306_b) == ["endorse", "select"]
        message = Delivery.objects.get(addressee=cast.auditor_3306_b)
        assert "at your desk" in message.subject
        kinds = dict(Delivery.objects.filter(addressee=cast.owner).values_list("entry__verb", "kind"))
        assert kinds["grant"] == kinds["issue"] == "decision"

    def test_a_claim_reaches_its_desk_and_the_outcome_who_claimed(self, cast: Cast) -> None:
        newcomer = UserFactory.create(role="enterprise")
        fields = {"scheme": "uscc", "identifier": uscc(4711), "name": "新", "region": cast.site.region}
        for outcome in (
            lambda made: claims.refuse(made, by=cast.auditor_3306, reasons="Not readable."),
            lambda made: claims.confirm(made, by=cast.auditor_3306),
        ):
            outcome(claims.claim(fields, by=newcomer, licence=ContentFile(pdf("x"), name="x.pdf")))
        send_mails()
        assert told(newcomer) == ["refuse_claim", "confirm_claim"]
        assert told(cast.auditor_3306_b) == told(cast.auditor_3306)
        assert told(cast.approver_3306) == []
        assert Delivery.objects.filter(addressee=newcomer, text__contains="Not readable.").count() == 1

    def test_a_withdrawal_reaches_the_desk(self, cast: Cast) -> None:
        case = cast.examined()
        withdraw(case, by=cast.owner, reasons="We move.")
        send_mails()
        assert told(cast.auditor_3306)[-1] == "withdraw"

    def test_an_appeal_reaches_only_who_took_no_part(self, cast: Cast) -> None:
        case = cast.selected()
        perform(case, "refuse", by=cast.approver_3306_b, data={"reasons": "Too little."})
        perform(case, "appeal", by=cast.owner, data={"reasons": "It is enough."})
        send_mails()
        judges = {
            row.addressee.username for row in Delivery.objects.filter(entry__verb="appeal", kind="work")
        }
        assert judges == {"approver_33", "approver_33_b"}

    def test_each_in_their_language(self, cast: Cast) -> None:
        User.objects.filter(username="editor").update(language="zh-hans")
        cast.granted()
        send_mails()
        texts = dict(Delivery.objects.filter(entry__verb="check").values_list("addressee__username", "text"))
        assert "自动" in texts["editor"]
        assert "automatic checks" in texts["owner"]

    def test_once_however_often_the_workers_run(self, cast: Cast) -> None:
        cast.examined()
        send_mails()
        before, sent = Delivery.objects.count(), len(mail.outbox)
        send_mails()
        assert follow("mail", ["check"], lambda _entry: None) == 0
        assert (Delivery.objects.count(), len(mail.outbox)) == (before, sent)


class TestSettled:
    """What asked for something that is settled meanwhile stands in the inbox and is not sent."""

    def write(self) -> None:
        """Write what is to be told, and send nothing yet."""
        follow("mail", VERBS, write)

    def test_a_case_withdrawn_before_the_mail_leaves(self, cast: Cast) -> None:
        case = send_back(cast)
        self.write()
        withdraw(case, by=cast.owner, reasons="We move.")
        send_mails()
        asked = Delivery.objects.get(addressee=cast.owner, entry__verb="send_back")
        assert asked.sent_at is None
        assert asked.dropped == Dropped.OVER
        at_desk = Delivery.objects.get(addressee=cast.auditor_3306_b, entry__verb="check")
        assert at_desk.dropped == Dropped.OVER
        assert not any("answer by" in each.subject for each in mail.outbox)
        assert any("withdrawn" in each.subject for each in mail.outbox), "what only tells is sent"

    def test_a_case_that_moved_on(self, cast: Cast) -> None:
        case = cast.examined()
        self.write()
        cast.endorsed_up(case)
        send_mails()
        assert Delivery.objects.get(addressee=cast.auditor_3306_b).dropped == Dropped.MOVED
        assert Delivery.objects.filter(
            addressee=cast.owner, entry__verb="check", sent_at__isnull=False
        ).exists()

    def test_an_objection_that_was_answered(self, cast: Cast) -> None:
        case = cast.selected(cast.draft(round_=cast.round("slow", notice_days=7)))
        assert case.status == Status.NOTICE
        cast.contested(case, by=cast.stranger)
        case.refresh_from_db()
        self.write()
        perform(case, "dismiss", by=cast.approver_3306_b, data={"reasons": "They are right."})
        send_mails()
        rows = Delivery.objects.filter(entry__verb="contest")
        assert {row.dropped for row in rows} == {Dropped.ANSWERED}
        assert told(cast.stranger) == ["dismiss"]

    def test_who_left_meanwhile(self, cast: Cast) -> None:
        cast.examined()
        self.write()
        User.objects.filter(username="editor").update(is_active=False)
        send_mails()
        assert {row.dropped for row in Delivery.objects.filter(addressee=cast.editor)} == {Dropped.LEFT}


class TestReminders:
    """30, 7 and 1 days before, once each, to whom it may concern; never for what is settled."""

    def remind(self, days_before: int, day: dt.date) -> list[tuple[str, str]]:
        mail.outbox.clear()
        with time_machine.travel(at_morning(day - days_before * DAY), tick=False):
            remind_due()
            remind_due()
            send_mails()
            send_mails()
        return [
            (str(sent.to[0]).partition("@")[0], str(sent.subject))
            for sent in mail.outbox
            if "answer by" in sent.subject
        ]

    def test_a_returned_case(self, cast: Cast) -> None:
        case = send_back(cast, 40)
        send_mails()
        day = case.due_on
        assert self.remind(31, day) == []
        for before in (30, 7, 1):
            assert {who for who, _subject in self.remind(before, day)} == {"owner", "editor"}, before
            assert self.remind(before, day) == []
        assert self.remind(0, day) == []
        assert set(Reminder.objects.filter(source="returned").values_list("days", flat=True)) == {30, 7, 1}
        assert set(Delivery.objects.filter(entry__verb="remind_due").values_list("kind", flat=True)) == {
            "reminder"
        }

    def test_a_worker_that_slept_reminds_once(self, cast: Cast) -> None:
        case = send_back(cast, 40)
        send_mails()
        assert len(self.remind(5, case.due_on)) == 2
        assert set(Reminder.objects.values_list("days", flat=True)) == {7}

    def test_nothing_on_the_day_it_began(self, cast: Cast) -> None:
        case = send_back(cast, 7)
        send_mails()
        assert self.remind(7, case.due_on) == []
        assert len(self.remind(1, case.due_on)) == 2

    def test_a_new_day_is_reminded_of_anew(self, cast: Cast) -> None:
        case = send_back(cast, 40)
        send_mails()
        assert len(self.remind(1, case.due_on)) == 2
        later = case.due_on + 20 * DAY
        perform(case, "extend", by=cast.auditor_3306, data={"due_on": later})
        assert len(self.remind(7, later)) == 2

    def test_nothing_for_what_is_settled(self, cast: Cast) -> None:
        case = send_back(cast, 40)
        send_mails()
        with time_machine.travel(at_morning(case.due_on - 7 * DAY), tick=False):
            remind_due()
            withdraw(case, by=cast.owner, reasons="We move.")
            send_mails()
        assert not Delivery.objects.filter(entry__verb="remind_due").exists()

    def test_the_desk_the_notice_and_the_draft(self, cast: Cast) -> None:
        round_ = cast.round("slow", notice_days=30, notice_counting="calendar")
        noticed = cast.selected(cast.draft(round_=round_))
        draft = cast.draft(cast.another_site())
        waiting = cast.examined(cast.draft(cast.another_site()))
        send_mails()
        notice = noticed.notices.get()
        for day, source, who in (
            (notice.ends_on, "notice", "approver_3306"),
            (draft.round.closes_on, "draft", "owner"),
            (waiting.due_on, "desk", "auditor_3306"),
        ):
            assert day is not None
            with time_machine.travel(at_morning(day - DAY), tick=False):
                remind_due()
                send_mails()
            rows = Delivery.objects.filter(entry__in=entries(source), addressee__username=who)
            assert rows.filter(sent_at__isnull=False).exists(), source

    def test_the_annual_form_and_the_end_of_validity(self, cast: Cast) -> None:
        title = cast.granted()
        send_mails()
        obligation = title.obligations.order_by("due_on").first()
        assert obligation is not None
        with time_machine.travel(at_morning(obligation.due_on - 6 * DAY), tick=False):
            remind_due()
            send_mails()
        found = Delivery.objects.filter(entry__in=entries("annual_form"), addressee=cast.owner)
        assert [row.url for row in found] == [f"/titles/{title.number}/"]

    def test_it_asks_as_much_for_three_cases_as_for_one(self, cast: Cast) -> None:
        asked = []
        for count in (1, 2):
            for _each in range(count):
                case = cast.examined(cast.draft(cast.another_site()))
                data = {"codes": ["evidence_unreadable"], "note": "Blurred.", "due_on": today() + 40 * DAY}
                perform(case, "send_back", by=cast.auditor_3306, data=data)
            with CaptureQueriesContext(connection) as found:
                assert [list(source.coming()) for source in SOURCES.values()]
            asked.append(len(found))
        assert asked[0] == asked[1]

    def test_the_record_of_the_case_is_left_alone(self, cast: Cast) -> None:
        case = send_back(cast, 40)
        with time_machine.travel(at_morning(case.due_on - DAY), tick=False):
            assert remind_due() > 0
        assert "remind_due" not in {entry.verb for entry in history(case)}
        assert list(breaks()) == []


class TestChoices:
    """Each kind by mail now, in a digest, or in the inbox; some cannot be turned down."""

    def test_the_inbox_only(self, cast: Cast) -> None:
        choose(by=cast.editor, ways={"progress": "in_app"})
        cast.granted()
        send_mails()
        sent = {(each.to[0].partition("@")[0], each.subject.partition(": ")[2]) for each in mail.outbox}
        assert ("editor", "granted") in sent
        assert ("owner", "the checks have run") in sent
        assert ("editor", "the checks have run") not in sent
        assert "check" in told(cast.editor)

    def test_decisions_cannot_be_turned_down(self, cast: Cast) -> None:
        for way in ("digest", "in_app"):
            with pytest.raises(Refused, match="cannot be turned down") as no:
                choose(by=cast.owner, ways={"decision": way})
            assert no.value.code == "too_quiet"
        with pytest.raises(Refused):
            choose(by=cast.owner, ways={"seat": "in_app"})
        with pytest.raises(Refused):
            choose(by=cast.owner, ways={"nonsense": "now"})

    def test_a_digest_each_morning(self, cast: Cast) -> None:
        choose(by=cast.editor, ways={"progress": "digest"})
        cast.examined()
        send_mails()
        assert not [each for each in mail.outbox if each.to[0].startswith("editor")]
        with time_machine.travel(at_morning(today() + DAY, 6), tick=False):
            send_mails()
            assert Digest.objects.count() == 0, "not at night"
        with time_machine.travel(at_morning(today() + DAY), tick=False):
            send_mails()
            send_mails()
        (digest,) = [each for each in mail.outbox if each.to[0].startswith("editor")]
        assert "3 messages" in digest.subject
        for words in (
            "a draft was started",
            "submitted",
            "the checks have run",
            "/notifications/unsubscribe/",
        ):
            assert words in str(digest.body), words
        assert digest.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert digest.extra_headers["List-Unsubscribe"].startswith(
            f"<{settings.SITE_URL}/notifications/unsub"
        )
        assert not Delivery.objects.all().for_digest().exists()

    def test_a_digest_on_mondays(self, cast: Cast) -> None:
        choose(by=cast.editor, rhythm="weekly", ways={"progress": "digest"})
        cast.examined()
        send_mails()
        monday = today() + (7 - today().weekday()) * DAY
        if monday - DAY > today():
            with time_machine.travel(at_morning(monday - DAY), tick=False):
                send_mails()
            assert Digest.objects.count() == 0
        with time_machine.travel(at_morning(monday), tick=False):
            send_mails()
        assert Digest.objects.get().sent_at is not None

    def test_what_was_read_or_settled_is_in_no_digest(self, cast: Cast, enter: Enter) -> None:
        choose(by=cast.editor, ways={"progress": "digest"})
        choose(by=cast.auditor_3306_b, ways={"work": "digest"})
        case = cast.examined()
        send_mails()
        enter(cast.editor).post("/notifications/read/")
        cast.endorsed_up(case)
        with time_machine.travel(at_morning(today() + DAY), tick=False):
            send_mails()
        dropped = set(Delivery.objects.exclude(dropped="").values_list("addressee__username", "dropped"))
        assert {("editor", "read"), ("auditor_3306_b", "moved")} <= dropped
        digests = {digest.addressee.username: digest.subject for digest in Digest.objects.all()}
        assert digests == {"editor": "GreenChain: 1 message"}

    def test_without_digests_they_come_at_once_or_not_by_mail(self, cast: Cast) -> None:
        choose(by=cast.editor, ways={"progress": "digest", "reminder": "digest"})
        cast.examined()
        send_mails()
        choice = choose(by=cast.editor, rhythm="never")
        assert (choice.way("progress"), choice.way("reminder")) == (Way.IN_APP, Way.NOW)
        assert not Delivery.objects.all().for_digest().exists()

    def test_the_page_of_the_settings(self, cast: Cast, enter: Enter) -> None:
        client = enter(cast.owner)
        page = client.get("/notifications/settings/").content.decode()
        assert page.count("<select") >= len(KINDS)
        fields = {kind.key: kind.usual for kind in KINDS.values()} | {
            "progress": "digest",
            "rhythm": "weekly",
        }
        assert client.post("/notifications/settings/", fields).status_code == 302
        choice = MailChoice.objects.get(user=cast.owner)
        assert (choice.rhythm, choice.way("progress")) == (Rhythm.WEEKLY, Way.DIGEST)
        client.post("/notifications/settings/", fields | {"decision": "in_app"})
        choice.refresh_from_db()
        assert choice.way("decision") == Way.NOW, "a closed field is not listened to"
        wrong = client.post("/notifications/settings/", fields | {"seat": "in_app"})
        assert wrong.status_code == 200
        assert "errorlist" in wrong.content.decode()


class TestUnsubscribe:
    """One click, without signing in; the signature stands for the person."""

    def link(self, cast: Cast) -> str:
        choose(by=cast.editor, ways={"progress": "digest"})
        cast.examined()
        with time_machine.travel(at_morning(today() + DAY), tick=False):
            send_mails()
        (digest,) = [each for each in mail.outbox if each.to[0].startswith("editor")]
        return str(digest.extra_headers["List-Unsubscribe"]).strip("<>").removeprefix(settings.SITE_URL)

    def test_reading_asks_and_a_click_does_it(self, cast: Cast) -> None:
        link, client = self.link(cast), Client(enforce_csrf_checks=True)
        assert "no more digests" in client.get(link).content.decode()
        assert MailChoice.objects.get(user=cast.editor).rhythm == Rhythm.DAILY
        answer = client.post(link, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert MailChoice.objects.get(user=cast.editor).rhythm == Rhythm.NEVER
        assert client.post(link).status_code == 200, "twice does no harm"

    def test_a_forged_link_does_nothing(self, cast: Cast) -> None:
        link = self.link(cast)
        for wrong in (link[:-3] + "x/", "/notifications/unsubscribe/x/", link.replace(":", ".")):
            assert Client().post(wrong).status_code == 404
        assert MailChoice.objects.get(user=cast.editor).rhythm == Rhythm.DAILY

    def test_a_kind_that_may_be_turned_off_carries_the_link(self, cast: Cast) -> None:
        cast.granted()
        send_mails()
        headers = {each.subject.partition(": ")[2]: each.extra_headers for each in mail.outbox}
        assert "List-Unsubscribe" not in headers["granted"]
        link = headers["the checks have run"]["List-Unsubscribe"].strip("<>").removeprefix(settings.SITE_URL)
        assert Client().post(link).status_code == 200
        assert Way.IN_APP in {choice.way("progress") for choice in MailChoice.objects.all()}


class TestInbox:
    """Everybody reads their own, and marks it."""

    def test_filters_and_marks(self, cast: Cast, enter: Enter) -> None:
        cast.granted()
        send_mails()
        client = enter(cast.owner)
        whole = client.get("/notifications/").context["page"].paginator.count
        assert whole == len(told(cast.owner))
        for query, count in (
            ("?kind=decision", 3),
            ("?kind=chain", 0),
            ("?q=checks+have+run", 1),
            ("?read=no", whole),
            ("?read=yes", 0),
            ("?kind=nonsense", whole),
        ):
            assert client.get("/notifications/" + query).context["page"].paginator.count == count, query
        first = Delivery.objects.filter(addressee=cast.owner).earliest("pk")
        client.post("/notifications/read/", {"message": first.pk})
        assert client.get("/notifications/?read=no").context["page"].paginator.count == whole - 1
        last = Delivery.objects.filter(addressee=cast.owner).latest("pk")
        client.get(f"/mails/{last.pk}/")
        assert client.get("/notifications/?read=yes").context["page"].paginator.count == 2
        client.post("/notifications/read/")
        assert client.get("/notifications/?read=no").context["page"].paginator.count == 0

    def test_nobody_marks_or_reads_what_is_somebody_elses(self, cast: Cast, enter: Enter) -> None:
        cast.examined()
        send_mails()
        theirs = Delivery.objects.filter(addressee=cast.owner).earliest("pk")
        for name in ("editor", "stranger", "auditor_3306", "administrator"):
            client = enter(getattr(cast, name))
            assert client.post("/notifications/read/", {"message": theirs.pk}).status_code == 404, name
            client.post("/notifications/read/")
            assert client.get(f"/api/v1/notifications/{theirs.pk}/").status_code == 404, name
        enter(cast.administrator).get(f"/mails/{theirs.pk}/")
        theirs.refresh_from_db()
        assert theirs.read_at is None
        assert Client().get("/notifications/").status_code == 302
        assert Client().get("/notifications/count/").status_code == 204
        assert Client().get("/api/v1/notifications/").status_code == 401

    def test_the_header_counts_with_one_question_and_pages_with_none(self, cast: Cast, enter: Enter) -> None:
        cast.granted()
        send_mails()
        client = enter(cast.owner)
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/notifications/count/").content.decode()
        assert f'<span class="nav-count">{len(told(cast.owner))}<' in page
        assert sum("certification_delivery" in query["sql"] for query in asked) == 1
        for name, address in (("owner", "/work/"), ("auditor_3306", "/admin/")):
            with CaptureQueriesContext(connection) as asked:
                page = enter(getattr(cast, name)).get(address).content.decode()
            assert 'hx-get="/notifications/count/"' in page, address
            assert not [query for query in asked if "certification_delivery" in query["sql"]], address

    def test_the_list_asks_as_much_for_three_as_for_one(self, cast: Cast, enter: Enter) -> None:
        cast.granted()
        send_mails()
        client, found = enter(cast.owner), []
        for query in ("?q=checks+have+run", ""):
            with CaptureQueriesContext(connection) as asked:
                page = client.get(f"/notifications/{query}").context["page"]
            found.append((len(page.object_list) > 1, len(asked)))
        assert found == [(False, found[0][1]), (True, found[0][1])]


class TestApi:
    """Programs read the inbox and set the settings."""

    def test_read_and_settings(self, cast: Cast, enter: Enter) -> None:
        cast.granted()
        send_mails()
        client = enter(cast.owner)
        rows = client.get("/api/v1/notifications/?kind=decision&read=false").json()["results"]
        assert len(rows) == 3
        assert {"id", "kind", "subject", "text", "url", "at", "read_at", "way", "sent_at", "dropped"} == set(
            rows[0]
        )
        answer = client.post(f"/api/v1/notifications/{rows[0]['id']}/read", content_type="application/json")
        assert answer.json()["read_at"]
        rest = len(told(cast.owner)) - 1
        assert client.post("/api/v1/notifications/read-all", content_type="application/json").json() == {
            "read": rest
        }
        settings_ = client.get("/api/v1/notifications/settings").json()
        assert settings_["ways"]["decision"] == "now"
        patch = {"ways": {"progress": "digest"}, "rhythm": "weekly"}
        answer = client.patch("/api/v1/notifications/settings", patch, content_type="application/json")
        assert answer.json()["ways"]["progress"] == "digest"
        for wrong in ({"ways": {"decision": "in_app"}}, {"rhythm": "hourly"}):
            answer = client.patch("/api/v1/notifications/settings", wrong, content_type="application/json")
            assert answer.status_code == 400, wrong


class TestFailed:
    """Administrators see what did not leave, and have one or all sent again."""

    def test_one_and_all(self, cast: Cast, enter: Enter) -> None:
        cast.examined()
        send_mails()
        Delivery.objects.update(sent_at=None, attempts=MAX_ATTEMPTS, problem="SMTPServerDisconnected: gone")
        client = enter(cast.administrator)
        page = client.get("/admin/certification/delivery/failed/")
        assert "SMTPServerDisconnected: gone" in page.content.decode()
        first = Delivery.objects.earliest("pk")
        client.post("/admin/certification/delivery/failed/", {"mail": f"delivery-{first.pk}"})
        first.refresh_from_db()
        assert first.attempts == 0
        client.post("/admin/certification/delivery/failed/", {"all": "1"})
        assert not Delivery.objects.all().failed().exists()
        count = Delivery.objects.count()
        mail.outbox.clear()
        assert send_mails() == count == len(mail.outbox)
        assert "tried again by itself" in client.get("/admin/certification/delivery/failed/").content.decode()

    def test_only_administrators(self, cast: Cast, enter: Enter) -> None:
        for name in ("auditor_3306", "approver_CN", "reviewer_33"):
            assert (
                enter(getattr(cast, name)).get("/admin/certification/delivery/failed/").status_code == 403
            ), name
        with pytest.raises(NotYours):
            try_all_again(by=cast.owner)


def entries(source: str):
    """The entries of the record that remind of one source."""
    keys = Reminder.objects.filter(source=source).values_list("pk", flat=True)
    return AuditEntry.objects.filter(chain__in=[f"reminder:{key}" for key in keys])
