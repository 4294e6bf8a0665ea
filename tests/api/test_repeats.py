"""The same Idempotency-Key replays the first answer, and nothing is done twice."""

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from certification.models import Application
from greenchain.accounts.models import Repeat
from greenchain.audit.models import AuditEntry
from greenchain.clock import now
from suppliers.models import Site
from tests.api.caller import Caller
from tests.cast import Cast
from tests.papers import pdf

KEY = {"Idempotency-Key": "a-1"}


def _site(cast, name="二号厂"):
    return {
        "enterprise": cast.enterprise.pk,
        "name": name,
        "region": "330602",
        "address": "x",
        "industry": "1751",
    }


@pytest.mark.django_db
def test_the_first_answer_comes_again_and_nothing_is_done_twice(cast: Cast):
    owner = Caller.of(cast.owner)
    first = owner.post("sites/", _site(cast), **KEY)
    count = AuditEntry.objects.count()
    again = owner.post("sites/", _site(cast), **KEY)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Site.objects.filter(name="二号厂").count() == 1
    assert AuditEntry.objects.count() == count


@pytest.mark.django_db
def test_another_request_under_the_same_key_is_refused(cast: Cast):
    owner = Caller.of(cast.owner)
    owner.post("sites/", _site(cast), **KEY)
    other = owner.post("sites/", _site(cast, "三号厂"), **KEY)
    assert (other.status, other.code) == (409, "idempotency_key_reused")
    assert owner.post("products/", {"enterprise": cast.enterprise.pk, "name": "x"}, **KEY).status == 409
    assert not Site.objects.filter(name="三号厂").exists()


@pytest.mark.django_db
def test_a_key_is_its_persons_own(cast: Cast):
    Caller.of(cast.owner).post("sites/", _site(cast), **KEY)
    assert Caller.of(cast.editor).post("sites/", _site(cast, "四号厂"), **KEY).status == 201


@pytest.mark.django_db
def test_refusals_are_replayed_too_and_leave_nothing_behind(cast: Cast):
    owner, case = Caller.of(cast.owner), cast.draft()
    sent = {"commitment": True, "signed_by": "Wang"}
    case.citations.all().delete()
    first = owner.post(f"applications/{case.pk}/submit", sent, **KEY)
    again = owner.post(f"applications/{case.pk}/submit", sent, **KEY)
    assert (first.status, first.code) == (again.status, again.code) == (409, "complete")
    assert Application.objects.get(pk=case.pk).status == "draft"
    assert owner.post(f"applications/{case.pk}/submit", {}, **{"Idempotency-Key": "a-2"}).status == 400


@pytest.mark.django_db
def test_moves_and_files_are_done_once(cast: Cast):
    owner, case = Caller.of(cast.owner), cast.draft()
    sent = {"commitment": True, "signed_by": "Wang"}
    first = owner.post(f"applications/{case.pk}/submit", sent, **KEY)
    assert owner.post(f"applications/{case.pk}/submit", sent, **KEY).body == first.body
    assert owner.post(f"applications/{case.pk}/submit", sent).code == "already_done"
    assert case.dossiers.count() == 1
    statuses = []
    for mark in ("once", "once", "twice"):
        paper = SimpleUploadedFile("a.pdf", pdf(mark), "application/pdf")
        sent_paper = {
            "enterprise": cast.enterprise.pk,
            "kind": "business_licence",
            "title": "a",
            "file": paper,
        }
        statuses.append(owner.post("evidence/", sent_paper, **{"Idempotency-Key": "a-3"}).status)
    assert statuses == [201, 201, 409]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 101, "two words", "键"])
def test_a_strange_key_is_bad_input(cast: Cast, key: str):
    answer = Caller.of(cast.owner).post("sites/", _site(cast), **{"Idempotency-Key": key})
    assert answer.status == 400


@pytest.mark.django_db
def test_old_keys_are_forgotten(cast: Cast):
    owner = Caller.of(cast.owner)
    owner.post("sites/", _site(cast), **KEY)
    Repeat.objects.update(at=now().replace(year=2020))
    assert owner.post("sites/", _site(cast, "五号厂"), **KEY).status == 201
    assert Repeat.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_instant_are_one(cast: Cast):
    callers, answers = [Caller.of(cast.owner) for _each in range(2)], []
    together = threading.Barrier(2)

    def send(caller):
        together.wait()
        answers.append(caller.post("sites/", _site(cast), **KEY))
        connection.close()

    threads = [threading.Thread(target=send, args=[caller]) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.status for one in answers] == [201, 201]
    assert answers[0].body == answers[1].body
    assert Site.objects.filter(name="二号厂").count() == 1
