"""The services that fit now, as secondary buttons beside the page's own act."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from kiosk.prompts import Tile
from kiosk.words import Message
from screens.parts.button import ActButton
from screens.parts.column import Row


class NextActs(Row):
    """At most as many as fit side by side."""

    __events__ = ("on_choose",)
    MOST = 2

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._services: dict[ActButton, str] = {}

    def set(self, tiles: tuple[Tile, ...], say: Callable[[Message], str]) -> None:
        """Show these; closed ones are left out, they would only tease."""
        opened = [tile for tile in tiles if not tile.closed][: self.MOST]
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
