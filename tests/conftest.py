"""What every test stands on: a flush that may empty append-only tables, a vault that goes away, no broker."""

from pathlib import Path

import hypothesis
import pytest
from django.conf import LazySettings
from django.test import TransactionTestCase

from tests.standing import empty

pytest_plugins = ["tests.cast", "tests.ground", "tests.workers"]
# What is generated is judged by what comes out; how long a busy machine takes for it says nothing.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")
FACES = {"admin", "api", "faces", "inquiry", "portal", "public", "sharing"}
"""The folders of tests that read pages and answers."""
RECKONING = {
    "assessment",
    "bodies",
    "chain",
    "delivery",
    "grading",
    "impact",
    "lifecycle",
    "progress",
    "scheme",
}
"""The folders of tests of what is computed, whatever the database."""
LONG = {"demo", "soak"}
"""The folders of long tests; the demo is made on SQLite too, where the program is started as a person does."""
OFFICE = {"complaint", "desks", "incentive", "letters", "notice", "panel", "printing", "surveillance"}
"""The folders of tests of the authorities' papers; the moves under them are tried on both databases."""

LOOPS = {
    *(
        "test_access.py",
        "test_costs.py",
        "test_faults.py",
        "test_matrix.py",
        "test_moves.py",
        "test_notes.py",
    ),
    *(
        "test_nothing_leaks.py",
        "test_permissions.py",
        "test_privacy.py",
        "test_queries.py",
        "test_soak.py",
        "test_year.py",
    ),
}
"""Files that go through all pages, moves or days: others cover the same, and being measured takes as long again."""


@pytest.hookimpl(tryfirst=True)  # before ``-m`` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs one database only, and what is not measured."""
    for item in items:
        if item.path.name in LOOPS:
            item.add_marker("no_cover")
        if item.path.parent.name in FACES | RECKONING | OFFICE | LONG:
            item.add_marker("single")


TransactionTestCase._fixture_teardown = lambda _case: empty()  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _static_files_as_asked(settings: LazySettings) -> None:
    """Each test client makes its middleware anew; looking through all static files each time took a fifth of a run."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _own_vault(settings: LazySettings, tmp_path: Path) -> None:
    """Uploads and folded networks go to folders of the test's own."""
    settings.MEDIA_ROOT = tmp_path / "vault"
    settings.NETWORK_DIR = tmp_path / "network"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
