"""Rounded grounds with a thin line round them, and what is pressed on them."""

from __future__ import annotations

from typing import Any

from kivy.graphics import BorderImage, Color
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior

from screens.parts.column import Column
from screens.parts.ground import dashed, ground
from screens.theme import Space


class Surface(Column):
    """A column on a ground.  `fill` and `edge` name colours; an empty edge has the fill's."""

    fill = StringProperty("surface")
    edge = StringProperty("line")
    edge_mm = NumericProperty(0)
    """Thickness of the line; the look's own at least."""
    dashed = BooleanProperty(False)
    """The line is broken."""
    corner_mm = NumericProperty(Space().corner)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.canvas.before:
            Color(1, 1, 1, 1)
            self._drawn = BorderImage()
        for name in ("size", "pos", "fill", "edge", "edge_mm", "dashed"):
            self.fbind(name, self._paint)
        self._paint()

    def ground(self) -> str:
        return str(self.fill)

    def outline(self) -> str:
        return str(self.edge or self.ground())

    def seen(self) -> bool:
        """Whether there is a ground at all."""
        return True

    def _paint(self, *_: object) -> None:
        if not self.seen() or min(self.size) < 1:
            # corners keep their size, however small the rectangle is
            self._drawn.border, self._drawn.size = [0] * 4, (0, 0)
            return
        line = max(1, self.theme.mm(max(self.edge_mm, self.theme.space.line)))
        corner = min(self.theme.mm(self.corner_mm), int(min(self.size)) // 2)
        fill, edge = (getattr(self.theme.look.colours, name) for name in (self.ground(), self.outline()))
        if self.dashed:
            width, height = (round(side) for side in self.size)
            self._drawn.texture, self._drawn.border = dashed(width, height, corner, line, fill, edge), [0] * 4
        else:
            self._drawn.texture, self._drawn.border = ground(corner, line, fill, edge), [corner] * 4
        self._drawn.pos, self._drawn.size = self.pos, self.size


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
