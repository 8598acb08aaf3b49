"""换卡: a new card for one that is damaged, worn, unreadable or out of date.

The old one works until it is handed in at the window.  Where the office has not turned on more, the terminal fills in
the form; to the end it takes a further proof of the person.
"""

from __future__ import annotations

import datetime as dt

from kiosk.card_in_slot import social_security_card
from kiosk.contract import CardFacts, Kind, ReplacementReason
from kiosk.desk import Desk
from kiosk.endings import Reason
from kiosk.guide.values import values
from kiosk.identification import id_card
from kiosk.journal import Reason as Why
from kiosk.policy.eligibility import PROGRESS, REPLACEMENT
from kiosk.prompts import Chosen, Step, Tile, Topics
from kiosk.proof import prove
from kiosk.services.at_the_centre import Ending, card_in_slot, card_of_holder, notice, order_notice, submit, tell
from kiosk.services.at_the_window import prepare
from kiosk.terms import CardStatus
from kiosk.words import msg

STEPS = 4
STEPS_TO_THE_FORM = 3

_REFUSED = {
    CardStatus.SEALED: Reason.NOT_ACTIVATED,
    CardStatus.FORMALLY_LOST: Reason.FORMALLY_LOST,
    CardStatus.TEMPORARILY_LOST: Reason.REPORTED_LOST,
    CardStatus.APPLICATION_LOCKED: Reason.PIN_OFFICE_LOCKED,
    CardStatus.CANCELLED: Reason.PIN_CANCELLED,
    CardStatus.UNKNOWN: Reason.STATUS_UNKNOWN,
}

STATED = (ReplacementReason.DAMAGED, ReplacementReason.WORN, ReplacementReason.UNREADABLE)
"""What the holder says of the card; its age is on record."""


async def replacement(desk: Desk) -> None:
    if desk.finishes(REPLACEMENT):
        await _to_the_end(desk)
    else:
        await _to_the_form(desk)


async def _to_the_end(desk: Desk) -> None:
    card, why = await _card_and_reason(desk, STEPS)
    await prove(desk, Kind.REPLACEMENT, Step(3, STEPS))
    await desk.confirm(order_notice(desk, "replacement.confirm", card, Step(4, STEPS)))
    view = await submit(desk, Kind.REPLACEMENT, Step(4, STEPS), Why(why))
    await tell(desk, view, Ending(card=card, next=(PROGRESS,), values=values(desk.terminal.policy), new_card=True))


async def _to_the_form(desk: Desk) -> None:
    card, why = await _card_and_reason(desk, STEPS_TO_THE_FORM)
    step = Step(3, STEPS_TO_THE_FORM)
    await desk.confirm(notice(desk, "replacement.confirm.prepare", card, step, at_once=False))
    await prepare(desk, REPLACEMENT, card, reason=msg(f"replacement.reason.{why}.title"))


async def _card_and_reason(desk: Desk, steps: int) -> tuple[CardFacts, ReplacementReason]:
    await id_card(desk, Step(1, steps))
    chip = await social_security_card(desk, Step(2, steps), without=msg("replacement.without"))
    find = card_in_slot if chip else card_of_holder
    card = await find(desk, Kind.REPLACEMENT, _REFUSED, _not_now)
    return card, ReplacementReason.OUT_OF_DATE if _due(desk, card) else await _stated(desk)


def _not_now(card: CardFacts) -> Reason:
    return Reason.REPLACEMENT_FILED if card.replacement_filed else Reason.NOT_NOW


def _due(desk: Desk, card: CardFacts) -> bool:
    """By the centre's record, which decides."""
    if card.expires is None:
        return False
    return card.expires - dt.timedelta(days=desk.terminal.policy.renewal_days) <= desk.terminal.clock.now().date()


async def _stated(desk: Desk) -> ReplacementReason:
    page = Topics(title=msg("replacement.reason.title"), tiles=tuple(map(_tile, STATED)))
    chosen = await desk.ask(page)
    assert isinstance(chosen, Chosen)  # noqa: S101 - the page has no other answer
    return ReplacementReason(chosen.service)


def _tile(why: ReplacementReason) -> Tile:
    return Tile(why, msg(f"replacement.reason.{why}.title"), msg(f"replacement.reason.{why}.subtitle"))
