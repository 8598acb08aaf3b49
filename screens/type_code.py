"""The code from the phone, shown as it is typed: it is no secret for long, and a person compares it."""

from __future__ import annotations

from typing import Any

from kiosk.prompts import Typed
from screens.parts.cells import Cells
from screens.typing_page import TypingPage


class TypeCodePage(TypingPage):
    """Six boxes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Cells(), **kwargs)
        self.ids.say.picture = "phone-code"

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
        code = self.field.text
        self.wipe()
        self.give(Typed(code))
