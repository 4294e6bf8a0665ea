"""What may be missing in a row may be missing in its description: programs read the one by the other."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from rest_framework import serializers

import greenchain.api  # noqa: F401 - knows every resource


def serializers_of(kind: Any) -> Iterator[Any]:
    """Every serializer of that kind that is ours."""
    for each in kind.__subclasses__():
        if each.__module__.startswith(("greenchain.", "suppliers.", "certification.")):
            yield each
        yield from serializers_of(each)


def columns(teller: Any, source: str) -> list[Any]:
    """The columns on the way to a value; none where it is no column."""
    model, found = getattr(getattr(teller, "Meta", None), "model", None), []
    for name in source.split("."):
        try:
            column = model._meta.get_field(name)
        except (FieldDoesNotExist, AttributeError):
            return []
        if not isinstance(column, Field):  # the other side of a relation: many rows or none
            return []
        found.append(column)
        model = column.related_model
    return found


def faults(teller: Any) -> Iterator[str]:
    for name, field in teller().fields.items():
        way = [] if field.write_only else columns(teller, field.source)
        null = any(column.null for column in way) and field.default is serializers.empty
        if (null or field.default is None) and not field.allow_null:
            yield f"{teller.__module__}.{teller.__name__}.{name} may be null"
        choices = isinstance(field, serializers.ChoiceField) and bool(way and way[-1].choices)
        if choices and way[-1].blank and not field.allow_blank:
            yield f"{teller.__module__}.{teller.__name__}.{name} may be empty"


def test_null_and_empty_are_described_where_columns_have_them() -> None:
    found = set(serializers_of(serializers.Serializer))
    assert len(found) > 100
    assert sorted(fault for teller in found for fault in faults(teller)) == []
