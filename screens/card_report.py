"""What is known of a card, in plain words, and what can be done with it now."""

from __future__ import annotations

from typing import Any

from kiosk.prompts import CardReport
from screens.page import Page, load_kv
from screens.parts.fact import Fact

load_kv(__file__)


class CardReportPage(Page):
    """Rows of facts; the services that fit; 办完了."""

    stacks = True

    def __init__(self, **kwargs: Any) -> None:
        self._facts: list[Fact] = []
        super().__init__(**kwargs)

    def render(self, prompt: CardReport) -> None:
        self.step(prompt)
        self.ids.badge.tone = prompt.tone.value
        self.ids.title.text, self.ids.sentence.text = self.say(prompt.title), self.say(prompt.sentence)
        self._rows([(self.say(row.label), self.say(row.value)) for row in prompt.rows])
        self.ids.next.set(prompt.next, self.say)
        self.ids.done.text = self.word("done")

    def _rows(self, rows: list[tuple[str, str]]) -> None:
        while len(self._facts) < len(rows):
            self._facts.append(Fact())
            self.ids.leaves.add_widget(self._facts[-1])
        for number, fact in enumerate(self._facts):
            fact.shown = number < len(rows)
            fact.label, fact.value = rows[number] if fact.shown else ("", "")
