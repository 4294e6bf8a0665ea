"""How the API describes itself: every fault that may come is written down beside what is expected."""

import re
from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from greenchain.resources.problems import MEANING, PROBLEM, Problem

WRITING = ("POST", "PUT", "PATCH", "DELETE")
KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[\\x21-\\x7e]+$"},
    OpenApiParameter.HEADER,
    description="Sent again with the same body, the first answer comes back and nothing is done twice.",
)
STOP = re.compile(r"[.;:\n]")


def any_of(result: Any, **_kwargs: Any) -> Any:
    """Alternatives may overlap: what officials read of a case is all that its applicant reads, and more."""
    for component in result.get("components", {}).get("schemas", {}).values():
        if "oneOf" in component:
            component["anyOf"] = component.pop("oneOf")
    return result


NONE = {"type": "string", "nullable": True, "enum": [None]}


def none_too(result: Any, **_kwargs: Any) -> Any:
    """``nullable`` beside references counts for nothing in OpenAPI 3.0: null becomes one of the alternatives."""
    for component in result.get("components", {}).get("schemas", {}).values():
        fields = component.get("properties", {})
        for name, field in fields.items():
            if field.get("nullable") and "allOf" in field:
                told = {key: value for key, value in field.items() if key not in {"allOf", "nullable"}}
                fields[name] = {"anyOf": [*field["allOf"], NONE], **told}
    return result


def whole(result: Any, **_kwargs: Any) -> Any:
    """Tags are told by their first operation; an operation without sign-in says that it needs none."""
    tags: dict[str, str] = {}
    for operation in (each for path in result["paths"].values() for each in path.values()):
        operation.setdefault("security", [])
        for tag in operation["tags"]:
            tags.setdefault(tag, operation["description"])
    result["tags"] = [{"name": tag, "description": told} for tag, told in sorted(tags.items())]
    return result


class Schema(AutoSchema):
    """Adds the problems, and the Idempotency-Key of every POST by a known person."""

    def get_override_parameters(self) -> list[Any]:
        """The header that makes a POST safe to repeat."""
        parameters = list(super().get_override_parameters())
        return (
            [*parameters, KEY]
            if self.method == "POST" and getattr(self.view, "repeatable", True)
            else parameters
        )

    def get_summary(self) -> str:
        """What it says of itself, up to the first stop."""
        told: str = super().get_summary() or self.get_description()
        return STOP.split(told, maxsplit=1)[0]

    def get_request_serializer(self) -> Any:
        """What the view's table of readers says; else as usual."""
        readers = getattr(self.view, "readers", {})
        return readers.get(getattr(self.view, "action", ""), super().get_request_serializer())

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        """Row numbers are numbers."""
        found: list[dict[str, Any]] = super()._resolve_path_parameters(variables)  # type: ignore[no-untyped-call]
        for parameter in found:
            if parameter["name"] in {"id", "pk"}:
                parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": 10**18 - 1}
        return found

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self.problems():
            answer = OpenApiResponse(Problem, MEANING[status])
            told = self._told(answer, str(status), direction)
            bodies.setdefault(str(status), told)
        return bodies

    def _told(self, answer: OpenApiResponse, status: str, direction: str) -> Any:
        return self._get_response_for_code(answer, status, [PROBLEM], direction)  # type: ignore[no-untyped-call]

    def problems(self) -> list[int]:
        """The statuses of the faults that this operation may answer with."""
        found = [400, 401]
        if "{" in self.path:
            found.append(404)
        if self.method in WRITING:
            found += [403, 409]
        if self.method in {"POST", "PUT", "PATCH"}:
            found += [413, 415]
        if self.view.get_throttles():
            found.append(429)
        return [*found, *getattr(self.view, "also", ())]
