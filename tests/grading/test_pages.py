"""Who reads which code where: everybody what holds and may be shown, holders and desks theirs, the nation all."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.grading.actions import withdraw
from certification.models import Designation, Grading, Participation
from certification.tasks import grade
from tests.api.caller import Caller
from tests.cast import YEAR, Cast
from tests.codes import dry_run, ladder, national_title, published

MODEL = "django.contrib.auth.backends.ModelBackend"
PUBLIC = f"/green-codes/{YEAR}/"
DESK = "admin:certification_grading"


def browser(cast: Cast, who: str) -> Client:
    client = Client()
    if who != "-":
        client.force_login(cast.people[who], backend=MODEL)
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


@pytest.fixture
def graded(cast: Cast) -> tuple[Grading, list[Designation]]:
    """Three ranked titles, and one that has no code."""
    titles = [*ladder(cast, 3), national_title(cast, figures=None)]
    return published(cast, titles), titles


class TestPublic:
    def test_the_page_lists_codes_and_says_how_they_come_about(
        self, cast: Cast, graded: tuple[Grading, list[Designation]]
    ) -> None:
        page = text(browser(cast, "-"), "/green-codes/")
        for title in graded[1][:3]:
            assert title.number in page
        assert graded[1][3].number not in page
        assert page.count("our suggestion, not policy") == 5
        assert "97." not in page, "scores are the holder's own"

    def test_before_the_first_publication_the_page_says_so(self, cast: Cast) -> None:
        national_title(cast)
        dry_run(cast)
        assert "No codes have been published yet" in text(browser(cast, "-"), "/green-codes/")
        assert browser(cast, "-").get(PUBLIC).status_code == 404

    def test_what_was_withdrawn_is_shown_nowhere(
        self, cast: Cast, graded: tuple[Grading, list[Designation]]
    ) -> None:
        withdraw(graded[0], by=cast.approver_CN, reasons="wrong")
        assert browser(cast, "-").get(PUBLIC).status_code == 404
        assert "Green code" not in text(browser(cast, "-"), graded[1][0].get_absolute_url())
        assert Caller.of(None).get("green-codes/").body["results"] == []

    @pytest.mark.parametrize(
        ("asked", "found"),
        [("code=A%2B", 1), ("code=B", 1), ("q=Works", 3), ("industry=17", 3), ("q=nobody", 0)],
    )
    @pytest.mark.usefixtures("graded")
    def test_filters_and_the_same_as_csv(self, cast: Cast, asked: str, found: int) -> None:
        answer = browser(cast, "-").get(f"{PUBLIC}?{asked}&format=csv")
        assert len(answer.getvalue().decode().strip().splitlines()) == 1 + found

    def test_a_title_shows_its_code_while_it_holds_and_its_holder_consents(
        self, cast: Cast, graded: tuple[Grading, list[Designation]]
    ) -> None:
        title, client = graded[1][0], browser(cast, "-")
        assert f"Green code {YEAR}" in text(client, title.get_absolute_url())
        assert f"Green code {YEAR}" not in text(client, graded[1][3].get_absolute_url())
        Designation.objects.filter(pk=title.pk).update(status="suspended")
        assert f"Green code {YEAR}" not in text(client, title.get_absolute_url())
        Designation.objects.filter(pk=title.pk).update(status="current")
        Participation.objects.filter(title=title).update(takes_part=False)
        assert f"Green code {YEAR}" not in text(client, title.get_absolute_url())
        assert title.number not in text(client, PUBLIC)

    def test_it_costs_the_same_at_one_row_and_at_three(
        self, cast: Cast, graded: tuple[Grading, list[Designation]]
    ) -> None:
        def cost() -> int:
            with CaptureQueriesContext(connection) as caught:
                text(browser(cast, "-"), PUBLIC)
            return len(caught)

        three = cost()
        Participation.objects.exclude(title=graded[1][0]).update(takes_part=False)
        assert cost() == three == 6


class TestHolder:
    def test_ranks_and_score_are_shown_to_the_holder(
        self, cast: Cast, graded: tuple[Grading, list[Designation]]
    ) -> None:
        page = text(browser(cast, "owner"), reverse("holding", args=[graded[1][0].number]))
        assert "Rank among all" in page
        assert "too few to rank" in page
        assert "100.0" in page
        why = text(browser(cast, "owner"), reverse("holding", args=[graded[1][3].number]))
        assert "No figures were ever reported." in why

    @pytest.mark.parametrize(
        ("who", "status"),
        [("-", 302), ("stranger", 404), ("auditor_CN", 404), ("approver_CN", 404), ("evaluator", 404)],
    )
    def test_nobody_else_decides_for_the_holder(self, cast: Cast, who: str, status: int) -> None:
        title = national_title(cast, willing=None)
        address = reverse("green-code-part", args=[title.number])
        assert browser(cast, who).post(address, {"willing": "yes"}).status_code == status
        assert browser(cast, "owner").get(address).status_code == 405
        assert not Participation.objects.exists()

    def test_the_owner_takes_part_and_leaves(self, cast: Cast) -> None:
        title = national_title(cast, willing=None)
        client, here = browser(cast, "owner"), reverse("holding", args=[title.number])
        assert "nothing is computed or shown until you take part" in text(client, here)
        client.post(reverse("green-code-part", args=[title.number]), {"willing": "yes"})
        assert "You take part." in text(client, here)
        client.post(reverse("green-code-part", args=[title.number]), {"willing": "no"})
        assert "Not taking part since" in text(client, here)

    def test_an_editor_decides_nothing(self, cast: Cast) -> None:
        title = national_title(cast, willing=None)
        assert title.site is not None
        title.site.enterprise.memberships.create(user=cast.editor, role="editor", since_on="2020-01-01")
        client = browser(cast, "editor")
        assert client.post(reverse("green-code-part", args=[title.number])).status_code == 403
        assert "An owner of the enterprise can decide" in text(
            client, reverse("holding", args=[title.number])
        )


class TestDesk:
    def test_the_nation_prepares_looks_publishes_and_proves(self, cast: Cast) -> None:
        titles = ladder(cast)
        auditor, approver = browser(cast, "auditor_CN"), browser(cast, "approver_CN")
        answer = auditor.post(reverse(f"{DESK}_add"), {"year": YEAR})
        grading = Grading.objects.get()
        here = reverse(f"{DESK}_change", args=[grading.pk])
        assert answer["Location"] == here
        assert 'http-equiv="refresh"' in text(auditor, here)
        grade(grading.pk)
        page = text(auditor, here)
        assert "Dry run: nothing of this is public" in page
        assert "Publish the codes" not in page
        assert page.count(titles[0].number) == 1
        assert "by the tie alone" not in page
        assert text(auditor, f"{here}?show=A%2B").count("GF-N-2024") == 1
        assert approver.post(reverse(f"{DESK}_publish", args=[grading.pk])).status_code == 302
        auditor.post(reverse(f"{DESK}_prove", args=[grading.pk]))
        assert "equal." in text(auditor, here)

    def test_a_tie_across_the_end_of_a_band_is_told(self, cast: Cast) -> None:
        for tce in ("2000", "2600", "2600", "2700"):
            national_title(cast, figures={"energy_tce": tce})
        grading = dry_run(cast)
        page = text(browser(cast, "auditor_CN"), reverse(f"{DESK}_change", args=[grading.pk]))
        assert "A: rank 2, 2 titles" in page
        assert "1 of them by the tie alone" in page

    def test_a_number_that_nobody_has_is_told_on_the_form(self, cast: Cast) -> None:
        answer = browser(cast, "auditor_CN").post(reverse(f"{DESK}_add"), {"year": YEAR, "explained": "GF-X"})
        assert answer.status_code == 422
        assert "There is no title with the number GF-X." in answer.content.decode()

    @pytest.mark.parametrize(
        ("who", "dry", "out", "rows"),
        [
            ("auditor_CN", 200, 200, 4),
            ("reviewer_CN", 200, 200, 4),
            ("auditor_33", 404, 200, 4),
            ("auditor_44", 404, 200, 0),
            ("administrator", 403, 403, None),
            ("owner", 403, 403, None),
        ],
    )
    def test_who_reads_what(
        self,
        cast: Cast,
        graded: tuple[Grading, list[Designation]],
        who: str,
        dry: int,
        out: int,
        rows: int | None,
    ) -> None:
        client = browser(cast, who)
        for grading, status in ((dry_run(cast), dry), (graded[0], out)):
            for page in ("change", "history", "csv"):
                answer = client.get(reverse(f"{DESK}_{page}", args=[grading.pk]), follow=True)
                assert answer.status_code == status, page
        if rows is not None:
            answer = client.get(reverse(f"{DESK}_csv", args=[graded[0].pk]))
            assert len(answer.getvalue().decode().strip().splitlines()) == 1 + rows

    @pytest.mark.parametrize("who", ["approver_CN", "reviewer_CN", "auditor_33", "administrator"])
    def test_only_auditors_of_the_nation_prepare(self, cast: Cast, who: str) -> None:
        assert browser(cast, who).post(reverse(f"{DESK}_add"), {"year": YEAR}).status_code == 403
        assert not Grading.objects.exists()

    def test_the_page_costs_the_same_however_many_titles(self, cast: Cast) -> None:
        def cost(grading: Grading) -> int:
            client = browser(cast, "auditor_CN")
            with CaptureQueriesContext(connection) as caught:
                text(client, reverse(f"{DESK}_change", args=[grading.pk]))
            return len(caught)

        national_title(cast)
        one = cost(dry_run(cast))
        for _number in range(3):
            national_title(cast)
        assert cost(dry_run(cast)) == one <= 12


class TestApi:
    def test_everybody_reads_codes_holders_their_standing(
        self, cast: Cast, graded: tuple[Grading, list[Designation]]
    ) -> None:
        grading, titles = graded
        public, owner = Caller.of(None), Caller.of(cast.owner)
        rows = public.get("green-codes/").body["results"]
        assert {row["title"] for row in rows} == {title.number for title in titles[:3]}
        assert {row["standing"] for row in rows} == {None}
        mine = {row["title"]: row for row in owner.get("green-codes/").body["results"]}
        assert mine[titles[3].number]["standing"]["refusal"] == "no_figures"
        assert mine[titles[3].number]["code"] is None
        assert mine[titles[0].number]["standing"]["rank"] == 1
        assert mine[titles[0].number]["standing"]["score"] == "100.0000"
        told = public.get(f"gradings/{grading.pk}/").body
        assert [row["count"] for row in told["codes"]] == [1, 1, 1]
        assert told["refusals"][0]["key"] == "no_figures"

    def test_a_dry_run_is_the_nations_alone(self, cast: Cast) -> None:
        ladder(cast, 2)
        grading = dry_run(cast)
        for who, status in (("auditor_CN", 200), ("auditor_33", 404), ("owner", 404), ("administrator", 404)):
            caller = Caller.of(cast.people[who])
            assert caller.get(f"gradings/{grading.pk}/").status == status
            assert len(caller.get("green-codes/").body["results"]) == (2 if status == 200 else 0)

    def test_codes_are_found_by_title_code_year_and_region(
        self, graded: tuple[Grading, list[Designation]]
    ) -> None:
        caller = Caller.of(None)
        for query, count in (
            ({"title": graded[1][0].number}, 1),
            ({"code": "A"}, 1),
            ({"year": YEAR - 1}, 0),
            ({"region": "330000"}, 3),
            ({"region": "440000"}, 0),
            ({"industry": "17"}, 3),
        ):
            assert len(caller.get("green-codes/", **query).body["results"]) == count, query
