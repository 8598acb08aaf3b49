"""Figures of the journal: a step on the disk, what a visit writes, and whether a long history makes either dearer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.bench import disk
from tests.bench.child import told
from tests.bench.figure import AtLeast, Figure

ROUNDS = 240
SD_CARD_ROUNDS = 60
"""Of 5 steps for each of the three."""


def step(out: Path) -> Iterator[Figure]:
    """Steps a second, at this disk's speed and at an SD card's; huey beside them, at both."""
    with disk.folder(out) as work:
        yield from _step("durable step", work / "here", ROUNDS, {}, AtLeast(0.4))
        yield from _step(
            "durable step, flushes of 10 ms", work / "sd", SD_CARD_ROUNDS, disk.sd_card(work), AtLeast(0.9)
        )


def _step(name: str, folder: Path, rounds: int, environment: Mapping[str, str], goal: AtLeast) -> Iterator[Figure]:
    folder.mkdir()
    took = told("tests.bench.steps", str(folder), str(rounds), environment=environment)
    for whose, peer, limit in (
        ("", "bare", goal),
        ("; huey beside bare", "bare", None),
        ("; beside huey", "huey", None),
    ):
        value = took["huey" if whose.startswith("; huey") else "ours"]
        yield Figure(name=f"{name}{whose}", value=1 / value, unit="/s", peer=1 / took[peer], goal=limit)


def visit(out: Path) -> Iterator[Figure]:
    """Until everything of it is delivered and answered, card taken and paper out."""
    with disk.folder(out) as work:
        hall = work / "hall"
        wrote = told("tests.bench.visit_writes", str(hall), environment=disk.counting(work, hall / "terminal"))
    for service, counted in wrote.items():
        for what in ("records", "commits", "flushes"):
            yield Figure(name=f"a visit's {what}, {service}", value=counted[what], unit=what)
        yield Figure(name=f"a visit's bytes written, {service}", value=counted["bytes"] / 1024, unit="KB")
