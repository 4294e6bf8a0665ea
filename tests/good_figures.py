"""Figures of a site that does well: at or beyond every lead value, its three cases half claimed."""

from greenchain.clock import today

VALUES = {
    "gross_output": "50000",
    "export_value": "12000",
    "revenue_3y": "150000",
    "energy_tce": "2000",
    "renewable_tce": "700",
    "co2_t": "2000",
    "water_m3": "50000",
    "water_reused_m3": "950000",
    "solid_waste_t": "100",
    "solid_waste_stock_used_t": "0",
    "solid_waste_used_t": "100",
    "advanced_equipment": "5",
    "land_area_m2": "40000",
    "building_footprint_m2": "20000",
    "structure_footprint_m2": "1000",
    "yard_m2": "0",
    "floor_area_m2": "50000",
    "high_storey_area_m2": "0",
}
FUNCTIONS = ("energy_query", "volume_intensity", "analysis", "benchmarking", "energy_flow", "balance")
ROWS: dict[str, list[dict[str, object]]] = {
    "products": [
        {
            "name": "Dyed cotton",
            "unit": "km",
            "output_quantity": "1200",
            "footprint": True,
            "efficiency_standard": True,
            "efficiency_grade": "1",
        }
    ],
    "pollutants": [
        {
            "medium": "water",
            "outlet": "DW001",
            "pollutant": "COD",
            "unit": "mg/L",
            "mean": "10",
            "limit": "100",
        },
        {
            "medium": "air",
            "outlet": "DA001",
            "pollutant": "NOx",
            "unit": "mg/m3",
            "mean": "5",
            "limit": "100",
        },
    ],
    "energy_forms": [
        {
            "form": "electricity",
            "quantity": "5700",
            "unit": "MWh",
            "tce": "700",
            "basis": "calorific",
            "renewable": True,
        },
        {"form": "gas", "tce": "1300"},
    ],
    "functions": [{"function": key} for key in FUNCTIONS],
    "cases": [
        {"indicator": code, "title": f"Case {code}", "text": "What was done.", "claim": "half"}
        for code in ("R1", "R2", "P1")
    ],
    "retrofits": [
        {"name": f"Project {number}", "year": today().year - 2, "investment": "100"}
        for number in range(1, 13)
    ],
}
