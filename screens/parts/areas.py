"""The two areas of a page: where it speaks and where it is touched."""

from __future__ import annotations

from typing import Any

from kivy.properties import NumericProperty, StringProperty

from screens import drawings
from screens.parts.column import Column, place
from screens.parts.part import theme
from screens.parts.picture import Picture

LEAST_PICTURE_MM = 24
MOST_PICTURE_MM = 50


class Do(Column):
    """The right three fifths; upright, the lower two thirds of the glass."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(gap_mm=3.5, **kwargs)
        area = theme().do
        self.pos, self.size = (area.x, area.y), (area.width, area.height)


class Say(Column):
    """The left two fifths; upright, what is above `Do`.

    `picture` warms it: upright beside the words, else above them where they leave room.
    """

    picture = StringProperty("")
    share = NumericProperty(0.42)
    """Of the width, for the picture beside the words."""

    def __init__(self, **kwargs: Any) -> None:
        self.drawing = Picture()
        super().__init__(gap_mm=4, **kwargs)
        area = theme().say
        self.pos, self.size = (area.x, area.y), (area.width, area.height)
        self.add_widget(self.drawing)
        self.fbind("picture", self._later)

    def lay_out(self) -> None:
        self.drawing.name = self.picture
        if self.picture and self.theme.panel.portrait:
            self._lay_out_beside()
        else:
            super().lay_out()
            self._lay_out_above()

    def parts(self) -> list[Any]:
        return [part for part in super().parts() if part is not self.drawing]

    def inner_width(self, width: float) -> float:
        beside = self.picture and self.theme.panel.portrait
        return width * (1 - self.share) - self.theme.mm(6) if beside else width

    def _lay_out_beside(self) -> None:
        super().lay_out()
        width = self.width * self.share
        place(self.drawing, self.outer - width, self.y, width, self.height, 0)

    def _lay_out_above(self) -> None:
        """Words and picture together in the middle; no picture where the words need the room."""
        words = self.measure(self.width, self.fitting_level())
        gap = self.theme.mm(6)
        room = min(self.height - words - gap, self.theme.mm(MOST_PICTURE_MM))
        if not self.picture or room < self.theme.mm(LEAST_PICTURE_MM):
            self.drawing.size = 1, 1
            return
        width = min(self.width, room * drawings.aspect(self.picture))
        height = width / drawings.aspect(self.picture)
        shift = (height + gap) / 2
        for part in self.parts():
            part.pos = part.x, round(part.y - shift)
        top = self.middle_y + (words + height + gap) / 2
        place(self.drawing, self.x, top - height, width, height, 0)
