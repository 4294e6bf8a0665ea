"""Several small readings in one statement: what lies around a case is spread over many tables, a few rows in each.

Every reading names a queryset and the fields that are wanted of it; back come rows of its model with just these.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import CharField, Model, QuerySet, Value
from django.db.models.functions import Cast, JSONObject

Reading = tuple["QuerySet[Any]", Sequence[str]]
AS_TEXT = (models.DecimalField, models.DateField)
"""What JSON would round or does not know."""


def read_together(**readings: Reading) -> dict[str, list[Any]]:
    """The rows of each reading by its name, in one query; no reading costs none. Their order is not given."""
    found: dict[str, list[Any]] = {name: [] for name in readings}
    asked = [_asked(name, rows, fields) for name, (rows, fields) in readings.items()]
    if not asked:
        return found
    first, *others = asked
    for name, told in first.union(*others, all=True):
        found[name].append(_row(readings[name][0].model, told))
    return found


def _asked(name: str, rows: "QuerySet[Any]", fields: Sequence[str]) -> "QuerySet[Any]":
    told = {field: _sent(rows.model, field) for field in fields}
    return rows.order_by().values_list(Value(name, output_field=CharField()), JSONObject(**told))


def _sent(model: type[Model], name: str) -> Any:
    return Cast(name, models.TextField()) if isinstance(_field(model, name), AS_TEXT) else name


def _row(model: type[Model], told: dict[str, Any]) -> Any:
    return model(**{name: _read(_field(model, name), value) for name, value in told.items()})


def _field(model: type[Model], name: str) -> Any:
    field = model._meta.get_field(name.removesuffix("_id"))
    return field.target_field if isinstance(field, models.ForeignKey) else field


def _read(field: Any, value: Any) -> Any:
    if isinstance(field, models.DecimalField) and value is not None:
        return Decimal(value).quantize(Decimal(1).scaleb(-field.decimal_places))
    return field.to_python(value)
