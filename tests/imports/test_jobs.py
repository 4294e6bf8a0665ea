"""Administrators watch long work in the admin; nobody else does."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from greenchain.jobs.models import Job
from suppliers.models import Authority
from tests.factories_suppliers import UserFactory, few_places

pytestmark = pytest.mark.django_db
LIST = reverse("admin:jobs_job_changelist")
QUERIES = 7


@pytest.fixture
def administrator() -> Any:
    return UserFactory.create(role="administrator", is_staff=True)


def jobs(by: Any, count: int, start: int = 0) -> Job:
    """The last of so many jobs."""
    made = [
        Job.objects.create(
            kind="import_sites",
            title=f"sites-{number}.csv",
            digest=str(number),
            by=by,
            read=2,
            total=4,
            faults=[[3, "name", "<b>is needed.</b>"]],
        )
        for number in range(start, start + count)
    ]
    return made[-1]


def test_the_list_takes_the_same_queries_at_one_and_three_rows(
    client: Client, administrator: Any, django_assert_max_num_queries: Any
):
    client.force_login(administrator)
    jobs(administrator, 1)
    client.get(LIST)  # what a process reads once it keeps
    with django_assert_max_num_queries(QUERIES) as one:
        client.get(LIST)
    jobs(UserFactory.create(), 3, start=1)
    with django_assert_max_num_queries(len(one)):
        answer = client.get(LIST)
    assert answer.content.decode().count("2 of 4 rows") == 4


def test_a_jobs_faults_are_shown_and_escaped(client: Client, administrator: Any):
    client.force_login(administrator)
    job = jobs(administrator, 1)

    page = client.get(reverse("admin:jobs_job_change", args=[job.pk])).content.decode()

    assert "3, name: &lt;b&gt;is needed." in page


def test_officials_do_not_see_jobs(client: Client):
    few_places()
    client.force_login(
        UserFactory.create(role="auditor", is_staff=True, authority=Authority.objects.get(code="3306"))
    )

    assert client.get(LIST).status_code == 403
