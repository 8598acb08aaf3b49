"""A number that is read off a card: shown in groups as it is typed, so that it can be compared; X stands beside 0."""

from __future__ import annotations

from typing import Any

from kiosk.prompts import Typed, TypeNumber
from kiosk.words import msg
from screens.parts.grouped_cells import GroupedCells
from screens.typing_page import TypingPage

X = "X"


class TypeNumberPage(TypingPage):
    """What was typed wrongly comes back with the page, to be corrected instead of typed anew."""

    def __init__(self, **kwargs: Any) -> None:
        self._x_possible = True
        super().__init__(GroupedCells(), **kwargs)

    field: GroupedCells

    def make_room(self, prompt: TypeNumber) -> None:
        self.field.groups = list(prompt.groups)

    def render(self, prompt: Any) -> None:
        """What is wrong takes the place of what to type: three rows of boxes leave no room for both."""
        self._x_possible = not prompt.figures_only
        here, wanted = ("clear", "x") if self._x_possible else ("x", "clear")
        if here in self.ids.pad.keys:
            self.ids.pad.exchange(here, wanted)
        super().render(prompt)
        if self._x_possible and prompt.on_pad:
            self.ids.body.text = self.word("number_on_pad", body=prompt.body)
        self.ids.body.shown = not prompt.trouble
        self.ids.step_words.shown = not self.theme.compact

    def begin(self, prompt: Any) -> None:
        super().begin(prompt)
        self.field.text = prompt.typed.text

    def typed(self) -> int:
        return len(self.field.text)

    def add(self, digit: int) -> None:
        self.field.text += str(digit)

    def take_back(self) -> None:
        self.field.text = self.field.text[:-1]

    def wipe(self) -> None:
        self.field.text = ""

    def tell(self) -> None:
        """The boxes show what they hold."""

    def sound(self, digit: int) -> None:
        self.narrator.figure(digit)

    def finish(self) -> None:
        number = self.field.text
        self.wipe()
        self.give(Typed(number))

    # --- X ----------------------------------------------------------------------------------------

    @property
    def takes_x(self) -> bool:
        """Only the last character can be one."""
        return self._x_possible and self.typed() == self._digits - 1

    def x_pressed(self) -> None:
        if not self.counts():
            return
        if not self.takes_x:
            self.narrator.remark(msg("speech.x_is_last"))
            return
        self.field.text += X
        self.narrator.letter(X)
        self._finish()
