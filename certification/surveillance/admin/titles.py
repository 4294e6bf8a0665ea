"""What the registers of surveillance share: the title that a row is about, and who keeps it."""

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

OF_TITLES = (
    "designation__home",
    "designation__scheme",
    "designation__site__enterprise",
    "designation__enterprise",
    "designation__product__enterprise",
    "designation__park__manager",
)


def title_link(row: Any) -> SafeString:
    """The title's number, linked to its page."""
    url = reverse("admin:certification_designation_change", args=[row.designation_id])
    return format_html('<a href="{}">{}</a>', url, row.designation.number)


def keeps(row: Any, user: Any) -> bool:
    """Whether the person approves for the authority that keeps the title."""
    return bool(row.designation.holds(user, "approver@level"))
