"""Filters and tags of the admin's own pages: ``{% load desk %}``."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template import Context

from certification.templatetags.figures import seconds
from greenchain.audit.models import AuditEntry

register = template.Library()


@register.filter
def told(entries: Sequence[AuditEntry]) -> list[Any]:
    """Entries of the record as lines of a timeline."""
    from certification.admin.words import told as lines  # noqa: PLC0415 - as above

    return lines(entries)


@register.simple_tag(takes_context=True)
def desk_work(context: Context) -> Any:
    """What the first page of the admin shows this person."""
    from certification.admin.home import work_of  # noqa: PLC0415 - tags are loaded before the admin is

    return work_of(context["request"].user)


@register.filter
def record_url(opinion: Any) -> str:
    """Where what a department holds against a case is entered as a record."""
    from certification.consultation.told import record_url as address  # noqa: PLC0415 - as above

    return address(opinion)


@register.filter
def duration(milliseconds: int) -> str:
    """``1.8 s``."""
    return seconds(milliseconds / 1000)


@register.filter
def cell(row: Mapping[str, Any], column: Any) -> str:
    """A row's cell as its column means it."""
    from certification.admin.trace import said  # noqa: PLC0415 - as above

    return said(column, row.get(column.key))
