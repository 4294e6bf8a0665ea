"""What differs between two versions: on the page, and from the command."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.translation import override

from certification.models import SchemeVersion
from certification.scheme.changes import changes
from certification.scheme.definition import parse
from certification.scheme.limits import limits_in_words
from certification.scheme.loading import FOLDER, load, load_schemes
from greenchain.languages import LANGUAGES, listed, phrased
from suppliers.models import Authority
from tests.scheme.small import JUDGED, MEASURED, block, gate, indicator, small

pytestmark = pytest.mark.django_db
BLOCK = block("A", 100)


def carbon(limit: float) -> str:
    """A gate that holds carbon per energy to a limit."""
    rule = 'key = "gate.x"\nformula = "co2_t / energy_tce"\nunit = "t CO2/tce"\n'
    return gate(f'{rule}maximum = {limit}\nfrom = {{ maximum = "ours" }}')


OLD = parse(
    small(
        BLOCK,
        indicator("A1", "A", 60, MEASURED, base=9, lead=4),
        indicator("A2", "A", 40),
        carbon(2),
    )
)
NEW = parse(
    small(
        BLOCK,
        indicator("A1", "A", 50, MEASURED, base=9, lead=3),
        indicator("A3", "A", 50, JUDGED + "must = true\n"),
        carbon(1.5),
    ).replace("pass_score = 60", "pass_score = 70")
)


def test_the_same_version_differs_in_nothing() -> None:
    assert changes(OLD, OLD) == []


def test_what_came_what_went_and_what_changed() -> None:
    with override("en"):
        found = {section.title: [str(row) for row in section.rows] for section in changes(OLD, NEW)}
    assert found == {
        "Levels": ["~ provincial, pass score: 60 → 70 (suggestion → suggestion)"],
        "Gates": ["~ gate.x, limit: at most 2 t CO2/tce → at most 1.5 t CO2/tce (suggestion → suggestion)"],
        "Indicators": [
            "~ A1, weight: 60 → 50 (suggestion → suggestion)",
            "~ A1, lead: 4 → 3 (suggestion → suggestion)",
            "+ A3: N; block A; weight 50; kind judged on a case; stage use; role must (suggestion)",
            "- A2: N; block A; weight 40; kind judged on a case; stage use (suggestion)",
        ],
    }


def test_limits_by_size_are_said_in_words() -> None:
    rule = next(
        gate for gate in load(FOLDER / "zero_carbon_park-2025.toml").gates if gate.threshold
    ).threshold
    assert rule is not None
    with override("en"):
        assert limits_in_words(rule) == [
            "at most 0.3 t CO2/tce (Total energy consumption ≥ 1,000,000 tce)",
            "at most 0.2 t CO2/tce (Total energy consumption ≥ 200,000 tce)",
        ]


def test_the_page_sets_the_older_version_on_the_left(client: Client) -> None:
    load_schemes()
    old = SchemeVersion.objects.get(version="GB/T 36132-2018")
    new = SchemeVersion.objects.get(version="GB/T 36132-2025 national")
    for first, second in ((old, new), (new, old)):
        page = client.get(f"/schemes/green_factory/{first.pk}/{second.pk}/").content.decode()
        assert page.index("(legacy)") < page.index("2025, national")
        assert "165/17" in page
        assert "from memory" in page.lower()
    assert client.get(f"/schemes/green_park/{old.pk}/{new.pk}/").status_code == 404
    page = client.get(f"/schemes/green_factory/{new.pk}/").content.decode()
    assert f"/schemes/green_factory/{new.pk}/{old.pk}/" in page


def test_the_page_names_things_in_the_readers_language(client: Client) -> None:
    load_schemes()
    jiangsu = {"level": 2, "kind": "province", "name_zh": "江苏省", "name_en": "Jiangsu"}
    Authority.objects.create(code="32", path="32/", **jiangsu)
    old = SchemeVersion.objects.get(version="GB/T 36132-2018")
    bonus = SchemeVersion.objects.get(version="GB/T 36132-2025 Jiangsu")
    client.cookies["django_language"] = "zh-hans"
    page = client.get(f"/schemes/green_factory/{old.pk}/{bonus.pk}/").content.decode()
    assert "江苏省" in page
    assert "绿色工厂 (市级)" in page
    assert "<b>管理职责、中长期绿色发展规划、年度量化目标及完成情况</b>" in page
    for key in ("green_factory,", "evidence.missing", "data.", "<b>gate."):
        assert key not in page


def test_lists_are_joined_as_the_language_does() -> None:
    assert [listed(["a", "b"], language) for language in LANGUAGES] == ["a, b", "a、b", "a, b"]
    assert [phrased(["a", "b"], language) for language in LANGUAGES] == ["a; b", "a；b", "a; b"]


def test_the_command_compares_files_and_stored_versions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    load_schemes()
    call_command("schemes", "diff", "green_factory-2025-provincial", "green_factory:GB/T 36132-2025 Jiangsu")
    told = capsys.readouterr().out
    assert "~ bonus at most: – → 5 (sample)" in told
    assert "+ B3: Builds a zero-carbon or near-zero-carbon factory" in told
    with pytest.raises(CommandError, match="there is no scheme version 'green_factory:1'"):
        call_command("schemes", "diff", "green_factory-2018.toml", "green_factory:1")


def test_the_command_reads_and_stores_files(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "small.toml"
    path.write_text(small(), encoding="utf-8")
    call_command("schemes", "load", str(path))
    assert SchemeVersion.objects.get().scheme.key == "small"
    assert "Small · 1" in capsys.readouterr().out
    call_command("schemes", "lint")
    assert "files without fault" in capsys.readouterr().out
