"""What the demo's enterprise, park, product and old factory report: figures that pass, and some that do not shine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from certification.demo.firms import Firm
from suppliers.enterprise.models import Park, Product
from suppliers.supply.models import SupplyLink

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Given:
    """Values by metric, rows by table."""

    values: Mapping[str, object] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)


Report = Callable[[Firm, int], Given]


def park_of(firm: Firm) -> Park:
    """The park that the firm manages."""
    return firm.enterprise.parks.get()


def product_of(firm: Firm) -> Product:
    """The product that the firm is proud of."""
    return firm.enterprise.products.get()


def suppliers(firm: Firm, _year: int) -> Given:
    """As many suppliers as are linked, most of them graded as low risk."""
    total = SupplyLink.objects.current().suppliers_of(firm.enterprise).values("supplier").distinct().count()
    low = round(total * 0.7)
    return Given(
        {
            "suppliers_total": total,
            "suppliers_low_risk": low,
            "suppliers_high_medium": total - low,
            "suppliers_audited": total - low,
            "products_sold_t": 12_000,
            "products_recovered_t": 5_400,
            "packaging_used_t": 900,
            "packaging_recovered_t": 610,
        }
    )


def park(_firm: Firm, _year: int) -> Given:
    """A park that keeps the limits of both schemes."""
    made = {"unit": "t", "energy_base": "0.30", "energy_lead": "0.22"}
    products = [
        {**made, "name": "电机壳体 Motor housings", "output_quantity": 40_000, "energy_tce": 9_200},
        {**made, "name": "压缩机 Compressors", "output_quantity": 25_000, "energy_tce": 7_100},
    ]
    return Given(PARK, {"products": products})


PARK: Mapping[str, object] = {
    "gross_output": 3_000_000,
    "industrial_value_added": 780_000,
    "industrial_value_added_before": 750_000,
    "total_value_added": 1_000_000,
    "high_tech_output": 1_200_000,
    "workers": 40_000,
    "energy_tce": 260_000,
    "renewable_tce": 31_000,
    "clean_energy_tce": 240_000,
    "co2_t": 45_000,
    "co2_before_t": 47_000,
    "water_m3": 4_000_000,
    "water_reused_m3": 60_000_000,
    "wastewater_m3": 2_500_000,
    "reclaimed_water_m3": 500_000,
    "land_area_m2": 5_600_000,
    "solid_waste_t": 100_000,
    "solid_waste_stock_used_t": 0,
    "solid_waste_used_t": 93_000,
    "hazardous_waste_t": 5_000,
    "waste_handled_t": 105_000,
    "waste_heat_available_gj": 500_000,
    "waste_heat_used_gj": 320_000,
    "pollutants_t": 180,
    "pollutants_before_t": 190,
    "good_air_days": 318,
    "air_days": 365,
    "green_area_m2": 1_400_000,
    "key_enterprises": 12,
    "key_enterprises_audited": 12,
    "green_office_staff": 3,
}


def zero_carbon(firm: Firm, year: int) -> Given:
    """The site's carbon in categories, offset in full."""
    carbon = firm.site.years.get(year=year).metric("co2_t") or Decimal(0)
    direct = (carbon * Decimal("0.4")).quantize(Decimal(1))
    return Given(
        {
            "co2_category1_t": direct,
            "co2_category2_t": carbon - direct,
            "co2_base_year_t": (carbon * Decimal("1.3")).quantize(Decimal(1)),
            "co2_offset_t": carbon,
        }
    )


def design(_firm: Firm, _year: int) -> Given:
    """A firm that lives off design."""
    return Given(
        {
            "revenue": 92_000,
            "revenue_before": 88_000,
            "rd_expense": 3_500,
            "green_revenue": 55_000,
            "green_revenue_before": 49_000,
            "staff": 1_150,
            "design_staff": 62,
            "standards_drafted": 3,
        }
    )


def attributes(_firm: Firm, _year: int) -> Given:
    """Each indicator of the product's standard keeps its base value."""
    rows = [
        ("Recycled copper 再生铜含量", "resource", "more", "%", "34", "30", "5.1"),
        ("Mass per output 单位产出质量", "resource", "less", "kg/kW", "5.8", "6.0", "5.2"),
        ("Efficiency class IE5 losses 损耗", "energy", "less", "%", "4.1", "4.1", "6.1"),
        ("Lead in solder 焊料铅含量", "environment", "less", "mg/kg", "120", "1000", "7.1"),
        ("Mean time between failures 平均无故障时间", "quality", "more", "h", "42000", "40000", "8.1"),
    ]
    keys = "name attribute better unit value base".split()
    return Given(
        rows={
            "attributes": [
                {**dict(zip(keys, row, strict=False)), "standard": f"T/DEMO 1-2025, {row[-1]}"}
                for row in rows
            ]
        }
    )


def legacy(_firm: Firm, _year: int) -> Given:
    """What the 2018 standard asks beyond the figures of today: it compares with the sector."""
    better = {"land_output": ("9.6", "7.5"), "water_reuse": ("62", "50")}
    less = "pollutants waste_gas wastewater material energy carbon".split()
    peers = [
        {"measure": key, "unit": "demo", "value": value, "mean": mean, "source": "Demo yearbook 演示年鉴"}
        for key, (value, mean) in {**better, **dict.fromkeys(less, ("7", "10"))}.items()
    ]
    product = {
        "name": "电机 Motors",
        "unit": "t",
        "output_quantity": 520,
        "energy_tce": 70,
        "energy_base": "0.20",
        "energy_lead": "0.14",
        "footprint": True,
    }
    return Given(
        {"far_control_index": "0.9", "green_material_t": 310, "material_total_t": 1_000},
        {"peers": peers, "products": [product]},
    )
