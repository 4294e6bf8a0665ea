"""The admin's search in place of long lists."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect


def searches(model: Any, *names: str) -> dict[str, AutocompleteSelect]:
    """Widgets for a form's fields that name rows of other tables."""
    return {name: AutocompleteSelect(model._meta.get_field(name), admin.site) for name in names}
