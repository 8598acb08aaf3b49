"""修改密码: a new PIN for who knows the old one.  The chip decides; the centre only hears of it.  LD/T 33 iChangePIN.

Offline only where the chip shows its holder without the centre; the card's status is not checked then, and the slip
says so.
"""

from __future__ import annotations

from typing import NoReturn

from kiosk.card_in_slot import own_card
from kiosk.chip import Chip
from kiosk.contract import CardFacts, Kind
from kiosk.desk import Desk
from kiosk.endings import Finished, Reason
from kiosk.identification import id_card
from kiosk.line import NoAnswer
from kiosk.live import FEW_TRIES, NobodyKnows, NothingDone
from kiosk.pin_change import ChangeEnd, OldPinWrong, PinIsNew, change_on_the_chip
from kiosk.pin_entry import new_pin, old_pin
from kiosk.policy.eligibility import CHANGE_PIN, RESET_PIN, fitting, tile
from kiosk.prompts import CardReport, Confirm, Row, Step, Tile, Tone
from kiosk.services.chip_results import end_with, refuse_undone, require_legal, where_to_reset
from kiosk.slips.receipts import PinWord
from kiosk.terms import NoPin, Person, PinBlocked, PinLockedForever, PinState, PinUnknown, TriesLeft
from kiosk.words import Message, msg

STEPS = 5


async def change_pin(desk: Desk) -> None:
    person = await id_card(desk, Step(1, STEPS))
    async with own_card(desk, Step(2, STEPS)) as held:
        chip = held.chip
        await _require_a_pin(desk, chip.pin)
        card = await _checked(desk, chip)
        tries = await _require_tries(desk, chip, card)
        await desk.confirm(_notice(person, chip, card, tries))
        warning = msg("pin.few_tries", tries=tries) if tries <= FEW_TRIES else None
        async with (
            old_pin(desk, Step(4, STEPS), warning) as old,
            new_pin(desk, person, chip, Step(5, STEPS), old=old) as new,
        ):
            held.let_go_of_guard()
            desk.show_work(msg("reset.working"), about_s=3, step=Step(5, STEPS))
            end = await change_on_the_chip(desk, chip, tries, old, new)
    if isinstance(end, PinIsNew | NobodyKnows):
        desk.initial_pin = False
    await _tell(desk, chip, card, end)


# --- before -----------------------------------------------------------------------------------


async def _require_a_pin(desk: Desk, pin: PinState) -> None:
    match pin:
        case NoPin():
            await desk.refuse(Reason.NO_PIN_TO_CHANGE)
        case PinLockedForever():
            await desk.refuse(Reason.CARD_LOCKED_FOREVER)
        case PinUnknown():
            await desk.refuse(Reason.PIN_UNKNOWN)
        case TriesLeft() | PinBlocked():
            return


async def _checked(desk: Desk, chip: Chip) -> CardFacts | None:
    """None: the centre cannot be asked, and the chip showed its holder without it."""
    cards = await desk.cards()
    if not isinstance(cards, NoAnswer):
        return await require_legal(desk, cards, Kind.PIN_CHANGED)
    if chip.card.holder_needs_authentication:
        await desk.refuse(Reason.NO_LINE)
    return None


async def _require_tries(desk: Desk, chip: Chip, card: CardFacts | None) -> int:
    """A blocked PIN is not changed, but reset or unblocked."""
    if isinstance(chip.pin, TriesLeft):
        return chip.pin.tries
    await _report(desk, chip, "blocked", chip.pin, _after_wrong(desk, card, chip.pin))


def _notice(person: Person, chip: Chip, card: CardFacts | None, tries: int) -> Confirm:
    return Confirm(
        step=Step(3, STEPS),
        title=msg("change.confirm.title"),
        subject=(
            msg("loss.subject", name=person.holder.masked_name, last4=chip.card.last4),
            msg("loss.now.normal" if card else "loss.now.unknown"),
            msg("change.few_tries" if tries <= FEW_TRIES else "change.tries", tries=tries),
        ),
        after=msg("reset.after"),
        not_covered=msg("reset.not_covered"),
        undo=msg("reset.undo"),
        act=msg("change.act"),
        decline=msg("change.decline"),
    )


# --- after ------------------------------------------------------------------------------------


async def _tell(desk: Desk, chip: Chip, card: CardFacts | None, end: ChangeEnd) -> None:
    match end:
        case PinIsNew(view=view) if card:
            await end_with(desk, view, Tone.GOOD, PinWord.CHANGED)
        case PinIsNew(view=view):
            await end_with(desk, view, Tone.WAITING, PinWord.CHANGED_UNCHECKED)
        case OldPinWrong(state=state):
            await _report(desk, chip, _wrong(state), state, _after_wrong(desk, card, state))
        case NothingDone():
            await refuse_undone(desk, end)
        case NobodyKnows(view=view):
            await end_with(desk, view, Tone.WAITING, PinWord.CHANGE_DOUBT if card else PinWord.CHANGE_DOUBT_UNCHECKED)


def _wrong(state: PinState) -> str:
    match state:
        case TriesLeft(tries=tries):
            return "wrong_few" if tries <= FEW_TRIES else "wrong"
        case _:
            return "blocked"


def _after_wrong(desk: Desk, card: CardFacts | None, state: PinState) -> tuple[Tile, ...]:
    """Once more, if the person wants it; a new PIN or the tries back, where that is to be had."""
    terminal = desk.terminal
    once_more = (tile(CHANGE_PIN),) if isinstance(state, TriesLeft) and desk.offers(CHANGE_PIN) else ()
    restored = fitting(card, PinBlocked(), terminal.readiness, terminal.policy) if card else ()
    return once_more + tuple(one for one in restored if isinstance(state, PinBlocked) or one.service == RESET_PIN)


async def _report(desk: Desk, chip: Chip, word: str, pin: PinState, following: tuple[Tile, ...]) -> NoReturn:
    """The PIN is as it was: what is left of its tries, and what can be done now."""
    desk.log.info("pin_not_changed", word=word)
    desk.card_guard.cancel()
    await desk.close_with(
        CardReport(
            step=Step(STEPS, STEPS),
            tone=Tone.WAITING,
            title=msg(f"change.{word}.title"),
            sentence=msg(f"change.{word}.sentence", forgotten=msg(f"forgotten.{where_to_reset(desk)}")),
            rows=(
                Row(msg("row.card"), msg("row.card.value", last4=chip.card.last4)),
                Row(msg("row.pin"), _tries(pin)),
            ),
            next=following,
        )
    )
    await desk.leave(Finished())


def _tries(pin: PinState) -> Message:
    return msg("pin.tries_left", tries=pin.tries) if isinstance(pin, TriesLeft) else msg("pin.blocked")
