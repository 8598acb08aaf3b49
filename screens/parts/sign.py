"""An icon on a pale disc; bare where every millimetre is wanted."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, StringProperty

from screens.parts.column import place
from screens.parts.picture import Icon
from screens.parts.surface import Surface

OF_DISC, OF_UNSEEN_DISC = 0.54, 0.85
"""The icon's share of the disc's width; in high contrast there is no pale ground to see."""


class Sign(Surface):
    """`name`: a drawing.  `tone`: a colour's name for its lines."""

    name = StringProperty("")
    tone = StringProperty("accent")
    bare = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        self.icon = Icon(side_mm=100)
        super().__init__(**{"fill": "accent_pale", "edge": "", "corner_mm": 100} | kwargs)
        self.add_widget(self.icon)
        for name in ("name", "tone", "bare"):
            self.fbind(name, self._dress)
        self._dress()

    def lay_out(self) -> None:
        of_disc = OF_UNSEEN_DISC if self.theme.look.contrasted else OF_DISC
        side = round(self.width * (1 if self.bare else of_disc))
        place(self.icon, self.middle_x - side / 2, self.middle_y - side / 2, side, side, 0)

    def clear(self) -> None:
        """Nothing of a visit is here."""

    def _dress(self, *_: object) -> None:
        self.icon.name, self.icon.line = self.name, self.tone
        self._paint()
        self._later()

    def seen(self) -> bool:
        return not self.bare
