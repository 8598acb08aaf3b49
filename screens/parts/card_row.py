"""A row on a white ground: an icon, a label, what it says."""

from __future__ import annotations

from typing import Any

from kivy.properties import OptionProperty, StringProperty

from screens.parts.column import place
from screens.parts.part import theme
from screens.parts.sign import Sign
from screens.parts.surface import Surface
from screens.parts.text import LAST_LEVEL, Text
from screens.theme import Theme

TONES = {
    "plain": ("surface", "line", "ink_soft", "ink"),
    "warn": ("warn_pale", "", "warn", "warn"),
}
"""Ground, edge, colour of the label and of the value."""

WARNING = "warning"
"""The sign of a row that warns, whatever its own is: colour is never the only sign."""

TIGHT_MM = 1
"""Above and below the words, where a page has no room left for air."""

RAISED_MM = 0.7
"""So much higher the words stand there: a line has air over its capitals, and none under its g."""


def sign_px(theme: Theme) -> int:
    """The side of a sign at the head of a row."""
    return theme.mm(9 if theme.compact else 15)


class CardRow(Surface):
    """The label above the value; without an icon, both take the whole width."""

    icon = StringProperty("")
    label = StringProperty("")
    value = StringProperty("")
    tone = OptionProperty("plain", options=tuple(TONES))

    def __init__(self, **kwargs: Any) -> None:
        self._sign_tone = "ink" if theme().compact else "accent"
        self.sign = Sign(bare=theme().compact, tone=self._sign_tone)
        self.words = Text(type_size="caption" if theme().compact else "body", colour="ink_soft")
        self.said = Text(type_size="body" if theme().compact else "tile")
        super().__init__(padding_mm=[3.5 if theme().compact else 5, 2], **kwargs)
        for part in (self.sign, self.words, self.said):
            self.add_widget(part)
        for name in ("icon", "label", "value", "tone"):
            self.fbind(name, self._dress)
        self._dress()

    def inset(self) -> float:
        return float(sign_px(self.theme) + self.theme.mm(4)) if self.icon else 0

    def said_level(self, level: int) -> int:
        """A warning stays as large as it was meant to be, whatever the page does."""
        return 0 if self.tone == "warn" else level

    def measure(self, width: float, level: int) -> float:
        room = self.inner_width(width) - self.inset()
        words = self.words.measure(room, level) + self.said.measure(room, self.said_level(level))
        return words + 2 * self.theme.mm(TIGHT_MM if level == LAST_LEVEL else self.padding_mm[1])

    def lay_out(self) -> None:
        room = self.inner_width(self.width) - self.inset()
        label, value = self.words.measure(room, self.level), self.said.measure(room, self.said_level(self.level))
        left, top = self.x + self.theme.mm(self.padding_mm[0]), self.middle_y + (label + value) / 2
        top += self.theme.mm(RAISED_MM) if self.level == LAST_LEVEL else 0
        side = sign_px(self.theme)
        place(self.sign, left, self.middle_y - side / 2, side, side, 0)
        place(self.words, left + self.inset(), top - label, room, label, self.level)
        place(self.said, left + self.inset(), top - label - value, room, value, self.said_level(self.level))

    def clear(self) -> None:
        self.label = self.value = ""

    def _dress(self, *_: object) -> None:
        warns = self.tone == "warn"
        self.sign.name, self.sign.shown = WARNING if warns else self.icon, bool(self.icon)
        self.sign.tone = "warn" if warns else self._sign_tone
        self.sign.fill = "surface" if warns else "accent_pale"
        self.said.bold = warns
        self.fill, self.edge, self.words.colour, self.said.colour = TONES[self.tone]
        self.words.text, self.said.text = self.label, self.value
