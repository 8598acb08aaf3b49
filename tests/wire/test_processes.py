"""The bench's processes: killed ones come back, hopeless ones are given up, ended ones stay ended."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.virtual.bench.processes import BURST, Condition, Process, StartFailed

PATIENCE_S = 15.0

Make = Callable[[str], Process]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Processes that run a line of Python each."""
    made: list[Process] = []

    def one(line: str) -> Process:
        made.append(Process("worker", [sys.executable, "-c", line], tmp_path / "worker.log", {}))
        return made[-1]

    yield one
    for process in made:
        process.end()


def wait_until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < end, "it never became so"
        os.sched_yield()


def waits(tmp_path: Path) -> str:
    return f"import time; open({str(tmp_path / 'ready')!r}, 'w'); time.sleep(600)"


def test_a_killed_process_is_started_again_and_an_ended_one_is_not(make: Make, tmp_path: Path) -> None:
    worker = make(waits(tmp_path))
    worker.start((tmp_path / "ready").exists, PATIENCE_S)
    first = worker.pid
    worker.kill()
    wait_until(lambda: worker.pid not in (None, first))
    assert worker.condition is Condition.RUNNING
    worker.end()
    assert worker.condition is Condition.ENDED
    assert worker.starts == 2


def test_a_stopped_process_keeps_its_life(make: Make, tmp_path: Path) -> None:
    worker = make(waits(tmp_path))
    worker.start((tmp_path / "ready").exists, PATIENCE_S)
    worker.stop()
    stat = Path(f"/proc/{worker.pid}/stat")
    wait_until(lambda: stat.read_text().split()[2] == "T")
    assert worker.condition is Condition.STOPPED
    worker.go_on()
    wait_until(lambda: stat.read_text().split()[2] != "T")
    assert worker.starts == 1


def test_one_that_dies_at_once_is_named_with_its_last_words(make: Make) -> None:
    with pytest.raises(StartFailed, match=r"worker ended at once(.|\n)*no such printer"):
        make("raise SystemExit('no such printer')").start(lambda: False, PATIENCE_S)


def test_one_that_dies_again_and_again_is_given_up(make: Make, tmp_path: Path) -> None:
    worker = make(f"open({str(tmp_path / 'ready')!r}, 'w'); raise SystemExit(1)")
    worker.start((tmp_path / "ready").exists, PATIENCE_S)
    assert worker.ended.wait(PATIENCE_S)
    assert worker.failed
    assert worker.starts == BURST


def test_a_window_that_is_closed_stays_closed(make: Make, tmp_path: Path) -> None:
    worker = make(f"open({str(tmp_path / 'ready')!r}, 'w')")
    worker.start((tmp_path / "ready").exists, PATIENCE_S)
    assert worker.ended.wait(PATIENCE_S)
    assert not worker.failed
    assert worker.starts == 1
