"""Settling what is in doubt about a card that has come back: by what its chip says now, else by the centre's record.

A retry counter that went from zero to something, with nothing else on record, was restored.  One that is at zero
tells nothing: it may have been restored and used up again elsewhere.  Everything else stays in doubt until the
centre's record, a later reset or a person decides.
"""

from __future__ import annotations

import structlog

from kiosk.chip import Chip
from kiosk.contract import Kind, Signed
from kiosk.hands import Line
from kiosk.journal import CentreSays, CounterRestored, Journal, View
from kiosk.journal.transaction import IllegalMove, InDoubt
from kiosk.line import Online
from kiosk.terms import PinState, TriesLeft

log = structlog.get_logger()


async def weigh(journal: Journal, chip: Chip) -> View | None:
    """The doubt about this card as it stands now; None if there was none."""
    doubt = await journal.open_doubt(chip.card)
    if doubt is None:
        return None
    evidence = _evidence(doubt, chip.pin)
    if evidence is None:
        return doubt
    try:
        settled = await journal.settle(doubt.id, evidence)
    except IllegalMove:  # the centre's record ended it in this very moment
        return await journal.view(doubt.id)
    log.info("doubt_weighed", transaction=doubt.id, stage=settled.state.stage)
    return settled


async def centre_says(line: Line, doubt: View | None) -> CentreSays | None:
    """The centre's word on what the chip could not settle; None if there is no need, or no line, or no record."""
    if doubt is None or not isinstance(doubt.state, InDoubt) or not isinstance(line.news.state, Online):
        return None
    if doubt.kind is Kind.PIN_CHANGED:  # nobody asked the centre: it knows what it was told from here
        return None
    record = await line.record(doubt.id)
    return CentreSays(record) if isinstance(record, Signed) else None


def _evidence(doubt: View, pin: PinState) -> CounterRestored | None:
    if not isinstance(doubt.state, InDoubt) or doubt.kind not in {Kind.RELOAD_PIN, Kind.UNBLOCK_PIN}:
        return None
    if doubt.state.tries_before != 0:
        return None  # the counter was not at zero: it cannot tell
    match pin:
        case TriesLeft(tries=tries) if tries > 0:
            return CounterRestored(tries)
        case _:
            return None
