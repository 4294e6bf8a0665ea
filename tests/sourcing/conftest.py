"""A buyer that manages its suppliers: the cast's enterprise, with suppliers of every state."""

from collections.abc import Callable

import pytest
from django.test import Client

from certification.models import SupplierGrade
from greenchain.accounts.models import User
from suppliers.models import Enterprise
from tests.cast import Cast
from tests.chain.conftest import Chains


@pytest.fixture
def chains(cast: Cast) -> Chains:
    """Nothing linked yet."""
    return Chains(cast, cast.enterprise)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser of that person's."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return enter


def grade_of(buyer: Enterprise, supplier: Enterprise) -> SupplierGrade:
    """The grade that holds."""
    return SupplierGrade.objects.current().get(buyer=buyer, supplier=supplier)
