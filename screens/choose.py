"""Which of several ways."""

from __future__ import annotations

from kiosk.prompts import Choose
from screens.page import Page, load_kv

load_kv(__file__)


class ChoosePage(Page):
    """A tile for each."""

    stacks = True

    def render(self, prompt: Choose) -> None:
        self.step(prompt)
        self.ids.title.text, self.ids.body.text = self.say(prompt.title), self.say(prompt.body)
        self.ids.leaves.set(prompt.options, self.say)
        self.ids.body.shown = not self.theme.stacked
