"""Matter that turns leaves where it does not fit on one: nothing is cut off, and nobody must scroll."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty

from screens.parts.button import ActButton
from screens.parts.column import LEVELS, Column
from screens.parts.part import Part
from screens.parts.surface import Surface


class Leaves(Column):
    """As many of its parts as fit, in their order; whoever turns comes to the others."""

    leaf = NumericProperty(0)
    of = NumericProperty(1)
    more = BooleanProperty(False)
    """This leaf is not the last."""
    yields = True

    def __init__(self, **kwargs: Any) -> None:
        self._wanted = 0
        """Outlives moments in which everything would fit, while the page round it is laid out."""
        super().__init__(**kwargs)

    def turn(self, by: int = 1) -> None:
        """Forward, or back."""
        self.open(self.leaf + by)

    def open(self, leaf: int) -> None:
        """Show this one, or the last there is."""
        self._wanted = leaf
        self.lay_out()

    def clear(self) -> None:
        super().clear()
        self._wanted = self.leaf = 0

    def parts(self) -> list[Part]:
        """Those of the leaf that is shown."""
        return [part for part in self.whole() if not part.aside]

    def whole(self) -> list[Part]:
        """Those of all leaves."""
        return super().parts()

    def measure(self, width: float, level: int) -> float:
        """As if everything stood on one leaf."""
        return self._high(self.whole(), width, level)

    def lay_out(self) -> None:
        level = self.fitting_level()
        if self.measure(self.width, level) <= self.height:
            level, leaves = max(level, self.level), [self.whole()]
        else:
            ways = [(self._leaves(level), level) for level in LEVELS if self._each_fits(level) or level == LEVELS[-1]]
            leaves, level = min(ways, key=lambda way: len(way[0]))
        self.of, self.leaf = len(leaves), min(self._wanted, len(leaves) - 1)
        self.more = self.leaf < self.of - 1
        for number, parts in enumerate(leaves):
            for part in parts:
                part.aside, part.first = number != self.leaf, part is parts[0]
        self.lay_out_at(level)

    def _each_fits(self, level: int) -> bool:
        """On a leaf of its own."""
        return all(self._high([part], self.width, level) <= self.height for part in self.whole())

    def _leaves(self, level: int) -> list[list[Part]]:
        """As few as there can be, and those about equally full."""
        leaves, limit = self._filled(self.height, level), self.height
        while len(even := self._filled(limit, level)) == len(leaves):
            leaves, fullest = even, max(even, key=lambda parts: self._high(parts, self.width, level))
            if len(fullest) == 1:
                break
            limit = self._high(fullest, self.width, level) - 1
        return leaves

    def _filled(self, height: float, level: int) -> list[list[Part]]:
        leaves: list[list[Part]] = [[]]
        for part in self.whole():
            if leaves[-1] and self._high([*leaves[-1], part], self.width, level) > height:
                leaves.append([])
            leaves[-1].append(part)
        return leaves

    def _high(self, parts: list[Part], width: float, level: int) -> float:
        return self._sum(parts, [part.measure(self.inner_width(width), level) for part in parts])


class LeafPaper(Leaves, Surface):
    """Leaves of paper."""


class Frame(Column):
    """Room round leaves that are no higher than they must be."""

    yields = True

    def fitting_level(self) -> int:
        """The leaves' own business."""
        return 0

    def _stretched(self, parts: list[Part], heights: list[float]) -> list[float]:
        return super()._stretched(parts, [min(height, self.height) for height in heights])


class TurnButton(ActButton):
    """Stands where the page's own act will be, until the last leaf has been seen."""

    leaves = ObjectProperty(rebind=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(name="turn", **kwargs)
