"""正式挂失 and 补卡 (also called 书面挂失): the old card is dead for ever, a new one is made.  Operation 02.

Where the office has not turned on more, the terminal fills in the form and the window does the rest.  To the end it
takes a further proof of the person, and two confirmations, for nothing takes it back.  The bank wants a report of its
own: every page here says so.
"""

from __future__ import annotations

from kiosk.contract import CardFacts, Kind
from kiosk.desk import Desk
from kiosk.endings import Reason
from kiosk.guide.values import values
from kiosk.identification import id_card
from kiosk.policy.eligibility import FORMAL_LOSS, PROGRESS, REPORT_LOSS, tile
from kiosk.prompts import Step
from kiosk.proof import prove
from kiosk.services.at_the_centre import Ending, card_of_holder, notice, order_notice, submit, tell
from kiosk.services.at_the_window import prepare
from kiosk.terms import CardStatus
from kiosk.words import msg

STEPS = 4
STEPS_TO_THE_FORM = 2

_REFUSED = {
    CardStatus.SEALED: Reason.SEALED,
    CardStatus.FORMALLY_LOST: Reason.FORMALLY_LOST,
    CardStatus.APPLICATION_LOCKED: Reason.APPLICATION_LOCKED,
    CardStatus.CANCELLED: Reason.CANCELLED,
    CardStatus.UNKNOWN: Reason.STATUS_UNKNOWN,
}


async def formal_loss(desk: Desk) -> None:
    if desk.finishes(FORMAL_LOSS):
        await _to_the_end(desk)
    else:
        await _to_the_form(desk)


async def _to_the_end(desk: Desk) -> None:
    await id_card(desk, Step(1, STEPS))
    card = await card_of_holder(desk, Kind.FORMAL_LOSS, _REFUSED, _not_now)
    await desk.confirm(order_notice(desk, "formal_loss.confirm", card, Step(2, STEPS)))
    await prove(desk, Kind.FORMAL_LOSS, Step(3, STEPS))
    await desk.confirm(notice(desk, "formal_loss.confirm.final", card, Step(4, STEPS)))
    view = await submit(desk, Kind.FORMAL_LOSS, Step(4, STEPS))
    await tell(desk, view, Ending(card=card, next=(PROGRESS,), values=values(desk.terminal.policy), new_card=True))


async def _to_the_form(desk: Desk) -> None:
    await id_card(desk, Step(1, STEPS_TO_THE_FORM))
    card = await card_of_holder(desk, Kind.FORMAL_LOSS, _REFUSED, _not_now)
    step = Step(2, STEPS_TO_THE_FORM)
    await desk.confirm(notice(desk, "formal_loss.confirm.prepare", card, step, at_once=False))
    # Until the window has done it the card still works: whoever is in a hurry stops it here.
    urgent = Kind.TEMPORARY_LOSS in card.operations and desk.offers(REPORT_LOSS)
    following = (tile(REPORT_LOSS),) if urgent else ()
    await prepare(desk, FORMAL_LOSS, card, reason=msg("form.reason.lost"), following=following)


def _not_now(_card: CardFacts) -> Reason:
    return Reason.NOT_NOW
