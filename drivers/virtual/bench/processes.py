"""The terminal's processes as systemd runs them: one that dies is started again, one that ends well stays ended."""

from __future__ import annotations

import contextlib
import enum
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

RESTART_S = 0.5
"""From a death to the next start (RestartSec)."""
BURST, BURST_S = 5, 10.0
"""Dying so often within so many seconds is no bad luck: it is not started again (StartLimitBurst)."""
END_S = 5.0
"""From SIGTERM to SIGKILL."""
POLL_S = 0.05
LAST_LINES = 15


class StartFailed(RuntimeError):
    """A process did not come up; the text names it and quotes the end of its log."""


class Condition(enum.StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    """By SIGSTOP: it hangs, as far as the others can tell."""
    DEAD = "dead"
    """Killed, and not started again yet."""
    ENDED = "ended"


class Child(msgspec.Struct, frozen=True):
    """A process that one of the terminal's processes keeps for itself."""

    pid: int
    name: str

    def stop(self) -> None:
        """SIGSTOP: it hangs, and only its keeper can help."""
        os.kill(self.pid, signal.SIGSTOP)

    @property
    def stopped(self) -> bool:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
        return False


def _children(pid: int) -> list[Child]:
    """Of its main thread."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # one of them ended meanwhile
        pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [Child(int(one), Path(f"/proc/{one}/comm").read_text().strip()) for one in pids]
    return []


class Process:
    """One process with its log.  Safe to use from any thread."""

    def __init__(self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self.log = log
        self.ended = threading.Event()
        """It ended by itself, or died too often, or was told to."""
        self.failed = False
        """It died too often."""
        self.starts = 0
        # Whatever kills the demo ends what it started (PR_SET_PDEATHSIG).
        self._command = ["setpriv", "--pdeathsig", "TERM", *command]
        self._environment = {**os.environ, **environment}
        self._told = False
        self._stopped = False
        self._alive: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name=f"keeps {name}", daemon=True)

    def start(self, ready: Callable[[], bool], within_s: float) -> None:
        """Start and wait until it is ready.  Raises StartFailed."""
        self._thread.start()
        end = time.monotonic() + within_s
        while not ready():
            if self.ended.is_set() or self.starts > 1:
                raise StartFailed(f"{self.name} ended at once; {self.last_words()}")
            if time.monotonic() >= end:
                raise StartFailed(f"{self.name} was not ready within {within_s:.0f} s; {self.last_words()}")
            time.sleep(POLL_S)

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n    ".join([f"the end of {self.log}:", *lines[-LAST_LINES:]])

    @property
    def pid(self) -> int | None:
        alive = self._alive
        return alive.pid if alive else None

    def child(self, name: str) -> Child | None:
        """One that it started, by the name the kernel shows."""
        alive = self._alive
        return None if alive is None else next((one for one in _children(alive.pid) if one.name == name), None)

    @property
    def condition(self) -> Condition:
        if self._alive is None:
            return Condition.ENDED if self.ended.is_set() else Condition.DEAD
        return Condition.STOPPED if self._stopped else Condition.RUNNING

    # --- what hands do to it ------------------------------------------------------------

    def kill(self) -> None:
        """SIGKILL: no last word; it is started again."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """SIGSTOP: it answers nobody until `go_on`."""
        self._stopped = True
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._stopped = False
        self._signal(signal.SIGCONT)

    def end(self) -> None:
        """SIGTERM, and no new start; SIGKILL if it does not obey."""
        self._told = True
        self.go_on()
        self._signal(signal.SIGTERM)
        if self._thread.is_alive() and not self.ended.wait(END_S):
            self._signal(signal.SIGKILL)
            self.ended.wait(END_S)

    def _signal(self, number: signal.Signals) -> None:
        alive = self._alive
        if alive is not None:
            with contextlib.suppress(ProcessLookupError):  # it died a moment ago
                alive.send_signal(number)

    # --- its keeper ------------------------------------------------------------------------

    def _keep(self) -> None:
        deaths: list[float] = []
        while not self._told and self._live() != 0:
            deaths = [*deaths[-(BURST - 1) :], time.monotonic()]
            if len(deaths) == BURST and deaths[-1] - deaths[0] < BURST_S:
                self.failed = True
                break
            time.sleep(RESTART_S)
        self.ended.set()

    def _live(self) -> int:
        """One life; its exit status."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        # A session of its own: Ctrl-C ends the demo, and the demo ends them one by one.
        with (
            self.log.open("ab") as log,
            subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log, start_new_session=True
            ) as alive,
        ):
            self._stopped = False
            self._alive = alive
            self.starts += 1
            if self._told:  # while it was being started
                alive.terminate()
            status = alive.wait()
            self._alive = None
        return status
