"""The paper of an overlay, in the middle of the glass, where both hands reach it."""

from __future__ import annotations

from typing import Any

from screens.parts.button import ActButton
from screens.parts.part import theme
from screens.parts.surface import Surface

WIDTH_MM = 200
HEIGHT_MM = 112


class Sheet(Surface):
    """Upright it lies in the lower two thirds."""

    def __init__(self, **kwargs: Any) -> None:
        edge = "line" if theme().look.contrasted else ""
        super().__init__(padding_mm=[9, 7], gap_mm=5, edge=edge, corner_mm=6, **kwargs)
        panel = theme().panel
        self.size = (
            min(panel.width - 2 * theme().margin, theme().mm(WIDTH_MM)),
            min(panel.height - 2 * theme().margin, theme().mm(HEIGHT_MM if theme().compact else 140)),
        )
        self.x = (panel.width - self.width) / 2
        self.y = (panel.height - self.height) / (2.6 if panel.portrait else 2)
        if theme().low:
            self.y = theme().length("foot") if panel.portrait else theme().margin


class HugeButton(ActButton):
    """Twice as high as any other."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words.type_size = "number"

    def measure(self, width: float, level: int) -> float:
        return max(2 * self.theme.length("primary"), super().measure(width, level))
