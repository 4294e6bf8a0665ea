"""The kinds of departments that a round may want to be heard before a desk endorses (policy.md 1.2, step 3)."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Department(models.TextChoices):
    """What a department answers for."""

    ECOLOGY = "ecology", _("ecology and environment")
    EMERGENCY = "emergency", _("emergency management")
    MARKET = "market", _("market regulation")
    ENERGY = "energy", _("energy")
    TAX = "tax", _("taxation")
    LABOUR = "labour", _("human resources and social security")
    OTHER = "other", _("another department")


def named(kinds: Iterable[str]) -> list[str]:
    """The kinds in words, in their usual order; one that nobody knows stands as it is."""
    given = set(kinds)
    known = [str(kind.label) for kind in Department if kind in given]
    return [*known, *sorted(given - set(Department.values))]
