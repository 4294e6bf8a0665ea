"""The description of the API in few lines; ``python -m tests.api.outline`` writes it anew."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

KEPT = Path(__file__).parent / "outline.txt"
Schema = dict[str, Any]
NONE: Schema = {"type": "string", "nullable": True, "enum": [None]}
"""How 3.0 tells null as an alternative."""


def outline(described: Schema) -> str:
    """One line per operation, one per component."""
    components = described["components"]["schemas"]
    lines = [
        *_operations(described["paths"]),
        "",
        *(f"{name} {kind_of(one)}" for name, one in sorted(components.items())),
    ]
    return "\n".join(lines) + "\n"


def _operations(paths: Schema) -> Iterator[str]:
    for path, operations in sorted(paths.items()):
        for method, operation in sorted(operations.items()):
            yield f"{method.upper()} {path} {_question(operation)}{_body(operation)} -> {_answers(operation)}"


def _question(operation: Schema) -> str:
    names = sorted(one["name"] for one in operation.get("parameters", []) if one["in"] == "query")
    return f"?{'&'.join(names)} " if names else ""


def _body(operation: Schema) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return " | ".join(
        f"{media.partition('/')[2]} {kind_of(one['schema'])}" for media, one in sorted(content.items())
    )


def _answers(operation: Schema) -> str:
    return " ".join(f"{status}{_told(answer)}" for status, answer in sorted(operation["responses"].items()))


def _told(answer: Schema) -> str:
    told = [
        kind_of(one.get("schema", {}))
        for media, one in answer.get("content", {}).items()
        if "problem" not in media
    ]
    return f":{told[0]}" if told else ""


def kind_of(schema: Schema) -> str:
    """A schema in one word, or as its properties; "~" where it may be null."""
    return _kind(schema) + ("~" if schema.get("nullable") else "")


def _kind(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    for key, sign in (("oneOf", "|"), ("anyOf", "|"), ("allOf", "&")):
        if key in schema:
            told = sign.join(kind_of(one) for one in schema[key] if one != NONE)
            return told + ("~" if NONE in schema[key] else "")
    if "enum" in schema:
        return (
            "(" + "|".join(map(str, schema["enum"])) + ")"
            if len(schema["enum"]) < 12
            else f"({len(schema['enum'])} words)"
        )
    if schema.get("type") == "array":
        return f"[{kind_of(schema['items'])}]"
    if schema.get("properties"):
        needed = set(schema.get("required", []))
        fields = (
            f"{name}{'' if name in needed else '?'}:{kind_of(one)}"
            for name, one in schema["properties"].items()
        )
        return "{" + ", ".join(fields) + "}"
    kind = str(schema.get("format") or schema.get("type") or "any")
    return "integer" if kind == "int64" else kind  # how far a number goes differs between databases


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenchain.settings")
    django.setup()
    from greenchain.api import described

    KEPT.write_text(outline(described("en")), encoding="utf-8")
    sys.exit(0)
