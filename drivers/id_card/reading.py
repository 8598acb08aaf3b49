"""Find, select, read: one go at the card on the glass of a SAM_V reader."""

from __future__ import annotations

import structlog

from drivers.child import StillWanted
from drivers.id_card.advice import advice
from drivers.id_card.documents import TEXT_BYTES, parse
from drivers.id_card.sam_v import FIND, READ, SELECT, Answer, Heard, NotWanted, SamV
from kiosk.devices import IdCardReading, IdCardUnreadable, IdLiftedEarly, IdReaderFailed, OldIdCardLies

CARD_TRIES = 3
"""A card that is just being laid on is lost once or twice; one lost three times lies badly."""

NOTHING_THERE = 0x80
_SLIPPED = {0x31, 0x32, 0x33, 0x41, 0x47, 0x81}
"""Select, mutual authentication or reading broke off: as a rule the card moved (GA/T 467 status codes)."""
_NO_ID_CARD = {0x40, 0x91}
"""A card of another kind, or one without the content asked for."""

_log = structlog.get_logger()


class Glass:
    """The glass of an open reader.  A card on it is read only if the glass was seen empty before.

    Any other may be an earlier citizen's: one that was read, that came while nobody waited any more, or that lay
    there when the line was opened.  Most readers do not find a card again that they have read, until it was lifted:
    there the glass looks empty, and such a card is neither read nor told of.
    """

    def __init__(self, sam: SamV) -> None:
        self.sam = sam
        self.seen_empty = False

    def find(self, still_wanted: StillWanted) -> Heard:
        heard = self.sam.ask(FIND, still_wanted)
        if isinstance(heard, Answer):
            self.seen_empty = heard.sw == NOTHING_THERE
        return heard

    def read_if_laid(self, still_wanted: StillWanted) -> IdCardReading | None:
        """Read the card on the glass; None if there is none, or nobody wants it any more."""
        return self._read_new(still_wanted) if self.seen_empty else self._see_old(still_wanted)

    def _see_old(self, still_wanted: StillWanted) -> IdCardReading | None:
        heard = self.find(still_wanted)
        match heard:
            case NotWanted():
                return None
            case Answer(sw=sw) if sw == NOTHING_THERE:
                return None
            case Answer(sw=sw) if sw in {FIND.good, *_SLIPPED, *_NO_ID_CARD}:
                return OldIdCardLies()
        return IdReaderFailed(advice(heard))

    def _read_new(self, still_wanted: StillWanted) -> IdCardReading | None:
        for attempt in range(1, CARD_TRIES + 1):
            heard = self._go(still_wanted)
            match heard:
                case NotWanted():
                    return None
                case Answer(sw=sw) if sw == NOTHING_THERE:
                    return None if attempt == 1 else IdLiftedEarly()
                case Answer(sw=sw) if sw in _SLIPPED:
                    _log.info("id_card_slipped", sw=f"{sw:02x}", attempt=attempt)
                case _:
                    return _reading(heard)
        return IdLiftedEarly()

    def _go(self, still_wanted: StillWanted) -> Heard:
        """The answer to READ, or the first that says no."""
        heard = self.find(still_wanted)
        for found, command in ((FIND, SELECT), (SELECT, READ)):
            if not isinstance(heard, Answer) or heard.sw != found.good:
                break
            heard = self.sam.ask(command, still_wanted)
        return heard


def _reading(heard: Heard) -> IdCardReading:
    match heard:
        case Answer(sw=sw) if sw == READ.good:
            return _content(heard.data)
        case Answer(sw=sw) if sw in _NO_ID_CARD:
            return IdCardUnreadable()
    return IdReaderFailed(advice(heard))


def _content(data: bytes) -> IdCardReading:
    """Lengths of text and photo (2 bytes each), then both.  The photo is nobody's business here."""
    if int.from_bytes(data[:2], "big") != TEXT_BYTES:
        return IdCardUnreadable()
    return parse(data[4 : 4 + TEXT_BYTES])
