"""The social security card in the slot: asked for, read, and kept powered as long as a service needs it."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import AsyncIterator
from typing import Any

import trio

from kiosk.chip import (
    AnotherPersons,
    CardTrouble,
    CentreRefused,
    Chip,
    ChipReading,
    NeedsTheCentre,
    NotGenuine,
    Visitor,
    open_chip,
)
from kiosk.desk import Desk
from kiosk.devices import (
    CardBlocked,
    CardIn,
    CardLockedForever,
    CardMute,
    CardPulled,
    CardUnexpected,
    MuteCard,
    NoCard,
    NotASocialSecurityCard,
    ReaderFailed,
    SlotState,
)
from kiosk.doubts import centre_says, weigh
from kiosk.endings import Broken, CardTaken, Reason
from kiosk.journal import View
from kiosk.patience import READING_S
from kiosk.prompts import InsertCard, Step, Without
from kiosk.words import Message, msg

CLOSING_S = 5
"""For the devices to power a card off; after that their own watchdog acts."""


class HeldCard:
    """A card that stays powered; taking it out ends the service, until `let_go_of_guard`."""

    def __init__(self, desk: Desk, chip: Chip, slot: SlotState) -> None:
        self.chip = chip
        self._desk = desk
        self._slot = slot

    async def guard(self) -> None:
        with self._desk.card_guard:
            await self._desk.terminal.hands.other_than(self._slot)
            self._desk.log.info("card_taken_out")
            await self._desk.leave(CardTaken())

    def let_go_of_guard(self) -> None:
        """From here on a pulled card is a value: something is about to be done to it."""
        self._desk.card_guard.cancel()


@contextlib.asynccontextmanager
async def own_card(desk: Desk, step: Step) -> AsyncIterator[HeldCard]:
    """The person's own card, powered from here to the end of the block."""
    slot, chip = await _present(desk, step, without=None)
    assert chip is not None  # noqa: S101 - nothing else was offered
    desk.card_guard = trio.CancelScope()
    held = HeldCard(desk, chip, slot)
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(held.guard)
            yield held
            held.let_go_of_guard()
    finally:
        await _close(desk)


async def social_security_card(desk: Desk, step: Step, *, without: Message | None = None) -> Chip | None:
    """The card in the slot, read and powered off; the same person's as the ID card, if one was read.

    None only where `without` offers to go on without one.
    """
    _, chip = await _present(desk, step, without=without)
    await _close(desk)
    return chip


async def _present(desk: Desk, step: Step, *, without: Message | None) -> tuple[SlotState, Chip | None]:
    if not desk.terminal.hands.news.card_reader.usable:
        return await _go_on_without_reader(desk, without)
    slot = desk.stale_slot
    left_behind = not isinstance(slot, NoCard) and desk.terminal.hands.slot == slot
    trouble: Message | None = msg("ssc.left_behind") if left_behind else None
    reading: ChipReading | None = None
    for _ in range(desk.terminal.policy.limits.readings):
        page = InsertCard(
            step=step,
            title=msg("ssc.title"),
            body=msg("ssc.body"),
            trouble=trouble,
            without=without,
            seconds=READING_S,
        )
        waiting = functools.partial(desk.terminal.hands.card_other_than, slot)
        answer = await desk.ask_while(page, waiting, READING_S)
        if isinstance(answer, Without):
            return NoCard(), None
        if isinstance(answer, ReaderFailed):
            desk.log.error("card_reader_failed", advice=answer.advice)
            return await _go_on_without_reader(desk, without)
        if isinstance(answer, CardIn | MuteCard):
            slot = answer
            reading = await _read_chip(desk, slot, step)
            if isinstance(reading, Chip):
                desk.chip = reading
                return slot, reading
            await _close(desk)
            desk.log.info("card_trouble", kind=type(reading).__name__)
            trouble = await _explain(desk, reading)
    await desk.refuse(_LAST_WORD.get(type(reading), Reason.CARD_UNREADABLE))


async def _go_on_without_reader(desk: Desk, without: Message | None) -> tuple[NoCard, None]:
    """Only where going on without a card was offered anyway."""
    if without is None:
        await desk.refuse(Reason.CARD_READER_FAILED)
    return NoCard(), None


async def _read_chip(desk: Desk, slot: CardIn | MuteCard, step: Step) -> ChipReading:
    if isinstance(slot, MuteCard):
        return CardMute()
    desk.show_work(msg("ssc.reading"), about_s=3, step=step)
    terminal = desk.terminal
    holder = desk.person.holder if desk.person else None
    visitor = Visitor(terminal.name, desk.visit, holder)
    try:
        reading = await open_chip(terminal.hands, terminal.line, terminal.seal, visitor)
        if isinstance(reading, Chip):
            desk.doubt = await _doubt_about(desk, reading)
    except trio.Cancelled:
        await _close(desk)
        raise
    if isinstance(reading, Chip):
        card, pin = reading.card, type(reading.pin).__name__
        desk.log.info("card_read", version=card.version, authenticated=reading.authenticated, pin=pin)
    return reading


async def _doubt_about(desk: Desk, chip: Chip) -> View | None:
    """What was in doubt about this card, as it stands after chip and centre were asked."""
    terminal = desk.terminal
    nothing_done = Broken(Reason.NOT_RECORDED)
    doubt = await desk.on_record(functools.partial(weigh, terminal.journal, chip), failed=nothing_done)
    record = await centre_says(terminal.line, doubt)
    if doubt is None or record is None:
        return doubt
    settle = functools.partial(terminal.journal.settle, doubt.id, record)
    return await desk.on_record(settle, failed=nothing_done)


async def _close(desk: Desk) -> None:
    with trio.CancelScope(shield=True, deadline=trio.current_time() + CLOSING_S):
        await desk.terminal.hands.close_card()


async def _explain(desk: Desk, reading: CardTrouble) -> Message:
    """What the person can do about it at the slot; what they cannot ends the service."""
    if isinstance(reading, CentreRefused):
        await desk.refuse_as_centre(reading.problem)
    if isinstance(reading, ReaderFailed):
        desk.log.error("card_reader_failed", advice=reading.advice)
    if type(reading) in _REASONS:
        await desk.refuse(_REASONS[type(reading)])
    return msg(_AT_THE_SLOT[type(reading)])


_AT_THE_SLOT: dict[type[CardTrouble], str] = {
    CardMute: "ssc.mute",
    NotASocialSecurityCard: "ssc.not_ssc",
    CardPulled: "ssc.pulled",
    AnotherPersons: "ssc.another_persons",
    CardUnexpected: "ssc.unexpected",
}
"""Taking the card out and trying again may help."""

_LAST_WORD: dict[type[Any], Reason] = {
    AnotherPersons: Reason.ANOTHER_PERSONS_CARD,
    NotASocialSecurityCard: Reason.NOT_SSC,
}
"""What it was, when it was always the same."""

_REASONS: dict[type[CardTrouble], Reason] = {
    CardBlocked: Reason.CARD_BLOCKED,
    CardLockedForever: Reason.CARD_LOCKED_FOREVER,
    NotGenuine: Reason.NOT_GENUINE,
    NeedsTheCentre: Reason.NO_LINE,
    ReaderFailed: Reason.CARD_READER_FAILED,
}
"""Only somebody else can help."""
