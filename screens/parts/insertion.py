"""The illustration that shows where a card goes: the card glides there, rests, and begins again."""

from __future__ import annotations

from typing import Any

from kivy.animation import Animation
from kivy.clock import Clock
from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens import drawings
from screens.parts.part import Part
from screens.parts.picture import texture

TRAVEL = 0.24
"""How far the card goes, of the drawing's height."""
EVERY_S = 4
"""From one glide to the next: long rests, so that it points and does not nag."""
LEAST_MM = 60
"""It stays as high as this, whatever the words want."""


class Insertion(Part):
    """Drawn in layers `<name>-back`, `-card`, `-arrow`, `-front`.  Where nothing may move, the arrow says it alone."""

    name = StringProperty("")
    over = BooleanProperty(False)
    """The card comes to lie on the front, not behind it."""
    gone = NumericProperty(0)
    """0: the card is away; 1: it is where it belongs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._again = Clock.create_trigger(self._glide, EVERY_S, interval=True)
        for name in ("name", "gone", "size", "pos", "over"):
            self.fbind(name, self._draw)

    def start(self) -> None:
        """Begin to glide, again and again until `stop`."""
        self.stop()
        if self.theme.insertion_s:
            self._glide(0)
            self._again()

    def stop(self) -> None:
        self._again.cancel()
        Animation.cancel_all(self, "gone")
        self.gone = 0

    def measure(self, width: float, level: int) -> float:
        return 0

    def wants(self, width: float) -> float:
        """Large enough to see which way the card lies."""
        return self.theme.mm(LEAST_MM)

    def _glide(self, _dt: float) -> None:
        self.gone = 0
        Animation(gone=1, duration=self.theme.insertion_s, transition="in_out_quad").start(self)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        if not self.name or min(self.size) < self.theme.mm(4):
            return
        aspect = drawings.aspect(f"{self.name}-back")
        height = min(self.height, self.width / aspect)
        order = ("back", "front", "card") if self.over else ("back", "card", "front")
        with self.canvas:
            Color(1, 1, 1, 1)
            for layer in order if self.gone else (*order, "arrow"):
                self._draw_layer(layer, round(height * aspect), round(height))

    def _draw_layer(self, layer: str, width: int, height: int) -> None:
        down = self.gone * TRAVEL * height if layer == "card" else 0
        Rectangle(
            texture=texture(f"{self.name}-{layer}", width, height, self.theme.look.colours, None),
            pos=(round(self.middle_x - width / 2), round(self.middle_y - height / 2 - down)),
            size=(width, height),
        )
