"""How far something is, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from kiosk.prompts import Progress, Row
from screens.page import Page, load_kv
from screens.parts.fact import Fact
from screens.parts.stage_row import StageRow

load_kv(__file__)

MOST_STAGES, MOST_FACTS = 5, 4
"""A new card has five, and no more facts before them, or after."""


class ProgressPage(Page):
    """What is behind it, what is done now, what comes; where, whose, since when; what became of the slip."""

    stacks = True

    def __init__(self, **kwargs: Any) -> None:
        self._first = [Fact(shown=False) for _ in range(MOST_FACTS)]
        self._stages = [StageRow(shown=False) for _ in range(MOST_STAGES)]
        self._facts = [Fact(shown=False) for _ in range(MOST_FACTS)]
        super().__init__(**kwargs)
        for row in (*self._first, *self._stages, *self._facts):
            self.ids.leaves.add_widget(row)

    def render(self, prompt: Progress) -> None:
        self.step(prompt)
        self.ids.badge.tone = prompt.tone.value
        self.ids.title.text, self.ids.sentence.text = self.say(prompt.title), self.say(prompt.sentence)
        self.ids.paper.text = self.word(f"note_{prompt.paper.value}")
        for row, stage in zip_longest(self._stages, prompt.stages):
            row.shown = stage is not None
            row.clear()
            if stage is not None:
                row.state, row.label, row.value = stage.state.value, self.say(stage.label), self.say(stage.note)
        self._tell(self._first, prompt.first)
        self._tell(self._facts, prompt.rows)
        self.ids.done.text = self.word("done")

    def _tell(self, facts: Sequence[Fact], rows: Sequence[Row]) -> None:
        for fact, row in zip_longest(facts, rows):
            fact.shown = row is not None
            fact.label, fact.value = (self.say(row.label), self.say(row.value)) if row else ("", "")
