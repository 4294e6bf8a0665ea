"""Published lists for tests: a small invented one, and the ministry's where this machine has them."""

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from suppliers.models import Authority, Region

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("GREENCHAIN_DATA", PROJECT.parent / "shared" / "data"))
HEADER = (
    "batch",
    "year",
    "seq",
    "region_as_published",
    "province_code",
    "reporting_unit",
    "name_zh",
    "industry_label",
    "third_party_assessor",
)
ROWS = (
    ("1", "2017", "1", "浙江", "330000", "", "绍兴示例纺织（集团）有限公司", "纺织", "示例评价中心"),
    ("1", "2017", "2", "宁波", "330000", "330200", "宁波示例模具有限公司(二车间)", "机械", ""),
    ("2", "2018", "1", "兵团", "650000", "XPCC", "石河子示例 糖业有限公司", "", ""),
    ("2", "2018", "2", "新疆生产建设兵团", "650000", "XPCC", "阿拉尔示例棉业有限公司", "", ""),
    ("2021", "2021", "1", "内蒙", "150000", "", " 包头示例钢铁有限公司（原示例钢厂）", "", ""),
)


AUTHORITIES = (
    ("33", "province", "330000", None, "浙江省"),
    ("3302", "planned_city", "330200", "330000", "宁波市"),
    ("15", "province", "150000", None, "内蒙古自治区"),
    ("44", "province", "440000", None, "广东省"),
    ("65", "province", "650000", None, "新疆维吾尔自治区"),
    ("XPCC", "corps", None, None, "新疆生产建设兵团"),
)


def few_recommending() -> None:
    """The nation, and some of the authorities that recommend to it."""
    top = Authority.objects.create(code="CN", kind="nation", level=3, path="CN/", name_zh="中国")
    for code, kind, region, parent, name in AUTHORITIES:
        if region:
            Region.objects.create(code=region, kind="province", parent_id=parent, name_zh=name)
        desk = Authority.objects.create(
            code=code, kind=kind, level=2, parent=top, path=f"CN/{code}/", name_zh=name, region_id=region
        )
        Region.objects.filter(pk=region).update(desk=desk)
    corps = Authority.objects.get(code="XPCC")
    Region.objects.create(code="659001", kind="county", parent_id="650000", name_zh="石河子市", desk=corps)


def written(path: Path, rows: Iterable[Iterable[str]] = ROWS, *, encoding: str = "utf-8") -> Path:
    """The list as a file; the header first."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([HEADER, *rows])
    path.write_bytes(stream.getvalue().encode(encoding))
    return path


def published(name: str) -> Path:
    """One of the ministry's lists; the test is skipped where the machine does not have it."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the ministry's list {name} is not in {FOLDER} (GREENCHAIN_DATA names another folder)")
    return path
