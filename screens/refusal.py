"""What cannot be done here, why, and where it can."""

from __future__ import annotations

from kiosk.prompts import Refusal
from screens.page import Page, load_kv

load_kv(__file__)


class RefusalPage(Page):
    """Never an error code: a reason, a place, a number to call."""

    stacks = True

    def stack(self) -> None:
        """What to do comes first, and why after it."""
        super().stack()
        leaves, why = self.ids.leaves, self.ids.why
        leaves.remove_widget(why)
        leaves.add_widget(why, index=leaves.children.index(self.ids.hotline) + 1)

    def render(self, prompt: Refusal) -> None:
        self.ids.badge.tone = prompt.tone.value
        self.ids.title.text, self.ids.why.text = self.say(prompt.title), self.say(prompt.why)
        self.ids.where.label, self.ids.where.value = self.word("refusal_where"), self.say(prompt.where)
        self.ids.slip.text = self.word("refusal_slip") if prompt.slip_comes else ""
        self.ids.hotline.dress(self.word("hotline"), prompt.hotline)
        self.ids.done.text = self.word("understood")
