"""修改密码: the chip has decided already; the centre writes it into the card's history, however late it comes.

What the terminal could not know is told once more when it is known, or when nobody can know it any more.
"""

from __future__ import annotations

import msgspec

from kiosk.contract import ChipResult, Domain, Outcome, PinChanged, Problem, Signed
from kiosk.seal import Rejected, from_text
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
    if changed.result is ChipResult.DONE:
        history.note(card, history.PIN_CHANGED, at)
    return Decision(verdicts.STORED, card.person, at, card.status)


def find_doubt(transaction: str, terminal: str) -> PinChanged | None:
    """A change that this terminal told as unknown; None: there is none of this id."""
    row = tables.Item
    stored = row.get_or_none(transaction_id=transaction, terminal=terminal, domain=Domain.TRANSACTION.value)
    if stored is None:
        return None
    item = from_text(msgspec.json.decode(stored.signed, type=Signed).item)
    try:
        changed = msgspec.json.decode(item, type=PinChanged)
    except msgspec.ValidationError:  # of another kind
        return None
    return changed if changed.result is ChipResult.UNKNOWN else None


def settle(centre: Centre, doubt: PinChanged, outcome: Outcome) -> Decision | Problem:
    """Believed once, like the event itself."""
    row = tables.Item
    told = row.select().where(row.transaction_id == doubt.id, row.domain == Domain.OUTCOME.value)
    if told.exists():
        return problems.CONTENT_DIFFERS
    return pin_changed(centre, msgspec.structs.replace(doubt, result=outcome.result))


def judge(_centre: Centre, _terminal: str, card: tables.Card) -> Ruling | None:
    """Whether the terminal should begin."""
    if not card.current:
        return verdicts.CARD_REPLACED
    return None if card.status is CardStatus.NORMAL else verdicts.NO_PIN_WORK[card.status]
