"""What a person can do: an icon, the need in their words, the office's word under it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from kivy.clock import Clock
from kivy.properties import NumericProperty, StringProperty

from kiosk.prompts import Tile
from kiosk.words import Message, msg
from screens.parts.column import LEVELS, place
from screens.parts.part import Part, theme
from screens.parts.sign import Sign
from screens.parts.surface import Pressable
from screens.parts.text import Text
from screens.signs import sign_of

ROOMY_MM = (80, 28)
"""From this width and height a wide tile has its icon beside the words, on a disc."""

ROOMY_LARGE_MM = (112, 28)
"""The same in large type, which wants the width for words."""

HIGH_MM = 40
"""From this height a narrow tile has its disc above the words."""

DISC_MM, DISC_COMPACT_MM, DISC_UPRIGHT_MM = 20, 14, 26
BARE_MM = 8.5
"""Widths of the icon's disc, and of an icon without one."""

BETWEEN_MM = 2
"""Between the disc and the words under it."""

MOST_MM, MOST_UPRIGHT_MM = 54, 90
"""No tile is higher than this."""

MORE = "turn"
"""The tile that shows the other tiles."""

WIDE = 1.6
"""Width by height, from which the disc stands beside the words."""

FEW = 3
"""So many stand one below the other, as wide as there is room."""


class TileButton(Pressable):
    """One tile."""

    tile: Tile | None = None
    name = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        self.sign = Sign()
        self.title = Text(type_size="tile", bold=True)
        self.subtitle = Text(type_size="body" if theme().panel.portrait else "caption", colour="ink_soft")
        super().__init__(padding_mm=[4, 2.5], **kwargs)
        for part in (self.sign, self.title, self.subtitle):
            self.add_widget(part)

    def dress(self, tile: Tile, title: str, subtitle: str) -> None:
        """Show a tile in words already chosen.  A closed one has a sign of its own, and without greys a broken edge."""
        self.sign.name = "not-now" if tile.closed else sign_of(tile.service)
        self.tile, self.name = tile, f"tile-{tile.service}"
        self.sign.tone = "ink_soft" if tile.closed else "accent"
        self.title.text, self.subtitle.text = title, subtitle
        self.title.colour = "ink_soft" if tile.closed else "ink"
        self.fill = "closed" if tile.closed else "surface"
        self.dashed = bool(tile.closed) and self.theme.look.contrasted
        self.sign.fill = "surface" if tile.closed else "accent_pale"

    def dress_more(self, title: str, subtitle: str) -> None:
        """Show that there are others."""
        self.tile, self.name = None, MORE
        self.sign.name, self.sign.tone, self.sign.fill = "more", "accent", "accent_pale"
        self.title.text, self.subtitle.text = title, subtitle
        self.title.colour, self.fill, self.dashed = "ink", "surface", False

    @property
    def roomy(self) -> bool:
        wide, high = (self.theme.mm(mm) for mm in (ROOMY_LARGE_MM if self.theme.look.large else ROOMY_MM))
        return bool(self.width >= max(wide, WIDE * self.height) and self.height >= high)

    @property
    def high(self) -> bool:
        return not self.roomy and not self.theme.look.large and bool(self.height >= self.theme.mm(HIGH_MM))

    def sign_px(self) -> int:
        disc = self.theme.drawn(DISC_UPRIGHT_MM if self.theme.panel.portrait else DISC_MM)
        if self.roomy:
            return int(min(disc, self.height - self.theme.mm(8)))
        if not self.high:
            return self.theme.drawn(BARE_MM)
        return self.theme.mm(DISC_COMPACT_MM) if self.theme.compact else disc

    def words_width(self) -> float:
        inner = float(self.inner_width(self.width))
        return inner if self.high else inner - self.sign_px() - self.theme.mm(4 if self.roomy else 2.5)

    def fits(self, level: int) -> bool:
        under = self.words_width() if self.roomy else self.inner_width(self.width)
        height = self.title.measure(self.words_width(), level) + self.subtitle.measure(under, level)
        height += self.sign_px() + self.theme.mm(BETWEEN_MM) if self.high else 0
        whole = all(" " in text.text or text.width_needed(level) <= under for text in (self.title, self.subtitle))
        return bool(height <= self.height - 2 * self.theme.mm(self.padding_mm[1])) and whole

    def lay_out(self) -> None:
        """Words beside a disc or under it where there is room, else the icon beside the title."""
        self.sign.bare = not (self.roomy or self.high)
        if self.roomy:
            self._lay_out_roomy()
        elif self.high:
            self._lay_out_high()
        else:
            self._lay_out_narrow()

    def _lay_out_high(self) -> None:
        left, disc, width = self.x + self.theme.mm(self.padding_mm[0]), self.sign_px(), self.words_width()
        title, subtitle = (text.measure(width, self.level) for text in (self.title, self.subtitle))
        between = self.theme.mm(BETWEEN_MM)
        top = self.middle_y + (disc + between + title + subtitle) / 2
        place(self.sign, left, top - disc, disc, disc, 0)
        top -= disc + between
        place(self.title, left, top - title, width, title, self.level)
        place(self.subtitle, left, top - title - subtitle, width, subtitle, self.level)

    def _lay_out_roomy(self) -> None:
        left, disc = self.x + self.theme.mm(self.padding_mm[0]), self.sign_px()
        place(self.sign, left, self.middle_y - disc / 2, disc, disc, 0)
        width = self.words_width()
        title, subtitle = (text.measure(width, self.level) for text in (self.title, self.subtitle))
        left, top = left + disc + self.theme.mm(4), self.middle_y + (title + subtitle) / 2
        place(self.title, left, top - title, width, title, self.level)
        place(self.subtitle, left, top - title - subtitle, width, subtitle, self.level)

    def _lay_out_narrow(self) -> None:
        left, icon = self.x + self.theme.mm(self.padding_mm[0]), self.sign_px()
        wide, under = self.words_width(), self.inner_width(self.width)
        title, subtitle = self.title.measure(wide, self.level), self.subtitle.measure(under, self.level)
        top = self.middle_y + (title + subtitle) / 2
        first = self.title.leading(self.level)
        place(self.sign, left, top - first / 2 - icon / 2, icon, icon, 0)
        place(self.title, left + icon + self.theme.mm(2.5), top - title, wide, title, self.level)
        place(self.subtitle, left, top - title - subtitle, under, subtitle, self.level)


class Tiles(Part):
    """In two columns, few in one; all in the same size of type.  Buttons are dressed anew, never rebuilt.

    Where there are more than find room, the last tile leads to the others.
    """

    __events__ = ("on_choose", "on_turn")

    leaf = NumericProperty(0)
    of = NumericProperty(1)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._later = Clock.create_trigger(lambda _dt: self.lay_out(), -1)
        self._tiles: tuple[Tile, ...] = ()
        self._say: Callable[[Message], str] = str
        for name in ("size", "pos", "children", "leaf"):
            self.fbind(name, self._later)

    def set(self, tiles: tuple[Tile, ...], say: Callable[[Message], str]) -> None:
        """Show these."""
        self._tiles, self._say = tiles, say
        self._later()

    def turn(self, by: int = 1) -> None:
        """Forward, after the last to the first; or back."""
        self.open((self.leaf + by) % self.of)

    def open(self, leaf: int) -> None:
        if leaf != self.leaf:
            self.leaf = leaf
            self.lay_out()

    def clear(self) -> None:
        super().clear()
        self.leaf = 0

    def on_choose(self, service: str) -> None:
        """A tile was pressed."""

    def on_turn(self) -> None:
        """更多 was pressed."""

    def measure(self, width: float, level: int) -> float:
        return self.theme.least("tile")

    def wants(self, width: float) -> float:
        """All there is: fewer tiles would find room in less."""
        return self.theme.do.height

    def _dress(self) -> None:
        """As many as find room; the first leaf has the tile more that the others leave to 更多."""
        room = self._room()
        each = room if len(self._tiles) <= room else room - 1
        self.of = max(1, -(-len(self._tiles) // each))
        self.leaf = min(self.leaf, self.of - 1)
        tiles = self._tiles[self.leaf * each : (self.leaf + 1) * each]
        wanted = len(tiles) + (self.of > 1)
        while len(self.children) < wanted:
            self.add_widget(TileButton(on_release=self._chosen))
        for button, tile in zip_longest(reversed(self.children), tiles):
            button.shown = tile is not None
            if tile is None:
                button.clear()
            else:
                button.dress(tile, self._say(tile.title), self._say(tile.closed or tile.subtitle))
        if self.of > 1:
            more = list(reversed(self.children))[len(tiles)]
            more.shown = True
            more.dress_more(
                self._say(msg("screens.more")), self._say(msg("screens.more_leaf", leaf=self.leaf + 1, of=self.of))
            )

    def _room(self) -> int:
        """How many tiles there can be at once: two columns of them."""
        return 2 * max(2, self._rows_of_room())

    def _rows_of_room(self) -> int:
        gap, room = self.theme.least("gap"), min(self.height, self.theme.reach - self.theme.stage.y - self.y)
        return int((room + gap) // (self.theme.least("tile") + gap))

    def lay_out(self) -> None:
        self._dress()
        buttons, rows = self._buttons(), self._rows()
        if not buttons:
            return
        gap = self.theme.least("gap")
        width = round((self.width - gap * (self.columns - 1)) / self.columns)
        most = self.theme.mm(MOST_UPRIGHT_MM if self.theme.panel.portrait else MOST_MM)
        most = self.theme.least("tile") if self.theme.sunk else most
        height = min(round((self.height - gap * (rows - 1)) / rows), most)
        spare = self.height - rows * height - (rows - 1) * gap
        top = self.upper - (spare if self.theme.sunk else spare / 2)
        for button in buttons:
            button.size = width, height
        level = next((level for level in LEVELS if all(button.fits(level) for button in buttons)), LEVELS[-1])
        for number, button in enumerate(buttons):
            row, column = divmod(number, self.columns)
            place(button, self.x + column * (width + gap), top - height - row * (height + gap), width, height, level)
            button.lay_out()

    def _buttons(self) -> list[TileButton]:
        return [button for button in reversed(self.children) if button.shown]

    @property
    def columns(self) -> int:
        few = len(self._buttons()) <= min(FEW, self._rows_of_room())
        return 1 if few else 2

    def _rows(self) -> int:
        return -(-len(self._buttons()) // self.columns)

    def _chosen(self, button: TileButton) -> None:
        if button.tile is None:
            self.dispatch("on_turn")
        else:
            self.dispatch("on_choose", button.tile.service)
