"""Black over everything: for whoever listens, and wants nobody to look."""

from __future__ import annotations

from collections.abc import Callable

from kivy.graphics import Color, Rectangle
from kivy.input import MotionEvent
from kivy.uix.widget import Widget

from screens.theme import Panel


class Cover(Widget):
    """A touch takes it off, and presses nothing under it."""

    def __init__(self, panel: Panel, take_off: Callable[[], None]) -> None:
        super().__init__(size_hint=(None, None), size=(panel.width, panel.height))
        self._take_off = take_off
        with self.canvas:
            Color(0, 0, 0, 1)
            Rectangle(size=self.size)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        touch.grab(self)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch.grab_current is self:
            touch.ungrab(self)
            self._take_off()
        return True
