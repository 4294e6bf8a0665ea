"""Canonical JSON (RFC 8785) and the digest that chains it."""

import datetime as dt
import hashlib
import json
from decimal import Decimal
from typing import Any, cast

import rfc8785


def plain(value: Any) -> Any:
    """``value`` in the types RFC 8785 knows; decimals and dates become text, so nothing is rounded."""
    match value:
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            items = [plain(item) for item in value]
            return sorted(items, key=str) if isinstance(value, set | frozenset) else items
        case Decimal():
            return format(value.normalize(), "f")
        case bool() | None | str() | float():
            return value
        case int():
            return value if abs(value) < 2**53 else str(value)
        case _:
            return value.isoformat() if isinstance(value, dt.date) else str(value)


def canonical(value: Any) -> str:
    """RFC 8785 text of ``value``."""
    return rfc8785.dumps(plain(value)).decode()


def read(text: str) -> dict[str, Any]:
    """The mapping that ``canonical`` wrote."""
    return cast("dict[str, Any]", json.loads(text))


def digest(previous: str, text: str) -> str:
    """SHA-256, hexadecimal, over ``previous`` and ``text``."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
