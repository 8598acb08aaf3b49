"""The pages with a pad: what it is about beside it, what has been typed so far, and the keys."""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock

from kiosk.prompts import TypeCode, TypeNumber, TypePin
from kiosk.words import msg
from screens.page import Page, load_kv
from screens.parts.cells import Cells
from screens.parts.column import LEVELS
from screens.parts.grouped_cells import GroupedCells
from screens.parts.part import theme
from screens.parts.rings import Rings

load_kv(__file__)

SEEN_S = 0.25
"""So long the last digit stands there before the answer is given: the person sees that it was taken."""


class TypingPage(Page):
    """Gives its answer once enough digits are there.  What was typed goes with the prompt it was typed for."""

    def __init__(self, field: Rings | Cells | GroupedCells, **kwargs: Any) -> None:
        self.field = field
        self._digits = 0
        super().__init__(**kwargs)
        self._finish = Clock.create_trigger(lambda _dt: self.finish(), SEEN_S)
        if theme().panel.portrait:
            self._lay_out_upright()
        else:
            self.ids.under_title.add_widget(field)

    def _lay_out_upright(self) -> None:
        """The pad is far below the words there: what is typed, and what went wrong, stand right above the keys."""
        self.ids.say.remove_widget(self.ids.trouble)
        self.ids.over_pad.add_widget(self.ids.trouble)
        self.field.align = "center"
        self.ids.over_pad.add_widget(self.field)

    # --- each page's own --------------------------------------------------------------------

    @property
    def takes_x(self) -> bool:
        """An X may be typed now."""
        return False

    def make_room(self, prompt: Any) -> None:
        """For as much as is to be typed."""
        self.field.of = prompt.digits

    def typed(self) -> int:
        """How many digits there are."""
        raise NotImplementedError

    def add(self, digit: int) -> None:
        raise NotImplementedError

    def take_back(self) -> None:
        raise NotImplementedError

    def wipe(self) -> None:
        raise NotImplementedError

    def tell(self) -> None:
        """Show how far it has come."""
        raise NotImplementedError

    def sound(self, digit: int) -> None:
        """What a key of this page sounds like."""
        raise NotImplementedError

    def finish(self) -> None:
        """Give the answer away, and keep nothing of it."""
        raise NotImplementedError

    # --- the page ------------------------------------------------------------------------------

    def render(self, prompt: TypePin | TypeCode | TypeNumber) -> None:
        self.step(prompt)
        self.ids.title.text, self.ids.body.text = self.say(prompt.title), self.say(prompt.body)
        self.ids.trouble.text = self.say(prompt.trouble) if prompt.trouble else ""
        self.ids.pad.say(clear=self.word("pad_clear"), delete=self.word("pad_delete"))
        # On the smallest panel the trouble needs the room of the words; the bar still says which step it is.
        self.ids.step_words.shown = not (self.theme.stacked or (prompt.trouble and self.theme.compact))
        self._digits = prompt.digits
        self.make_room(prompt)
        self.ids.body.shown = not prompt.trouble or self._both_fit()

    def _both_fit(self) -> bool:
        """What went wrong goes before what the page is about, where there is no room for both."""
        self.ids.body.shown, say = True, self.ids.say
        return bool(say.measure(say.width, LEVELS[-1]) <= say.height)

    def begin(self, prompt: TypePin | TypeCode | TypeNumber) -> None:
        self._empty()

    def leave(self) -> None:
        self._empty()

    def clear(self) -> None:
        super().clear()
        self._empty()

    def _empty(self) -> None:
        self._finish.cancel()
        self.wipe()
        self.tell()

    # --- keys ------------------------------------------------------------------------------------

    def digit_pressed(self, digit: int) -> None:
        if self.counts() and self.typed() < self._digits:
            self.add(digit)
            self.tell()
            self.sound(digit)
            if self.typed() == self._digits:
                self._finish()

    def delete_pressed(self) -> None:
        if self.counts():
            self._finish.cancel()
            self.take_back()
            self.tell()
            self.narrator.remark(msg("speech.deleted", count=self.typed()))

    def x_pressed(self) -> None:
        """No key of most pages."""

    def confirm_pressed(self) -> None:
        """Of a PIN pad.  What was completed is given a moment later anyway; what came back to be corrected stays."""
        if self.counts() and self._finish.is_triggered:
            self._finish.cancel()
            self.finish()

    def clear_pressed(self) -> None:
        if self.counts():
            self._empty()
            self.narrator.remark(msg("speech.cleared"))
