"""A device in a process of its own.

C libraries under readers and printers hang and crash, so each device lives alone: this loop answers one call
at a time and looks at the device in between.  It never stays silent for longer than `TICK_S`, except inside
the device's own library; that is how `drivers.daemon` tells a hanging one, kills it and starts another.
"""

from __future__ import annotations

import select
import socket
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from kiosk.devices import SlotState
from kiosk.frames import Asked, Attached, Cancelled, Failed, Frames, Message, Told, framed, raw
from kiosk.link import Call, Calls, News, answering, done_with
from kiosk.terms import DeviceState

TICK_S = 0.2
"""How often an idle device is looked at, and the longest it may take to notice a cancelled call."""


class Alive(News, frozen=True, tag="alive"):
    """A long call goes on."""


class Sighting(News, frozen=True, tag="sighting"):
    """What a device knows of itself; also the sign that its process lives."""

    state: DeviceState
    slot: SlotState | None = None
    """Only of the card reader."""
    virtual: bool = False
    """It exists only on the wire: good for a demonstration, not for a citizen."""


StillWanted = Callable[[], bool]
"""Asked between the parts of a long call: False once nobody waits for the answer.  Also a sign of life."""


class Device(Protocol):
    """One device behind its wire."""

    def answer(self, call: Any, still_wanted: StillWanted) -> msgspec.Struct:
        """Do what is asked.  Waiting for a person means: look, ask `still_wanted`, look again."""

    def look(self) -> Sighting:
        """The device's state now, without disturbing it.  Called every `TICK_S` while idle."""

    def close(self) -> None:
        """Let go of the wire."""


class Child:
    """Serves one device on one socket until the other end closes it."""

    def __init__(self, wire: socket.socket, device: Device, calls: tuple[type[Call[Any]], ...]) -> None:
        self._wire = wire
        self._device = device
        self._calls = Calls(calls)
        self._frames = Frames()
        self._asked: deque[tuple[int, Call[Any]]] = deque()
        self._cancelled: set[int] = set()
        self._over = False

    def run(self) -> None:
        try:
            while not self._over:
                if self._asked:
                    self._serve(*self._asked[0])
                else:
                    self._send(Told(raw(self._device.look())))
                    self._listen(TICK_S)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the daemon is gone; so are we
        finally:
            self._forget()
            self._device.close()

    def _serve(self, number: int, call: Call[Any]) -> None:
        """A call that was cancelled before its turn is not begun."""

        def still_wanted() -> bool:
            self._send(Told(raw(Alive())))
            self._listen(0)
            return not self._over and number not in self._cancelled

        if number not in self._cancelled:
            answer = self._device.answer(call, still_wanted)
            try:
                self._send(answering(number, answer))
            finally:
                done_with(answer)
        done_with(call)
        self._asked.popleft()
        self._cancelled.discard(number)

    def _send(self, message: Message | Attached) -> None:
        with framed(message) as data:
            self._wire.sendall(data)

    def _listen(self, seconds: float) -> None:
        """Take what has come; wait at most so long for it."""
        ready, _, _ = select.select([self._wire], [], [], seconds)
        if not ready:
            return
        count = self._wire.recv_into(self._frames.room())
        self._over = not count
        for message in self._frames.took(count):
            self._take(message)

    def _take(self, message: Message | Attached) -> None:
        match message:
            case Asked(id=number) | Attached(carrier=Asked(id=number)):
                call = self._calls.read(message)
                if call is None:
                    self._send(Failed(number))
                else:
                    self._asked.append((number, call))
            case Cancelled(number) if any(asked == number for asked, _ in self._asked):
                self._cancelled.add(number)

    def _forget(self) -> None:
        self._frames.wipe()
        for _, call in self._asked:
            done_with(call)
