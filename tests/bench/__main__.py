"""`./run bench [FIGURE]…`: measure, print a table, write out/bench.json.  → exit status: 1 when a goal is missed."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import house, window
from tests.bench.figure import Figure, as_json, table

OUT = Path("out")

OF_WINDOW: dict[str, Callable[[window.Room], Iterator[Figure]]] = {
    "start": window.start,
    "taps": window.taps,
    "changes": window.changes,
    "idle": window.idle,
    "visits": window.visits,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    names = [*OF_WINDOW, "memory"]
    parser.add_argument("figures", nargs="*", choices=[*names, []], metavar="FIGURE", help=", ".join(names))
    wanted = parser.parse_args().figures or names
    with tempfile.TemporaryDirectory() as home, window.room(Path(home)) as room:
        figures = [figure for name in OF_WINDOW if name in wanted for figure in OF_WINDOW[name](room)]
    if "memory" in wanted:
        figures += house.memory(OUT / "bench")
    OUT.mkdir(exist_ok=True)
    (OUT / "bench.json").write_bytes(as_json(figures))
    print(table(figures))  # noqa: T201 - the chore's answer
    return any(figure.holds is False for figure in figures)


if __name__ == "__main__":
    sys.exit(main())
