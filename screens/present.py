"""The two pages that ask for a card: what to do, a picture of it, how long the terminal waits."""

from __future__ import annotations

from typing import Any

from kiosk.prompts import Present
from screens.page import Page, load_kv

load_kv(__file__)


class PresentPage(Page):
    """Ended by the card itself, by 返回, or by a person who does not have it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if self.theme.stacked:
            self._stack_beside()

    def _stack_beside(self) -> None:
        """The ring beside the button, and what went wrong in place of what was said before."""
        self.ids.wait.remove_widget(self.ids.ring)
        self.ids.wait.shown = False
        self.ids.acts.add_widget(self.ids.ring, index=1)
        self.ids.do.remove_widget(self.ids.trouble)
        self.ids.say.add_widget(self.ids.trouble)

    def render(self, prompt: Present) -> None:
        self.step(prompt)
        self.ids.title.text, self.ids.body.text = self.say(prompt.title), self.say(prompt.body)
        self.ids.trouble.text = self.say(prompt.trouble) if prompt.trouble else ""
        self.ids.without.text = self.say(prompt.without) if prompt.without else ""
        self.ids.without.shown = prompt.without is not None
        self.ids.body.shown = not (prompt.trouble and self.theme.stacked)
        self.ids.ring_words.text = self.word("waits")

    def begin(self, prompt: Present) -> None:
        self._seconds = prompt.seconds
        self.ids.ring.start(prompt.seconds * self.pace)
        self.ids.picture.start()

    def touched(self) -> None:
        """The desk waits anew after every touch."""
        self.ids.ring.start(self._seconds * self.pace)

    def leave(self) -> None:
        self.ids.ring.stop()
        self.ids.picture.stop()

    def picture(self, name: str, *, over: bool) -> None:
        """Which card goes where."""
        self.ids.picture.name, self.ids.picture.over = name, over
