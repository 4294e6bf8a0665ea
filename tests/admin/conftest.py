"""Browsers of the admin, and cases at its desks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from greenchain.accounts.models import User
from tests.cast import Cast

MODEL = "django.contrib.auth.backends.ModelBackend"
Browse = Callable[[User], Client]


@pytest.fixture
def browse() -> Browse:
    """A browser signed in as a person."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend=MODEL)
        return client

    return sign_in


@pytest.fixture
def auditor(cast: Cast, browse: Browse) -> Client:
    """The auditor of Shaoxing."""
    return browse(cast.auditor_3306)


@pytest.fixture
def approver(cast: Cast, browse: Browse) -> Client:
    """The approver of Shaoxing."""
    return browse(cast.approver_3306)


def text_of(response: Any) -> str:
    """What the page says."""
    return response.content.decode()
