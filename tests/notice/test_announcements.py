"""Announcements: annexes fill themselves, are given as files, and are corrected by new entries only."""

import io

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from certification.decision.actions import appeal, overturn
from certification.designation.actions import amend, revoke, surrender
from certification.models import Announcement, AnnouncementEntry, Designation, Listing
from certification.notice.announcing import correct_entry
from certification.surveillance.actions import propose, reply
from certification.surveillance.publishing import publish
from greenchain.clock import today, working_days_after
from greenchain.refusals import NotYours, Refused
from tests.api.caller import Caller
from tests.cast import Cast
from tests.portal.conftest import As

pytestmark = pytest.mark.django_db


def title_of(cast: Cast) -> Designation:
    return cast.granted(cast.draft(cast.another_site()))


def test_annexes_fill_as_titles_change(cast: Cast, client: Client) -> None:
    renamed, removed, given_back = title_of(cast), title_of(cast), title_of(cast)
    former = renamed.name
    amend(renamed, by=cast.approver_3306, name="新名称有限公司", reasons="registration changed")
    day = working_days_after(today(), 5)
    proposal = propose(removed, by=cast.auditor_3306, cause="fault", reasons="seen on site", reply_by=day)
    reply(proposal, by=cast.owner, text="no")
    revoke(removed, by=cast.approver_3306, cause="fault", reasons="seen on site")
    surrender(given_back, by=cast.owner, reasons="closed")
    assert set(AnnouncementEntry.objects.values_list("annex", flat=True)) == {"new"}
    publish(Listing.objects.filter(told_in=None))
    row = Announcement.objects.get()
    listed = [(each.annex, each.place, each.name) for each in row.entries.order_by("pk")]
    assert listed[3:] == [
        ("renamed", 1, "新名称有限公司"),
        ("removed", 1, removed.name),
        ("removed", 2, given_back.name),
    ]
    assert [place for annex, place, _name in listed if annex == "new"] == [1, 2, 3]
    page = client.get(row.get_absolute_url()).content.decode()
    for words in ("Annex 1: new", "Annex 2: removed", "Annex 3: renamed", former, "given back by the holder"):
        assert words in page
    entry = row.entries.get(annex="renamed")
    assert entry.columns["region"]["en"]
    assert entry.columns["unit"]["zh-hans"]
    sheet = client.get(row.get_absolute_url(), {"format": "xlsx"}).content
    assert sheet.startswith(b"PK")
    from docx import Document  # noqa: PLC0415 - one use

    paper = Document(io.BytesIO(client.get(row.get_absolute_url(), {"format": "docx"}).content))
    assert [len(table.rows) for table in paper.tables] == [4, 3, 2]
    csv = b"".join(client.get(row.get_absolute_url(), {"format": "csv"})).decode()
    assert csv.count("\n") == 7
    told = Caller().get(f"announcements/{row.number}/").body
    assert told["counts"] == {"new": 3, "removed": 2, "renamed": 1}
    assert len(told["entries"]) == 6


def test_a_correction_is_a_new_dated_entry(cast: Cast, client: Client) -> None:
    title = title_of(cast)
    entry = AnnouncementEntry.objects.get()
    with pytest.raises(NotYours):
        correct_entry(entry, by=cast.approver_33, name="绍兴正确名称", reasons="typing error")
    with pytest.raises(NotYours):
        correct_entry(entry, by=cast.auditor_3306, name="绍兴正确名称", reasons="typing error")
    with pytest.raises(Refused):
        correct_entry(entry, by=cast.approver_3306, name=title.name, reasons="nothing")
    made = correct_entry(entry, by=cast.approver_3306, name="绍兴正确名称", reasons="typing error")
    entry.refresh_from_db()
    assert (entry.name, made.corrects, made.annex) == (title.name, entry, "correct")
    page = client.get(made.announcement.get_absolute_url()).content.decode()
    assert page.count("绍兴正确名称") == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        AnnouncementEntry.objects.filter(pk=entry.pk).update(name="silently")


def test_an_entry_is_corrected_in_the_register_and_by_the_api(cast: Cast, signed_in: As) -> None:
    title_of(cast)
    other = AnnouncementEntry.objects.get(designation=title_of(cast))
    row = other.announcement
    page = reverse("admin:certification_announcement_change", args=[row.pk])
    act = reverse("admin:certification_announcement_correct", args=[row.pk])
    assert act in signed_in(cast.approver_3306).get(page).content.decode()
    asked = signed_in(cast.approver_3306).get(act, {"entry": other.pk}).content.decode()
    assert f'<option value="{other.pk}" selected>' in asked
    given = {"entry": other.pk, "name": "绍兴正确名称", "reasons": "typing error"}
    for person in (cast.auditor_3306, cast.approver_33, cast.approver_44):
        assert act not in signed_in(person).get(page).content.decode()
        assert signed_in(person).post(act, given).status_code == 403
    assert signed_in(cast.approver_3306).post(act, given | {"name": other.name}).status_code == 409
    assert signed_in(cast.approver_3306).post(act, given).status_code == 302
    assert other.corrections.get().name == "绍兴正确名称"
    path = f"announcements/{row.number}/correct"
    said = given | {"name": "绍兴更正名称"}
    assert Caller.of(cast.approver_33).post(path, said).status == 403
    assert Caller.of(cast.approver_3306).post(path, said | {"entry": 0}).status == 400
    made = Caller.of(cast.approver_3306).post(path, said)
    assert (made.status, made.body["corrects"], made.body["annex"]) == (201, other.pk, "correct")
    public = signed_in(cast.owner).get(row.get_absolute_url()).content.decode()
    assert public.count("绍兴更正名称") == 2


def test_an_appeal_that_is_won_corrects_the_removal(cast: Cast) -> None:
    title = title_of(cast)
    day = working_days_after(today(), 5)
    proposal = propose(title, by=cast.auditor_3306, cause="fault", reasons="seen", reply_by=day)
    reply(proposal, by=cast.owner, text="no")
    revoke(title, by=cast.approver_3306, cause="fault", reasons="seen")
    publish(Listing.objects.filter(told_in=None))
    appeal(title, by=cast.owner, reasons="mistaken site")
    overturn(title, by=cast.approver_33, reasons="indeed")
    last = AnnouncementEntry.objects.latest("pk")
    assert (last.annex, last.corrects.annex if last.corrects else "") == ("correct", "removed")
