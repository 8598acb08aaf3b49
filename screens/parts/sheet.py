"""The paper of an overlay, in the middle of the glass, where both hands reach it."""

from __future__ import annotations

from typing import Any

from screens.parts.button import ActButton
from screens.parts.part import theme
from screens.parts.surface import Surface

WIDTH_MM = 200
HEIGHT_COMPACT_MM, HEIGHT_MM, HEIGHT_UPRIGHT_MM = 112, 140, 165


class Sheet(Surface):
    """As high as planned, or as what stands on it wants; sunk, no higher.  Upright it lies in the lower two thirds."""

    def __init__(self, **kwargs: Any) -> None:
        edge = "line" if theme().look.contrasted else ""
        super().__init__(padding_mm=[9, 7], gap_mm=5, edge=edge, corner_mm=6, **kwargs)
        panel, margin = theme().panel, theme().margin
        planned = HEIGHT_UPRIGHT_MM if panel.portrait else HEIGHT_MM
        self._planned = 0 if theme().sunk else theme().mm(HEIGHT_COMPACT_MM if theme().compact else planned)
        self._most = panel.height - 2 * margin
        self.width = min(panel.width - 2 * margin, theme().mm(WIDTH_MM))
        self.x = (panel.width - self.width) / 2

    def lay_out(self) -> None:
        self.height = min(max(self._planned, self.measure(self.width, 0)), self._most)
        self.y = self._lower()
        super().lay_out()

    def _lower(self) -> float:
        """Where its lower edge lies."""
        panel = self.theme.panel
        if self.theme.low:
            return self.theme.length("foot" if panel.portrait else "step")
        return float((panel.height - self.height) / (2.6 if panel.portrait else 2))


class HugeButton(ActButton):
    """Twice as high as any other."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words.type_size = "number"

    def measure(self, width: float, level: int) -> float:
        return max(2 * self.theme.length("primary"), super().measure(width, level))
