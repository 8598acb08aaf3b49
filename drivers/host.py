"""One device's process: started, listened to, killed when it is silent, started again."""

from __future__ import annotations

import math
import os
import socket
import subprocess
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
import structlog
import trio

from drivers.child import TICK_S, Alive, Sighting
from kiosk.devices import ApplySecureMessage, AuthenticatePuk, ChangePin, CloseCard, ReadHolder, VerifyPin
from kiosk.link import Call, CarriesPin, Link, Unanswered

SILENCE_LIMIT_S = 5
"""A child says something every 0.2 s (`drivers.child.TICK_S`); a second is a slow card, five are a hang."""
CARD_AUTHENTICATION_LIMIT_S = 15
"""From EXTERNAL AUTHENTICATE to the last status word patience is longer: killed in between, a card loses a try, or
nobody knows what its PIN is.  It lasts over the pauses, too, until another call begins."""
START_LIMIT_S = 20
"""Until the first word: Python and a C library are loaded from an SD card."""
WATCH_S = 0.5
"""How often silence is looked for."""

RESTART_FIRST_S = 0.5
RESTART_LIMIT_S = 30
"""A driver that dies at once is not worth more of the machine."""
STEADY_S = 60
"""A life so long was a good one: the next death is restarted after `RESTART_FIRST_S`."""

GRACE_S = 1
"""For a child whose socket was closed to let go of its wire by itself."""
KILL_LIMIT_S = 2
"""For the kernel to end a killed child; one inside a broken USB driver may take for ever."""

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

A = TypeVar("A")

PATIENCE_S: dict[type[Call[Any]], float] = dict.fromkeys(
    (ReadHolder, AuthenticatePuk, ApplySecureMessage, VerifyPin, ChangePin), CARD_AUTHENTICATION_LIMIT_S
)


class NotBegun(msgspec.Struct, frozen=True):
    """There was no process to ask."""


class BrokenOff(msgspec.Struct, frozen=True):
    """The process died, or was killed, with the call in its hands."""


class Host:
    """Keeps one device alive in a process of its own; calls are answered one after the other.

    A process that has seen a PIN is replaced once its card is closed: pyscard leaves copies that only its end wipes.
    """

    def __init__(
        self, name: str, program: Sequence[str], *, seen: Callable[[Sighting], None], lost: Callable[[], None]
    ) -> None:
        """`program` gets the number of its socket as a last argument; `lost` is told of every death."""
        self._name = name
        self._program = program
        self._seen = seen
        self._lost = lost
        self._link: Link | None = None
        self._turn = trio.Lock()
        self._saw_pin = False
        self._replaced = trio.Event()
        self._replaced.set()
        self._heard = 0.0
        self._limit_s: float = START_LIMIT_S
        self._patience_s: float = SILENCE_LIMIT_S

    async def call(self, call: Call[A]) -> A | NotBegun | BrokenOff:
        """Ask the device and wait for as long as it shows life."""
        async with self._turn:
            await self._replaced.wait()
            link = self._link
            if link is None:
                return NotBegun()
            self._saw_pin |= isinstance(call, CarriesPin)
            self._patience_s = PATIENCE_S.get(type(call), SILENCE_LIMIT_S)
            self._limit_s = max(self._limit_s, self._patience_s)
            answer = await link.call(call, deadline_s=math.inf)
            if isinstance(answer, Unanswered):
                return BrokenOff()
            if self._saw_pin and isinstance(call, CloseCard) and self._link is link:
                self._replace(link)
            return answer

    async def run(self) -> None:
        """Start the process, again and again, until cancelled."""
        delay: float = RESTART_FIRST_S
        while True:
            began = trio.current_time()
            await self._one_life()
            if not self._replaced.is_set():
                continue
            self._lost()
            if trio.current_time() - began >= STEADY_S:
                delay = RESTART_FIRST_S
            log.warning("device_lost", device=self._name, restart_in_s=delay)
            await trio.sleep(delay)
            delay = min(delay * 2, RESTART_LIMIT_S)

    def _replace(self, link: Link) -> None:
        """The device is not lost: who asks meanwhile waits for the next process."""
        log.info("device_replaced_after_pin", device=self._name)
        self._replaced = trio.Event()
        link.close()

    async def _one_life(self) -> None:
        process, stream = self._start()
        link = Link(stream, listeners={Sighting: self._hear_sighting, Alive: self._hear})
        self._link = link
        self._heard = trio.current_time()
        self._limit_s = START_LIMIT_S
        self._patience_s = SILENCE_LIMIT_S
        self._saw_pin = False
        self._replaced.set()
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._watch, process, link)
                await link.run()
                nursery.cancel_scope.cancel()
        finally:
            self._link = None
            with trio.CancelScope(shield=True):
                await _end(process)

    def _start(self) -> tuple[subprocess.Popen[bytes], trio.SocketStream]:
        # Not through trio, which would start it from a thread that ends: the child dies with its starting thread.
        ours, theirs = socket.socketpair()
        with theirs:
            fd = theirs.fileno()
            process = subprocess.Popen([*self._program, str(fd)], pass_fds=[fd], stdin=subprocess.DEVNULL)
        log.info("device_started", device=self._name, pid=process.pid)
        return process, trio.SocketStream(trio.socket.from_stdlib_socket(ours))

    # --- signs of life

    def _hear_sighting(self, sighting: Sighting) -> None:
        self._hear()
        self._seen(sighting)

    def _hear(self, _alive: Alive | None = None) -> None:
        self._heard = trio.current_time()
        self._limit_s = self._patience_s

    @property
    def _silence_s(self) -> float:
        return trio.current_time() - self._heard

    async def _watch(self, process: subprocess.Popen[bytes], link: Link) -> None:
        warned_of: float | None = None
        while self._silence_s <= self._limit_s:
            if self._silence_s > SILENCE_LIMIT_S and warned_of != self._heard:
                warned_of = self._heard
                log.warning("device_slow", device=self._name, limit_s=self._limit_s)
            await trio.sleep(WATCH_S)
            if self._silence_s > self._limit_s:
                # If we ourselves were stopped, what the child said lies in the socket: hear it first.
                await trio.sleep(TICK_S)
        log.error("device_silent", device=self._name, limit_s=self._limit_s)
        process.kill()
        link.close()


async def _end(process: subprocess.Popen[bytes]) -> None:
    """Its socket is closed: wait for it to end, and help.  Bounded by GRACE_S + KILL_LIMIT_S."""
    if not await _ended(process, GRACE_S):
        process.kill()
        if not await _ended(process, KILL_LIMIT_S):
            log.error("device_cannot_be_killed", pid=process.pid)


async def _ended(process: subprocess.Popen[bytes], limit_s: float) -> bool:
    if process.poll() is not None:
        return True
    pidfd = os.pidfd_open(process.pid)
    try:
        with trio.move_on_after(limit_s):
            await trio.lowlevel.wait_readable(pidfd)
    finally:
        os.close(pidfd)
    return process.poll() is not None
