"""The demo's calls for applications, and benchmarks where none is published."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from certification.demo.figures import SCALES
from certification.scheme.actions import enter_benchmark, open_round, require
from certification.scheme.models import Benchmark, Round, SchemeVersion
from greenchain.accounts.models import User
from suppliers.place.models import Authority, Industry, Level

SOURCE = "demo figure"
M, P, N = Level.MUNICIPAL.value, Level.PROVINCIAL.value, Level.NATIONAL.value
NO_LIMIT: dict[str, int] = {}
SHORTER = {str(M): {"days": 5, "counting": "working"}}
"""Cities' public notices are usually five working days."""
ASKED: tuple[dict[str, Any], ...] = (
    {
        "key": "cleaner-production",
        "names": {
            "en": "A valid cleaner-production title",
            "zh-hans": "有效的清洁生产企业称号",
            "id": "Gelar produksi bersih yang berlaku",
        },
        "proof": "evidence",
        "evidence": ["cleaner_production_title"],
        "source": "after Guangzhou's notice of 2025 (demo)",
    },
    {
        "key": "sales",
        "names": {
            "en": "Output of at least 200 million yuan",
            "zh-hans": "产值不低于2亿元",
            "id": "Nilai output sedikitnya 200 juta yuan",
        },
        "proof": "figure",
        "metric": "gross_output",
        "minimum": "20000",
        "source": "after some cities' notices (demo)",
    },
)
"""What the next round asks beside the scheme."""


def _names(en: str, zh: str, idn: str) -> dict[str, str]:
    return {"en": en, "zh-hans": zh, "id": idn}


def versions() -> Mapping[str, SchemeVersion]:
    """The newest versions of the green factory that hold everywhere, by the level they serve."""
    rows = SchemeVersion.objects.filter(scheme__key="green_factory").order_by("effective_on", "pk")
    found = [version for version in rows if not version.definition.only_in]
    lower = [version for version in found if M in version.definition.levels]
    national = [version for version in found if N in version.definition.levels]
    return {"lower": lower[-1], "national": national[-1]}


def open_rounds(day: dt.date, by: User) -> dict[str, Round]:
    """All rounds, by a short name; ``day`` is today."""
    here, year = versions(), day.year
    lower, national = here["lower"], here["national"]
    running = {"opens_on": day - dt.timedelta(days=200), "closes_on": day + dt.timedelta(days=100)}
    whole_year = {
        "opens_on": min(dt.date(year, 1, 1), running["opens_on"]),
        "closes_on": max(dt.date(year, 12, 31), running["closes_on"]),
    }
    over = {"opens_on": day - dt.timedelta(days=230), "closes_on": day - dt.timedelta(days=110)}
    ahead = {"opens_on": day + dt.timedelta(days=45), "closes_on": day + dt.timedelta(days=135)}
    quick = {"notice_days": 0, "panel": False, "evaluation": "none"}

    def called(code: str, version: SchemeVersion, place: str, levels: list[int], **given: Any) -> Round:
        terms = {"names": _names(*NAMES[code]), "year": year - 1, "quota": NO_LIMIT, **given}
        authority = Authority.objects.get(code=place)
        full = f"gf-{year}-{code}"
        return open_round(
            by=by, code=full, scheme_version=version, authority=authority, levels=levels, **terms
        )

    rounds = {
        "quick": called("provincial-quick", lower, "CN", [M, P], **whole_year, **quick),
        "quick-national": called("national-quick", national, "CN", [N], **whole_year, **quick),
        "zhejiang": called(
            "zhejiang", lower, "33", [M, P], **running, notice_days=15, quota={str(M): 12, str(P): 6}
        ),
        "national": called(
            "national", national, "CN", [N], **running, notice_days=15, panel=True, quota={str(N): 20}
        ),
        "evaluated": called(
            "evaluated", lower, "CN", [M, P], **running, notice_days=7, panel=True, evaluation="required"
        ),
        "guangdong": called(
            "guangdong",
            lower,
            "44",
            [M, P],
            **running,
            notice_days=5,
            notice_counting="working",
            evaluation="optional",
        ),
        "spring": called("spring", lower, "CN", [M, P], **over, notice_days=10),
        "next": called("next", lower, "33", [M, P], **ahead, notice_days=15, notice_terms=SHORTER),
    }
    for asked in ASKED:
        require(rounds["next"], by=by, **asked)
    return rounds


NAMES = {
    "provincial-quick": (
        "Municipal and provincial green factories, without public notice (demo)",
        "市级、省级绿色工厂（演示快速批次，无公示）",
        "Pabrik hijau kota dan provinsi, tanpa pengumuman (demo)",
    ),
    "national-quick": (
        "National green factories, without public notice (demo)",
        "国家级绿色工厂（演示快速批次，无公示）",
        "Pabrik hijau nasional, tanpa pengumuman (demo)",
    ),
    "zhejiang": (
        "Green factories of Zhejiang",
        "浙江省绿色工厂（演示）",
        "Pabrik hijau Zhejiang",
    ),
    "national": ("National green factories", "国家级绿色工厂（演示）", "Pabrik hijau nasional"),
    "evaluated": (
        "Green factories with third-party evaluation and expert panel",
        "绿色工厂（第三方评价和专家评审，演示）",
        "Pabrik hijau dengan penilaian pihak ketiga dan panel ahli",
    ),
    "guangdong": ("Green factories of Guangdong", "广东省绿色工厂（演示）", "Pabrik hijau Guangdong"),
    "spring": (
        "Green factories, spring round",
        "绿色工厂春季批次（演示）",
        "Pabrik hijau, periode musim semi",
    ),
    "next": (
        "Green factories of Zhejiang, next round",
        "浙江省绿色工厂下一批次（演示）",
        "Pabrik hijau Zhejiang, berikutnya",
    ),
}


def enter_benchmarks(day: dt.date, by: User) -> None:
    """Base and lead where the standard publishes none, marked as demo figures."""
    for version in versions().values():
        for indicator, rows in SCALES.items():
            for industry, base, lead in rows:
                entered = enter_benchmark(
                    by=by,
                    scheme_version=version,
                    indicator=indicator,
                    base=base,
                    lead=lead,
                    source=SOURCE,
                    valid_from=day,
                    industry=Industry.objects.get(pk=industry) if industry else None,
                )
                Benchmark.objects.filter(pk=entered.pk).update(demo=True)
