"""What becomes of an enterprise: told with proof, approved by its place, followed by everything, and undone."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from certification.application import actions as applying
from certification.designation.actions import issue
from certification.designation.forms.register import RegisterForm
from certification.models import Application, Designation, Listing, Obligation
from certification.surveillance.publishing import publish_late
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.actions import amend
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.enterprise.changing import approve_change, refuse_change, tell_change, undo_change
from suppliers.models import Authority, Enterprise, Evidence, Membership, Region, Site, SupplyLink
from tests.cast import Cast
from tests.factories_suppliers import EnterpriseFactory, EvidenceFactory, SiteFactory, SupplyLinkFactory

DAY = dt.timedelta(days=1)


@pytest.fixture
def title(cast: Cast) -> Designation:
    """A national title announced under the enterprise's name."""
    cast.site.name = f"{cast.enterprise.name}一厂"
    cast.site.save()
    nation = Authority.objects.get(code="CN")
    return issue(cast.site, version=cast.national, level=3, authority=nation)


def proof_of(enterprise: Enterprise) -> Evidence:
    return EvidenceFactory.create(enterprise=enterprise)


def told(cast: Cast, kind: str, **given: Any) -> EnterpriseChange:
    proof = proof_of(cast.enterprise)
    day = today() - 3 * DAY
    return tell_change(cast.enterprise, by=cast.owner, kind=kind, happened_on=day, proof=proof, **given)


def test_a_new_name_follows_to_titles_and_the_register(cast: Cast, title: Designation) -> None:
    old = cast.enterprise.name
    change = told(cast, "rename", name="绍兴新名股份有限公司")
    assert Enterprise.objects.get(pk=cast.enterprise.pk).name == old

    approve_change(change, by=cast.approver_3306)

    title.refresh_from_db()
    assert title.name == "绍兴新名股份有限公司一厂"
    assert Enterprise.objects.get(pk=cast.enterprise.pk).name == "绍兴新名股份有限公司"
    assert Enterprise.objects.named(old).get() == cast.enterprise
    assert list(RegisterForm({"q": old}).found()) == [title]
    page = Client().get(reverse("title", args=[title.number])).content.decode()
    assert f"{old}一厂" in page
    waiting = Listing.objects.get(designation=title)
    assert (waiting.annex, waiting.detail) == ("renamed", f"{old}一厂")
    assert waiting.told_in_id is None
    duty = Obligation.objects.get(designation=title, kind="name_change")
    assert duty.filed_by == cast.owner
    assert duty.filed_at.date() <= duty.due_on

    # the next list of that authority and level tells it
    site = cast.another_site()
    issue(site, version=cast.national, level=3, authority=title.authority)
    waiting.refresh_from_db()
    assert Listing.objects.get(pk=waiting.pk).told_in.annex == "renamed"
    assert Listing.objects.get(pk=waiting.pk).told_in.announcement.announced_on == today()
    assert publish_late() == 0

    undo_change(change, by=cast.approver_33, reasons="The notice was another company's.")
    title.refresh_from_db()
    assert title.name == f"{old}一厂"
    assert Enterprise.objects.get(pk=cast.enterprise.pk).name == old


def test_a_name_amended_first_is_owed_and_then_told(cast: Cast, title: Designation) -> None:
    amend(cast.enterprise, by=cast.owner, name="先改名有限公司")
    duty = Obligation.objects.get(designation=title, kind="name_change")
    assert duty.filed_at is None
    change = told(cast, "rename", name="先改名有限公司")
    assert Obligation.objects.get(pk=duty.pk).filed_by == cast.owner
    approve_change(change, by=cast.approver_3306)
    title.refresh_from_db()
    assert title.name == "先改名有限公司一厂"


def test_who_may_tell_and_decide(cast: Cast) -> None:
    proof = proof_of(cast.enterprise)
    facts: dict[str, Any] = {"kind": "rename", "happened_on": today(), "proof": proof, "name": "新名"}
    for person in (cast.editor, cast.viewer, cast.stranger, cast.auditor_3306):
        with pytest.raises(NotYours):
            tell_change(cast.enterprise, by=person, **facts)
    with pytest.raises(Refused, match="vault"):
        tell_change(cast.enterprise, by=cast.owner, **{**facts, "proof": EvidenceFactory.create()})
    with pytest.raises(Refused, match="future"):
        tell_change(cast.enterprise, by=cast.owner, **{**facts, "happened_on": today() + DAY})
    change = tell_change(cast.enterprise, by=cast.owner, **facts)
    with pytest.raises(Refused, match="waits"):
        tell_change(cast.enterprise, by=cast.owner, **facts)
    for person in (cast.owner, cast.auditor_3306, cast.approver_44, cast.administrator):
        with pytest.raises(NotYours):
            approve_change(change, by=person)
        with pytest.raises(NotYours):
            refuse_change(change, by=person, reasons="no")
    refuse_change(change, by=cast.approver_3306, reasons="The notice cannot be read.")
    with pytest.raises(Refused):
        approve_change(change, by=cast.approver_3306)
    seen = EnterpriseChange.objects.visible_to
    assert seen(cast.viewer).exists()
    assert seen(cast.auditor_33).exists()
    assert not seen(cast.stranger).exists()
    assert not seen(cast.approver_44).exists()


def test_a_site_that_moves_ends_its_title_without_a_bar(cast: Cast, title: Designation) -> None:
    there = Region.objects.get(pk="330203")
    change = told(cast, "relocation", site=cast.site, region=there, address="新路9号")
    approve_change(change, by=cast.approver_3306)
    title.refresh_from_db()
    assert (title.status, title.barred_until) == ("revoked", None)
    assert Site.objects.get(pk=cast.site.pk).region == there
    assert Listing.objects.get(designation=title).detail == "relocated"
    undo_change(change, by=cast.approver_3306, reasons="It stayed.")
    title.refresh_from_db()
    assert title.status == "current"
    assert title.in_force
    assert Site.objects.get(pk=cast.site.pk).region_id == "330602"
    assert not Listing.objects.filter(designation=title).exists()


def test_a_merger_takes_everything_along_and_back(cast: Cast, title: Designation) -> None:
    other = EnterpriseFactory.create()
    case = cast.draft(cast.another_site())
    buyer = EnterpriseFactory.create()
    link = SupplyLinkFactory.create(buyer=buyer, supplier=cast.enterprise)
    twice = SupplyLinkFactory.create(buyer=other, supplier=cast.enterprise)
    files = set(Evidence.objects.filter(enterprise=cast.enterprise).values_list("pk", flat=True))
    old = cast.enterprise.name

    change = told(cast, "merger", other=other)
    files.add(change.proof_id)
    approve_change(change, by=cast.approver_3306)

    title.refresh_from_db()
    assert title.status == "current"  # a site's title goes along with the site
    assert Site.objects.get(pk=cast.site.pk).enterprise == other
    assert Application.objects.get(pk=case.pk).applicant == other
    assert set(Evidence.objects.filter(enterprise=other).values_list("pk", flat=True)) == files
    link.refresh_from_db()
    twice.refresh_from_db()
    assert link.supplier == other
    assert twice.until_on == today() - DAY
    assert set(Enterprise.objects.named(old)) == {cast.enterprise, other}
    roles = dict(Membership.objects.current().filter(enterprise=other).values_list("user__username", "role"))
    assert roles == {"owner": "editor", "editor": "editor", "viewer": "viewer"}
    assert not Membership.objects.current().filter(enterprise=cast.enterprise).exists()

    undo_change(change, by=cast.approver_3306, reasons="The merger was annulled.")
    assert Site.objects.get(pk=cast.site.pk).enterprise == cast.enterprise
    assert Application.objects.get(pk=case.pk).applicant == cast.enterprise
    assert set(Evidence.objects.filter(enterprise=cast.enterprise).values_list("pk", flat=True)) == files
    link.refresh_from_db()
    twice.refresh_from_db()
    assert link.supplier == cast.enterprise
    assert SupplyLink.objects.get(pk=twice.pk).until_on is None
    assert not Membership.objects.current().filter(enterprise=other).exists()
    assert Membership.objects.current().filter(enterprise=cast.enterprise).count() == 3
    assert SupplyLink.objects.current().filter(supplier=cast.enterprise).count() == 2


def test_a_split_gives_sites_away_and_their_titles_are_looked_at_again(
    cast: Cast, title: Designation
) -> None:
    other, stays = EnterpriseFactory.create(), SiteFactory.create(enterprise=cast.enterprise)
    change = told(cast, "split", other=other, sites=[cast.site])
    approve_change(change, by=cast.approver_3306)
    assert Site.objects.get(pk=cast.site.pk).enterprise == other
    assert Site.objects.get(pk=stays.pk).enterprise == cast.enterprise
    assert Membership.objects.current().get(enterprise=other).user == cast.owner
    assert Obligation.objects.get(designation=title, kind="rebenchmark").filed_at is None
    assert title in Designation.objects.held_by([other.pk])


def test_later_changes_are_undone_first(cast: Cast) -> None:
    first = told(cast, "rename", name="第一有限公司")
    approve_change(first, by=cast.approver_3306)
    second = told(cast, "rename", name="第二有限公司")
    approve_change(second, by=cast.approver_3306)
    with pytest.raises(Refused, match="later"):
        undo_change(first, by=cast.approver_3306, reasons="no")
    undo_change(second, by=cast.approver_3306, reasons="no")
    undo_change(first, by=cast.approver_3306, reasons="no")
    with pytest.raises(Refused):
        undo_change(first, by=cast.approver_3306, reasons="no")


def test_the_pages(cast: Cast, title: Designation) -> None:
    browser = Client()
    browser.force_login(cast.owner)
    page = reverse("enterprise-changes", args=[cast.enterprise.pk])
    assert "Tell of a change" in browser.get(page).content.decode()
    new = reverse("enterprise-change-new", args=[cast.enterprise.pk, "rename"])
    browser.cookies["django_language"] = "zh-hans"
    assert f'value="{today().isoformat()}"' in browser.get(new).content.decode()
    browser.cookies["django_language"] = "en"
    proof = proof_of(cast.enterprise)
    assert browser.post(new, {"name": "", "proof": proof.pk}).status_code == 422
    facts = {"name": "网页新名有限公司", "proof": proof.pk, "happened_on": today().isoformat()}
    assert browser.post(new, facts).status_code == 302
    assert "网页新名有限公司" in browser.get(page).content.decode()
    browser.force_login(cast.stranger)
    assert browser.get(page).status_code == 404
    assert browser.get(new).status_code == 404
    browser.force_login(cast.viewer)
    assert browser.get(new).status_code == 403
    desk = Client()
    desk.force_login(cast.approver_3306, backend="django.contrib.auth.backends.ModelBackend")
    change = EnterpriseChange.objects.get()
    act = f"/admin/suppliers/enterprisechange/{change.pk}/approve/"
    desk.cookies["django_language"] = "en"
    assert "Changes of enterprises to decide" in desk.get("/admin/").content.decode()
    told = desk.get(act.replace("approve", "change")).content.decode()
    assert "New name" in told
    assert "New address" not in told
    assert desk.get(act).status_code == 200
    assert desk.post(act).status_code == 302
    title.refresh_from_db()
    assert title.name.startswith("网页新名")


def test_a_renewal_takes_over_what_was_claimed(cast: Cast) -> None:
    case = cast.draft()
    applying.fill_in(case, by=cast.owner, claims={"R1": {"claim": "half"}})
    title = cast.granted(case)
    again = applying.start(cast.round(), level=2, subject=cast.site, by=cast.owner, from_title=title)
    assert again.claims == {"R1": {"claim": "half"}}
    assert again.form["ownership"] == "private"
    assert again.citations.exists()
