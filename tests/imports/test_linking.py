"""Titles of published lists are linked with whom they belong to: suggested, one by one, in a batch, and back."""

import datetime as dt
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from certification.designation.linking import link, link_sure, sure_ones, unlink
from certification.designation.suggesting import suggest
from certification.models import Designation, Obligation
from certification.progress.shares import nation
from certification.surveillance.duties import owe_forms
from certification.verbs import perform
from greenchain.audit.proof import breaks
from greenchain.audit.trail import history
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Region, RegionYear, SiteYear
from tests.admin.conftest import browse as _browse
from tests.admin.conftest import text_of
from tests.api.caller import Caller
from tests.codes import national_title
from tests.factories_suppliers import EnterpriseFactory, ParkFactory, SiteFactory
from tests.imports.lists import written

pytestmark = pytest.mark.django_db
LIST = "/admin/certification/designation/linking/"
SURE = LIST + "sure/"
WHY = {"reasons": "It is another works."}
browse = _browse


def listed(cast, name, **changes):
    """A title of a published list, recommended by Zhejiang, without a link."""
    given = {"linked": False, "willing": None, "figures": None, "region": Region.objects.get(pk="330000")}
    title = national_title(cast, name=name, **{**given, "home": cast.auditor_33.authority, **changes})
    return Designation.objects.select_related("scheme", "home", "region").get(pk=title.pk)


def firm(name, region="330602", sites=("一厂",)):
    enterprise = EnterpriseFactory.create(name=name, region_id=region)
    return enterprise, [
        SiteFactory.create(enterprise=enterprise, name=each, region_id=region) for each in sites
    ]


def best(title, user):
    """Whether the first candidate is sure, its subject and how it was found."""
    (one,) = suggest([title], user)
    first = one.candidates[0]
    return first.sure, first.subject, first.how


def test_the_only_site_of_the_only_bearer_is_beyond_doubt(cast):
    _enterprise, (site,) = firm("绍兴示例（集团）有限公司")
    assert best(listed(cast, "绍兴示例(集团) 有限公司"), cast.auditor_33) == (True, site, "same")


def test_a_part_needs_a_site_that_bears_its_name(cast):
    _enterprise, (_one, second) = firm("绍兴示例乳业有限公司", sites=("示例乳业一厂", "示例乳业二车间"))
    title = listed(cast, "绍兴示例乳业有限公司（二车间）")
    assert best(title, cast.auditor_33) == (True, second, "part")
    sure, _site, _how = best(listed(cast, "绍兴示例乳业有限公司三车间"), cast.auditor_33)
    assert not sure


def test_several_sites_ask_a_person_unless_one_bears_the_very_name(cast):
    _enterprise, sites = firm("绍兴示例织造有限公司", sites=("东厂", "西厂"))
    title = listed(cast, "绍兴示例织造有限公司")
    (one,) = suggest([title], cast.auditor_33)
    assert {each.subject for each in one.candidates} == set(sites)
    assert one.sure is None
    assert "One of 2 sites." in one.candidates[0].why
    sites[1].name = title.name
    sites[1].save()
    assert best(title, cast.auditor_33) == (True, sites[1], "same")


def test_another_province_asks_a_person(cast):
    firm("示例电子有限公司", region="440103")
    title = listed(cast, "示例电子有限公司")
    sure, _site, _how = best(title, cast.auditor_CN)
    assert not sure
    assert suggest([title], cast.auditor_33)[0].candidates == [], "seen by the nation only"


def test_who_has_no_site_is_named_and_cannot_be_linked(cast):
    firm("绍兴无址有限公司", sites=())
    (one,) = suggest([listed(cast, "绍兴无址有限公司")], cast.auditor_33)
    (candidate,) = one.candidates
    assert (candidate.key, candidate.sure) == ("", False)
    assert "registers its site first" in candidate.why[-1]


def test_two_titles_that_would_be_one_sites_are_both_doubtful(cast):
    firm("绍兴示例有限公司")
    titles = [listed(cast, "绍兴示例有限公司"), listed(cast, "绍兴示例有限公司", list_year=2021)]
    assert [one.sure for one in suggest(titles, cast.auditor_33)] == [None, None]


def test_parks_and_enterprises_are_matched_too(cast):
    park = ParkFactory.create(name="绍兴示例经济开发区", region_id="330602")
    enterprise, _sites = firm("绍兴示例供应链有限公司", sites=())
    for key, name, subject in (
        ("green_park", park.name, park),
        ("green_supply_chain", enterprise.name, enterprise),
    ):
        scheme = cast.version.scheme.__class__.objects.get(key=key)
        assert best(listed(cast, name, scheme=scheme), cast.auditor_33)[:2] == (True, subject)


def test_a_linked_title_lies_where_its_site_lies_and_its_record_says_so(cast):
    enterprise, (site,) = firm("绍兴示例有限公司")
    title = listed(cast, "绍兴示例有限公司")
    perform(title, "link", by=cast.auditor_33, data={"subject": f"site:{site.pk}"})
    title.refresh_from_db()
    assert (title.site, title.region_id, title.home.code, title.status) == (site, "330602", "3306", "current")
    (entry,) = history(title)
    assert (entry.verb, entry.actor) == ("link", cast.auditor_33)
    assert entry.data["before"] == {"region": "330000", "home": "33"}
    assert (entry.data["enterprise"], entry.data["how"]) == (enterprise.pk, "same")
    assert list(breaks()) == []


def test_a_linked_title_counts_from_its_announcement_on(cast):
    """The written rule: as any other title, backwards too."""
    _enterprise, (site,) = firm("绍兴示例有限公司")
    title = listed(cast, "绍兴示例有限公司", announced_on=dt.date(2021, 12, 31))
    SiteYear.objects.create(site=site, year=2022, values={}, gross_output=10_000, reported_by=cast.owner)
    RegionYear.objects.create(
        region_id="330000", year=2022, gross_output=100, source="test", vintage=dt.date(2023, 3, 1)
    )
    before = nation(2022)
    link(title, by=cast.auditor_33, subject=site)
    after = nation(2022)
    assert after.any_output - before.any_output == 1
    unlink(title, by=cast.auditor_33, reasons="wrong")
    assert nation(2022).any_output == before.any_output


def test_a_link_is_undone_with_reasons_and_its_duties_go(cast):
    _enterprise, (site,) = firm("绍兴示例有限公司")
    title = link(listed(cast, "绍兴示例有限公司"), by=cast.auditor_33, subject=site)
    owe_forms()
    assert Obligation.objects.filter(designation=title).exists()
    with pytest.raises(Refused, match="reasons"):
        unlink(title, by=cast.auditor_33, reasons=" ")
    unlink(title, by=cast.auditor_33, **WHY)
    title.refresh_from_db()
    assert (title.subject, title.region_id, title.home.code) == (None, "330000", "33")
    assert not Obligation.objects.filter(designation=title).exists()
    assert [entry.verb for entry in history(title)] == ["link", "unlink"]
    link(title, by=cast.auditor_33, subject=site)


def test_what_was_answered_for_stays_linked(cast):
    _enterprise, (site,) = firm("绍兴示例有限公司")
    title = link(listed(cast, "绍兴示例有限公司"), by=cast.auditor_33, subject=site)
    owe_forms()
    Obligation.objects.filter(designation=title).update(filed_at=now())
    with pytest.raises(Refused) as no:
        unlink(title, by=cast.auditor_33, **WHY)
    assert no.value.code == "built_on"
    title.refresh_from_db()
    assert title.site == site


def test_only_what_was_linked_by_hand_is_unlinked(cast):
    for title in (cast.granted(), national_title(cast)):
        with pytest.raises(Refused) as no:
            unlink(title, by=cast.auditor_CN, **WHY)
        assert no.value.code == "not_linked_by_hand"


@pytest.mark.parametrize(
    "name", ["auditor_44", "reviewer_33", "administrator", "owner", "evaluator", "expert_a"]
)
def test_others_neither_link_nor_unlink(cast, name):
    _enterprise, (site,) = firm("绍兴示例有限公司")
    title = listed(cast, "绍兴示例有限公司")
    person = getattr(cast, name)
    for act in (
        lambda: link(title, by=person, subject=site),
        lambda: perform(title, "link", by=person, data={"subject": f"site:{site.pk}"}),
        lambda: perform(title, "unlink", by=person, data=WHY),
    ):
        with pytest.raises(NotYours):
            act()
    if name == "auditor_44":
        assert link_sure([title.number], by=person).linked == []
    else:
        with pytest.raises(NotYours):
            link_sure([title.number], by=person)
    title.refresh_from_db()
    assert title.subject is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose whom the title belongs to."),
        ({"subject": "site:999999"}, "no such subject"),
        ({"subject": "moon:1"}, "no such subject"),
        ({"subject": "site:" + "9" * 24}, "no such subject"),
        ({"identifier": "91330600000000000X"}, "No enterprise with this identifier"),
    ],
)
def test_what_is_not_understood_is_told(cast, given, words):
    with pytest.raises(ValidationError) as told:
        perform(listed(cast, "绍兴示例有限公司"), "link", by=cast.auditor_33, data=given)
    assert words in str(told.value)


def test_a_subject_of_another_kind_or_with_such_a_title_is_refused(cast):
    enterprise, (site,) = firm("绍兴示例有限公司")
    title = listed(cast, "绍兴示例有限公司")
    with pytest.raises(Refused, match="belongs to a site"):
        perform(title, "link", by=cast.auditor_33, data={"subject": f"enterprise:{enterprise.pk}"})
    link(title, by=cast.auditor_33, subject=site)
    again = listed(cast, "绍兴示例有限公司")
    with pytest.raises(Refused) as no:
        link(again, by=cast.auditor_33, subject=site)
    assert no.value.code == "one_current"
    with pytest.raises(Refused) as no:
        link(title, by=cast.auditor_3306, subject=site)
    assert no.value.code == "already_done"


def test_an_enterprise_is_found_by_its_identifier(cast):
    enterprise, (site,) = firm("完全不同有限公司")
    title = listed(cast, "绍兴示例有限公司")
    perform(title, "link", by=cast.auditor_33, data={"identifier": enterprise.identifier})
    title.refresh_from_db()
    assert title.site == site
    assert history(title)[0].data["how"] == "by_hand"


def test_the_sure_ones_are_linked_each_by_itself_and_the_rest_is_told(cast):
    firm("绍兴甲示例有限公司")
    firm("绍兴乙示例有限公司")
    sure = [listed(cast, f"绍兴{word}示例有限公司") for word in "甲乙"]
    doubtful = listed(cast, "绍兴丙示例有限公司")
    assert [one.title for one in sure_ones(cast.auditor_33)] == sure
    numbers = [title.number for title in (*sure, doubtful)]
    dry = link_sure(numbers, by=cast.auditor_33, dry_run=True)
    assert len(dry.linked) == 2
    assert Designation.objects.unlinked().count() == 3
    done = link_sure(numbers, by=cast.auditor_33)
    assert [one.title for one in done.linked] == sure
    assert [(title, why) for title, why in done.refused] == [(doubtful, "It is no longer beyond doubt.")]
    assert Designation.objects.unlinked().get() == doubtful
    assert link_sure([sure[0].number], by=cast.auditor_33).linked == [], "twice leaves what once left"


def test_the_work_list_and_the_batch_in_the_admin(cast, browse, django_assert_max_num_queries):
    _enterprise, (site,) = firm("绍兴甲示例有限公司")
    title = listed(cast, "绍兴甲示例有限公司")
    for number in range(20):
        firm(f"绍兴{number}号示例印染有限公司")
        listed(cast, f"绍兴市{number}号示例印染有限公司")
    auditor = browse(cast.auditor_33)
    auditor.get(LIST)
    with django_assert_max_num_queries(14):
        page = text_of(auditor.get(LIST))
    assert "beyond doubt" in page
    assert "likely" in page
    assert "绍兴甲示例有限公司" in page
    sheet = b"".join(auditor.get(LIST + "?format=csv")).decode()
    assert f"{title.number},绍兴甲示例有限公司,green_factory" in sheet
    assert len(text_of(auditor.get(LIST + "?q=nothing+like+it"))) < len(page)
    dry = text_of(auditor.get(SURE))
    assert f'value="{title.number}"' in dry
    assert Designation.objects.unlinked().count() == 21
    answer = auditor.post(SURE, {"number": [title.number]}, follow=True)
    assert "1 title linked." in text_of(answer)
    title.refresh_from_db()
    assert title.site == site
    assert "Nothing was done." in text_of(auditor.post(SURE, {}, follow=True))


def test_the_page_of_one_link_in_the_admin(cast, browse):
    enterprise, sites = firm("绍兴示例有限公司", sites=("东厂", "西厂"))
    title = listed(cast, "绍兴市示例有限公司")
    auditor = browse(cast.auditor_33)
    url = f"/admin/certification/designation/{title.pk}/"
    assert "Undo the link" not in text_of(auditor.get(url + "change/"))
    page = text_of(auditor.get(url + "link/"))
    assert all(f'value="site:{site.pk}"' in page for site in sites)
    missed = auditor.post(url + "link/", {"identifier": enterprise.identifier})
    assert "Choose whom the title belongs to." in text_of(missed)
    assert auditor.post(url + "link/", {"subject": f"site:{sites[1].pk}"}).status_code == 302
    title.refresh_from_db()
    assert title.site == sites[1]
    page = text_of(auditor.get(url + "change/"))
    assert f"{url}unlink/" in page
    assert f"{url}link/" not in page
    again = auditor.get(url + "link/", follow=True)
    assert again.redirect_chain == [(url + "change/", 302)]
    assert "linked already" in text_of(again)
    assert auditor.post(url + "unlink/", WHY).status_code == 302
    title.refresh_from_db()
    assert title.subject is None


def test_the_register_knows_what_comes_up_for_review(cast, browse):
    """Titles under older rules, with an end in sight, or proposed for removal."""
    old, ending, proposed = national_title(cast), national_title(cast), national_title(cast)
    Obligation.objects.create(designation=old, kind="rebenchmark", year=2026, due_on=today(), about="x")
    Designation.objects.filter(pk=ending.pk).update(valid_until=today() + dt.timedelta(days=90))
    data = {"cause": "fault", "reply_by": today() + dt.timedelta(days=9), **WHY}
    perform(proposed, "propose", by=cast.auditor_CN, data=data)
    register = "/admin/certification/designation/"
    browser = browse(cast.auditor_CN)
    found = {
        word: list(browser.get(f"{register}?review={word}").context["cl"].queryset)
        for word in ("rules", "validity", "removal")
    }
    assert found == {"rules": [old], "validity": [ending], "removal": [proposed]}


def test_the_api_lists_candidates_and_links(cast):
    _enterprise, (site,) = firm("绍兴示例有限公司")
    title = listed(cast, "绍兴示例有限公司")
    mine = Caller.of(cast.auditor_33)
    (row,) = mine.get("unlinked-titles/").body["results"]
    candidate = row["candidates"][0]
    assert (row["number"], candidate["subject"], candidate["sure"]) == (title.number, f"site:{site.pk}", True)
    assert mine.get(f"unlinked-titles/{title.number}/").body == row
    for other in (cast.auditor_44, cast.owner, cast.evaluator):
        theirs = Caller.of(other)
        assert theirs.get("unlinked-titles/").body["results"] == []
        assert theirs.get(f"unlinked-titles/{title.number}/").status == 404
    dry = mine.post("unlinked-titles/link-sure", {"numbers": [title.number], "dry_run": True})
    assert [one["number"] for one in dry.body["linked"]] == [title.number]
    moved = mine.post(f"designations/{title.number}/link", {"subject": candidate["subject"]})
    assert moved.status == 200
    assert mine.get("unlinked-titles/").body["results"] == []
    assert mine.post(f"designations/{title.number}/unlink", WHY).status == 200
    done = mine.post("unlinked-titles/link-sure", {"numbers": [title.number]})
    assert [one["number"] for one in done.body["linked"]] == [title.number]


def test_an_imported_list_is_linked(cast, tmp_path):
    """From the file to the share."""
    _enterprise, (site,) = firm("绍兴示例纺织(集团)有限公司")
    rows = [("1", "2017", "1", "浙江", "330000", "", "绍兴示例纺织（集团）有限公司", "纺织", "")]
    call_command(
        "import_designations", str(written(tmp_path / "green_factories.csv", rows)), stdout=io.StringIO()
    )
    (one,) = sure_ones(cast.auditor_33)
    link_sure([one.title.number], by=cast.auditor_33)
    assert Designation.objects.in_force(today()).get(site=site).list_year == 2017
