"""Several small readings in one statement give what each gives alone."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from certification.assessment.together import read_together
from certification.models import Benchmark
from suppliers.models import ComplianceRecord, Evidence
from tests.cast import Cast
from tests.factories_suppliers import ComplianceRecordFactory

pytestmark = pytest.mark.django_db
OF_A_BENCHMARK = ("indicator", "industry_id", "base", "lead", "valid_from")
OF_A_RECORD = ("id", "title", "happened_on", "enterprise_id")


def told(rows: Any, fields: tuple[str, ...]) -> set[tuple[Any, ...]]:
    return {tuple(getattr(row, name) for name in fields) for row in rows}


def test_one_query_brings_the_same_values_as_several(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = cast.draft().scheme_version
    for place, base in enumerate(("0.1", "12345678901.234567", "7")):
        Benchmark.objects.create(
            scheme_version=version,
            indicator=f"E{place}",
            base=Decimal(base),
            lead=Decimal("-0.000001"),
            source="a",
            valid_from=dt.date(2024, 2, 29),
        )
    ComplianceRecordFactory.create(enterprise=cast.enterprise, title="“Quoted” 绿色, {brackets}")
    benchmarks, records = Benchmark.objects.all(), ComplianceRecord.objects.order_by("-pk")
    with django_assert_num_queries(1):
        found = read_together(
            benchmarks=(benchmarks, OF_A_BENCHMARK),
            nothing=(Evidence.objects.filter(sha256__in=[]), ("sha256",)),
            records=(records, OF_A_RECORD),
        )
    assert told(found["benchmarks"], OF_A_BENCHMARK) == told(benchmarks, OF_A_BENCHMARK)
    assert told(found["records"], OF_A_RECORD) == told(records, OF_A_RECORD)
    assert str(found["benchmarks"][0].base.as_tuple().exponent) == "-6"
    assert found["nothing"] == []


def test_readings_that_cannot_find_anything_cost_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        nothing = Evidence.objects.filter(pk__in=[])
        assert read_together(files=(nothing, ("sha256",)), more=(nothing, ("id",))) == {
            "files": [],
            "more": [],
        }
        assert read_together() == {}
