"""``make bench [SMALL=1] [BENCH_OUT=FILE]``: ratios measured side by side in this run."""

import json
import os
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import django

STAGES = ("chain", "assessment")
WHOLE = (
    "The whole size: 500,000 enterprises with 5,000,000 links; a study of 500,000 titles and 60 indicators."
)
SMALL = (
    "A tenth of the size, to see that all of it runs: what a study costs once weighs ten times as much here, "
    "so the ratios that are wanted hold for the whole size only."
)


def main() -> None:
    """Measure everything, print a line each, and write the figures if asked."""
    small = bool(os.environ.get("SMALL"))
    print(SMALL if small else WHOLE)
    figures = []
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenchain.settings")
    django.setup()
    for stage in STAGES:
        for figure in import_module(f"bench.{stage}").measure(small=small):
            word = "x the floor" if figure.lower_is_better else "x faster than the peer"
            print(f"{figure.name:32} {figure.value:10.1f} {figure.unit}  {figure.ratio:8.2f} {word}")
            figures.append(asdict(figure))
    if place := os.environ.get("BENCH_OUT"):
        Path(place).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
