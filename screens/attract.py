"""Nobody is here: what this is, that a touch begins it, and what is good to know about one's card.

One thing after another, each in the terminal's first language and then in the others, cut and not slid: a page that
moves all day wears out whoever works beside it.
"""

from __future__ import annotations

from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.input import MotionEvent

from kiosk.prompts import Attract, Touched
from kiosk.words import complete, language, msg
from screens import pace
from screens.facts import FACTS, WELCOME
from screens.page import Page, load_kv

load_kv(__file__)

VIEW_S = 8
"""Two lines, read aloud by somebody slow."""


SHOWN = (WELCOME, *FACTS)


class AttractPage(Page):
    """Anywhere on it is its button."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._view = 0
        self._next = Clock.create_trigger(lambda _dt: self.turn_over(), VIEW_S)

    def render(self, prompt: Attract) -> None:
        """The view that is shown now, in the order of somebody's language."""
        first = self.language
        codes = (first, *(code for code in complete() if code != first))
        turn, code = divmod(self._view, len(codes))
        fact, say = SHOWN[turn % len(SHOWN)], language(codes[code]).say
        self.ids.picture.name = fact.picture
        self.ids.title.text = say(msg(f"screens.{fact.id}_title"))
        self.ids.body.text = say(msg(f"screens.{fact.id}_body", hotline=App.get_running_app().hotline))
        self.ids.start.text = say(msg("screens.attract_start"))

    def turn_over(self) -> None:
        """To the next language, or the next fact."""
        self._show(self._view + 1)

    def begin(self, prompt: Attract) -> None:
        pace.calm()
        self._show(0)

    def leave(self) -> None:
        self._next.cancel()
        pace.brisk()

    def clear(self) -> None:
        self._next.cancel()
        super().clear()

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

    def _show(self, view: int) -> None:
        self._view = view
        self.render(Attract())
        self._next.cancel()
        self._next()
