"""A service has come to its end."""

from __future__ import annotations

from typing import Any

from kiosk.prompts import Result
from screens.page import Page, load_kv
from screens.parts.column import Column

load_kv(__file__)


class ResultPage(Page):
    """One sign, one sentence, what is not covered, the slip as a picture; the reference always in words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if self.theme.stacked:
            self._leave_out_the_picture()

    def _leave_out_the_picture(self) -> None:
        """So small nobody could read it; what counts of it stands on the last leaf."""
        side, kept = self.ids.paper_side, Column(gap_mm=1)
        for text in (self.ids.paper, self.ids.reference, self.ids.hotline):
            side.remove_widget(text)
            text.align = "left"
            kept.add_widget(text)
        side.remove_widget(self.ids.again)
        self.ids.again.stretch = self.ids.next.stretch
        self.ids.acts.add_widget(self.ids.again)
        self.ids.leaves.add_widget(kept)
        side.shown, side.size = False, (1, 1)

    def render(self, prompt: Result) -> None:
        self.ids.badge.tone = prompt.tone.value
        self.ids.title.text, self.ids.sentence.text = self.say(prompt.title), self.say(prompt.sentence)
        self.ids.warning.text = self.say(prompt.warning) if prompt.warning else ""
        self.ids.reference.text = self.word("reference", reference=prompt.reference)
        self.ids.hotline.text = self.word("hotline_beside", hotline=prompt.hotline)
        self.ids.paper.text = self.word(f"paper_{prompt.paper.value}")
        self.ids.slip.slip = prompt.slip
        self.ids.again.shown, self.ids.again.text = prompt.again, self.word("print_again")
        self.ids.next.set(prompt.next[:1], self.say)
        self.ids.done.text = self.say(prompt.goes_on) if prompt.goes_on else self.word("done")
