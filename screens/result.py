"""A service has come to its end."""

from __future__ import annotations

from kiosk.prompts import Result
from screens.page import Page, load_kv

load_kv(__file__)


class ResultPage(Page):
    """One sign, one sentence, what is not covered, the slip as a picture; the reference always in words."""

    def render(self, prompt: Result) -> None:
        self.ids.badge.tone = prompt.tone.value
        self.ids.title.text, self.ids.sentence.text = self.say(prompt.title), self.say(prompt.sentence)
        self.ids.warning.text = self.say(prompt.warning) if prompt.warning else ""
        self.ids.reference.text = self.word("reference", reference=prompt.reference)
        self.ids.hotline.text = self.word("hotline_beside", hotline=prompt.hotline)
        self.ids.paper.text = self.word(f"paper_{prompt.paper.value}")
        self.ids.slip.slip = prompt.slip
        self.ids.next.set(prompt.next[:1], self.say)
        self.ids.done.text = self.word("done")
