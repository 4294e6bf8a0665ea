"""A scheme of sixty indicators, made for measuring, and figures of as many sites as are wanted."""

from itertools import permutations

import numpy as np

from certification.impact.packing import Frozen
from certification.scheme.formula.columns import Columns, Ragged, Words
from suppliers.reporting.catalogue import METRICS

SEED = 20261122
MISSING = 0.03
ZERO = 0.002
FIRST_TITLE = 1_000_000
INDICATORS = 60
THIRD = 3
"""Every third quotient is the share of a whole."""

NAMED = 'names = { en = "N", zh-hans = "名", id = "N" }\n'
HEAD = f"""key = "bench"
prefix = "BN"
version = "VERSION"
{NAMED}version_{NAMED}subject = "site"
effective_on = 2026-01-01
clause = "for measuring only"
max = 100
checks = []
commitment = {{ en = "C", zh-hans = "诺", id = "K" }}

[[sources]]
key = "ours"
mark = "suggestion"
texts = {{ en = "Made up", zh-hans = "虚构", id = "Rekaan" }}

[[levels]]
level = "provincial"
pass_score = 55
from = {{ pass_score = "ours" }}

[procedure]
notice_days = 5
desk_days = 10
return_days = 10
max_returns = 3
appeal_days = 30
barred_years = 3
evaluation = "none"
panel = false
from = {{ notice_days = "ours", desk_days = "ours", return_days = "ours", max_returns = "ours", \
appeal_days = "ours", barred_years = "ours", evaluation = "ours", panel = "ours" }}

[[gates]]
key = "gate.papers"
kind = "basic"
clause = "c"
source = "ours"
evidence = ["green_plan"]
{NAMED}
[[form]]
key = "contact_name"
kind = "text"
{NAMED}
[[blocks]]
code = "A"
weight = 100
{NAMED}from = {{ weight = "ours" }}
"""


def pairs() -> list[tuple[str, str]]:
    """Metrics of sites that are measured in the same unit, two by two."""
    of_sites = [metric for metric in METRICS.values() if "site" in metric.subjects]
    found = [(one.key, two.key) for one, two in permutations(of_sites, 2) if one.unit == two.unit]
    return found[: INDICATORS * 3 // 4]


def singles() -> list[str]:
    """Further metrics of sites."""
    return [metric.key for metric in METRICS.values() if "site" in metric.subjects][: INDICATORS // 4]


def formulas() -> list[tuple[str, str, float, float]]:
    """Formula, unit, base and lead of each indicator: shares of a whole, quotients, and plain figures."""
    found = []
    for number, (one, two) in enumerate(pairs()):
        if number % THIRD == 0:
            found.append((f"{one} / ({one} + {two}) * 100", "%", 20.0 + number % 7, 70.0))
        else:
            found.append((f"{one} / {two} * 100", "%", 150.0 - number % 7, 40.0))
    return [*found, *((key, METRICS[key].unit, 200.0, 900.0) for key in singles())]


def text(version: str, *, harder: float = 0.0) -> str:
    """The scheme file; ``harder`` moves each lead value away from its base."""
    parts = [HEAD.replace("VERSION", version)]
    for number, (formula, unit, base, lead) in enumerate(formulas(), start=1):
        parts.append(
            f'\n[[indicators]]\ncode = "I{number}"\nblock = "A"\nweight = "5/3"\nstage = "manufacturing"\n{NAMED}'
            f'kind = "quantitative"\nformula = "{formula}"\nunit = "{unit}"\nbase = {base}\n'
            f"lead = {lead + harder * (lead - base)}\n"
            'from = { weight = "ours", base = "ours", lead = "ours" }\n'
        )
    return "".join(parts)


def figures(count: int, *, first: int = 0) -> Frozen:
    """What ``count`` sites reported, two decimals each, some of it missing and some of it zero; the seed is fixed."""
    random = np.random.default_rng([SEED, first])
    wanted = sorted({key for pair in pairs() for key in pair} | set(singles()))
    values = {}
    for key in wanted:
        column = np.round(random.uniform(1, 1000, count), 2)
        column[random.random(count) < ZERO] = 0.0
        column[random.random(count) < MISSING] = np.nan
        values[key] = column
    empty = np.zeros(0, dtype=np.int64)
    cases = Ragged(
        start=np.zeros(count + 1, dtype=np.int64),
        reported=np.zeros(count, dtype=np.bool_),
        numbers={},
        flags={},
        words={"claim": Words(empty, ()), "indicator": Words(empty, ())},
    )
    province = random.integers(11, 66, count)
    return Frozen(
        columns=Columns(count=count, values=values, tables={"cases": cases}),
        title=np.arange(FIRST_TITLE + first, FIRST_TITLE + first + count, dtype=np.int64),
        region=tuple(f"{code}0100" for code in province.tolist()),
        industry=tuple(f"{code}11" for code in random.integers(13, 44, count).tolist()),
        level=np.full(count, 2, dtype=np.int64),
        output=random.integers(10**6, 10**10, count),
    )
