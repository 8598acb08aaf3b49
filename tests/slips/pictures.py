"""The pictures that every slip is held to: what the virtual printer draws, side by side.

There is one sheet for each kind of slip, paper, size of type and language.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from PIL import Image, features
from PIL.PngImagePlugin import PngInfo

from drivers.printer.rows import Paper
from drivers.virtual.printer.glyphs import font_file
from drivers.virtual.printer.preview import preview
from kiosk.slips.samples import slips
from kiosk.words import CHINESE, complete

GOLDEN = Path(__file__).parent / "golden"
DIFFERING = Path(__file__).parents[2] / "out" / "slips"
WORDS_ALONE = ("guide", "window")
"""Dozens of the same make: on narrow paper in large type and on wide paper in small, which leaves no other break."""
WHITE = 1


class Sheet(NamedTuple):
    kind: str
    paper: Paper
    large: bool
    language: str

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.paper.width_mm}-{'large' if self.large else 'normal'}-{self.language}"

    @property
    def file(self) -> Path:
        return GOLDEN / f"{self.name}.png"

    @property
    def names(self) -> list[str]:
        """Of the slips on it, from left to right."""
        return [name for name in sorted(slips(CHINESE)) if _kind(name) == self.kind]


def sheets() -> Iterator[Sheet]:
    for kind, _ in groupby(sorted(slips(CHINESE)), _kind):
        for paper in Paper:
            for large in (False, True):
                if kind not in WORDS_ALONE or large is (paper is Paper.MM_58):
                    yield from (Sheet(kind, paper, large, code) for code in complete())


def drawn(sheet: Sheet) -> dict[str, Image.Image]:
    """Every slip of a sheet, by its name."""
    samples = slips(sheet.language, large=sheet.large)
    return {name: preview(samples[name], sheet.paper).image.convert("1") for name in sheet.names}


def kept(sheet: Sheet) -> dict[str, Image.Image]:
    """The same as it was looked at."""
    with Image.open(sheet.file) as whole:
        cells = whole.convert("1")
    width = cells.width // len(sheet.names)
    return {name: cells.crop((x * width, 0, (x + 1) * width, cells.height)) for x, name in enumerate(sheet.names)}


def side_by_side(pictures: list[Image.Image]) -> Image.Image:
    width, height = sum(one.width for one in pictures), max(one.height for one in pictures)
    whole, x = Image.new("1", (width, height), WHITE), 0
    for one in pictures:
        whole.paste(one, (x, 0))
        x += one.width
    return whole


def same(one: Image.Image, other: Image.Image) -> bool:
    """Dot for dot."""
    long, as_long = equally_long(one, other)
    return long.tobytes() == as_long.tobytes()


def equally_long(*pictures: Image.Image) -> Iterator[Image.Image]:
    """White below: how much of it there is depends on the neighbours of a sheet."""
    for one in pictures:
        yield side_by_side([one, Image.new("1", (0, max(other.height for other in pictures)))])


def drawn_by() -> str:
    """What gives every dot its place: the font that stands for the printer's ROM, and who rasterises it.

    Debian 12 and 13 have the same release of the font, and Pillow, which is pinned, brings FreeType along.
    """
    digest = hashlib.sha256(font_file().read_bytes()).hexdigest()
    return f"{font_file().name} {digest[:12]}, FreeType {features.version('freetype2')}"


def kept_by(sheet: Sheet) -> str:
    with Image.open(sheet.file) as whole:
        return str(whole.info.get("Software"))


def keep(sheet: Sheet) -> None:
    """Write it anew, if it changed."""
    pictures = drawn(sheet)
    if sheet.file.exists() and side_by_side(list(pictures.values())).tobytes() == Image.open(sheet.file).tobytes():
        return
    about = PngInfo()
    about.add_text("Software", drawn_by())
    side_by_side(list(pictures.values())).save(sheet.file, optimize=True, pnginfo=about)


def _kind(name: str) -> str:
    return name.partition("_")[0]
