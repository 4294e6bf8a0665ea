"""The study on its page, as CSV and over the API: asked for, watched, read, by whom."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.impact import actions
from certification.models import Designation, Study
from tests.api.caller import Caller
from tests.cast import YEAR, Cast
from tests.impact.conftest import Studied, computed

MODEL = "django.contrib.auth.backends.ModelBackend"
DESK = "admin:certification_study"
STRICTER = {"E3": {"base": "1", "lead": "0.1"}, "national": {"pass_score": "85"}}
LINES = "E3 base 1 lead = 0.1\n\nnational pass_score 85"


def browser(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.people[who], backend=MODEL)
    return client


def page_of(cast: Cast, who: str, study: Study, **asked: str) -> str:
    answer = browser(cast, who).get(reverse(f"{DESK}_change", args=[study.pk]), asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_it_is_asked_for_on_the_page_and_computed(cast: Cast, titles: list[Designation]) -> None:
    client, add = browser(cast, "approver_33"), reverse(f"{DESK}_add")
    assert client.get(add).status_code == 200
    asked = {
        "before": cast.national.pk,
        "after": cast.national.pk,
        "year": YEAR,
        "changes": LINES,
        "note": "Ozone",
    }
    answer = client.post(add, asked)
    made = Study.objects.get()
    assert answer.headers["Location"] == reverse(f"{DESK}_change", args=[made.pk])
    assert (made.changes, made.authority.code) == (STRICTER, "33")
    waiting = page_of(cast, "approver_33", made)
    assert "Titles are being scored by both rules" in waiting
    done = page_of(cast, "approver_33", computed(made))
    assert "Checked against the scalar evaluator: 3 of 3 sampled equal." in done
    assert titles[0].number in done, "the good one falls"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("E3 base", "Line 1 is not understood"),
        ("\nE3 bass 1", "Line 2 is not understood"),
        ("E3 base NaN", "Line 1 is not understood"),
        ("Z9 base 1", "no indicator and no level"),
        ("", "Both rules are the same"),
    ],
)
def test_what_is_not_understood_is_told_on_the_form(cast: Cast, lines: str, said: str) -> None:
    asked = {"before": cast.national.pk, "after": cast.national.pk, "year": YEAR, "changes": lines}
    answer = browser(cast, "approver_CN").post(reverse(f"{DESK}_add"), asked)
    assert answer.status_code in {409, 422}
    assert said in answer.content.decode()
    assert not Study.objects.exists()


def test_titles_are_for_officials_and_sums_for_administrators(
    cast: Cast, titles: list[Designation], studied: Studied
) -> None:
    made = studied(changes=STRICTER)
    assert titles[0].number in page_of(cast, "auditor_CN", made)
    assert titles[0].number not in page_of(cast, "auditor_CN", made, moved="1")
    assert titles[0].number not in page_of(cast, "administrator", made)
    sums = reverse(f"{DESK}_csv", args=[made.pk])
    rows = reverse(f"{DESK}_titles", args=[made.pk])
    assert len(browser(cast, "administrator").get(sums).getvalue().decode().splitlines()) == 1 + 3
    assert len(browser(cast, "administrator").get(rows).getvalue().decode().splitlines()) == 1
    told = browser(cast, "reviewer_CN").get(rows).getvalue().decode()
    assert len(told.splitlines()) == 1 + 3
    assert "falls" in told


@pytest.mark.parametrize(
    ("who", "status"),
    [("auditor_33", 404), ("approver_44", 404), ("auditor_CN", 200), ("owner", 403), ("evaluator", 403)],
)
def test_who_reads_the_page_and_the_downloads(cast: Cast, studied: Studied, who: str, status: int) -> None:
    made = studied(changes=STRICTER)
    for name in ("change", "csv", "titles", "history"):
        answer = browser(cast, who).get(reverse(f"{DESK}_{name}", args=[made.pk]), follow=True)
        assert answer.status_code == status, name
    assert browser(cast, "auditor_CN").get(reverse(f"{DESK}_add")).status_code == 403


@pytest.mark.parametrize("state", ["failed", "empty"])
def test_a_page_without_figures_says_why(cast: Cast, studied: Studied, state: str) -> None:
    made = studied(changes=STRICTER)
    if state == "failed":
        Study.objects.update(state="failed")
    said = "Broken off three times" if state == "failed" else "No title with figures"
    assert said in page_of(cast, "approver_CN", made)


def test_the_page_costs_the_same_for_one_title_as_for_three(
    cast: Cast, titles: list[Designation], studied: Studied, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cost(made: Study) -> int:
        client, address = browser(cast, "approver_CN"), reverse(f"{DESK}_change", args=[made.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        return len(caught)

    three = studied(changes=STRICTER)
    one = studied(changes=STRICTER)
    one.rows.exclude(title=titles[0]).delete()
    assert cost(three) == cost(one) <= 12
    monkeypatch.setattr(actions, "CHUNK", 1)
    assert cost(studied(changes=STRICTER)) == cost(one)


def test_a_program_asks_and_reads(cast: Cast, titles: list[Designation]) -> None:
    caller = Caller.of(cast.reviewer_33)
    asked = {
        "before": cast.national.pk,
        "after": cast.national.pk,
        "year": YEAR,
        "changes": STRICTER,
        "level": "national",
    }
    answer = caller.post("impact-studies/", asked)
    assert (answer.status, answer.body["state"], answer.body["whole"]) == (201, "waiting", None)
    made = computed(Study.objects.get(pk=answer.body["id"]))
    told = caller.get(f"impact-studies/{made.pk}/").body
    assert (told["state"], told["level"], told["read"], told["total"]) == (
        "done",
        "national",
        len(titles),
        len(titles),
    )
    assert (told["sampled"], told["equal"], told["whole"]["titles"]) == (3, 3, 3)
    assert told["groups"]["level"][0]["key"] == "3"
    assert caller.get("impact-studies/?state=waiting").body["results"] == []
    assert Caller.of(cast.approver_44).get(f"impact-studies/{made.pk}/").status == 404
    wrong = caller.post("impact-studies/", {**asked, "changes": {"E3": {"weight": "9"}}})
    assert (wrong.status, list(wrong.body["errors"])) == (400, ["changes"])
