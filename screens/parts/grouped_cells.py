"""A long number as it is typed and read out: its groups one below the other, a box for each character."""

from __future__ import annotations

import itertools
from typing import Any

from kivy.properties import ListProperty, OptionProperty, StringProperty

from screens.parts.cells import DENSE_LARGE_MM, DENSE_MM, DENSE_UPRIGHT_MM, SIZE_MM, Cells
from screens.parts.column import Column

BETWEEN_MM = 2


class GroupedCells(Column):
    """`text` in rows of `groups`; the box that is typed into next is marked."""

    text = StringProperty("")
    groups = ListProperty([])
    """How many characters stand in each."""
    align = OptionProperty("left", options=("left", "center"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(gap_mm=BETWEEN_MM, **kwargs)
        for name in ("text", "groups", "align"):
            self.fbind(name, self._dress)

    def _size_mm(self) -> tuple[float, float]:
        if not self.theme.compact:
            return SIZE_MM
        return DENSE_LARGE_MM if self.theme.look.large else DENSE_MM

    def clear(self) -> None:
        self.text = ""

    def _dress(self, *_: object) -> None:
        while len(self.children) < len(self.groups):
            self.add_widget(Cells(self._size_mm(), DENSE_UPRIGHT_MM, shown=False))  # showing it tells all columns
        starts = [0, *itertools.accumulate(self.groups)]
        for number, row in enumerate(reversed(self.children)):
            row.shown = number < len(self.groups)
            row.align, row.of = self.align, self.groups[number] if row.shown else 0
            row.text = self.text[starts[number] : starts[number + 1]] if row.shown else ""
            row.reached = row.shown and len(self.text) >= starts[number]
