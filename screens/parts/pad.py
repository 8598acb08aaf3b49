"""Keys for figures: 1 to 9, clear all, 0, delete one; always in this order, for fingers that know it.

Where a number may end with an X, that key stands in place of clear, as on every telephone that asks for such a number.
"""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.input import MotionEvent
from kivy.properties import BooleanProperty, StringProperty

from screens.parts.column import LEVELS, place
from screens.parts.part import Part, theme
from screens.parts.picture import Icon
from screens.parts.surface import Surface
from screens.parts.text import Text

ORDER = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "delete")
COLUMNS, ROWS = 3, 4
MOST_MM, MOST_UPRIGHT_MM = (53, 32), (40, 28)
"""No key is larger; upright the whole pad must stay where one hand covers what the other types."""
ICON_MM = 8
BETWEEN_MM = 2.5


class PadKey(Surface):
    """One key.  No Kivy button: each of those keeps its last touch and when it was, and ten of them tell a PIN."""

    name = StringProperty("")

    def __init__(self, key: str, **kwargs: Any) -> None:
        self.figure = key.isdecimal() or key == "x"
        self.drawing = Icon(
            name="backspace" if key == "delete" else "", side_mm=ICON_MM * self.theme.look.drawn, line="ink"
        )
        self.words = Text(type_size="key" if self.figure else "caption", bold=self.figure, one_line=True)
        super().__init__(name=f"key-{key}", fill=self.rest, **kwargs)
        if self.figure:
            self.words.text = key.upper()
        self.add_widget(self.drawing)
        self.add_widget(self.words)

    @property
    def rest(self) -> str:
        """Its ground while nobody presses it."""
        return "surface" if self.figure else "accent_pale"

    def lay_out(self) -> None:
        """The drawing beside the word where there is room for both; where there is not, the word says it alone."""
        words, side = self.words.width_needed(0) + 1, self.theme.drawn(ICON_MM)
        icon = side + self.theme.mm(BETWEEN_MM) if self.drawing.name else 0
        self.drawing.shown = icon + words + self.theme.mm(2) <= self.width
        icon = icon if self.drawing.shown else 0
        left = self.middle_x - (icon + words) / 2
        place(self.drawing, left, self.middle_y - side / 2, side, side, 0)
        level = next((level for level in LEVELS if self.words.leading(level) <= self.height), LEVELS[-1])
        place(self.words, left + icon, self.y, words, self.height, level)


class Pad(Part):
    """Twelve keys.  A key acts when the finger leaves it; sliding off takes the press back."""

    __events__ = ("on_digit", "on_delete", "on_clear", "on_letter")

    secret = BooleanProperty(False)
    """All figures answer a press together, so that nobody beside the person sees which one it was."""

    def __init__(self, **kwargs: Any) -> None:
        self.keys = {key: PadKey(key) for key in ORDER}
        self._held: str | None = None
        self._most = MOST_UPRIGHT_MM if theme().panel.portrait else MOST_MM
        super().__init__(most_mm=ROWS * self._most[1] + (ROWS - 1) * theme().space.gap, **kwargs)
        for key in self.keys.values():
            self.add_widget(key)
        self._later = Clock.create_trigger(lambda _dt: self.lay_out(), -1)
        for name in ("size", "pos"):
            self.fbind(name, self._later)

    def exchange(self, old: str, new: str) -> None:
        """Another key in the place of one."""
        self.remove_widget(self.keys[old])
        self.keys = {new if key == old else key: PadKey(new) if key == old else self.keys[key] for key in self.keys}
        self.add_widget(self.keys[new])
        self._later()

    def say(self, **words: str) -> None:
        """What stands on the keys that have words."""
        for key, text in words.items():
            if key in self.keys:
                self.keys[key].words.text = text

    def clear(self) -> None:
        """Nothing of a visit is here."""

    def on_digit(self, digit: int) -> None:
        """A figure was pressed."""

    def on_delete(self) -> None:
        """Take back one."""

    def on_clear(self) -> None:
        """Take back all."""

    def on_letter(self) -> None:
        """The one letter."""

    # --- touch ----------------------------------------------------------------------------

    def on_touch_down(self, touch: MotionEvent) -> bool:
        self._held = next((name for name, key in self.keys.items() if key.collide_point(*touch.pos)), None)
        if self._held is None:
            return False
        touch.grab(self)
        self._light(self._held)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        if touch.grab_current is not self:
            return False
        touch.ungrab(self)
        held, self._held = self._held, None
        self._light(None)
        if held is not None and self.keys[held].collide_point(*touch.pos):
            self._press(held)
        return True

    def _press(self, name: str) -> None:
        if name.isdecimal():
            self.dispatch("on_digit", int(name))
        elif name == "x":
            self.dispatch("on_letter")
        else:
            self.dispatch(f"on_{name}")

    def _light(self, held: str | None) -> None:
        together = self.secret and held is not None and held.isdecimal()
        for name, key in self.keys.items():
            key.fill = "pressed" if name == held and not together else key.rest
            key.edge = "accent" if name == held or (together and key.figure) else "line"

    # --- room -----------------------------------------------------------------------------

    def measure(self, width: float, level: int) -> float:
        return ROWS * self.theme.least("key") + (ROWS - 1) * self.theme.least("gap")

    def lay_out(self) -> None:
        gap = self.theme.least("gap")
        width = min((self.width - gap * (COLUMNS - 1)) / COLUMNS, self.theme.mm(self._most[0]))
        most = self.theme.least("key") if self.theme.sunk else self.theme.mm(self._most[1])
        height = min((self.height - gap * (ROWS - 1)) / ROWS, most)
        left = self.middle_x - (COLUMNS * (width + gap) - gap) / 2
        whole = ROWS * (height + gap) - gap
        top = self.y + whole if self.theme.sunk else self.middle_y + whole / 2
        for number, key in enumerate(self.keys.values()):
            row, column = divmod(number, COLUMNS)
            place(key, left + column * (width + gap), top - height - row * (height + gap), width, height, 0)
            key.lay_out()
