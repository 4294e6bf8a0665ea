"""Each list of the supply pages as a sheet, and what pages change, programs change too."""

import pytest
from django.test import Client
from django.urls import reverse

from greenchain.audit.trail import history
from suppliers.invitation.actions import invite
from suppliers.sharing.actions import consent
from tests.api.caller import Caller
from tests.cast import Cast
from tests.factories_suppliers import MembershipFactory, SupplyLinkFactory

pytestmark = pytest.mark.django_db


def sheet(person, name, *keys, **query):
    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.get(reverse(name, args=keys), {"format": "csv", **query})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(answer).decode("utf-8-sig").splitlines()


def test_consents_and_invitations_are_sheets(cast: Cast) -> None:
    boss = MembershipFactory.create()
    SupplyLinkFactory.create(buyer=cast.enterprise, supplier=boss.enterprise)
    invite(cast.enterprise, by=cast.owner, supplier=boss.enterprise, contact="a@b.example", language="en")
    consent(boss.enterprise, by=boss.user, buyer=cast.enterprise, kinds=["ems_certificate"])
    consent(boss.enterprise, by=boss.user, named=True)

    head, *rows = sheet(boss.user, "sharing", boss.enterprise.pk, list="consents")
    assert head.startswith("buyer,identifier,answers,kinds")
    assert rows[0].startswith("*,,False,,True,")
    assert cast.enterprise.identifier in rows[1]
    head, row = sheet(boss.user, "invitations")
    assert head.startswith("buyer,identifier,supplier")
    assert (cast.enterprise.name in row, ",sent," in row) == (True, True)
    assert sheet(cast.owner, "invitations") == [head], "one's own only"


def test_the_declaring_party_amends_a_link_by_the_api(cast: Cast) -> None:
    boss = MembershipFactory.create()
    link = SupplyLinkFactory.create(buyer=cast.enterprise, supplier=boss.enterprise, spend=10)
    mine, theirs, stranger = Caller.of(cast.owner), Caller.of(boss.user), Caller.of(cast.stranger)
    answer = mine.patch(f"supply-links/{link.pk}/", {"spend": "12.5", "material": "Buttons"})
    assert (answer.status, answer.body["spend"], answer.body["material"]) == (200, "12.5000", "Buttons")
    assert history(link).last().data["changed"] == ["material", "spend"]
    assert theirs.patch(f"supply-links/{link.pk}/", {"spend": "1"}).status == 403
    assert stranger.patch(f"supply-links/{link.pk}/", {"spend": "1"}).status == 404
    wrong = mine.patch(f"supply-links/{link.pk}/", {"share": "1.5"})
    assert (wrong.status, "share" in str(wrong.body)) == (400, True)
    link.refresh_from_db()
    assert link.spend == 12.5
