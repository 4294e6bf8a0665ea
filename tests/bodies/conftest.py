"""The ground of the bodies' tests: a body that awaits registration, and who keeps and decides on it."""

import datetime as dt
from typing import Any

import pytest

from certification.body import actions
from certification.models import Body, Staff
from greenchain.accounts.models import Role, User
from tests.cast import Cast
from tests.factories_suppliers import UserFactory
from tests.portal.conftest import As, signed_in

__all__ = ["As", "signed_in"]

SAID: dict[str, Any] = {
    "name": "绿源（杭州）节能低碳与清洁生产第三方评价技术服务有限责任公司",
    "name_en": "Green Source Evaluation",
    "identifier": "91330100MA0TEST01",
    "legal_representative": "Qian Duo",
    "contact_email": "office@greensource.example",
    "registered_on": dt.date(2018, 5, 1),
    "scope": ["site", "park"],
}


@pytest.fixture
def keeper(cast: Cast) -> User:  # noqa: ARG001 - the people of the cast come first
    """An evaluator without a body."""
    return UserFactory.create(username="keeper", role=Role.EVALUATOR, email="keeper@greensource.example")


@pytest.fixture
def declared(keeper: User) -> Body:
    """A body that declared itself, with nobody on its staff yet."""
    return actions.declare_body(by=keeper, **SAID)


def staffed(body: Body, *, senior: int = 5, intermediate: int = 5, **more: Any) -> list[Staff]:
    """The body with that many people of each title."""
    titles = ["senior"] * senior + ["intermediate"] * intermediate
    return Staff.objects.bulk_create(
        Staff(body=body, name=f"Person {number}", title=title, **more) for number, title in enumerate(titles)
    )
