"""Icons and illustrations as textures, each rendered once in a size and colour."""

from __future__ import annotations

import functools
import io
from typing import Any

from kivy.clock import Clock
from kivy.core.image import Image
from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty, StringProperty

from screens import drawings
from screens.parts.part import Part
from screens.theme import Colours


@functools.cache
def texture(name: str, width: int, height: int, colours: Colours, line: str | None) -> Texture:
    """The drawings are few and their sizes fixed, so all are kept."""
    png = drawings.render(name, width, height, colours, line)
    return exact(Image(io.BytesIO(png), ext="png", nocache=True).texture)


def exact(texture: Texture) -> Texture:
    """Drawn pixel by pixel: on a software renderer in half the time of one that may be scaled."""
    texture.mag_filter = texture.min_filter = "nearest"
    return texture


class Picture(Part):
    """Draws `name` as large as its room allows, once a frame whatever changed."""

    name = StringProperty("")
    line = StringProperty("")
    """Colour of every line; empty: the drawing's own."""
    least_mm = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        later = Clock.create_trigger(self._draw, -1)
        for name in ("name", "line", "size", "pos"):
            self.fbind(name, later)

    def measure(self, width: float, level: int) -> float:
        return self.theme.mm(self.least_mm)

    def drawn_size(self) -> tuple[int, int]:
        height = min(self.height, self.width / drawings.aspect(self.name))
        return round(height * drawings.aspect(self.name)), round(height)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        if not self.name or min(self.size) < self.theme.mm(4):
            return
        width, height = self.drawn_size()
        colours = self.theme.look.colours
        line = getattr(colours, self.line) if self.line else None
        with self.canvas:
            Color(1, 1, 1, 1)
            Rectangle(
                texture=texture(self.name, width, height, colours, line),
                pos=(round(self.middle_x - width / 2), round(self.middle_y - height / 2)),
                size=(width, height),
            )


class Icon(Picture):
    """A square drawing of a fixed size."""

    side_mm = NumericProperty(9)

    def measure(self, width: float, level: int) -> float:
        return self.theme.mm(self.side_mm)

    def drawn_size(self) -> tuple[int, int]:
        side = round(min(self.theme.mm(self.side_mm), *self.size))
        return side, side
