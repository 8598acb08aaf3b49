"""Nothing can be done here now."""

from __future__ import annotations

from kiosk.prompts import OutOfService
from screens.page import Page, load_kv

load_kv(__file__)


class OutOfServicePage(Page):
    """Why, and where help is."""

    stacks = True

    def render(self, prompt: OutOfService) -> None:
        self.ids.title.text, self.ids.why.text = self.word("closed_title"), self.say(prompt.why)
        self.ids.window.label, self.ids.window.value = self.word("help_window_label"), self.word("help_window")
        self.ids.hotline.dress(self.word("hotline"), prompt.hotline)
