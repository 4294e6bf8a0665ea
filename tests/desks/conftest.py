"""Departments, cases under examination, and browsers of the desks."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from certification.consultation.actions import add_department
from certification.consultation.models import DepartmentContact
from greenchain.accounts.models import User
from tests.cast import Cast
from tests.papers import image

Browse = Callable[[User], Client]


@pytest.fixture
def browse() -> Browse:
    """A browser signed in as a person."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def departments(cast: Cast) -> list[DepartmentContact]:
    """The three of Shaoxing that are asked before a recommendation."""
    return [
        add_department(
            by=cast.auditor_3306, kind=kind, name=f"Shaoxing {kind} bureau", contact_phone="0575-1"
        )
        for kind in ("ecology", "emergency", "market")
    ]


def sealed(name: str = "reply.png") -> SimpleUploadedFile:
    """A scan of a sealed paper."""
    return SimpleUploadedFile(name, image(), "image/png")
