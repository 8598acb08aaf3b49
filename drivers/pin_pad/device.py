"""The PIN pad as the terminal sees it: on while a key is waited for, off otherwise, and it knows how it is itself."""

from __future__ import annotations

import time

import structlog

from drivers.child import TICK_S, Sighting, StillWanted
from drivers.pin_pad.advice import state_of, state_unopened
from drivers.pin_pad.frames import KEPT_KEYS, Reply
from drivers.pin_pad.kmy350 import OFF, ON, VERSION, Clock, Kmy350, PortGone
from drivers.serial_port import is_pseudo
from kiosk.devices import FigurePressed, NoKeyPressed, PadKeyPressed, PadPress, PinPadFailed, ReadPadKey
from kiosk.pin import Pin
from kiosk.terms import DeviceState, DeviceUnknown, PadKey

DEFAULT_BAUD_RATE = 9600

STATUS_EVERY_S = 3.0
"""How often a pad is asked how it is, or a missing one is looked for.  While it is on, it is told so anew: one that was
without power meanwhile has forgotten."""
HELD_ON_S = 2.0
"""How long a pad stays on after a key: whoever got that one asks for the next at once, or when the window is drawn."""

ZERO = ord("0")
KEYS = {0x08: PadKey.DELETE, 0x0D: PadKey.CONFIRM, 0x1B: PadKey.CANCEL, ord("."): PadKey.CLEAR}

_log = structlog.get_logger()


class PinPadDevice:
    """`drivers.child.Device` for a KMY350 at `path`."""

    def __init__(self, path: str, baud_rate: int = DEFAULT_BAUD_RATE, *, clock: Clock = time.monotonic) -> None:
        self._path, self._baud_rate, self._clock = path, baud_rate, clock
        self._pad: Kmy350 | None = None
        self._state: DeviceState = DeviceUnknown()
        self._next_status = clock()
        self._on = False
        self._off_at = clock()

    def answer(self, call: ReadPadKey, still_wanted: StillWanted) -> PadPress:
        """Wait for a key.  What was pressed before the pad was switched on is nobody's."""
        press = self._press(still_wanted)
        self._off_at = self._clock() + HELD_ON_S
        if isinstance(press, PinPadFailed):
            _log.warning("pin_pad_failed", advice=press.advice)
        return press

    def look(self) -> Sighting:
        """State of the pad, which is switched off once nobody waits for a key any more."""
        now = self._clock()
        if self._on and now >= self._off_at:
            self._tell(OFF)
        elif not self._on and now >= self._next_status:
            self._tell(VERSION)
        return Sighting(self._state, virtual=is_pseudo(self._path))

    def close(self) -> None:
        """The pad is off afterwards, if it hears."""
        if self._pad is not None:
            if self._on:
                self._pad.ask(OFF)
            self._let_go()

    # --- keys -----------------------------------------------------------------------------

    def _press(self, still_wanted: StillWanted) -> PadPress:
        if not self._on:
            self._tell(ON)
        while self._pad is not None:
            if not still_wanted():
                return NoKeyPressed()
            match self._pad.key(TICK_S):
                case PortGone() as gone:
                    self._state = state_of(gone)
                    self._let_go()
                case int() as code:
                    self._next_status = self._clock() + STATUS_EVERY_S
                    return press_of(code)
                case None if self._clock() >= self._next_status:
                    self._tell(ON)
        return PinPadFailed(getattr(self._state, "advice", ""))

    # --- the pad --------------------------------------------------------------------------

    def _tell(self, what: bytes) -> None:
        """Send a command, and learn from its answer how the pad is.  One that is not well is let go."""
        self._next_status = self._clock() + STATUS_EVERY_S
        try:
            pad = self._opened()
        except OSError as error:
            self._state = state_unopened(error, self._path)
            return
        heard = pad.ask(what)
        self._state = state_of(heard)
        if not isinstance(heard, Reply) or not self._state.usable:
            self._let_go()
            return
        if what is not ON:
            pad.forget_keys(KEPT_KEYS)
        elif not self._on:
            pad.forget_keys(heard.keys_before)
        self._on = what is ON

    def _opened(self) -> Kmy350:
        if self._pad is None:
            self._pad = Kmy350(self._path, self._baud_rate, self._clock)
        return self._pad

    def _let_go(self) -> None:
        assert self._pad is not None  # noqa: S101 - only who has it lets it go
        self._pad.close()
        self._pad, self._on = None, False


def press_of(code: int) -> PadPress:
    """The answer for the key with this code."""
    key = KEYS.get(code)
    return FigurePressed(Pin([code - ZERO])) if key is None else PadKeyPressed(key)
