"""A case that is examined, one that is evaluated, and who looks at them."""

from collections.abc import Callable

import pytest
from django.test import Client

from certification.evaluation.actions import declare
from certification.models import Application
from certification.verbs import perform
from greenchain.accounts.models import User
from tests.cast import Cast

Browse = Callable[[User | None], Client]


@pytest.fixture
def browse() -> Browse:
    """A browser signed in as a person, or as nobody."""

    def sign_in(person: User | None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def case(cast: Cast) -> Application:
    """Under examination at Shaoxing."""
    return cast.examined()


@pytest.fixture
def evaluated(cast: Cast) -> Application:
    """With an evaluator who declared."""
    call = cast.round("evaluated", evaluation="required")
    case = cast.examined(cast.draft(cast.another_site(), round_=call))
    seat = perform(case, "assign", by=cast.auditor_3306, data={"user": cast.evaluator.pk})
    declare(seat, by=cast.evaluator, declared="No ties to the applicant.")
    case.refresh_from_db()
    return case
