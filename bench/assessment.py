"""An impact study: sixty indicators of hundreds of thousands of sites, by two rules."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict

from bench.ground import ground
from bench.measure import Figure


def measure(*, small: bool) -> Iterator[Figure]:
    """In a process of its own, since it stands on a database and a queue of its own."""
    command = [sys.executable, "-m", "bench.assessment", *(["small"] if small else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    yield from (Figure(**figure) for figure in json.loads(done.stdout))


def main() -> None:
    """Measure on our own ground; the figures as JSON."""
    with ground() as vendor:
        from bench.study import measured  # noqa: PLC0415 - it needs Django set up

        print(
            json.dumps(
                [asdict(figure) for figure in measured(50_000 if "small" in sys.argv else 500_000, vendor)]
            )
        )


if __name__ == "__main__":
    main()
