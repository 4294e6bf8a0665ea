"""What a title is worth at a place: who enters it, who reads it, and where it is shown."""

import datetime as dt
from decimal import Decimal

import pytest

from certification.incentive.actions import enter, publish, withdraw
from certification.incentive.models import Incentive
from certification.incentive.worth import worth
from certification.models import Scheme
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Authority
from suppliers.place.reference import registered
from tests.admin.conftest import text_of

ADD = "/admin/certification/incentive/add/"


def given(**other):
    scheme = Scheme.objects.get(key="green_factory")
    told = {
        "scheme": scheme,
        "level": 2,
        "kind": "award",
        "names": {"zh-hans": "省级绿色工厂一次性奖励", "en": "One-off award for provincial factories"},
        "amount_from": Decimal(300_000),
        "source": "Notice 7/2026",
        "from_on": today() - dt.timedelta(days=5),
    }
    return told | other


def published(cast, **other):
    return publish(enter(by=cast.auditor_33, **given(**other)), by=cast.approver_33)


def test_the_catalogue_is_loaded_once_and_never_undoes_a_withdrawal(cast):
    assert registered()["incentives"]() == 3
    row = Incentive.objects.get(key="local-award")
    assert (row.mark, row.state) == ("memory", "published")
    assert row.amounts == [Decimal(200_000), Decimal(500_000)]
    withdraw(row, by=cast.approver_CN, reasons="Out of date.")
    assert registered()["incentives"]() == 3
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_an_authority_enters_for_itself_and_its_approver_publishes(cast):
    row = enter(by=cast.auditor_33, **given())
    assert (row.authority.code, row.amounts, row.state) == ("33", [Decimal(300_000)], "draft")
    assert not Incentive.objects.visible_to(None).exists()
    with pytest.raises(NotYours):
        publish(row, by=cast.auditor_33)
    publish(row, by=cast.approver_33)
    assert list(Incentive.objects.visible_to(None)) == [row]
    with pytest.raises(Refused) as again:
        publish(row, by=cast.approver_33)
    assert again.value.code == "already_done"
    withdraw(row, by=cast.approver_33, reasons="The fund is used up.")
    assert not Incentive.objects.visible_to(None).exists()
    assert [entry.verb for entry in history(row)] == [
        "enter_incentive",
        "publish_incentive",
        "withdraw_incentive",
    ]


@pytest.mark.parametrize("name", ["owner", "reviewer_3306", "evaluator", "expert_a", "administrator"])
def test_nobody_else_enters(cast, name):
    with pytest.raises(NotYours):
        enter(by=cast.people[name], **given())
    assert not Incentive.objects.exists()


@pytest.mark.parametrize("name", ["approver_44", "approver_3306", "approver_CN"])
def test_another_authority_neither_publishes_nor_withdraws(cast, name):
    row = enter(by=cast.auditor_33, **given())
    with pytest.raises(NotYours):
        publish(row, by=cast.people[name])
    with pytest.raises(NotYours):
        withdraw(row, by=cast.people[name], reasons="No.")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount_from": Decimal(5), "amount_to": Decimal(4)}, "amount_to"),
        ({"amount_from": Decimal(0)}, None),
        ({"until_on": dt.date(2020, 1, 1)}, "until_on"),
        ({"names": {}}, "name_zh"),
    ],
)
def test_what_does_not_hold_together_is_refused(cast, wrong, field):
    with pytest.raises(Refused) as no:
        enter(by=cast.auditor_33, **given(**wrong))
    assert no.value.field == field
    assert not Incentive.objects.exists()


def test_a_draft_is_seen_at_home_and_above_and_nowhere_else(cast):
    row = enter(by=cast.auditor_33, **given())
    seen = {
        name
        for name in ("owner", "auditor_33", "auditor_CN", "auditor_44", "auditor_3306", "administrator")
        if row in Incentive.objects.visible_to(cast.people[name])
    }
    assert seen == {"auditor_33", "auditor_CN", "administrator"}


def test_only_what_is_in_effect_counts_at_a_place_and_its_level(cast):
    home = Authority.objects.get(code="3306")
    scheme = Scheme.objects.get(key="green_factory")
    now = published(cast)
    every = published(cast, level=None, kind="loan")
    published(cast, from_on=today() + dt.timedelta(days=1))
    published(cast, until_on=today() - dt.timedelta(days=1), from_on=today() - dt.timedelta(days=9))
    municipal = published(cast, level=1)
    found = {group.level: list(group.rows) for group in worth(scheme, home, [2, 3])}
    assert found == {2: [now], None: [every]}
    assert {group.level for group in worth(scheme, home, [1])} == {1, None}
    assert worth(scheme, Authority.objects.get(code="44"), [1, 2, 3]) == []
    assert municipal.level == 1


def test_the_gap_and_the_public_pages_tell_it_with_its_source(cast, client):
    registered()["incentives"]()
    published(cast)
    case = cast.draft()
    client.force_login(cast.owner)
    page = text_of(client.get(f"/applications/{case.pk}/gap/"))
    assert "What the next level is worth here" in page
    assert "One-off award for provincial factories" in page
    assert "from memory, not checked" in page
    title = cast.granted(cast.draft(cast.another_site()))
    client.logout()
    page = text_of(client.get(title.get_absolute_url()))
    assert "What holders may get here" in page
    assert "One-off awards of this size are typical" in page
    assert "One-off award for provincial factories" not in page  # the title is municipal
    listed = text_of(client.get("/incentives/?place=33&level=2&kind=award"))
    assert "Notice 7/2026" in listed
    assert "Notice 7/2026" not in text_of(client.get("/incentives/?kind=loan"))


def test_the_admin_takes_it_from_the_territory_alone(cast, client):
    form = given(scheme=Scheme.objects.get(key="green_factory").pk, name_zh="一次性奖励")
    form = {key: value for key, value in form.items() if key != "names"}
    for name, status in {"owner": 302, "reviewer_3306": 403, "administrator": 403, "auditor_33": 302}.items():
        client.force_login(cast.people[name])
        answer = client.post(ADD, form)
        assert answer.status_code == status, name
    (row,) = Incentive.objects.all()
    assert (row.authority.code, row.names) == ("33", {"zh-hans": "一次性奖励"})
    url = f"/admin/certification/incentive/{row.pk}"
    client.force_login(cast.approver_44)
    assert client.get(f"{url}/change/").status_code == 404
    client.force_login(cast.approver_33)
    assert "Publish" in text_of(client.get(f"{url}/change/"))
    assert client.post(f"{url}/publish/").status_code == 302
    row.refresh_from_db()
    assert row.state == "published"


def test_programs_find_it_by_place_level_and_day(cast, client):
    published(cast, until_on=today() + dt.timedelta(days=9))

    def found(query):
        return [row["authority"] for row in client.get(f"/api/v1/incentives/?{query}").json()["results"]]

    assert found("region=330000&level=provincial&scheme=green_factory&kind=award") == ["33"]
    assert found("reaches=3306") == ["33"]
    assert found("reaches=44") == found("level=national") == []
    assert found(f"on={today() + dt.timedelta(days=30)}") == []
