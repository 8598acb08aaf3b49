"""The services that fit now, as secondary buttons beside the page's own act."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from kivy.clock import Clock

from kiosk.prompts import Tile
from kiosk.words import Message
from screens.parts.button import ActButton
from screens.parts.column import Row, place
from screens.parts.part import Part


class NextActs(Row):
    """One, or two where there is room; the others stand on the home page anyway."""

    __events__ = ("on_choose",)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._services: dict[ActButton, str] = {}

    def set(self, tiles: tuple[Tile, ...], say: Callable[[Message], str]) -> None:
        """Show these; closed ones are left out, they would only tease."""
        opened = [tile for tile in tiles if not tile.closed][: 1 if self.theme.compact else 2]
        while len(self.children) < len(opened):
            self.add_widget(ActButton(kind="secondary", on_release=self._chosen))
        for button, tile in zip_longest(reversed(self.children), opened):
            button.shown = tile is not None
            button.text, self._services[button] = (say(tile.title), tile.service) if tile else ("", "")
            button.name = f"next-{tile.service}" if tile else ""
        self.shown = bool(opened)

    def on_choose(self, service: str) -> None:
        """One was pressed."""

    def clear(self) -> None:
        super().clear()
        self._services.clear()

    def _chosen(self, button: ActButton) -> None:
        self.dispatch("on_choose", self._services[button])


class Acts(Part):
    """What could be done next, and the page's own act: side by side, or two rows when there is much to do."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._later = Clock.create_trigger(lambda _dt: self.lay_out(), -1)
        for name in ("size", "pos", "children"):
            self.fbind(name, self._later)

    def rows(self) -> list[list[Part]]:
        following, *owns = reversed(self.children)
        own = next((part for part in owns if part.shown), owns[-1])
        if not following.shown:
            return [[own]]
        return [[following, own]] if len(following.parts()) == 1 else [[following], [own]]

    def measure(self, width: float, level: int) -> float:
        rows, gap = self.rows(), self.theme.length("gap")
        return len(rows) * self.theme.length("primary") + (len(rows) - 1) * gap

    def lay_out(self) -> None:
        gap, height, top = self.theme.length("gap"), self.theme.length("primary"), self.upper
        for row in self.rows():
            room, shares = self.width - gap * (len(row) - 1), sum(part.stretch for part in row)
            left = self.x
            for part in row:
                width = room * part.stretch / shares
                place(part, left, top - height, width, height, self.level)
                left += width + gap
            top -= height + gap

    def changed(self, *_: object) -> None:
        super().changed()
        self._later()
