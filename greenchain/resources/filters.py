"""Filters that more than one resource has."""

from typing import Any

import django_filters as filters
from django import forms

from greenchain.resources.fields import LARGEST_ID

LONGEST = 100


class KeyField(forms.IntegerField):
    """A row's number, within what databases hold."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "min_value": 1, "max_value": LARGEST_ID})


class KeyFilter(filters.Filter):  # type: ignore[misc]
    """Rows that point to the row of that number; an unknown number finds nothing."""

    field_class = KeyField


class WordFilter(filters.CharFilter):  # type: ignore[misc]
    """Rows with exactly this word."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": LONGEST, **kwargs})
