"""`./run bench [FIGURE]…`: measure, print a table, write out/bench.json.  → exit status: 1 when a goal is missed."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.bench import card, central, house, journal, window
from tests.bench.figure import Figure, as_json, table

OUT = Path("out")

OF_WINDOW: dict[str, Callable[[window.Room], Iterator[Figure]]] = {
    "start": window.start,
    "taps": window.taps,
    "changes": window.changes,
    "idle": window.idle,
    "visits": window.visits,
}
OTHERS: dict[str, Callable[[Path], Iterator[Figure]]] = {
    "memory": house.memory,
    "step": journal.step,
    "visit": journal.visit,
    "drain": journal.drain,
    "history": journal.history,
    "card": card.card,
    "intake": central.intake,
}
"""Each may leave things below a folder."""
LONG: dict[str, Callable[[Path], Iterator[Figure]]] = {
    "drain-long": journal.drain_long,
    "history-long": journal.history_long,
}
"""Minutes each: measured only when they are named."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    names = [*OF_WINDOW, *OTHERS]
    known = [*names, *LONG]
    parser.add_argument("figures", nargs="*", choices=[*known, []], metavar="FIGURE", help=", ".join(known))
    wanted = parser.parse_args().figures or names
    figures = [*_of_window(wanted), *_others(wanted)]
    OUT.mkdir(exist_ok=True)
    (OUT / "bench.json").write_bytes(as_json(figures))
    print(table(figures))  # noqa: T201 - the chore's answer
    return any(figure.holds is False for figure in figures)


def _of_window(wanted: Iterable[str]) -> Iterator[Figure]:
    chosen = [measure for name, measure in OF_WINDOW.items() if name in wanted]
    if not chosen:
        return
    with tempfile.TemporaryDirectory() as home, window.room(Path(home)) as room:
        for measure in chosen:
            yield from measure(room)


def _others(wanted: Iterable[str]) -> Iterator[Figure]:
    for name, measure in (OTHERS | LONG).items():
        if name in wanted:
            yield from measure(OUT / "bench")


if __name__ == "__main__":
    sys.exit(main())
