"""A PIN, blind: rings that fill.  Its digits go from the key straight into a `Pin` and are never anywhere else."""

from __future__ import annotations

from typing import Any

from kiosk.pin import Pin
from kiosk.prompts import TypedPin
from screens.parts.rings import Rings
from screens.typing_page import TypingPage


class TypePinPage(TypingPage):
    """Wiped when it is left, cleared, or shown anew for another prompt."""

    def __init__(self, **kwargs: Any) -> None:
        self._pin = Pin()
        super().__init__(Rings(), **kwargs)
        self.ids.say.picture, self.ids.pad.secret = "cover-pad", True

    def typed(self) -> int:
        return len(self._pin)

    def add(self, digit: int) -> None:
        self._pin.add(digit)

    def take_back(self) -> None:
        self._pin.take_back()

    def wipe(self) -> None:
        self._pin.wipe()

    def tell(self) -> None:
        self.field.filled = len(self._pin)

    def sound(self, digit: int) -> None:
        """All alike: whoever stands near hears how many, and not which."""
        self.narrator.beep()

    def finish(self) -> None:
        """Whoever takes the answer wipes it; the page begins again with an empty one."""
        pin, self._pin = self._pin, Pin()
        self.tell()
        self.give(TypedPin(pin))
