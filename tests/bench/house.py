"""What a whole terminal keeps in memory while a citizen is served: `kiosk demo`, watched from outside."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure

STORY = "loss-v3"
LOOK_S = 0.5
PROCESSES = ("terminal", "devices", "sync")
"""The three that stand on a terminal; the rest is the demo's."""


def memory(out: Path) -> Iterator[Figure]:
    """The most memory that each process had, its children included; what it shares counts by its share.

    Raises CalledProcessError: the story did not end well.
    """
    demo = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "demo", "--story", STORY, "--out", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    most: dict[str, int] = {}
    while demo.poll() is None:
        for name, kb in _look(demo.pid).items():
            most[name] = max(kb, most.get(name, 0))
        time.sleep(LOOK_S)
    if demo.returncode:
        raise subprocess.CalledProcessError(demo.returncode, demo.args)
    for name in sorted(most):
        yield Figure(name=f"{name}, PSS", value=most[name] / 1024, unit="MB")


def _look(root: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for pid in _below(root):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
            kb = _pss_kb(pid)
        except OSError:  # it has just ended
            continue
        name = next((f"kiosk {word}" for word in words if word in PROCESSES), "")
        if name:
            found[name] = found.get(name, 0) + kb
    return found


def _below(pid: int) -> list[int]:
    """Its children, whichever thread began them, and theirs."""
    try:
        threads = [thread.read_text() for thread in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it has just ended
        return []
    children = [int(word) for thread in threads for word in thread.split()]
    return [*children, *(below for child in children for below in _below(child))]


def _pss_kb(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
