"""The keys of the PIN pad on their way to the screen.  The pad is on while the screen asks something, off otherwise."""

from __future__ import annotations

import trio

from kiosk.devices import FigurePressed, PadKeyPressed, PinPadFailed
from kiosk.hands import COMES_BACK_S, Hands
from kiosk.prompts import Screen


async def pass_on_keys(screen: Screen, hands: Hands) -> None:
    """Until cancelled; also at a terminal without a pad, which may get one."""
    while True:
        await screen.asks()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_listen, screen, hands)
            await screen.asks_nothing()
            nursery.cancel_scope.cancel()


async def _listen(screen: Screen, hands: Hands) -> None:
    while True:
        if not hands.has_pin_pad:
            await hands.changed()
            continue
        match await hands.read_pad_key():
            case FigurePressed(pin=pin):
                with pin:
                    for figure in pin:
                        screen.press(figure)
            case PadKeyPressed(key=key):
                screen.press(key)
            case PinPadFailed():
                with trio.move_on_after(COMES_BACK_S):
                    await hands.changed()
