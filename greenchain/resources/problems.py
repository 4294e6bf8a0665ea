"""What every fault looks like (RFC 9457), for the description of the API."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

PROBLEM = "application/problem+json"

MEANING = {
    400: "Bad input: `errors` says what is wrong, by field.",
    401: "No valid API key.",
    403: "You may see this, but it is not yours to do.",
    404: "There is no such thing, or you may not see it.",
    409: "Refused by the rules: `code` says by which; `already_done` when it has been done.",
    413: "The body is too large.",
    415: "The body is of another media type than this takes.",
    429: "Too many requests: wait as `Retry-After` says.",
}


class Problem(serializers.Serializer[None]):
    """Why a request was not carried out."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="stable: programs may rely on it")
    detail = serializers.CharField(allow_blank=True, help_text="words for people, in the language asked for")
    field = serializers.CharField(required=False, help_text="the input to mend, if one is meant")
    errors = serializers.JSONField(required=False, help_text="messages by field")  # type: ignore[assignment]


class FaultyRows(ValidationError):  # noqa: N818 - an answer, as its base
    """Some rows of a file are wrong: ``errors.rows`` says which (header = 1), in which column, and how."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        super().__init__({})
        self.detail = {"rows": list(rows)}
