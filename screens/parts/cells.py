"""A code as it is typed: a box for each digit, the next one marked."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty

from screens.parts.column import place
from screens.parts.part import Part, theme
from screens.parts.surface import Surface
from screens.parts.text import Text

Size = tuple[float, float]

SIZE_MM, SIZE_UPRIGHT_MM = (12, 15), (18, 21)
"""Width and height; upright they stand alone above the keys."""
DENSE_MM, DENSE_LARGE_MM, DENSE_UPRIGHT_MM = (9, 10.5), (10.5, 13), (15, 18)
"""The same where several rows stand together; the second for large type."""
BETWEEN_MM = 1.8


class Cell(Surface):
    """One digit."""

    def __init__(self, **kwargs: Any) -> None:
        self.figure = Text(type_size="title", bold=True, align="center", one_line=True)
        super().__init__(edge_mm=0.4, corner_mm=2, **kwargs)
        self.add_widget(self.figure)

    def lay_out(self) -> None:
        place(self.figure, self.x, self.y, self.width, self.height, 0)


class Cells(Part):
    """`text` in `of` boxes."""

    text = StringProperty("")
    of = NumericProperty(0)
    align = OptionProperty("left", options=("left", "center"))
    reached = BooleanProperty(True)
    """What comes before it has been typed."""

    def __init__(self, size_mm: Size = SIZE_MM, upright_mm: Size = SIZE_UPRIGHT_MM, **kwargs: Any) -> None:
        self._wide_mm, self._high_mm = upright_mm if theme().panel.portrait else size_mm
        super().__init__(**kwargs)
        for name in ("text", "of", "align", "reached", "size", "pos"):
            self.fbind(name, self._dress)

    def measure(self, width: float, level: int) -> float:
        return self.theme.mm(self._high_mm)

    def clear(self) -> None:
        self.text = ""

    def _dress(self, *_: object) -> None:
        while len(self.children) < self.of:
            self.add_widget(Cell())
        gap, cells = self.theme.mm(BETWEEN_MM), list(reversed(self.children))
        width = min(self.theme.mm(self._wide_mm), (self.width - gap * (self.of - 1)) / max(1, self.of))
        slack = self.width - self.of * (width + gap) + gap
        left = self.x + (slack / 2 if self.align == "center" else 0)
        for number, cell in enumerate(cells):
            cell.shown = number < self.of
            cell.figure.text = self.text[number : number + 1]
            following = self.reached and number == len(self.text)
            cell.edge, cell.edge_mm = ("accent", 1) if following else ("line", 0.4)
            place(cell, left + number * (width + gap), self.y, width, self.height, 0)
