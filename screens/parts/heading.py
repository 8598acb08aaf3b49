"""A page's sign and its title: one above the other, or side by side where height is scarce."""

from __future__ import annotations

from screens.parts.column import Column, place


class Heading(Column):
    """Holds a `Badge` and a title, in this order."""

    def measure(self, width: float, level: int) -> float:
        if not self.theme.stacked:
            return super().measure(width, level)
        badge, title = self.parts()
        room = width - badge.measure(width, level) - self.theme.mm(self.gap_mm)
        return max(badge.measure(width, level), title.measure(room, level))

    def lay_out_at(self, level: int) -> None:
        if not self.theme.stacked:
            super().lay_out_at(level)
            return
        badge, title = self.parts()
        side = badge.measure(self.width, level)
        left = side + self.theme.mm(self.gap_mm)
        place(badge, self.x, self.middle_y - side / 2, side, side, level)
        place(title, self.x + left, self.y, self.width - left, self.height, level)
