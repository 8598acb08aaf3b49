"""The ID card reader as the terminal sees it: waits for a card, and knows how it is itself."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from drivers.child import Sighting, StillWanted
from drivers.id_card.advice import advice, advice_unopened, state_of, state_unopened
from drivers.id_card.reading import NOTHING_THERE, read_if_laid
from drivers.id_card.sam_v import FIND, STATUS, Answer, Clock, Garbled, PortGone, SamV, Silent
from drivers.serial_port import is_pseudo
from kiosk.devices import (
    IdCardReading,
    IdCardUnreadable,
    IdLiftedEarly,
    IdReaderFailed,
    ReadIdCard,
)
from kiosk.terms import DeviceState, DeviceUnknown, OtherDocument, ResidentIdCard

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
        self._sam: SamV | None = None
        self._state: DeviceState = DeviceUnknown()
        self._next_status = clock()
        self._next_find = clock()
        self._done_card_lies = False

    def answer(self, call: ReadIdCard, still_wanted: StillWanted) -> IdCardReading:
        """Wait until a card is laid on, and read it.  One that was read before must be lifted first."""
        while (reading := self._attempt(still_wanted)) is None:
            if not self._wait(still_wanted):
                return IdLiftedEarly()  # nobody hears it
        _log.info("id_card_reading", result=type(reading).__name__)
        return reading

    def look(self) -> Sighting:
        """State of the reader; while idle it also notices that the last card was lifted."""
        now = self._clock()
        if now >= self._next_status:
            self._next_status = now + STATUS_EVERY_S
            self._state = self._status()
        elif self._done_card_lies and self._sam and now >= self._next_find:
            self._next_find = now + POLL_S
            self._see_lifted(self._sam, _always)
        return Sighting(self._state, virtual=is_pseudo(self._path))

    def close(self) -> None:
        if self._sam is not None:
            self._sam.close()
            self._sam = None

    # --- the card ---------------------------------------------------------------------

    def _attempt(self, still_wanted: StillWanted) -> IdCardReading | None:
        try:
            sam = self._opened()
        except OSError as error:
            return self._failed(advice_unopened(error, self._path))
        reading = self._see_lifted(sam, still_wanted) if self._done_card_lies else read_if_laid(sam, still_wanted)
        match reading:
            case ResidentIdCard() | OtherDocument() | IdCardUnreadable():
                self._done_card_lies = True
            case IdReaderFailed():
                return self._failed(reading.advice)
        return reading

    def _see_lifted(self, sam: SamV, still_wanted: StillWanted) -> IdReaderFailed | None:
        """A card that was read is not read again before it was lifted: it may be the last citizen's.

        Most readers do not find it again of themselves; this holds for the others too.
        """
        heard = sam.ask(FIND, still_wanted)
        match heard:
            case Answer(sw=sw) if sw == NOTHING_THERE:
                self._done_card_lies = False
            case Answer(sw=sw) if sw != FIND.good:
                return IdReaderFailed(advice(heard))
            case Silent() | Garbled() | PortGone():
                return IdReaderFailed(advice(heard))
        return None

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
            heard = self._opened().ask(STATUS, _always)
        except OSError as error:
            return state_unopened(error, self._path)
        if isinstance(heard, PortGone):
            self.close()
        return state_of(heard)

    def _opened(self) -> SamV:
        if self._sam is None:
            self._sam = SamV(self._path, self._baud_rate, self._clock)
        return self._sam


def _always() -> bool:
    return True
