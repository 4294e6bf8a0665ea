"""Whatever is sent, the answer is a problem in words; never a crash, never half a change."""

import base64
import itertools
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from certification.api.bodies import body_of
from certification.verbs import APPLICATION, DESIGNATION
from greenchain.api import router
from tests.api.caller import ROOT, Caller
from tests.cast import Cast
from tests.papers import pdf
from tests.uscc import uscc

pytestmark = pytest.mark.django_db

HUGE = 10**30


@pytest.fixture
def owner(cast: Cast) -> Caller:
    return Caller.of(cast.owner)


def _raw(caller, address, body, content_type="application/json"):
    headers = {"Authorization": f"Bearer {caller.key}"}
    answer = caller.client.generic("POST", ROOT + address, body, content_type=content_type, headers=headers)
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "parse_error"),
        (b"\xff\xfe{}", "parse_error"),
        (b'{"name": "a\\u0000b"}', "parse_error"),
        (b'{"name": "\\ud800"}', "parse_error"),
        (b'{"\\udfff": 1}', "parse_error"),
        (b'{"name": NaN}', "parse_error"),
        (b'{"name": 1e999}', "parse_error"),
        (b'{"name": ' + b"9" * 5000 + b"}", "parse_error"),
        (b"[" * 100_000, "parse_error"),
        (b'{"a":' * 90_000 + b"1" + b"}" * 90_000, "parse_error"),
        (b"[]", "invalid"),
        (b'"text"', "invalid"),
        (b"null", "invalid"),
        (b"7", "invalid"),
        (b"", "invalid"),
    ],
)
@pytest.mark.parametrize("address", ["sites/", "applications/"])
def test_bodies_that_are_none(owner: Caller, address: str, body: bytes, code: str):
    assert _raw(owner, address, body) == (400, code)


def test_bodies_of_another_type_or_size(owner: Caller, settings):
    assert _raw(owner, "sites/", b"a=1", "application/x-www-form-urlencoded") == (
        415,
        "unsupported_media_type",
    )
    assert _raw(owner, "sites/", b"<a/>", "application/xml") == (415, "unsupported_media_type")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert _raw(owner, "sites/", b'{"name": "' + b"x" * 1000 + b'"}') == (413, "too_large")


@pytest.mark.parametrize("charset", ["utf-16", "base64", "nonsense", "gb18030"])
def test_json_is_utf8_whatever_the_header_says(owner: Caller, charset: str):
    status, code = _raw(
        owner, "sites/", json.dumps({"name": "x"}).encode(), f"application/json; charset={charset}"
    )
    assert (status, code) == (400, "invalid")


@pytest.mark.parametrize(
    "address",
    [
        f"sites/{HUGE}/", "sites/abc/", "sites/-1/", "sites/0/", "sites/1.5/", "nothing/", "", "applications/1/fly",
        f"applications/{HUGE}/submit", f"applications/{10**17}/", "designations/%00/", "designations/a b/",
        "rounds/%00/", f"rounds/{HUGE}/", "schemes/x/versions/1/", "regions/33/", "evidence/1/file/../../../etc/passwd",
    ],
)  # fmt: skip
def test_addresses_that_lead_nowhere(owner: Caller, address: str):
    answer = owner.get(address)
    assert (answer.status, answer.code) == (404, "not_found")
    assert owner.post(address, {}).status in {404, 405}


def test_methods_that_are_not_there(owner: Caller, cast: Cast):
    for address in ("regions/", "sites/", f"sites/{cast.site.pk}/", "designations/"):
        assert owner.delete(address).code == "method_not_allowed"
    assert owner.get("applications/select").status in {404, 405}


CURSORS = ["x", "cD0x", "%00", "é", "=", base64.b64encode(b"p=abc").decode(), base64.b64encode(b"o=-1").decode(),
           base64.b64encode(b"p=%00").decode(), base64.b64encode(f"p={HUGE}".encode()).decode(),
           base64.b64encode(b"p=" + b"9" * 5000).decode(), base64.b64encode(b"r=x").decode()]  # fmt: skip


@pytest.mark.parametrize("cursor", CURSORS)
@pytest.mark.parametrize("address", ["regions/", "sites/", "designations/", "schemes/"])
def test_cursors_that_we_never_gave(owner: Caller, address: str, cursor: str):
    answer = owner.get(address, cursor=cursor)
    assert answer.status == 200 or (answer.status == 400 and "cursor" in answer.body["errors"])


ODD = ["\x00", "-1", str(HUGE), "1.5", "x" * 2000]


def _filters(address):
    view = next(view for prefix, view, _name in router.registry if f"{prefix}/" == address)
    filters = getattr(view, "filterset_class", None)
    return list(filters.base_filters) if filters else []


def test_odd_filters_find_nothing_or_are_refused(owner: Caller):
    for prefix, _view, _name in router.registry:
        if prefix == "supply-flows":
            continue  # there for officials alone: tests/chain/test_flows.py
        for name in [*_filters(f"{prefix}/"), "page_size"]:
            for value in ODD:
                answer = owner.get(f"{prefix}/", **{name: value})
                assert answer.status in {200, 400}, (prefix, name, value, answer.body)
                assert answer.status == 200 or name in answer.body["errors"], (
                    prefix,
                    name,
                    value,
                    answer.body,
                )


VALUES = [
    None,
    "",
    [],
    {},
    0,
    -1,
    1.5,
    HUGE,
    True,
    "x" * 5000,
    ["x"],
    {"a": 1},
    "2024-13-45",
    "\u202e",
    "9999-12-31",
]


def _bodies(needed):
    for name in needed:
        for value in VALUES:
            yield name, {**needed, name: value}


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("sites/", {"enterprise": 1, "name": "a", "region": "330602", "address": "b", "industry": "1751"}),
        ("products/", {"enterprise": 1, "name": "a", "site": None, "code": "c"}),
        ("parks/", {"manager": 1, "name": "a", "kind": "other", "region": "330602"}),
        ("site-years/", {"site": 1, "year": 2024, "values": {"gross_output": "1"}, "rows": {}, "source": "s"}),
        ("subject-years/", {"park": 1, "year": 2024, "values": {"energy_tce": "1"}, "rows": {}, "source": "s"}),
        ("applications/", {"round": "quick", "level": "municipal", "site": 1, "from_title": None}),
        ("objections/", {"application": 1, "name": "a", "contact": "b", "statement": "c"}),
        ("supply-links/", {"buyer": uscc(1), "supplier": uscc(2), "kind": "supplies", "spend": "1", "share": "0.1",
                           "material": "m", "industry": None, "since_on": "2025-01-01", "vendor_code": "v"}),
        ("token", {"username": "a", "password": "b", "otp": "c"}),
    ],
)  # fmt: skip
def test_odd_values_are_bad_input_or_refused(
    cast: Cast, owner: Caller, address: str, body: dict[str, object]
):
    cast.round()
    for name, sent in _bodies(body):
        answer = owner.post(address, sent)
        assert answer.status < 500, (name, sent[name], answer.body)
        assert answer.status in {200, 201, 400, 401, 403, 409, 429}, (name, sent[name], answer.body)


STRANGE = (None, 1.5, [[HUGE]], {"E1": {"points": "²"}})


def test_odd_values_of_every_move(cast: Cast):
    case, title = cast.examined(cast.draft(cast.another_site())), cast.granted()
    people = [Caller.of(cast.people[name]) for name in ("owner", "auditor_3306", "approver_3306")]
    for address, verbs in (
        (f"applications/{case.pk}", APPLICATION),
        (f"designations/{title.number}", DESIGNATION),
    ):
        for verb in verbs.values():
            for name, value in itertools.product(body_of(verb.form)["properties"], STRANGE):
                statuses = {caller.post(f"{address}/{verb.name}", {name: value}).status for caller in people}
                assert statuses <= {200, 400, 403, 409, 429}, (verb.name, name, value)


@pytest.mark.parametrize(
    ("field", "after"),
    [("value", "²"), ("value", "9" * 60), ("value", "-" + "9" * 50), ("value", "."), ("value", "1."), ("value", "-.5"),
     ("judgement", "full"), ("not_applicable", "yes"), ("value", "0")],
)  # fmt: skip
def test_corrections_with_odd_values(cast: Cast, field: str, after: str):
    case, auditor = cast.examined(), Caller.of(cast.auditor_3306)
    for code in ("E1", "R1", "X9", "veto.not_operating"):
        sent = {"code": code, "field": field, "after": after, "reasons": "because"}
        assert auditor.post(f"applications/{case.pk}/correct", sent).status in {200, 400, 409}


def test_what_is_filled_in_is_checked_against_the_scheme(cast: Cast, owner: Caller):
    case = f"applications/{cast.draft().pk}/"
    for body, place in [
        ({"form": {"nonsense": "x"}}, "form"), ({"form": {"contact_name": 7}}, "form"), ({"form": []}, "form"),
        ({"form": {"contact_name": "x" * 9000}}, "form"), ({"form": {"ownership": "martian"}}, "form"),
        ({"claims": {"X9": "full"}}, "claims"), ({"claims": {"R1": "most"}}, "claims"),
        ({"claims": {"R1": 7}}, "claims"),
        ({"claims": {"R1": {"note": "x" * 3000}}}, "claims"), ({"claims": "full"}, "claims"),
    ]:  # fmt: skip
        answer = owner.patch(case, body)
        assert (answer.status, list(answer.body["errors"])) == (400, [place]), body
    kept = owner.patch(
        case,
        {"claims": {"R1": "full", "R2": {"claim": "half", "note": "see page 3", "not_applicable": False}}},
    )
    assert kept.body["claims"]["R1"] == {"claim": "full"}
    assert kept.body["claims"]["R2"]["note"] == "see page 3"


def test_a_start_names_one_subject_and_a_title_of_it(cast: Cast, owner: Caller):
    call = cast.round()
    park = owner.post(
        "parks/", {"manager": cast.enterprise.pk, "name": "园区", "region": "330602", "address": ""}
    ).body["id"]
    for body in ({}, {"site": cast.site.pk, "park": park}, {"site": 999_999}):
        answer = owner.post("applications/", {"round": call.pk, "level": "municipal", **body})
        assert answer.status == 400, answer.body
    other = cast.granted(cast.draft(cast.another_site()))
    sent = {"round": call.pk, "level": "municipal", "site": cast.site.pk, "from_title": other.number}
    assert list(owner.post("applications/", sent).body["errors"]) == ["from_title"]
    answer = owner.post("applications/", {"round": call.code, "level": "municipal", "park": park})
    assert (answer.status, answer.code) == (409, "offered")


def test_files_that_are_none(cast: Cast, owner: Caller):
    def send(content, **more):
        paper = SimpleUploadedFile("a.pdf", content, "application/pdf")
        return owner.post(
            "evidence/", {"enterprise": cast.enterprise.pk, "kind": "business_licence", "file": paper, **more}
        )

    assert list(send(b"MZ not a paper").body["errors"]) == ["file"]
    assert list(send(b"").body["errors"]) == ["file"]
    assert list(send(pdf("a"), kind="nonsense").body["errors"]) == ["kind"]
    assert list(send(pdf("a"), kind="qms_certificate").body["errors"]) == ["expires_on"]
    assert list(
        send(pdf("a"), title="a\x00b").body["errors"]
        if send(pdf("a"), title="a\x00b").status != 400
        else ["x"]
    ) == ["x"]
    assert send(pdf("a"), title="").status == 201
    again = send(pdf("a"))
    assert (again.status, again.body["reused"]) == (200, True)
    assert owner.post("evidence/", {"enterprise": cast.enterprise.pk}).status == 415


def test_rows_of_a_faulty_sheet_are_told_as_in_the_file(cast: Cast, owner: Caller):
    sheet = "supplier_identifier,supplier_name,spend\n" + uscc(1) + ",A,1\n123,B,2\n" + uscc(2) + ",C,=1+1\n"
    sent = {"buyer": cast.enterprise.pk, "file": SimpleUploadedFile("s.csv", sheet.encode(), "text/csv")}
    answer = owner.post("supply-links/import/", sent)
    assert answer.status == 400
    assert [(row["row"], row["column"]) for row in answer.body["errors"]["rows"]] == [
        (3, "supplier_identifier"),
        (4, "spend"),
    ]
    good = "supplier_identifier,supplier_name,spend\n" + uscc(1) + ",A,1\n"
    for dry, created in (("true", 1), ("false", 1)):
        file = SimpleUploadedFile("s.csv", good.encode(), "text/csv")
        told = owner.post("supply-links/import/", {**sent, "file": file, "dry_run": dry}).body
        assert (told["created"], told["dry_run"]) == (created, dry == "true")
    assert len(owner.get("supply-links/").body["results"]) == 1
