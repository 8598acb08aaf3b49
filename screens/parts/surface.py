"""Rounded grounds with a thin line round them, and what is pressed on them."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior

from screens.parts.column import Column
from screens.theme import Space


class Surface(Column):
    """A column on a ground.  `fill` and `edge` name colours; an empty edge has the fill's."""

    fill = StringProperty("surface")
    edge = StringProperty("line")
    edge_mm = NumericProperty(0)
    """Thickness of the line; the look's own at least."""
    corner_mm = NumericProperty(Space().corner)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.canvas.before:
            self._edge_colour = Color()
            self._outer = SmoothRoundedRectangle()
            self._fill_colour = Color()
            self._inner = SmoothRoundedRectangle()
        for name in ("size", "pos", "fill", "edge", "edge_mm"):
            self.fbind(name, self._paint)
        self._paint()

    def ground(self) -> str:
        return str(self.fill)

    def outline(self) -> str:
        return str(self.edge or self.ground())

    def _paint(self, *_: object) -> None:
        line, corner = max(1, self.theme.mm(max(self.edge_mm, self.theme.space.line))), self.theme.mm(self.corner_mm)
        self._edge_colour.rgba = self.theme.colour(self.outline())
        self._fill_colour.rgba = self.theme.colour(self.ground())
        self._outer.pos, self._outer.size, self._outer.radius = self.pos, self.size, [corner]
        inside = max(1, self.width - 2 * line), max(1, self.height - 2 * line)
        self._inner.pos = self.x + line, self.y + line
        self._inner.size, self._inner.radius = inside, [max(1, corner - line)]


class Pressable(ButtonBehavior, Surface):
    """Acts when it is released.  Whether the touch counts is the gate's business, not its own."""

    pressed_fill = StringProperty("pressed")
    target = BooleanProperty(True)
    """A finger is meant to find it; measured by the tests."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("state", self._paint)

    def ground(self) -> str:
        return str(self.pressed_fill if self.state == "down" else self.fill)

    def outline(self) -> str:
        return "accent" if self.state == "down" else super().outline()
