"""Which enterprises are green, as a query: the rule that ``chain/status.py`` writes down, for earlier stages too."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from certification.designation.models import Designation
from suppliers.enterprise.models import Enterprise, Site


def green_enterprises(day: dt.date | None = None) -> QuerySet[Enterprise]:
    """Every site holds a title in force on ``day`` (today), and there is one at least."""
    title = Designation.objects.in_force(day).filter(site=OuterRef("pk"))
    covered = Site.objects.filter(Exists(title)).values("enterprise")
    bare = Site.objects.filter(~Exists(title), enterprise=OuterRef("pk"))
    return Enterprise.objects.filter(~Exists(bare), pk__in=covered)
