"""The two areas of a page: where it speaks and where it is touched."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty, StringProperty

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

    def changed(self, *_: object) -> None:
        """What it can leave to the words above has changed, too."""
        super().changed()
        for part in self.parent.children if self.parent else ():
            if isinstance(part, Say):
                part.changed()

    def spare(self) -> float:
        """Of its height as planned, what only stretches its parts."""
        parts = self.parts()
        return max(0, self.theme.do.height - self._sum(parts, [part.wants(self.width) for part in parts]))

    def under(self, say: Say) -> None:
        """Take the room that the words above leave."""
        self.x, self.width = say.x, say.width
        self.height = say.y - self.y - self.theme.length("gap")


class Say(Column):
    """The left two fifths; upright, what is above `Do`.

    `picture` warms it: upright beside the words, else above them where they leave room.  Large words go before it.
    """

    picture = StringProperty("")
    share = NumericProperty(0.42)
    """Of the width, for the picture beside the words; less where the words are large."""
    over = BooleanProperty(False)
    """On a stacked page: over the whole width, as high as its words."""

    def __init__(self, **kwargs: Any) -> None:
        self.drawing = Picture()
        self._beside = True
        """Upright, there is room for the picture."""
        super().__init__(gap_mm=2.5 if theme().stacked else 4, **kwargs)
        area = theme().say
        self.pos, self.size = (area.x, area.y), (area.width, area.height)
        self.share = 0.34 if theme().look.large else 0.42
        self.add_widget(self.drawing)
        self.fbind("picture", self._later)

    def lay_out(self) -> None:
        self.drawing.name = self.picture
        if self.over:
            self._lay_out_over()
        elif self.theme.panel.portrait:
            self._lay_out_upright()
        else:
            super().lay_out()
            self._lay_out_above()

    def parts(self) -> list[Any]:
        return [part for part in super().parts() if part is not self.drawing]

    def inner_width(self, width: float) -> float:
        beside = self.picture and self._beside and self.theme.panel.portrait
        return width * (1 - self.share) - self.theme.mm(6) if beside else width

    def _lay_out_over(self) -> None:
        self.drawing.size = 1, 1
        stage, edge = self.theme.stage, self.theme.margin
        self.x, self.width = edge, stage.width - 2 * edge
        self.height = self.measure(self.width, 0)
        self.y = stage.height - self.theme.mm(self.theme.space.step) - self.height
        super().lay_out()
        for part in self.parent.children:
            if isinstance(part, Do):
                part.under(self)

    def _lay_out_upright(self) -> None:
        """Before words take smaller type, what is below leaves them the room that it only stretches in."""
        area, self._beside = self.theme.say, True
        self._beside = not self.theme.look.large or self.measure(self.width, 0) <= area.height
        lacking = self.measure(self.width, 0) - area.height
        for part in self.parent.children:
            if isinstance(part, Do):
                more = round(min(max(0, lacking), part.spare()))
                self.y, self.height = area.y - more, area.height + more
                part.height = self.theme.do.height - more
        super().lay_out()
        width = self.width * self.share if self.picture and self._beside else 1
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
