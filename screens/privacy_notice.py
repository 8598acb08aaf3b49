"""Shown before an ID card is read."""

from __future__ import annotations

from itertools import zip_longest

from kiosk.prompts import PrivacyNotice
from screens.page import Page, load_kv
from screens.parts.card_row import CardRow

load_kv(__file__)


class PrivacyNoticePage(Page):
    """What is read, why, and how long it is kept; then 同意 or not."""

    stacks = True

    def render(self, prompt: PrivacyNotice) -> None:
        self.step(prompt)
        self.ids.title.text = self.say(prompt.title)
        rows = self.ids.leaves
        while len(rows.children) < len(prompt.rows):
            rows.add_widget(CardRow(stretch=1, most_mm=0 if self.theme.panel.portrait else 42))
        for shown, row in zip_longest(reversed(rows.children), prompt.rows):
            shown.shown = row is not None
            shown.label, shown.value = (self.say(row.label), self.say(row.value)) if row else ("", "")
        self.ids.agree.text, self.ids.decline.text = self.word("agree"), self.word("decline")
