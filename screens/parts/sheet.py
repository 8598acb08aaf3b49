"""The paper of an overlay, in the middle of the glass, where both hands reach it."""

from __future__ import annotations

from typing import Any

from screens.parts.button import ActButton
from screens.parts.part import theme
from screens.parts.surface import Surface

WIDTH_MM = 200
HEIGHT_COMPACT_MM, HEIGHT_MM, HEIGHT_UPRIGHT_MM = 112, 140, 165


class Sheet(Surface):
    """Upright it lies in the lower two thirds."""

    def __init__(self, **kwargs: Any) -> None:
        edge = "line" if theme().look.contrasted else ""
        super().__init__(padding_mm=[9, 7], gap_mm=5, edge=edge, corner_mm=6, **kwargs)
        panel, height_mm = theme().panel, HEIGHT_COMPACT_MM if theme().compact else HEIGHT_MM
        height_mm = HEIGHT_UPRIGHT_MM if panel.portrait else height_mm
        self.size = (
            min(panel.width - 2 * theme().margin, theme().mm(WIDTH_MM)),
            min(panel.height - 2 * theme().margin, theme().mm(height_mm)),
        )
        self.x = (panel.width - self.width) / 2
        self.y = (panel.height - self.height) / (2.6 if panel.portrait else 2)
        if theme().low:
            self.y = theme().length("foot") if panel.portrait else theme().margin

    def lay_out(self) -> None:
        """Sunk, it is no higher than what stands on it."""
        if self.theme.sunk:
            self.height = min(self.measure(self.width, 0), self.theme.panel.height - 2 * self.theme.margin)
        super().lay_out()


class HugeButton(ActButton):
    """Twice as high as any other."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words.type_size = "number"

    def measure(self, width: float, level: int) -> float:
        return max(2 * self.theme.length("primary"), super().measure(width, level))
