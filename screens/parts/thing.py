"""One of the things a person takes along: its picture and its name."""

from __future__ import annotations

from typing import Any

from kivy.properties import StringProperty

from screens.parts.picture import Picture
from screens.parts.surface import Surface
from screens.parts.text import Text


class Thing(Surface):
    """On a white ground."""

    picture = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        self.drawing = Picture(stretch=1, most_mm=70)
        self.words = Text(type_size="caption", align="center", bold=True)
        super().__init__(padding_mm=[3, 4], **kwargs)
        self.add_widget(self.drawing)
        self.add_widget(self.words)
        self.fbind("picture", self._dress)

    def dress(self, words: str) -> None:
        self.words.text = words

    def _dress(self, *_: object) -> None:
        self.drawing.name = self.picture
