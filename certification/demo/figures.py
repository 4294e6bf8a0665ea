"""What a demo site reports: figures that lie as far between base and lead as the site does well.

``grade`` 0 stands at the base value of every indicator, 1 at its lead value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from certification.demo.luck import between
from certification.demo.trades import Trade

D = Decimal
FULL = D(1)
Row = dict[str, object]

ENERGY, CARBON, WATER = "E1", "E2", "R3"
SCALES: Mapping[str, tuple[tuple[str | None, Decimal, Decimal], ...]] = {
    ENERGY: ((None, D(60), D(20)), ("17", D(120), D(45)), ("30", D(400), D(180))),
    CARBON: ((None, D(200), D(60)), ("17", D(380), D(140)), ("30", D(1800), D(800))),
    WATER: ((None, D(10), D(2)), ("17", D(30), D(9))),
}
"""Demo benchmarks where none is published: (industry or all), base, lead."""

RENEWABLE = ((10_000, D("4.31")), (5_000, D("11.9")), (3_000, D("7.93")), (0, D("33.03")))
FUNCTIONS = ("energy_query", "volume_intensity", "analysis", "benchmarking", "energy_flow", "balance")
PRODUCTS = 5
TCE_PER_MWH = D("0.1229")
CLAIMS = {"R1": "half", "R2": "half", "P1": "full"}
TITLES = {
    "R1": "Less sizing agent by dosing on demand 按需投料，减少辅料消耗",
    "R2": "Recycled feedstock in the main product 主产品使用再生原料",
    "P1": "Product redesigned for repair and recycling 面向维修与回收的产品设计",
}


@dataclass(frozen=True)
class Performance:
    """A site in a year: output in 10,000 CNY, how well it does, and what it makes."""

    key: str
    trade: Trade
    output: Decimal
    grade: Decimal
    year: int

    def scale(self, indicator: str) -> tuple[Decimal, Decimal]:
        """Base and lead of the nearest industry."""
        fitting = [
            row for row in SCALES[indicator] if row[0] is None or self.trade.industry.startswith(row[0])
        ]
        _industry, base, lead = max(fitting, key=lambda row: len(row[0] or ""))
        return base, lead

    def along(self, base: Decimal | str, lead: Decimal | str) -> Decimal:
        """The value that lies ``grade`` of the way from base to lead."""
        return D(base) + (D(lead) - D(base)) * self.grade

    @property
    def energy(self) -> Decimal:
        """Energy in tce."""
        return (self.output * self.along(*self.scale(ENERGY)) / 1000).quantize(D("0.01"))

    @property
    def land(self) -> Decimal:
        """Land in m2."""
        return (self.output / self.along("1.0", "1.2")).quantize(FULL)

    def values(self) -> dict[str, object]:
        """Every single value of the catalogue."""
        energy, land, water = self.energy, self.land, self._per_output(WATER)
        lead = next(value for size, value in RENEWABLE if energy >= size)
        reuse = self.along("80", "92.22")
        waste = (self.output / 100).quantize(FULL)
        exported = self.output * between(0.05, 0.4, self.key, "export")
        return {
            "gross_output": self.output,
            "export_value": exported.quantize(FULL),
            "revenue_3y": (self.output * D("2.9")).quantize(FULL),
            "energy_tce": energy,
            "renewable_tce": (energy * self.along("0", lead) / 100).quantize(D("0.01")),
            "co2_t": self._per_output(CARBON) / 1000,
            "water_m3": water,
            "water_reused_m3": (water * reuse / (100 - reuse)).quantize(FULL) + 1,
            "solid_waste_t": waste,
            "solid_waste_stock_used_t": 0,
            "solid_waste_used_t": (waste * min(self.along("80", "100"), D(100)) / 100).quantize(FULL),
            "advanced_equipment": self.along("3", "5").quantize(FULL),
            "land_area_m2": land,
            "building_footprint_m2": (land * self.along("34", "45") / 100).quantize(FULL) + 1,
            "structure_footprint_m2": (land * D("0.06")).quantize(FULL) + 1,
            "yard_m2": 0,
            "floor_area_m2": (land * self.along("0.5", "1.12")).quantize(FULL) + 1,
            "high_storey_area_m2": 0,
        }

    def headlines(self) -> dict[str, object]:
        """The few values that progress and the year-on-year check read."""
        values = self.values()
        return {
            key: values[key] for key in ("gross_output", "export_value", "energy_tce", "co2_t", "water_m3")
        }

    def rows(self) -> dict[str, list[Row]]:
        """Every table of the catalogue."""
        return {
            "products": [self._product(number) for number in range(1, PRODUCTS + 1)],
            "pollutants": self._pollutants(),
            "functions": [{"function": key} for key in FUNCTIONS[: int(self.along("0", "6").to_integral())]],
            "cases": [
                {"indicator": code, "title": TITLES[code], "text": "Demo text 演示文本。", "claim": claim}
                for code, claim in CLAIMS.items()
            ],
            "retrofits": self._retrofits(),
            "energy_forms": self._energy_forms(),
        }

    def _energy_forms(self) -> list[Row]:
        """Green power, other power by its calorific value, and gas: together the total."""
        green = D(str(self.values()["renewable_tce"]))
        power = ((self.energy - green) * D("0.6")).quantize(D("0.01"))
        return [
            self._power(green, renewable=True),
            self._power(power),
            {"form": "gas", "tce": self.energy - green - power},
        ]

    def _power(self, tce: Decimal, **more: object) -> Row:
        quantity = (tce / TCE_PER_MWH).quantize(D("0.01"))
        said = {"form": "electricity", "unit": "MWh", "basis": "calorific"}
        return {**said, "quantity": quantity, "tce": tce, **more}

    def _per_output(self, indicator: str) -> Decimal:
        return (self.output * self.along(*self.scale(indicator))).quantize(FULL)

    def _product(self, number: int) -> Row:
        row: Row = {
            "name": f"{self.trade.product_zh} {self.trade.product_en} {number}",
            "unit": self.trade.unit,
            "output_quantity": (self.output / (number + 1)).quantize(FULL) + 1,
            "footprint": number <= self.along("4", "5"),
        }
        if self.trade.labelled:
            row |= {
                "efficiency_standard": True,
                "efficiency_grade": 2 if number <= self.along("4", "5") else 3,
            }
        return row

    def _pollutants(self) -> list[Row]:
        margins = {"water": self.along("0", "75"), "air": self.along("80", "86.1")}
        return [
            {
                "medium": medium,
                "outlet": outlet,
                "pollutant": pollutant,
                "unit": unit,
                "mean": (D(limit) * (1 - margins[medium] / 100)).quantize(D("0.001")),
                "limit": limit,
            }
            for medium, outlet, pollutant, unit, limit in (
                ("water", "DW001", "COD", "mg/L", 80),
                ("water", "DW001", "NH3-N", "mg/L", 10),
                ("air", "DA001", "NOx", "mg/m3", 150),
                ("air", "DA002", "PM", "mg/m3", 20),
            )
        ]

    def _retrofits(self) -> list[Row]:
        count = 12 if self.grade >= D("0.9") else 11 if self.grade >= D("0.5") else 9
        total = self.output * D("2.9") * self.along("0.5", "0.57") / 100
        share = (total / count + D("0.01")).quantize(D("0.01"))
        return [
            {
                "name": f"Retrofit 改造 {number}",
                "year": self.year - number % 3,
                "investment": share,
            }
            for number in range(1, count + 1)
        ]
