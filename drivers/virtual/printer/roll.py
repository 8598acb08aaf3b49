"""The paper: a roll passing head and cutter, and the slips torn from it."""

from __future__ import annotations

from pathlib import Path

import msgspec
from PIL import Image

CUTTER_DOTS = 96
"""From head to cutter (12 mm).  What is cut without feeding stays behind, on top of the next slip."""

HEAD_DOTS = {58: 384, 80: 576}
"""Width of the head at 203 dpi (8 dots a millimetre), by width of the paper in millimetres."""

DOTS_PER_MM = 8

WHITE = 255
BLACK = 0


class PrintedSlip(msgspec.Struct, frozen=True):
    """One piece of paper in the citizen's hand."""

    image: Image.Image
    text: str

    def save(self, path: Path) -> None:
        """Write a PNG."""
        self.image.save(path, format="PNG")


class Roll:
    """Paper `width_mm` wide, since the last cut.  The head, `dots` wide, is in its middle."""

    def __init__(self, width_mm: int) -> None:
        self.dots = HEAD_DOTS[width_mm]
        self._paper_dots = width_mm * DOTS_PER_MM
        self._strips: list[Image.Image] = [self._blank(CUTTER_DOTS)]
        self._lines: list[tuple[int, str]] = []
        self._length = CUTTER_DOTS

    def feed(self, dots: int) -> None:
        self._add(self._blank(dots))

    def burn(self, mask: Image.Image, text: str) -> None:
        """Print a strip: `mask` is 255 where it is black, `text` what it reads as."""
        strip = self._blank(mask.height)
        strip.paste(BLACK, ((self._paper_dots - self.dots) // 2, 0), mask)
        self._lines.append((self._length, text))
        self._add(strip)

    def cut(self) -> PrintedSlip:
        """The paper beyond the cutter; the rest becomes the beginning of the next slip."""
        whole, at = self._joined(), self._length - CUTTER_DOTS
        slip = PrintedSlip(whole.crop((0, 0, self._paper_dots, at)), self._text(before=at))
        self._strips = [whole.crop((0, at, self._paper_dots, self._length))]
        self._lines = [(y - at, text) for y, text in self._lines if y >= at]
        self._length = CUTTER_DOTS
        return slip

    @property
    def hanging(self) -> PrintedSlip:
        """What has been printed since the last cut, up to the head: an uncut or half-printed slip."""
        return PrintedSlip(self._joined(), self._text(before=self._length))

    def _text(self, *, before: int) -> str:
        return "\n".join(text for y, text in self._lines if y < before)

    def _joined(self) -> Image.Image:
        whole = self._blank(self._length)
        y = 0
        for strip in self._strips:
            whole.paste(strip, (0, y))
            y += strip.height
        return whole

    def _add(self, strip: Image.Image) -> None:
        self._strips.append(strip)
        self._length += strip.height

    def _blank(self, dots: int) -> Image.Image:
        return Image.new("L", (self._paper_dots, dots), WHITE)
