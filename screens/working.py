"""Something is being done: what, and about how long."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock

from kiosk.prompts import Working
from screens.page import Page, load_kv

load_kv(__file__)

STILL_AT_IT_S = 3
"""After this a person wonders whether anything happens."""


class WorkingPage(Page):
    """A bar that fills once a second; it says so when it takes longer than it should."""

    def __init__(self, **kwargs: Any) -> None:
        self._passed = 0
        super().__init__(**kwargs)
        self._tick = Clock.create_trigger(lambda _dt: self.second(), 1, interval=True)

    def render(self, prompt: Working) -> None:
        self._prompt = prompt
        self.step(prompt)
        self.ids.title.text = self.say(prompt.doing)
        self.ids.body.text = self.word("working_about", seconds=prompt.about_s)
        self._tell()

    def begin(self, prompt: Working) -> None:
        self._passed = 0
        self._tick.cancel()
        self._tick()
        self._tell()

    def leave(self) -> None:
        self._tick.cancel()

    def second(self) -> None:
        """One more has passed."""
        self._passed += 1
        self._tell()

    def _tell(self) -> None:
        """The bar stops short of its end: only the next page says that it is done."""
        about = max(1, self._prompt.about_s)
        self.ids.bar.part = min(0.95, self._passed / about)
        if self._passed > about:
            self.ids.still.text = self.word("working_longer")
        elif self._passed >= STILL_AT_IT_S:
            self.ids.still.text = self.word("working_still")
        else:
            self.ids.still.text = self.word("working_stay")
