"""What is known of a card, in plain words, and what can be done with it now."""

from __future__ import annotations

from kiosk.prompts import CardReport
from screens.page import Page, load_kv
from screens.parts.fact import Fact

load_kv(__file__)


class CardReportPage(Page):
    """Rows of facts; the services that fit; 办完了."""

    def render(self, prompt: CardReport) -> None:
        self.step(prompt)
        self.ids.badge.tone = prompt.tone.value
        self.ids.title.text, self.ids.sentence.text = self.say(prompt.title), self.say(prompt.sentence)
        self._rows([(self.say(row.label), self.say(row.value)) for row in prompt.rows])
        self.ids.next.set(prompt.next, self.say)
        self.ids.done.text = self.word("done")

    def _rows(self, rows: list[tuple[str, str]]) -> None:
        table = self.ids.rows
        while len(table.children) < len(rows):
            table.add_widget(Fact(first=not table.children))
        for number, row in enumerate(reversed(table.children)):
            row.shown = number < len(rows)
            row.label, row.value = rows[number] if row.shown else ("", "")
