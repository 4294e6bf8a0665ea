"""Which enterprises are green, by one written rule.

The titles of factories count (green factory, zero-carbon factory), whatever their level. An enterprise is
*green* when every one of its sites on record holds a factory title in force, *partly* green when only some
do. Where none does, the title that stood last says why: suspended, revoked, expired, surrendered. Titles of
the enterprise itself, of its products or of a park say nothing about its factories and are left aside, and
so are imported titles that are not yet linked to a site.

The rule reads all sites, whoever asks: a computation may use what its reader may not see.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from certification.designation.models import Spell
from certification.workflow import Status
from greenchain.clock import today
from suppliers.enterprise.models import Site
from suppliers.place.models import Level


class State(models.TextChoices):
    """What a supply chain says of an enterprise, the best first."""

    GREEN = "green", _("green")
    PARTLY = "partly", _("partly green")
    SUSPENDED = "suspended", _("suspended")
    REVOKED = "revoked", _("revoked")
    EXPIRED = "expired", _("expired")
    SURRENDERED = "surrendered", _("surrendered")
    NONE = "none", _("no title")


LOST = {
    Status.SUSPENDED.value: State.SUSPENDED,
    Status.REVOKED.value: State.REVOKED,
    Status.SURRENDERED.value: State.SURRENDERED,
    Status.EXPIRED.value: State.EXPIRED,
    Status.CURRENT.value: State.EXPIRED,  # its validity is over and the clock has not run yet
}
COLUMNS = (
    "enterprise_id",
    "pk",
    "designations__number",
    "designations__level",
    "designations__status",
    "designations__announced_on",
    "designations__status_since",
    "stands",
)


@dataclass(frozen=True, slots=True)
class Title:
    """A factory's title, as far as a chain needs it."""

    number: str
    level: int
    status: str
    announced_on: dt.date
    since: dt.datetime
    stands: bool

    @property
    def level_name(self) -> Any:
        """The level in the reader's language."""
        return Level(self.level).label


@dataclass(slots=True)
class Holding:
    """The sites of one enterprise and the titles of each."""

    sites: dict[int, list[Title]] = field(default_factory=dict)

    @property
    def titles(self) -> list[Title]:
        """The titles of all sites."""
        return [title for titles in self.sites.values() for title in titles]

    @property
    def green_sites(self) -> int:
        """How many sites hold a title in force."""
        return sum(any(title.stands for title in titles) for titles in self.sites.values())

    @property
    def suspended(self) -> int:
        """How many titles are suspended, whatever else stands."""
        return sum(title.status == Status.SUSPENDED for title in self.titles)

    @property
    def best(self) -> Title | None:
        """The title in force of the highest level."""
        return max(
            (title for title in self.titles if title.stands), key=lambda title: title.level, default=None
        )

    @property
    def last(self) -> Title | None:
        """Of the titles that no longer stand the one to look at: a suspended one, else the latest to end."""
        gone = [title for title in self.titles if not title.stands and title.status in LOST]
        return max(gone, key=lambda title: (title.status == Status.SUSPENDED, title.since), default=None)

    @property
    def state(self) -> State:
        """Green, partly green, or why not."""
        green = self.green_sites
        if green:
            return State.GREEN if green == len(self.sites) else State.PARTLY
        return LOST[self.last.status] if self.last else State.NONE

    @property
    def title(self) -> Title | None:
        """The title that says most: the best in force, else the last."""
        return self.best or self.last


UNKNOWN = Holding()
"""An enterprise without sites."""


def holdings(
    enterprises: QuerySet[Any, Any] | Iterable[int], day: dt.date | None = None
) -> Mapping[int, Holding]:
    """What each of ``enterprises`` (keys, or a query for them) holds on ``day`` (today), in one query.

    Those without a site are missing: ``UNKNOWN`` stands for them.
    """
    day = day or today()
    spell = Spell.objects.covering(day).filter(designation=OuterRef("designations__pk"))
    sites = Site.objects.filter(enterprise__in=enterprises).annotate(stands=Exists(spell))
    found: dict[int, Holding] = {}
    for owner, site, number, level, status, announced_on, since, stands in sites.values_list(*COLUMNS):
        titles = found.setdefault(owner, Holding()).sites.setdefault(site, [])
        if number is not None and announced_on <= day:
            titles.append(Title(number, level, status, announced_on, since, stands))
    return found
