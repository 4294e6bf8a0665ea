"""A nation's supply links: degrees with a long tail, industries that buy from each other, seeds fixed.

Where the reference data is at hand (``../shared/data``), who buys from whom follows China's input-output table of 2020
(42 sectors, domestic flows, National Bureau of Statistics); else sectors buy evenly, and the run says so.
"""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SEED = 20251031
TABLE = Path(__file__).resolve().parents[2] / "shared/data/io_table_2020_42_domestic_100m_yuan.csv"
PARETO = 1.05
"""Outputs are Pareto with this exponent, 20 million to 1,000 billion CNY (the reference data's note)."""
SMALLEST, LARGEST = 2_000.0, 100_000_000.0
"""10,000 CNY a year."""
MOST_SUPPLIERS = 2_000
SIDEWAYS = 0.05
"""So many of a hundred links go to any sector and any layer: cycles exist."""
LAYERS = 7
Integers = NDArray[np.int64]


def outputs(enterprises: int) -> NDArray[np.float64]:
    """Each enterprise's output, 10,000 CNY a year."""
    even = np.random.default_rng(SEED).random(enterprises)
    low, high = SMALLEST**-PARETO, LARGEST**-PARETO
    return (low - even * (low - high)) ** (-1 / PARETO)


def flows() -> NDArray[np.float64]:
    """``flows()[buyer, supplier]``: the share of each supplying sector in what a sector buys."""
    if not TABLE.exists():
        print(f"{TABLE} is not there: sectors buy evenly from each other.")
        return np.full((42, 42), 1 / 42)
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    used = np.array([[float(row[f"used_by_{buyer['code']}"]) for row in rows] for buyer in rows])
    used = np.maximum(used, 0.0)
    return used / used.sum(axis=1, keepdims=True)


def links(enterprises: int, count: int) -> Integers:
    """Pairs (buyer, supplier), each once, by buyer; about ``count`` of them."""
    random = np.random.default_rng(SEED)
    size = outputs(enterprises)
    gross = flows().sum(axis=0)
    sector = random.choice(len(gross), enterprises, p=gross / gross.sum())
    layer = random.integers(0, LAYERS, enterprises)
    wanted = size**0.5
    degree = np.minimum(random.poisson(wanted * count / wanted.sum()), MOST_SUPPLIERS)
    buyers = np.repeat(np.arange(enterprises), degree)
    suppliers = _suppliers(random, buyers, sector, layer, size)
    pairs: Integers = np.stack([buyers, suppliers], axis=1)[buyers != suppliers]
    keys = np.unique(pairs[:, 0] * enterprises + pairs[:, 1])
    return np.stack([keys // enterprises, keys % enterprises], axis=1)


def _suppliers(
    random: np.random.Generator,
    buyers: Integers,
    sector: Integers,
    layer: Integers,
    size: NDArray[np.float64],
) -> Integers:
    """A supplier for each link: of a sector that the buyer's buys from, mostly a layer above, large ones more often."""
    share = flows()
    chosen = np.zeros(len(buyers), dtype=np.int64)
    of = sector[buyers]
    for each in range(len(share)):
        here = np.flatnonzero(of == each)
        chosen[here] = random.choice(len(share), len(here), p=share[each])
    above = np.minimum(layer[buyers] + 1, LAYERS - 1)
    astray = random.random(len(buyers)) < SIDEWAYS
    above[astray] = random.integers(0, LAYERS, int(astray.sum()))
    group = chosen * LAYERS + above
    weight = size**0.6
    order = np.argsort(sector * LAYERS + layer, kind="stable")
    begin = np.searchsorted((sector * LAYERS + layer)[order], np.arange(len(share) * LAYERS + 1))
    running = np.concatenate([[0.0], np.cumsum(weight[order])])
    low, high = running[begin[group]], running[begin[group + 1]]
    at = np.searchsorted(running, low + random.random(len(buyers)) * (high - low), side="right") - 1
    return order[np.clip(at, 0, len(order) - 1)]
