"""What can be done now."""

from __future__ import annotations

from kiosk.prompts import Home
from screens.page import Page, load_kv

load_kv(__file__)


class HomePage(Page):
    """A tile for each need; a greyed one says why."""

    stacks = True

    def render(self, prompt: Home) -> None:
        self.ids.title.text = self.word("home_title")
        self.ids.body.text = self.word("home_body")
        self.ids.leaves.set(prompt.tiles, self.say)
        self.ids.body.shown = not self.theme.stacked
