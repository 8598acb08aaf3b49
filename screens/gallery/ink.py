"""What a piece of a picture shows of a line of text: on which ground, in which ink, and where the ink is.

Knows nothing of themes: only what reached the glass counts.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple, cast

from PIL import Image, ImageChops

from screens.theme import contrast

Rgb = tuple[int, int, int]

POPULATED = 0.03
"""An ink fills at least this part of what is not ground: rims of letters are of many colours, none of them common."""
FEWEST = 3
"""Pixels of one colour that may still be chance."""
TOUCHED = 24
"""Of 255: from this coverage on a pixel holds ink."""


class Ink(NamedTuple):
    """Edges in pixels from the upper left corner, as fine as the rims of the letters tell."""

    ground: Rgb
    colour: Rgb
    left: float
    upper: float
    right: float
    lower: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.lower - self.upper

    @property
    def contrast(self) -> float:
        """WCAG 2.1, 1 to 21."""
        return contrast(code(self.ground), code(self.colour))


def code(colour: Rgb) -> str:
    """As #RRGGBB."""
    return "#{:02X}{:02X}{:02X}".format(*colour)


def ink(picture: Image.Image) -> Ink | None:
    """The ground is what most of the rim is: two dense characters in bold have more ink than ground between them.

    The ink is the colour that differs most from it and is not rare.  None: there is nothing but ground.
    """
    if not picture.width * picture.height:
        return None
    ground, counted = _rim(picture), _colours(picture)
    inked = counted.total() - counted[ground]
    common = [
        colour for colour, count in counted.items() if count > max(FEWEST, inked * POPULATED) and colour != ground
    ]
    if not common:
        return None
    colour = max(common, key=lambda colour: contrast(code(ground), code(colour)))
    return _placed(_coverage(picture, ground, colour), ground, colour)


def _rim(picture: Image.Image) -> Rgb:
    wide, high = picture.size
    sides = ((0, 0, wide, 1), (0, high - 1, wide, high), (0, 0, 1, high), (wide - 1, 0, wide, high))
    return sum((_colours(picture.crop(side)) for side in sides), Counter[Rgb]()).most_common(1)[0][0]


def _colours(picture: Image.Image) -> Counter[Rgb]:
    counted = picture.getcolors(picture.width * picture.height) or ()
    return Counter({cast(Rgb, colour): count for count, colour in counted})


def _coverage(picture: Image.Image, ground: Rgb, colour: Rgb) -> Image.Image:
    """How much of each pixel is ink, 0 to 255."""
    bands = ImageChops.difference(picture, Image.new("RGB", picture.size, ground)).split()
    differences = [abs(one - other) for one, other in zip(ground, colour, strict=True)]
    most = max(differences)
    return bands[differences.index(most)].point([min(255, round(level * 255 / most)) for level in range(256)])


def _placed(coverage: Image.Image, ground: Rgb, colour: Rgb) -> Ink | None:
    """Rows and columns at the rim count for as much of them as is ink."""
    box = coverage.point([255 if level >= TOUCHED else 0 for level in range(256)]).getbbox()
    if box is None:
        return None
    left, upper, right, lower = box
    return Ink(
        ground,
        colour,
        left + 1 - _most(coverage, (left, upper, left + 1, lower)),
        upper + 1 - _most(coverage, (left, upper, right, upper + 1)),
        right - 1 + _most(coverage, (right - 1, upper, right, lower)),
        lower - 1 + _most(coverage, (left, lower - 1, right, lower)),
    )


def _most(coverage: Image.Image, box: tuple[int, int, int, int]) -> float:
    return cast(tuple[int, int], coverage.crop(box).getextrema())[1] / 255
