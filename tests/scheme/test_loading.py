"""Scheme files into the database: once, the same again, and never changed under what points to them."""

import datetime as dt
import re
from decimal import Decimal

import pytest

from certification.scheme import loading
from certification.scheme.definition import SchemeError
from certification.scheme.models import Benchmark, Scheme, SchemeVersion

pytestmark = pytest.mark.django_db
TEXT = (loading.FOLDER / "green_factory-2025-provincial.toml").read_text(encoding="utf-8")
CHANGED = TEXT.replace("pass_score = 60", "pass_score = 61")


DATES = {
    "GB/T 36132-2018": (dt.date(2018, 12, 1), dt.date(2025, 12, 31)),
    **{
        f"GB/T 36132-2025 {form}": (dt.date(2025, 12, 31), None)
        for form in ("Jiangsu", "national", "provincial")
    },
}


def stored(text: str) -> SchemeVersion:
    return loading.store(text, name="draft.toml")


def used(version: SchemeVersion) -> None:
    Benchmark.objects.create(
        scheme_version=version,
        indicator="E2",
        base=Decimal(200),
        lead=Decimal(120),
        source="an institute",
        valid_from=dt.date(2026, 1, 1),
    )


def test_every_file_stands_in_the_database() -> None:
    assert loading.load_schemes() == len(loading.files())
    scheme = Scheme.objects.get(key="green_factory")
    assert (scheme.subject, scheme.prefix, scheme.names["zh-hans"]) == ("site", "GF", "绿色工厂")
    for version in scheme.versions.all():
        assert version.definition.version == version.version
        assert version.definition.digest == version.digest
        assert (version.effective_on, version.retired_on) == DATES[version.version]


def test_a_table_that_holds_some_is_filled_up() -> None:
    first, *rest = (path.read_text(encoding="utf-8") for path in loading.files())
    stored(first)
    assert loading.load_schemes() == len(rest) + 1


def test_loading_again_changes_nothing() -> None:
    loading.load_schemes()
    before = list(SchemeVersion.objects.order_by("pk").values())
    loading.load_schemes()
    assert list(SchemeVersion.objects.order_by("pk").values()) == before


def test_comments_do_not_make_another_version() -> None:
    version = stored(TEXT)
    assert stored("# printed on paper\n" + TEXT).source == version.source


def test_a_clause_that_is_translated_reaches_a_version_in_use() -> None:
    said = 'clause = { en = "GB/T 36132-2025, basic requirements, row 2"'
    english = re.sub(r'clause = \{ en = ("[^"]*").*\}', r"clause = \1", TEXT)
    assert said in TEXT
    assert said not in english
    before = stored(english)
    used(before)
    after = stored(TEXT)
    assert (after.pk, after.digest) == (before.pk, before.digest)
    told = SchemeVersion.objects.get().definition.clauses["gate.plan_and_targets"]
    assert told["zh-hans"] == "GB/T 36132-2025 基本要求 第2行"
    with pytest.raises(SchemeError, match="never changes"):
        stored(TEXT.replace("basic requirements, row 2", "basic requirements, row 4"))


def test_a_version_that_nobody_uses_yet_may_change() -> None:
    version = stored(TEXT)
    again = stored(CHANGED)
    assert (again.pk, again.digest != version.digest) == (version.pk, True)
    assert SchemeVersion.objects.get().definition.pass_score_at(1) == 61


def test_a_version_in_use_never_changes() -> None:
    version = stored(TEXT)
    used(version)
    with pytest.raises(SchemeError, match="is in use and never changes: give the file a new version"):
        stored(CHANGED)
    assert SchemeVersion.objects.get().digest == version.digest
    assert stored(TEXT).pk == version.pk


def test_a_faulty_file_leaves_nothing() -> None:
    with pytest.raises(SchemeError, match=r"draft\.toml:\d+ the blocks' weights add up to 100"):
        stored(TEXT.replace("max = 100", "max = 99"))
    assert not Scheme.objects.exists()


def test_a_version_is_read_once_for_all_who_ask() -> None:
    stored(TEXT)
    one, other = (SchemeVersion.objects.get() for _ in range(2))
    assert one.definition is other.definition
