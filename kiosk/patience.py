"""How long the terminal waits for a person, and how it asks whether they are still there.

Time-outs are those of the field: a warning with one huge button, and as many extensions as somebody slow
may need; all of them are longer for whoever reads large type or listens, from the moment it was chosen.  Going
away is a cancellation of the visit, never an exception.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import trio

from kiosk.prompts import Answer, Prompt, Screen, StillThere

R = TypeVar("R")

IDLE_S = 60
"""A page without a touch."""
READING_S = 30
"""Waiting for a card."""
WARNING_S = 20
"""Before the end, the screen asks."""
EXTENSIONS = 10
"""How often the person may say that they are still there, a page."""


class NobodyThere:
    """The warning passed without an answer."""


class Patience:
    """Asks the screen on behalf of one visit."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    async def ask(self, prompt: Prompt, seconds: float = IDLE_S) -> Answer | NobodyThere:
        """Show a page until it is answered, or nobody is there any more."""
        for _ in range(EXTENSIONS + 1):
            answer = await self._until_idle(prompt, seconds)
            if answer is not None:
                return answer
            warned_s = WARNING_S * self._screen.pace
            with trio.move_on_after(warned_s) as warning:
                await self._screen.ask(StillThere(seconds=warned_s))
            if warning.cancelled_caught:
                break
        return NobodyThere()

    async def ask_while(
        self, prompt: Prompt, happening: Callable[[], Awaitable[R]], seconds: float = READING_S
    ) -> Answer | NobodyThere | R:
        """Show a page until it is answered or something else happens, whichever is first.

        The happening goes on while the person is asked whether they are still there.
        """
        first: list[Answer | NobodyThere | R] = []

        async with trio.open_nursery() as nursery:

            async def person() -> None:
                first.append(await self.ask(prompt, seconds))
                nursery.cancel_scope.cancel()

            async def world() -> None:
                first.append(await happening())
                nursery.cancel_scope.cancel()

            nursery.start_soon(person)
            nursery.start_soon(world)
        return first[0]

    async def _until_idle(self, prompt: Prompt, seconds: float) -> Answer | None:
        shown_at = trio.current_time()
        while True:
            idle_since = max(shown_at, self._screen.last_touch)
            left = idle_since + (seconds - WARNING_S) * self._screen.pace - trio.current_time()
            if left <= 0:
                return None
            with trio.move_on_after(left):
                return await self._screen.ask(prompt)
