"""Regional output of the demo nation: a model at 1:500 of the country, estimated and marked so."""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from certification.demo.luck import between
from greenchain.audit.trail import record_many
from greenchain.clock import today
from suppliers.place.models import Region
from suppliers.reporting.models import RegionYear

FILE = Path(__file__).parent / "data" / "outputs.csv"
SCALE = 500
GROWTH = Decimal("1.04")
BASE_YEAR = 2020
SOURCE = (
    "Demo estimate, a model nation at 1:500: gross manufacturing output 2020 of the input-output table, spread by the "
    "provinces' shares in industrial output 2009 and GDP 2020 (National Bureau of Statistics), +4 % a year"
)
WEIGHTS = {"330100": Decimal("3.2"), "330200": Decimal("3.4"), "330600": Decimal("2.8")}
"""Hangzhou, Ningbo and Shaoxing are the largest; the others are thrown."""
COAST = frozenset({"31", "32", "33", "35", "37", "44"})


@cache
def _outputs() -> Mapping[str, Decimal]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["region"]: Decimal(row["gross_output_2020_100m_yuan"]) for row in csv.DictReader(file)}


def output_of(province: str) -> Decimal:
    """The model output of a province in 2020, in 100 million CNY."""
    return _outputs()[province] / SCALE


def in_year(output: Decimal, year: int) -> Decimal:
    """What an output of 2020 became by another year."""
    return (output * GROWTH ** (year - BASE_YEAR)).quantize(Decimal("0.0001"))


def state_outputs(years: Iterable[int], cities: Iterable[Region]) -> None:
    """Every province's output, and that of the given cities, in each year."""
    shares = _city_shares(cities)
    regions = Region.objects.in_bulk([*_outputs(), *(city.pk for city in shares)])
    stated = {regions[province]: output_of(province) for province in _outputs()}
    stated |= {city: output_of(f"{city.pk[:2]}0000") * share for city, share in shares.items()}
    rows = [_region_year(region, year, output) for year in years for region, output in stated.items()]
    RegionYear.objects.bulk_create(rows, batch_size=200)
    facts = (
        (row, {"region": row.region_id, "year": row.year, "gross_output": row.gross_output}) for row in rows
    )
    record_many("state", facts, by=None)


def _city_shares(cities: Iterable[Region]) -> dict[Region, Decimal]:
    """A share of the province's output for each of its cities."""
    weights = {city: WEIGHTS.get(city.pk) or between(0.7, 1.5, city.pk, "weight") for city in cities}
    return {city: weight / sum(weights.values()) for city, weight in weights.items()}


def _region_year(region: Region, year: int, output: Decimal) -> RegionYear:
    amount = in_year(output, year)
    exported = between(0.16, 0.3, region.pk) if region.pk[:2] in COAST else between(0.03, 0.1, region.pk)
    return RegionYear(
        region=region,
        year=year,
        gross_output=amount,
        export_value=(amount * exported).quantize(Decimal("0.0001")),
        source=SOURCE,
        vintage=min(dt.date(year + 1, 3, 1), today()),
        estimated=True,
    )
