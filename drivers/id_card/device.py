"""The ID card reader as the terminal sees it: waits for a card, and knows how it is itself."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from drivers.child import Sighting, StillWanted
from drivers.id_card.advice import advice_unopened, state_of, state_unopened
from drivers.id_card.reading import Glass
from drivers.id_card.sam_v import STATUS, Clock, SamV
from drivers.serial_port import is_pseudo
from kiosk.devices import IdCardReading, IdLiftedEarly, IdReaderFailed, OldIdCardLies, ReadIdCard
from kiosk.terms import DeviceOk, DeviceState, DeviceUnknown

DEFAULT_BAUD_RATE = 115_200

POLL_S = 0.3
"""Between two searches for a card: readers in the field want no fewer."""
POLL_STEP_S = 0.1
"""How long the wait goes on without asking whether it is still wanted."""
STATUS_EVERY_S = 3.0
"""How often an idle reader is asked how it is, or a missing one is looked for."""

CALLS = (ReadIdCard,)

_log = structlog.get_logger()


class IdCardDevice:
    """`drivers.child.Device` for a SAM_V reader at `path`."""

    def __init__(
        self,
        path: str,
        baud_rate: int = DEFAULT_BAUD_RATE,
        *,
        clock: Clock = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._path, self._baud_rate = path, baud_rate
        self._clock, self._pause = clock, pause
        self._glass: Glass | None = None
        self._state: DeviceState = DeviceUnknown()
        self._next_status = clock()
        self._next_find = clock()
        self._told_old = False
        """The latest answer was `OldIdCardLies`."""

    def answer(self, call: ReadIdCard, still_wanted: StillWanted) -> IdCardReading:
        """Wait until a card is laid on, and read it.  What lay there before must be lifted first."""
        told_old, self._told_old = self._told_old, False
        reading = self._attempt(still_wanted)
        while reading is None or (told_old and isinstance(reading, OldIdCardLies)):
            if not self._wait(still_wanted):
                return self._unheard()
            reading = self._attempt(still_wanted)
        self._told_old = isinstance(reading, OldIdCardLies) and still_wanted()
        _log.info("id_card_reading", result=type(reading).__name__)
        return reading

    def look(self) -> Sighting:
        """State of the reader; while idle it also notices that the last card was lifted."""
        now = self._clock()
        if now >= self._next_status:
            self._next_status = now + STATUS_EVERY_S
            self._state = self._status()
        elif self._glass and not self._glass.seen_empty and now >= self._next_find:
            self._next_find = now + POLL_S
            self._glass.find(_always)
        return Sighting(self._state, virtual=is_pseudo(self._path))

    def close(self) -> None:
        if self._glass is not None:
            self._glass.sam.close()
            self._glass = None

    # --- the card ---------------------------------------------------------------------

    def _attempt(self, still_wanted: StillWanted) -> IdCardReading | None:
        try:
            reading = self._opened().read_if_laid(still_wanted)
        except OSError as error:
            return self._failed(advice_unopened(error, self._path))
        return self._failed(reading.advice) if isinstance(reading, IdReaderFailed) else reading

    def _unheard(self) -> IdLiftedEarly:
        """Nobody waits any more.  What was laid on until now is of the one who left."""
        if self._glass is not None:
            self._glass.seen_empty = False
        return IdLiftedEarly()

    def _failed(self, why: str) -> IdReaderFailed:
        """Start afresh: the port is opened again, and the next look asks the reader how it is."""
        self.close()
        self._next_status = self._clock()
        return IdReaderFailed(why)

    def _wait(self, still_wanted: StillWanted) -> bool:
        """Until the next search.  False: nobody waits any more."""
        for _ in range(round(POLL_S / POLL_STEP_S)):
            if not still_wanted():
                return False
            self._pause(POLL_STEP_S)
        return still_wanted()

    # --- the reader -------------------------------------------------------------------

    def _status(self) -> DeviceState:
        try:
            heard = self._opened().sam.ask(STATUS, _always)
        except OSError as error:
            return state_unopened(error, self._path)
        state = state_of(heard)
        if not isinstance(state, DeviceOk):
            self.close()  # it may be without power, and forget which card it has read
        return state

    def _opened(self) -> Glass:
        if self._glass is None:
            self._glass = Glass(SamV(self._path, self._baud_rate, self._clock))
        return self._glass


def _always() -> bool:
    return True
