"""What the demo's factories make. Names of firms say "demo": nobody takes one for a real company."""

from collections.abc import Mapping
from dataclasses import dataclass

from stdnum.cn.uscc import calc_check_digit

from suppliers.enterprise.identifiers import organisation_check

DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Trade:
    """An industry class with its words; ``labelled`` where products carry an energy-efficiency grade."""

    key: str
    industry: str
    zh: str
    en: str
    product_zh: str
    product_en: str
    unit: str
    labelled: bool = False


TRADES: Mapping[str, Trade] = {
    trade.key: trade
    for trade in (
        Trade("motors", "3812", "电机", "Motors", "高效电动机", "Electric motor", "unit", labelled=True),
        Trade("appliances", "3851", "家电", "Appliances", "家用冰箱", "Refrigerator", "unit", labelled=True),
        Trade(
            "transformers",
            "3821",
            "变压器",
            "Transformers",
            "电力变压器",
            "Transformer",
            "unit",
            labelled=True,
        ),
        Trade("dyeing", "1713", "印染", "Dyeing", "印染布", "Dyed cotton", "km"),
        Trade("polyester", "2822", "化纤", "Polyester", "涤纶长丝", "Polyester filament", "t"),
        Trade("paper", "2221", "纸业", "Paper", "包装纸板", "Paperboard", "t"),
        Trade("chemicals", "2614", "化工", "Chemicals", "有机中间体", "Organic intermediate", "t"),
        Trade("plastics", "2921", "塑料", "Plastics", "塑料薄膜", "Plastic film", "t"),
        Trade("cement", "3011", "水泥", "Cement", "硅酸盐水泥", "Cement", "t"),
        Trade("glass", "3041", "玻璃", "Glass", "浮法玻璃", "Float glass", "t"),
        Trade("steel", "3130", "钢材", "Steel", "冷轧板", "Cold-rolled sheet", "t"),
        Trade("aluminium", "3252", "铝材", "Aluminium", "铝型材", "Aluminium section", "t"),
        Trade("parts", "3670", "汽车部件", "Auto Parts", "底盘部件", "Chassis part", "set"),
        Trade("batteries", "3841", "电池", "Batteries", "锂离子电池", "Lithium-ion battery", "kWh"),
        Trade("solar", "3825", "光伏", "Solar", "光伏组件", "Photovoltaic module", "kW"),
        Trade("displays", "3974", "显示器件", "Displays", "显示面板", "Display panel", "m2"),
        Trade("cables", "3831", "线缆", "Cables", "电力电缆", "Power cable", "km"),
        Trade("foods", "1331", "粮油", "Oils", "食用植物油", "Vegetable oil", "t"),
    )
}


def credit_code(number: int, region: str) -> str:
    """A sound credit code whose organisation part begins with DEM, as no registry would issue it."""
    stem = f"DEM{number:05d}"
    body = f"91{region}{stem}{organisation_check(stem)}"
    return f"{body}{calc_check_digit(body)}"


def numeral(number: int) -> str:
    """A Chinese numeral from 1 to 99."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones or not tens else "")


def firm_names(place_zh: str, place_en: str, trade: Trade, number: int) -> tuple[str, str]:
    """The Chinese and the English name of a place's ``number``-th demo firm of a trade."""
    chinese = f"{place_zh.removesuffix('市')}演示{numeral(number)}号{trade.zh}有限公司"
    return chinese, f"{place_en} Demo {trade.en} No. {number} Co., Ltd."
