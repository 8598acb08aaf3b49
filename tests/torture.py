"""`./run torture --minutes N`: visits cut anywhere, whole worlds and power cuts, seed after seed; one line of counts.

A seed that failed is printed with what happened; `--seed` begins with it.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from itertools import count

import structlog

from tests.crash import torture as crash
from tests.power import torture as power
from tests.simulation import torture as simulation

TORTURES: dict[str, Callable[[int], int]] = {
    "visits cut": crash.torture,
    "visits simulated": simulation.torture,
    "power cuts": power.run,
}


def main() -> int:
    """→ exit status: 1 when a seed failed."""
    parser = argparse.ArgumentParser(prog="./run torture", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    options = parser.parse_args()
    # A seed that failed is played again to look at it.
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    end, told, failed = time.monotonic() + options.minutes * 60, Counter[str](), list[str]()
    for seed in count(options.seed):
        for name, torture in TORTURES.items():
            if time.monotonic() >= end:
                counts = ", ".join(f"{told[name]} {name}" for name in TORTURES)
                print(f"{counts}; seeds {options.seed} to {seed}; failed: {', '.join(failed) or 'none'}")  # noqa: T201
                return bool(failed)
            try:
                told[name] += torture(seed)
            except Exception:  # noqa: BLE001 - whatever it is, it is told, and the next seed is played
                failed.append(f"{name} {seed}")
                traceback.print_exc()
    return 0


if __name__ == "__main__":
    sys.exit(main())
