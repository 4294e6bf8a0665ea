"""The factory of docs/schemes/green-factory-2025.md, as it is stored."""

from decimal import Decimal
from typing import Any

VALUES = {
    "gross_output": "60000",
    "energy_tce": "4000",
    "co2_t": "9600",
    "renewable_tce": "120",
    "water_m3": "150000",
    "water_reused_m3": "850000",
    "solid_waste_t": "1000",
    "solid_waste_stock_used_t": "0",
    "solid_waste_used_t": "0",
    "advanced_equipment": "3",
    "revenue_3y": "160000",
    "land_area_m2": "50000",
    "building_footprint_m2": "20000",
    "structure_footprint_m2": "0",
    "yard_m2": "2750",
    "floor_area_m2": "40000",
}
FLAT_STEEL = {
    "name": "Flat steel",
    "unit": "t",
    "output_quantity": "30000",
    "water_m3": "120000",
    "water_base": "5",
    "water_lead": "3",
    "footprint": True,
}
FUNCTIONS = ("energy_query", "volume_intensity", "analysis", "benchmarking", "energy_flow", "balance")
TABLES: dict[str, list[dict[str, Any]]] = {
    "products": [FLAT_STEEL, {"name": "Tube", "unit": "t", "output_quantity": "8000", "footprint": True}],
    "pollutants": [
        {"medium": "water", "outlet": "W1", "pollutant": "COD", "unit": "mg/L", "mean": "60", "limit": "100"},
        {
            "medium": "water",
            "outlet": "W1",
            "pollutant": "NH3-N",
            "unit": "mg/L",
            "mean": "12",
            "limit": "15",
        },
    ],
    "functions": [{"function": function} for function in FUNCTIONS],
    "retrofits": [
        {"name": f"Project {number}", "year": "2025", "investment": "75" if number == 12 else "71"}
        for number in range(1, 13)
    ],
    "cases": [
        {"indicator": "R1", "title": "Less scrap", "text": "…", "claim": "half"},
        {"indicator": "R2", "title": "Scrap steel", "text": "…", "claim": "full"},
    ],
}
CLAIMS: dict[str, object] = {"P3": {"not_applicable": True}}
EXAMINED = {
    "R1": {"judgement": "half"},
    "R2": {"judgement": "half"},
    "C5": {"not_applicable": "yes"},
    "P3": {"not_applicable": "yes"},
}
ENTERED = {"E2": (Decimal(200), Decimal(120), "industry association")}
