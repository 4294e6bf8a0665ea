"""A verb's form as the body that programs send: described in the schema, its types checked first."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Schema = dict[str, Any]
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}


def body_of(form: type[forms.Form]) -> Schema:
    """The JSON object that the form reads."""
    fields = form.base_fields
    body: Schema = {"type": "object", "properties": {name: field_of(field) for name, field in fields.items()}}
    needed = [name for name, field in fields.items() if field.required and name not in optional(form)]
    return body | ({"required": needed} if needed else {})


def optional(form: type[forms.Form]) -> tuple[str, ...]:
    """Fields that the form asks for only in some states of the case."""
    return getattr(form, "sometimes", ())


def has_file(form: type[forms.Form]) -> bool:
    """Whether a file may come with it."""
    return any(isinstance(field, forms.FileField) for field in form.base_fields.values())


def field_of(field: forms.Field) -> Schema:
    """One field's schema, with its label as the description."""
    return {**_kind_of(field), "description": str(field.label or "")}


def _kind_of(field: forms.Field) -> Schema:  # noqa: PLR0911 - one line per kind
    match field:
        case forms.FileField():
            return {"type": "string", "format": "binary"}
        case forms.BooleanField():
            return {"type": "boolean"}
        case forms.ModelChoiceField():
            return {"type": "integer", "minimum": 1}
        case forms.MultipleChoiceField():
            return {"type": "array", "items": _word(field)}
        case forms.ChoiceField():
            return _word(field)
        case forms.DateField():
            return {"type": "string", "format": "date"}
        case forms.DecimalField():
            return {"oneOf": [{"type": "string", "maxLength": 40}, {"type": "number"}]}
        case forms.JSONField():
            return {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": {}}}
        case forms.CharField():
            return {"type": "string", **({"maxLength": field.max_length} if field.max_length else {})}
        case _:
            raise TypeError(f"say in certification/api/bodies.py what a {type(field).__name__} takes")


def _word(field: forms.ChoiceField) -> Schema:
    choices: Any = field.choices
    words = [str(value) for value, _label in choices if value != ""]
    return {"type": "string", **({"enum": words} if words else {})}


def fitting(form: type[forms.Form], data: Any) -> Mapping[str, Any]:
    """The body, an object whose values have the types that the form expects; ValidationError by field."""
    if not isinstance(data, Mapping):
        raise ValidationError(_("The body must be a JSON object."))
    faults = {
        name: [ValidationError(_("This value has another type than is expected."), code="type")]
        for name, field in form.base_fields.items()
        if not isinstance(field, forms.FileField) and not _fits(_kind_of(field), data.get(name))
    }
    if faults:
        raise ValidationError(faults)
    return data


def _fits(schema: Schema, value: Any) -> bool:
    if value is None or isinstance(value, Decimal):
        return True
    if "oneOf" in schema:
        return any(_fits(one, value) for one in schema["oneOf"])
    if isinstance(value, bool) and schema["type"] != "boolean":
        return False
    if isinstance(value, list):
        return schema["type"] == "array" and all(_fits(schema["items"], item) for item in value)
    if isinstance(value, dict):
        wanted = schema.get("additionalProperties", {})
        return schema["type"] == "object" and all(
            not wanted.get("type") or _fits(wanted, item) for item in value.values()
        )
    return isinstance(value, TYPES[schema["type"]])
