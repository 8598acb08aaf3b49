"""The result's own division: words, the slip's picture, the acts; the slip is beside them, or upright below."""

from __future__ import annotations

from typing import Any

from screens.parts.column import Column
from screens.parts.part import theme

SLIP_SHARE = 0.35
"""Of the width, for the slip's picture beside the words."""


def acts_top() -> int:
    """Upper edge of the acts, above the stage's lower edge."""
    return theme().do.y + theme().length("primary")


def words_width() -> int:
    area, gap = theme().stage, theme().mm(6)
    if theme().stacked:
        return area.width - 2 * theme().margin
    return round(area.width * (1 - SLIP_SHARE)) - theme().margin - gap


class ResultWords(Column):
    """What happened and what it does not cover."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(gap_mm=3, **kwargs)
        if theme().panel.portrait:
            area = theme().say
            self.pos, self.size = (area.x, area.y), (area.width, area.height)
        else:
            lower = acts_top() + theme().length("gap")
            self.pos = theme().margin, lower
            self.size = words_width(), theme().stage.height - lower - theme().mm(4)


class ResultActs(Column):
    """办完了, and what could be done next."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        width = theme().do.width if theme().panel.portrait else words_width()
        self.pos, self.size = (theme().margin, theme().do.y), (width, theme().length("primary"))


class ResultSlip(Column):
    """The slip, and what became of the paper."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(gap_mm=1, **kwargs)
        stage, area = theme().stage, theme().do
        if theme().panel.portrait:
            lower = acts_top() + theme().mm(5)
            self.pos, self.size = (area.x, lower), (area.width, area.y + area.height - lower)
        else:
            left = theme().margin + words_width() + theme().mm(6)
            self.pos = left, area.y
            self.size = stage.width - left - theme().margin, area.height
