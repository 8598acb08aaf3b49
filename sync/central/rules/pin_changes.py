"""修改密码: the chip has decided already; the centre writes it into the card's history, however late it comes."""

from __future__ import annotations

from kiosk.contract import PinChanged, Problem
from kiosk.seal import Rejected
from kiosk.terms import CardStatus
from sync.central import problems, tables, verdicts
from sync.central.centre import Centre
from sync.central.rules import history, visits
from sync.central.rules.age import believed, drafted_at
from sync.central.verdicts import Decision, Ruling


def pin_changed(centre: Centre, changed: PinChanged) -> Decision | Problem:
    """Never refused: what is done is done.  A card that is not on record has no history to write it into."""
    now = centre.now()
    at = drafted_at(changed.time) if believed(changed.time, now) else now
    if changed.sealed is None:
        return Decision(verdicts.STORED, effective_at=at)
    personal = centre.keys.open_personal(changed.sealed, changed.terminal, changed.id)
    if isinstance(personal, Rejected):
        return problems.CANNOT_OPEN
    card = visits.find_card(personal)
    if card is None:
        return Decision(verdicts.STORED, effective_at=at)
    history.note(card, history.PIN_CHANGED, at)
    return Decision(verdicts.STORED, card.person, at, card.status)


def judge(_centre: Centre, _terminal: str, card: tables.Card) -> Ruling | None:
    """Whether the terminal should begin."""
    if not card.current:
        return verdicts.CARD_REPLACED
    return None if card.status is CardStatus.NORMAL else verdicts.NO_PIN_WORK[card.status]
