"""Figures of the window: start, tap, screen change, visits, idleness; where it can be, beside a bare Kivy program."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from screens.gallery.display import display
from screens.theme import SMALL
from tests.bench.figure import AtMost, Figure

ROOT = Path(__file__).parents[2]
STARTS = 5
IDLE_S = 20
THERE_S = 0.2
"""By then the pointer is where it was sent."""
PERCENTILE = 95


class Room:
    """An X server, and a folder in which programs keep their fonts and bytecode: both start as installed ones do."""

    def __init__(self, environment: dict[str, str], home: Path) -> None:
        written = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self.environment, self.home = written | {"PYTHONPYCACHEPREFIX": str(home / "bytecode")}, home

    @contextmanager
    def running(self, module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def ours(self, task: str) -> Any:
        return self.running("tests.bench.ours", str(self.home), task)

    def bare(self, task: str, content: Path) -> Any:
        return self.running("tests.bench.bare", task, str(SMALL.width), str(SMALL.height), str(content))

    def content(self, which: str) -> Path:
        """A file with what is on our pages, for the bare program."""
        with self.ours(which) as process:
            file = self.home / f"{which}.json"
            file.write_text(json.dumps(last(process)))
            return file


@contextmanager
def room(home: Path) -> Iterator[Room]:
    with display(SMALL) as environment:
        yield Room(environment, home)


def said(process: subprocess.Popen[str]) -> Any:
    """The next line of JSON."""
    assert process.stdout
    return json.loads(process.stdout.readline())


def last(process: subprocess.Popen[str]) -> Any:
    """The last one."""
    output, _ = process.communicate()
    return json.loads(output.splitlines()[-1])


# --- the figures ----------------------------------------------------------------------------------


def start(room: Room) -> Iterator[Figure]:
    """From the program's start to its first page, from a warm disk; the two take turns."""
    content = room.content("first-page")
    ours, bare = [], []
    for _ in range(1 + STARTS):
        ours.append(_start(lambda: room.ours("start")))
        bare.append(_start(lambda: room.bare("start", content)))
    yield Figure(
        name="start to first usable frame",
        value=statistics.median(ours[1:]) * 1000,
        unit="ms",
        peer=statistics.median(bare[1:]) * 1000,
        goal=AtMost(1.5),
    )


def _start(begin: Any) -> float:
    began = time.monotonic()
    with begin() as process:
        return cast(float, said(process)) - began


def taps(room: Room) -> Iterator[Figure]:
    """From the pointer's press, through the X server, to the end of the first frame with the next page."""
    took = []
    pointer = subprocess.Popen(["xdotool", "-"], env=room.environment, stdin=subprocess.PIPE, text=True)
    assert pointer.stdin
    with room.ours("taps") as process:
        for line in process.stdout:
            match json.loads(line):
                case {"press": [x, y]}:
                    pointer.stdin.write(f"mousemove {x} {y}\n")
                    pointer.stdin.flush()
                    time.sleep(THERE_S)
                    pressed = time.monotonic()
                    pointer.stdin.write("click 1\n")
                    pointer.stdin.flush()
                case {"changed": changed}:
                    took.append(changed - pressed)
    pointer.kill()
    pointer.wait()
    took.sort()
    yield Figure(name="tap to first changed frame, p95", value=p95(took) * 1000, unit="ms", goal=AtMost(80))
    yield Figure(name="tap to first changed frame, median", value=statistics.median(took) * 1000, unit="ms")


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[PERCENTILE - 1]


def changes(room: Room) -> Iterator[Figure]:
    """From the prompt to the end of its first frame: words, layout, drawing."""
    content = room.content("two-pages")
    ours: list[float] = []
    bare: list[float] = []
    busy: list[float] = []
    for _ in range(2):
        for program, took in (
            (room.ours("change"), ours),
            (room.bare("change", content), bare),
            (room.ours("change-busy"), busy),
        ):
            with program as process:
                took.extend(last(process))
    for name, took in (("screen change", ours), ("screen change while a card is read and speech plays", busy)):
        yield Figure(
            name=name,
            value=statistics.median(took) * 1000,
            unit="ms",
            peer=statistics.median(bare) * 1000,
            goal=AtMost(1.3),
        )


def visits(room: Room) -> Iterator[Figure]:
    with room.ours("visits") as process:
        before, work_s, after, pss = (said(process) for _ in range(4))
    yield Figure(name="growth over 1,000 visits", value=(after - before) / 1024, unit="MB", goal=AtMost(5))
    yield Figure(name="a visit's pages, processor time", value=work_s * 1000, unit="ms")
    yield Figure(name="the window after 1,050 visits, PSS", value=pss / 1024, unit="MB")


def idle(room: Room) -> Iterator[Figure]:
    with room.ours("attract") as process:
        said(process)
        time.sleep(2)
        before, began = _cpu_s(process.pid), time.monotonic()
        time.sleep(IDLE_S)
        used = (_cpu_s(process.pid) - before) / (time.monotonic() - began)
    yield Figure(name="idle, of one core", value=used * 100, unit="%", goal=AtMost(3))


def _cpu_s(pid: int) -> float:
    """utime + stime of all threads, proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
