"""One topic of the guide."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from kiosk.prompts import Advice
from screens.page import Page, load_kv
from screens.parts.point import Point

load_kv(__file__)


class AdvicePage(Page):
    """Sentences, and points with a box; printed by whoever wants to take it home."""

    stacks = True

    def __init__(self, **kwargs: Any) -> None:
        self._lines: list[Point] = []
        super().__init__(**kwargs)

    def render(self, prompt: Advice) -> None:
        self.ids.title.text = self.say(prompt.title)
        self.ids.as_of.text = self.say(prompt.as_of) if prompt.as_of else ""
        self.ids.paper.text = self.word(f"advice_{prompt.paper.value}") if prompt.paper else ""
        while len(self._lines) < len(prompt.lines):
            self._lines.append(Point())
            self.ids.leaves.add_widget(self._lines[-1])
        for shown, line in zip_longest(self._lines, prompt.lines):
            shown.shown = line is not None
            shown.text, shown.boxed = (self.say(line.text), line.point) if line else ("", False)
            shown.code = (line.code or "") if line else ""
        self.ids.print.shown = prompt.printable
        self.ids.print.text, self.ids.done.text = self.word("advice_print"), self.word("understood")
