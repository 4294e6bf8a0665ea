"""Titles of sites from good to poor, and studies of them carried through as the queue does it."""

from collections.abc import Callable
from typing import Any

import pytest

from certification.impact.actions import Question
from certification.impact.actions import study as ask
from certification.models import Designation, Study
from certification.tasks import study as divide
from certification.tasks import study_part
from tests.cast import YEAR, Cast
from tests.codes import national_title

Studied = Callable[..., Study]


@pytest.fixture
def titles(cast: Cast) -> list[Designation]:
    """Four national titles: good, middling, poor, and one that reported nothing."""
    energy = ("2000", "2800", "5000")
    found = [national_title(cast, figures={"energy_tce": tce}) for tce in energy]
    return [*found, national_title(cast, figures=None)]


@pytest.fixture
def studied(cast: Cast) -> Studied:
    """Ask a question and compute the study."""

    def carry_out(by: Any = None, **given: Any) -> Study:
        given = {"before": cast.national, "after": cast.national, "year": YEAR, **given}
        made = ask(by=by or cast.approver_CN, question=Question(**given))
        return computed(made)

    return carry_out


def computed(made: Study) -> Study:
    """All parts of a study, as the workers take them."""
    divide(made.pk)
    for key in made.parts.values_list("pk", flat=True):
        study_part(key)
    made.refresh_from_db()
    return made
