"""解除临时挂失: the lost card was found, and works again.  Operation 03.

The finder of a card has it too, and its holder's ID card with it: the card's PIN tells who knows it.  Once a
replacement is filed nothing brings the old card back.
"""

from __future__ import annotations

from kiosk.card_in_slot import own_card
from kiosk.contract import CardFacts, Kind
from kiosk.desk import Desk
from kiosk.endings import Reason
from kiosk.identification import id_card
from kiosk.own_pin import require_tries, verify_own_pin
from kiosk.prompts import Step
from kiosk.services.at_the_centre import Ending, card_in_slot, notice, submit, tell
from kiosk.terms import CardStatus

STEPS = 4

_REFUSED = {
    CardStatus.SEALED: Reason.NOT_ACTIVATED,
    CardStatus.NORMAL: Reason.NOT_LOST,
    CardStatus.FORMALLY_LOST: Reason.TOO_LATE_TO_RELEASE,
    CardStatus.APPLICATION_LOCKED: Reason.PIN_OFFICE_LOCKED,
    CardStatus.CANCELLED: Reason.PIN_CANCELLED,
    CardStatus.UNKNOWN: Reason.STATUS_UNKNOWN,
}


def _not_now(card: CardFacts) -> Reason:
    return Reason.TOO_LATE_TO_RELEASE if card.replacement_filed else Reason.NOT_NOW


async def release(desk: Desk) -> None:
    await id_card(desk, Step(1, STEPS))
    async with own_card(desk, Step(2, STEPS)) as held:
        card = await card_in_slot(desk, Kind.RELEASE, _REFUSED, _not_now)
        await require_tries(desk, held.chip.pin)
        await desk.confirm(notice(desk, "release.confirm", card, Step(3, STEPS)))
        await verify_own_pin(desk, held.chip, Step(4, STEPS))
        held.let_go_of_guard()
        view = await submit(desk, Kind.RELEASE, Step(4, STEPS))
    await tell(desk, view, Ending(card=card))
