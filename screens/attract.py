"""Nobody is here: what this is, and that a touch begins it."""

from __future__ import annotations

from typing import Any

from kivy.input import MotionEvent

from kiosk.prompts import Attract, Touched
from screens.page import Page, load_kv

load_kv(__file__)


class AttractPage(Page):
    """Anywhere on it is its button."""

    def render(self, prompt: Attract) -> None:
        self.ids.title.text = self.word("attract_title")
        self.ids.body.text = self.word("attract_body")
        self.ids.start.text = self.word("attract_start")

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if not self.collide_point(*touch.pos):
            return False
        touch.grab(self)
        return True

    def on_touch_up(self, touch: MotionEvent) -> Any:
        if touch.grab_current is self:
            touch.ungrab(self)
            self.answer(Touched())
        return True
