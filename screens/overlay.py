"""A sheet over the page; what is under it waits and takes no touch."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.input import MotionEvent
from kivy.uix.floatlayout import FloatLayout

from screens.parts.part import theme

SCRIM = 0.6
"""How dark the page becomes under the sheet."""


class Overlay(FloatLayout):
    """Shown by adding it to the face, built once."""

    def __init__(self, **kwargs: Any) -> None:
        self.theme = theme()
        super().__init__(**kwargs)
        with self.canvas.before:
            Color(*theme().colour("scrim")[:3], SCRIM)
            Rectangle(size=(theme().panel.width, theme().panel.height))

    def leave(self) -> None:
        """It is taken off: clocks stop."""

    def on_touch_down(self, touch: MotionEvent) -> bool:
        super().on_touch_down(touch)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        super().on_touch_move(touch)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        super().on_touch_up(touch)
        return True
