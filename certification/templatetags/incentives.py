"""What a title is worth at its place: ``{% load incentives %}``."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.designation.models import Designation
from certification.incentive.worth import Worth, worth
from certification.workflow import Status
from suppliers.place.models import Level

register = template.Library()
TEMPLATE = "certification/incentive/worth.html"


def _told(heading: str, groups: list[Worth]) -> dict[str, Any]:
    return {"heading": heading, "groups": groups}


@register.inclusion_tag(TEMPLATE)
def worth_of_levels(application: Application) -> dict[str, Any]:
    """Beside the gap: what the level that is sought and those above it are worth here."""
    levels = range(application.level, Level.NATIONAL + 1)
    groups = worth(application.scheme_version.scheme, application.home, levels)
    return _told(_("What the next level is worth here"), groups)


@register.inclusion_tag(TEMPLATE)
def worth_of_title(title: Designation) -> dict[str, Any]:
    """On the public page of a title in force: what its level is worth at its place."""
    groups = worth(title.scheme, title.home, [title.level]) if title.status == Status.CURRENT else []
    return _told(_("What holders may get here"), groups)
