"""The portal's ground: somebody signed in, and a few more people."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from greenchain.accounts.models import User
from greenchain.clock import today
from tests.cast import Cast
from tests.factories_suppliers import MembershipFactory, UserFactory

As = Callable[[User | None], Client]


@pytest.fixture
def signed_in() -> As:
    """A browser of that person, or of nobody."""

    def make(person: User | None) -> Client:
        client = Client()
        if person is not None:
            client.force_login(person)
        return client

    return make


@pytest.fixture
def consultant(cast: Cast) -> User:
    """Edited for the enterprise until yesterday."""
    person = UserFactory.create(username="consultant")
    yesterday = today() - dt.timedelta(days=1)
    MembershipFactory.create(
        user=person, enterprise=cast.enterprise, role="editor", consultant=True, until_on=yesterday
    )
    return person


@pytest.fixture
def adviser(cast: Cast) -> User:
    """A consultant who edits until the end of next month."""
    person = UserFactory.create(username="adviser")
    MembershipFactory.create(
        user=person,
        enterprise=cast.enterprise,
        role="editor",
        consultant=True,
        until_on=today() + dt.timedelta(days=40),
    )
    return person
