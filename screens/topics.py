"""What the guide can tell about."""

from __future__ import annotations

from kiosk.prompts import Topics
from screens.page import Page, load_kv

load_kv(__file__)


class TopicsPage(Page):
    """A tile for each topic."""

    stacks = True

    def render(self, prompt: Topics) -> None:
        self.step(prompt)
        self.ids.steps.shown = prompt.step is not None
        self.ids.title.text = self.say(prompt.title)
        self.ids.leaves.set(prompt.tiles, self.say)
