"""Parts one below the other, or side by side, in as much type as fits."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import ListProperty, NumericProperty, OptionProperty

from screens.parts.part import Part

LEVELS = (0, 1, 2)


class Column(Part):
    """Lays its parts out from top to bottom.  When they do not fit, all of them take smaller type together."""

    gap_mm = NumericProperty(3)
    padding_mm = ListProperty([0, 0])
    """Left and right, above and below."""
    valign = OptionProperty("middle", options=("top", "middle", "bottom"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._later = Clock.create_trigger(lambda _dt: self.lay_out(), -1)
        for name in ("size", "pos", "children", "gap_mm", "padding_mm", "valign"):
            self.fbind(name, self._later)

    def parts(self) -> list[Part]:
        return [part for part in reversed(self.children) if part.shown]

    def measure(self, width: float, level: int) -> float:
        parts = self.parts()
        return self._sum(parts, [part.measure(self.inner_width(width), level) for part in parts])

    def inner_width(self, width: float) -> float:
        return width - 2 * self.theme.mm(self.padding_mm[0])

    def fitting_level(self) -> int:
        """The largest type with which everything fits, or the smallest there is."""
        return next((level for level in LEVELS if self.measure(self.width, level) <= self.height), LEVELS[-1])

    def lay_out(self) -> None:
        """At the level it has been given, or the least its height needs."""
        self.lay_out_at(max(self.level, self.fitting_level()))

    def lay_out_at(self, level: int) -> None:
        side, edge = (self.theme.mm(mm) for mm in self.padding_mm)
        parts, width = self.parts(), self.inner_width(self.width)
        heights = self._stretched(parts, [part.measure(width, level) for part in parts])
        spare = self.height - self._sum(parts, heights)
        top = self.upper - edge - {"top": 0, "middle": spare / 2, "bottom": spare}[self.valign]
        for part, height in zip(parts, heights, strict=True):
            place(part, self.x + side, top - height, width, height, level)
            top -= height + (self.theme.mm(self.gap_mm) if height or part.stretch else 0)

    def fit(self, level: int) -> None:
        super().fit(level)
        self._later()

    def changed(self, *_: object) -> None:
        super().changed()
        self._later()

    def _sum(self, parts: list[Part], heights: list[float]) -> float:
        taken = sum(1 for part, height in zip(parts, heights, strict=True) if height or part.stretch)
        gaps = max(0, taken - 1) * self.theme.mm(self.gap_mm)
        return sum(heights) + gaps + 2 * self.theme.mm(self.padding_mm[1])

    def _stretched(self, parts: list[Part], heights: list[float]) -> list[float]:
        spare, shares = self.height - self._sum(parts, heights), sum(part.stretch for part in parts)
        if spare < 0:
            return [height + spare if part.yields else height for part, height in zip(parts, heights, strict=True)]
        if not shares:
            return heights
        wanted = [height + spare * part.stretch / shares for part, height in zip(parts, heights, strict=True)]
        return [
            min(height, max(least, self.theme.mm(part.most_mm))) if part.most_mm else height
            for part, height, least in zip(parts, wanted, heights, strict=True)
        ]


class Row(Part):
    """Parts side by side: those with a `width_mm` take it, the rest share by `stretch`, where 0 counts as 1."""

    gap_mm = NumericProperty(3.5)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._later = Clock.create_trigger(lambda _dt: self.lay_out(), -1)
        for name in ("size", "pos", "children", "gap_mm"):
            self.fbind(name, self._later)

    def parts(self) -> list[Part]:
        return [part for part in reversed(self.children) if part.shown]

    def widths(self, width: float) -> list[float]:
        parts = self.parts()
        room = width - self.theme.mm(self.gap_mm) * (len(parts) - 1)
        room -= sum(self.theme.mm(part.width_mm) for part in parts)
        shares = sum(part.stretch or 1 for part in parts if not part.width_mm)
        return [self.theme.mm(part.width_mm) or room * (part.stretch or 1) / shares for part in parts]

    def measure(self, width: float, level: int) -> float:
        pairs = zip(self.parts(), self.widths(width), strict=True)
        return max((part.measure(wide, level) for part, wide in pairs), default=0)

    def lay_out(self) -> None:
        left = self.x
        for part, width in zip(self.parts(), self.widths(self.width), strict=True):
            place(part, left, self.y, width, self.height, self.level)
            left += width + self.theme.mm(self.gap_mm)

    def fit(self, level: int) -> None:
        super().fit(level)
        self._later()

    def changed(self, *_: object) -> None:
        super().changed()
        self._later()


def place(part: Part, x: float, y: float, width: float, height: float, level: int) -> None:
    part.fit(level)
    part.size = round(width), round(height)
    part.pos = round(x), round(y)
