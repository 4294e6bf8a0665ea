"""People who look at their inbox."""

from collections.abc import Callable

import pytest
from django.test import Client

from greenchain.accounts.models import User

Enter = Callable[[User], Client]


@pytest.fixture
def enter() -> Enter:
    """A browser of that person's."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make
