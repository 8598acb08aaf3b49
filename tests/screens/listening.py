"""A voice that is heard at once and remembered, and a face that draws nothing."""

from __future__ import annotations

import trio

from kiosk.prompts import Call, Prompt, Standing, StillThere
from kiosk.terms import DeviceOk, DeviceState
from screens.manner import Manner, Speed
from screens.presenter import Move
from screens.speech.utterance import Utterance

BEEP = "beep"


class Ears:
    """`Voice`: a sentence takes a second for each ten characters of virtual time."""

    def __init__(self) -> None:
        self.state: DeviceState = DeviceOk()
        self.begun: list[str] = []
        self.heard: list[str] = []
        """To their end."""
        self.manners: list[tuple[int, Speed]] = []

    async def say(self, utterance: Utterance, volume: int, speed: Speed) -> None:
        self.manners.append((volume, speed))
        await self._hear(utterance.text.strip(), len(utterance.text) / 10)

    async def beep(self, volume: int) -> None:
        await self._hear(BEEP, 0.2)

    async def _hear(self, what: str, seconds: float) -> None:
        self.begun.append(what)
        await trio.sleep(seconds)
        self.heard.append(what)

    def forget(self) -> None:
        self.begun.clear()
        self.heard.clear()


class Blank:
    """A face for pages that nobody looks at."""

    def present(self, prompt: Prompt, manner: Manner, move: Move) -> None: ...

    def overlay(self, prompt: StillThere | None, manner: Manner) -> None: ...

    def stand(self, standing: Standing, manner: Manner) -> None: ...

    def tell_call(self, call: Call, manner: Manner) -> None: ...

    def clear(self) -> None: ...
