"""Who has no right in a link learns nothing of it: not by list, detail, count, export, search, error or effort.

Every address of links, answers, invitations, consents, chains and titles to link is asked by everybody without a right,
once with the key of a row that is there and once with one that is not: the answers are the same to the byte, but for
the key itself, and cost as many queries. Lists, counts, sheets and searches are read before there is a link and after.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from certification.chain.models import Mute, Watch
from certification.models import Alert
from greenchain.accounts.keys import create_key
from greenchain.audit.trail import history
from greenchain.clock import now, today
from suppliers.invitation.actions import invite
from suppliers.models import Access, AnswerSet, Enterprise
from suppliers.sharing.actions import consent
from suppliers.sharing.questionnaire import current
from tests.cast import Cast
from tests.codes import national_title
from tests.factories_suppliers import EvidenceFactory, MembershipFactory, SupplyLinkFactory

pytestmark = pytest.mark.django_db
MODULES = (
    *("suppliers.supply.", "suppliers.response.", "suppliers.sharing.", "suppliers.invitation."),
    *("certification.chain.", "certification.designation.api.linking"),
)
WITHOUT_RIGHTS = ("-", "stranger", "auditor_44", "evaluator", "expert_a", "administrator")
BY_SECRET = {"invitation", "invitation-join", "invitation-claim", "invitation-stop"}
"""Whoever holds the secret of the mail has the right; wrong ones are one page (tests/sharing/test_invitations)."""
ABOUT = {
    "consent-withdraw": "consent",
    "alert-mute": "alert",
    "alert-unmute": "mute",
    "unwatch": "watch",
    "api-supply-links": "link",
    "api-invitations": "invitation",
    "api-supplier-responses": "buyer",
    "api-shared-profiles": "supplier",
    "api-answers": "answers",
    "api-consents": "consent",
    "api-accesses": "access",
    "api-alerts": "alert",
    "api-watches": "watch",
    "api-mutes": "mute",
    "api-supply-chains": "buyer",
    "invitation-": "invitation",
    "supply-link-new": "buyer",
    "supply-link": "link",
}
"""What the key in an address means, by the beginning of its name, the first that fits; else the buyer."""
GHOST = 987_654_321
PASSING = {"Content-Length", "Date", "Expires"}
"""Headers that follow from the clock, or from the length of a key."""


@dataclass(frozen=True)
class Asked:
    """An address with keys, and how it is asked."""

    name: str
    method: str
    real: str
    ghost: str
    data: Any = None
    other: Any = None
    """What is sent for the ghost, where that differs."""


@pytest.fixture
def there(cast: Cast) -> dict[str, Any]:
    """The cast's enterprise buys from another, and everything that there can be between the two."""
    return _bound(cast, MembershipFactory.create())


def _bound(cast: Cast, boss: Any) -> dict[str, Any]:
    buyer, supplier = cast.enterprise, boss.enterprise
    link = SupplyLinkFactory.create(buyer=buyer, supplier=supplier, spend=10, share="0.5", confirmed_at=now())
    proof = EvidenceFactory.create(enterprise=supplier, kind="ems_certificate")
    answers = AnswerSet.objects.create(
        enterprise=supplier, version=current().version, updated_by=boss.user, confirmed_at=now()
    )
    title = cast.granted()
    alert = Alert.objects.create(
        buyer=buyer, supplier=supplier, link=link, entry=history(title)[0], cause="issue", designation=title
    )
    pair = {"user": cast.owner, "buyer": buyer, "supplier": supplier}
    region = cast.auditor_33.authority.region
    listed = national_title(cast, linked=False, willing=None, figures=None, name=supplier.name, region=region)
    return {
        "buyer": buyer.pk,
        "supplier": supplier.pk,
        "link": link.pk,
        "invitation": invite(
            buyer, by=cast.owner, supplier=supplier, contact="a@b.example", language="en"
        ).pk,
        "consent": consent(supplier, by=boss.user, buyer=buyer, answers=True, kinds=["ems_certificate"]).pk,
        "file": proof.pk,
        "answers": answers.pk,
        "access": Access.objects.create(
            enterprise=supplier, buyer=buyer, person=cast.owner, what="answers", about="1"
        ).pk,
        "alert": alert.pk,
        "watch": Watch.objects.create(**pair).pk,
        "mute": Mute.objects.create(**pair, alert=alert, until_on=today() + dt.timedelta(days=9)).pk,
        "number": listed.number,
    }


def _routes(patterns: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, before + str(each.pattern))
        elif isinstance(each, URLPattern) and _module(each.callback).startswith(MODULES):
            yield before + str(each.pattern), each


def _module(view: Any) -> str:
    return str(getattr(getattr(view, "cls", None), "__module__", None) or getattr(view, "__module__", ""))


def _asked(there: dict[str, Any]) -> Iterator[Asked]:
    """Every address with a key, by every method that it has."""
    for route, pattern in _routes(get_resolver().url_patterns):
        words = re.findall(r"<(?:\w+:)?(\w+)>", route)
        if not words or pattern.name in BY_SECRET:
            continue
        meant = next((what for start, what in ABOUT.items() if pattern.name.startswith(start)), "buyer")
        keys = {
            "pk": there[meant],
            "key": there["supplier"],
            "file": there["file"],
            "number": there["number"],
        }
        ghosts = {**dict.fromkeys(keys, GHOST), "number": f"GF-N-2024-{GHOST}"}
        actions = getattr(pattern.callback, "actions", None)
        for method in actions or ("get", "post"):
            real = reverse(pattern.name, kwargs={word: keys[word] for word in words})
            ghost = reverse(pattern.name, kwargs={word: ghosts[word] for word in words})
            yield Asked(pattern.name, method, real, ghost)


def _sent(there: dict[str, Any], mine: int) -> Iterator[Asked]:
    """Keys of others in bodies and questions, of a person who has an enterprise of their own."""
    api = "/api/v1/"
    for place, body in (
        ("watches/", {"buyer": there["buyer"], "supplier": there["supplier"]}),
        ("mutes/", {"alert": there["alert"]}),
        ("consents/", {"enterprise": there["supplier"], "named": True}),
        ("answers/", {"enterprise": there["supplier"], "values": {}}),
        ("answers/confirm/", {"enterprise": there["supplier"]}),
        ("invitations/", {"buyer": there["buyer"], "name": "x", "contact": "x@y.example"}),
    ):
        other = {key: GHOST if key in there or key == "enterprise" else said for key, said in body.items()}
        yield Asked(place, "post", api + place, api + place, body, other)
    yield Asked("watches/", "post", api + "watches/", api + "watches/",
                {"buyer": mine, "supplier": there["supplier"]}, {"buyer": mine, "supplier": GHOST})  # fmt: skip
    for page in ("supplier", "answers", "file"):
        stem, end = f"/supply/{mine}/suppliers/", {"supplier": "", "answers": "answers/"}.get(page)
        real = end if end is not None else f"files/{there['file']}/"
        ghost = end if end is not None else f"files/{GHOST}/"
        yield Asked(page, "get", f"{stem}{there['supplier']}/{real}", f"{stem}{GHOST}/{ghost}")
    for question in (
        "supply-links/?buyer={buyer}",
        "supply-links/?supplier={supplier}",
        "invitations/?buyer={buyer}",
        "consents/?buyer={buyer}",
        "alerts/?supplier={supplier}",
        "unlinked-titles/?search={number}",
    ):
        ghosts = dict.fromkeys(there, GHOST)
        yield Asked(question, "get", api + question.format(**there), api + question.format(**ghosts))


def _browser(cast: Cast, name: str, *, api: bool) -> Client:
    if name == "-":
        return Client()
    if api:
        return Client(headers={"Authorization": f"Bearer {create_key(cast.people[name])}"})
    browser = Client()
    browser.force_login(cast.people[name], backend="django.contrib.auth.backends.ModelBackend")
    return browser


def _told(browser: Client, method: str, address: str, data: Any, hide: tuple[Any, ...]) -> tuple[Any, ...]:
    """Status, headers, body and queries of an answer, with the keys taken out."""
    sent = {"data": data, "content_type": "application/json"} if data is not None else {}
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(browser, method)(address, **sent)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    told = {key: value for key, value in answer.headers.items() if key not in PASSING}
    words = f"{sorted(told.items())} {body.decode(errors='replace')}"
    words = re.sub(r"nonce-[\w+/=-]+|(?<=\")[A-Za-z0-9]{64}(?=\")", "", words)  # made anew for each answer
    for key in sorted({str(key) for key in hide}, key=len, reverse=True):
        words = re.sub(rf"(?<![\w]){re.escape(key)}(?![\w])", "#", words)
    return answer.status_code, words, len(queries)


@pytest.mark.parametrize("name", WITHOUT_RIGHTS)
def test_a_row_that_is_there_answers_like_one_that_is_not(
    cast: Cast, there: dict[str, Any], name: str
) -> None:
    mine = cast.stranger.memberships.get().enterprise_id
    asked = [*_asked(there), *(_sent(there, mine) if name == "stranger" else ())]
    assert len({one.name for one in asked}) > 40
    browsers = {api: _browser(cast, name, api=api) for api in (True, False)}
    browsers[True].get("/api/v1/regions/")  # the key's last use is written once
    hide = (GHOST, f"GF-N-2024-{GHOST}", *there.values())
    wrong = []
    for one in asked:
        browser = browsers[one.real.startswith("/api/")]
        ghost = _told(browser, one.method, one.ghost, one.other if one.other is not None else one.data, hide)
        real = _told(browser, one.method, one.real, one.data, hide)
        if real != ghost:
            wrong.append((one.method, one.real, real[0], ghost[0], real[2], ghost[2]))
    assert wrong == []


LISTS = (
    "/supply/",
    "/supply/?q={name}",
    "/supply/invitations/",
    "/supply/invitations/?format=csv",
    "/alerts/",
    "/alerts/count/",
    "/notifications/",
    "/notifications/count/",
    "/supply/flows/",
    "/enterprises/",
    "/api/v1/supply-links/",
    "/api/v1/invitations/",
    "/api/v1/supplier-responses/",
    "/api/v1/shared-profiles/",
    "/api/v1/answers/",
    "/api/v1/consents/",
    "/api/v1/accesses/",
    "/api/v1/supply-chains/",
    "/api/v1/alerts/",
    "/api/v1/watches/",
    "/api/v1/mutes/",
    "/api/v1/unlinked-titles/",
    "/api/v1/notifications/",
    "/admin/",
    "/admin/suppliers/supplylink/",
    "/admin/suppliers/supplylink/?q={name}",
    "/admin/suppliers/invitation/",
    "/admin/suppliers/invitation/?q={name}",
    "/admin/certification/designation/linking/",
    "/admin/certification/designation/linking/?format=csv",
)


@pytest.mark.parametrize("name", WITHOUT_RIGHTS)
def test_lists_counts_sheets_and_searches_stay_as_they_were(cast: Cast, name: str) -> None:
    boss = MembershipFactory.create()
    supplier = Enterprise.objects.get(pk=boss.enterprise_id)
    browsers = {api: _browser(cast, name, api=api) for api in (True, False)}
    browsers[True].get("/api/v1/regions/")

    def read() -> dict[str, tuple[Any, ...]]:
        addresses = [address.format(name=supplier.name) for address in LISTS]
        return {each: _told(browsers[each.startswith("/api/")], "get", each, None, ()) for each in addresses}

    read()
    before = read()
    _bound(cast, boss)
    after = read()
    assert [each for each in before if before[each] != after[each]] == []
