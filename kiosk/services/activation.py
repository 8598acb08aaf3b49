"""启用: a card that was handed out sealed begins to work, in the city that issued it.  Operation 11.

Cards come with the same PIN everywhere: it must be changed in the same visit.  The bank's account is opened at a bank's
counter, and only there.
"""

from __future__ import annotations

from kiosk.card_in_slot import own_card
from kiosk.contract import CardFacts, Kind
from kiosk.desk import Desk
from kiosk.endings import Next, Reason
from kiosk.identification import id_card
from kiosk.policy.eligibility import CHANGE_PIN
from kiosk.prompts import Step
from kiosk.proof import prove
from kiosk.services.at_the_centre import Ending, Word, card_in_slot, notice, submit, tell, word_for
from kiosk.terms import CardStatus, PinLockedForever
from kiosk.words import msg

STEPS = 4

_REFUSED = {
    CardStatus.NORMAL: Reason.ALREADY_ACTIVE,
    CardStatus.FORMALLY_LOST: Reason.FORMALLY_LOST,
    CardStatus.APPLICATION_LOCKED: Reason.PIN_OFFICE_LOCKED,
    CardStatus.TEMPORARILY_LOST: Reason.REPORTED_LOST,
    CardStatus.CANCELLED: Reason.PIN_CANCELLED,
    CardStatus.UNKNOWN: Reason.STATUS_UNKNOWN,
}


async def activation(desk: Desk) -> None:
    await id_card(desk, Step(1, STEPS))
    async with own_card(desk, Step(2, STEPS)) as held:
        if isinstance(held.chip.pin, PinLockedForever):
            await desk.refuse(Reason.CARD_LOCKED_FOREVER)
        card = await card_in_slot(desk, Kind.ACTIVATION, _REFUSED, _not_now)
        await prove(desk, Kind.ACTIVATION, Step(3, STEPS))
        page = notice(desk, "activation.confirm", card, Step(4, STEPS), not_covered="activation.not_covered")
        await desk.confirm(page)
        held.let_go_of_guard()
        view = await submit(desk, Kind.ACTIVATION, Step(4, STEPS))
    desk.initial_pin = word_for(view) is not Word.IN_DOUBT
    changes = desk.offers(CHANGE_PIN)
    await tell(desk, view, Ending(card=card, goes_on=msg("activation.change_now") if changes else None))
    if desk.initial_pin and changes:
        await desk.leave(Next(CHANGE_PIN))  # nobody goes home with the PIN that everybody knows


def _not_now(_card: CardFacts) -> Reason:
    """Of the right status, and the centre would not take it: mostly it is another city's."""
    return Reason.NOT_HERE
