"""What the API says of itself is whole, typed, and changes only when we mean it."""

import re

import pytest
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from certification.verbs import APPLICATION, DESIGNATION
from certification.workflow import MOVES
from greenchain.api import described
from tests.api.caller import Caller
from tests.api.outline import KEPT, outline

COLLECTIONS = (
    "regions authorities industries enterprises sites site-years subject-years products parks evidence schemes rounds "
    "applications assessments designations notices objections supply-links alerts progress"
).split()
BY_THE_SYSTEM = {"start", "check", "close", "lapse", "issue", "end", "expire", "restore_title", "supersede"}


@pytest.fixture(scope="module")
def told():
    return described("en")


def test_it_is_what_it_was(told):
    """Changed on purpose? ``python -m tests.api.outline`` writes it anew; say so in CHANGELOG."""
    assert outline(told).splitlines() == KEPT.read_text(encoding="utf-8").splitlines()


def test_nothing_is_left_untold():
    GENERATOR_STATS.reset()
    validate_schema(SchemaGenerator().get_schema(public=True))
    assert not GENERATOR_STATS


def test_every_collection_and_every_verb_is_there(told):
    paths = told["paths"]
    assert [name for name in COLLECTIONS if f"/api/v1/{name}/" not in paths] == []
    for kind, address, verbs in (
        ("A", "applications/{id}", APPLICATION),
        ("D", "designations/{number}", DESIGNATION),
    ):
        table = {move.verb for move in MOVES if move.case == kind} - BY_THE_SYSTEM
        assert table == set(verbs)
        assert [verb for verb in table if "post" not in paths[f"/api/v1/{address}/{verb}"]] == []


def test_every_fault_is_a_problem_and_every_answer_has_a_type(told):
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                if status >= "400":
                    assert list(content) == ["application/problem+json"], (path, method, status)
                else:
                    assert content or status == "204", (path, method, status)
            assert {"400", "401"} <= set(operation["responses"]), (path, method)


def test_linters_find_what_they_ask_for(told):
    """What spectral and redocly found once: summaries, tags, servers, licence, sign-in said of every operation."""
    assert told["servers"]
    assert told["info"]["license"]["name"]
    assert all(tag["description"] for tag in told["tags"])
    known = {tag["name"] for tag in told["tags"]}
    for path, operations in told["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"].strip(), (path, method)
            assert set(operation["tags"]) <= known, (path, method)
            assert "security" in operation, (path, method)
            named = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path)), (path, method)


def nodes(part):
    """Every mapping in the description."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from nodes(inner)


def test_null_is_told_in_a_way_that_counts(told):
    """In OpenAPI 3.0 ``nullable`` beside references or alternatives, without a type, means nothing."""
    assert [node for node in nodes(told) if node.get("nullable") is True and "type" not in node] == []


def test_examples_are_what_they_are_examples_of(told):
    uris = [node["example"] for node in nodes(told) if node.get("format") == "uri" and "example" in node]
    assert uris
    assert [uri for uri in uris if not re.fullmatch(r"https://[\w./?=%-]+", uri)] == []


@pytest.mark.django_db
def test_it_is_served_as_json_in_the_readers_language():
    answer = Caller().get("schema")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.body["openapi"].startswith("3.")
    assert answer.body["info"]["title"] == "GreenChain"
