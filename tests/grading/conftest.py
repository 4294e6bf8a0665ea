"""Titles to be graded."""

from collections.abc import Callable
from functools import partial

import pytest

from certification.models import Designation
from tests.cast import Cast
from tests.codes import ladder as steps
from tests.codes import national_title

Title = Callable[..., Designation]


@pytest.fixture
def title(cast: Cast) -> Title:
    """Make a national title."""
    return partial(national_title, cast)


@pytest.fixture
def ladder(cast: Cast) -> list[Designation]:
    """Eight titles from the best to the last."""
    return steps(cast)
