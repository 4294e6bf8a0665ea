"""The ground the app's tests stand on: places, and people of each kind."""

from collections.abc import Callable

import pytest

from greenchain.accounts.models import Role, User
from suppliers.models import Authority
from suppliers.place.actions import load_industries, load_places
from tests.factories_suppliers import UserFactory, few_places


@pytest.fixture
def places(db: None) -> None:  # noqa: ARG001 - opens the database
    """A handful of regions, their authorities and some industries."""
    few_places()


@pytest.fixture
def all_places(db: None) -> None:  # noqa: ARG001 - opens the database
    """Every region, authority and industry."""
    load_places()
    load_industries()


@pytest.fixture
def official(db: None) -> Callable[[str, str], User]:  # noqa: ARG001 - opens the database
    """An official of a role and an authority's code."""

    def make(role: str, code: str) -> User:
        return UserFactory.create(role=role, authority=Authority.objects.get(code=code))

    return make


@pytest.fixture
def auditor_of(official: Callable[[str, str], User]) -> Callable[[str], User]:
    """An auditor of an authority's code."""
    return lambda code: official(Role.AUDITOR, code)


@pytest.fixture
def administrator(db: None) -> User:  # noqa: ARG001 - opens the database
    """An administrator of the platform."""
    return UserFactory.create(role=Role.ADMINISTRATOR)
