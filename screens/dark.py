"""The panel gone dark over everything, also the foot; the touch that wakes it presses nothing under it."""

from __future__ import annotations

from typing import Any

from kivy.app import App
from kivy.graphics import Color, Rectangle
from kivy.input import MotionEvent
from kivy.uix.widget import Widget

from kiosk.prompts import Touched
from screens.parts.part import theme

DARKNESS = 0.72
"""What is under it can still be made out from a step away."""


class Dark(Widget):
    """Drawn by us: a panel's own light is switched elsewhere."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        with self.canvas:
            Color(0, 0, 0, DARKNESS)
            Rectangle(size=(theme().panel.width, theme().panel.height))

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """When the finger comes, not when it goes: it is not meant for anything."""
        App.get_running_app().face.answer(Touched())
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        return True
