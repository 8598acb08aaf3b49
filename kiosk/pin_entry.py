"""PINs typed by the person: one that is remembered, or a new one, twice."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from kiosk.chip import Chip
from kiosk.desk import Desk
from kiosk.endings import Reason
from kiosk.pin import Pin
from kiosk.policy.pin import is_weak
from kiosk.prompts import Step, TypedPin, TypePin
from kiosk.terms import Person
from kiosk.words import Message, msg

ENTRIES = 5
"""How often a new PIN is asked for before the person is sent to the window."""


@contextlib.asynccontextmanager
async def remembered_pin(desk: Desk, step: Step, trouble: Message | None = None) -> AsyncIterator[Pin]:
    """The PIN the person says they remember; wiped at the end of the block."""
    with await _type(desk, step, "pin.remembered", trouble) as pin:
        yield pin


@contextlib.asynccontextmanager
async def old_pin(desk: Desk, step: Step, trouble: Message | None) -> AsyncIterator[Pin]:
    """The PIN that shall be changed; wiped at the end of the block."""
    with await _type(desk, step, "pin.old", trouble) as pin:
        yield pin


@contextlib.asynccontextmanager
async def new_pin(desk: Desk, person: Person, chip: Chip, step: Step, *, old: Pin | None = None) -> AsyncIterator[Pin]:
    """A new PIN, typed twice, not easy to guess and not the old one; wiped at the end of the block."""
    trouble: Message | None = None
    for _ in range(ENTRIES):
        with await _type(desk, step, "pin.new", trouble) as first:
            if is_weak(first, person, chip.card, desk.terminal.policy.pin.initial):
                desk.log.info("pin_too_weak")
                trouble = msg("pin.weak")
                continue
            if old is not None and first.same_as(old):
                desk.log.info("pin_is_the_old_one")
                trouble = msg("pin.same_as_old")
                continue
            with await _type(desk, step, "pin.again") as second:
                same = first.same_as(second)
            if same:
                yield first
                return
            desk.log.info("pins_differ")
            trouble = msg("pin.differ")
    await desk.refuse(Reason.NO_PIN_CHOSEN)


async def _type(desk: Desk, step: Step, what: str, trouble: Message | None = None) -> Pin:
    page = TypePin(
        step=step,
        title=msg(f"{what}.title"),
        body=msg("pin.body"),
        trouble=trouble,
        digits=desk.terminal.policy.pin.digits,
    )
    typed = await desk.ask(page)
    assert isinstance(typed, TypedPin)  # noqa: S101 - the page has no other answer
    return typed.pin
