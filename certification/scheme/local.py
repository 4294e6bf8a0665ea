"""What a round asks beside its scheme: a title held, a figure reached, a valid paper. Data on the round."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from greenchain.languages import LANGUAGES, pick
from greenchain.located import Texts

PREFIX = "local."
"""Starts the keys of local requirements, so that none is taken for a gate of the scheme."""


class Proof(models.TextChoices):
    """What shows that a requirement is met."""

    EVIDENCE = "evidence", _("valid evidence")
    FIGURE = "figure", _("a reported figure")
    TITLE = "title", _("a title in force")


@dataclass(frozen=True, kw_only=True)
class LocalGate:
    """One local requirement; which fields count depends on ``proof``."""

    key: str
    names: Mapping[str, str]
    proof: str
    source: str
    evidence: tuple[str, ...] = ()
    metric: str = ""
    minimum: Decimal | None = None
    scheme: str = ""
    at_least: int = 0
    question: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return pick(self.names)

    @property
    def clause(self) -> Texts:
        """Where it is said, in the words of whoever opened the round."""
        return dict.fromkeys(LANGUAGES, self.source)


def read(data: Mapping[str, Any]) -> LocalGate:
    """A requirement as it is stored on a round."""
    minimum = data.get("minimum")
    return LocalGate(
        **{key: data[key] for key in ("key", "names", "proof", "source")},
        evidence=tuple(data.get("evidence", ())),
        metric=data.get("metric", ""),
        minimum=None if minimum is None else Decimal(minimum),
        scheme=data.get("scheme", ""),
        at_least=data.get("at_least", 0),
    )
