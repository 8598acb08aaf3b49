"""What the gallery takes for the ink of a line, and what for its ground."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from screens.gallery.ink import ink

GROUND, INK = (255, 255, 255), (15, 37, 68)
WIDE, HIGH, RIM = 60, 30, 1


@given(st.integers(4, WIDE - 2 * RIM), st.integers(4, HIGH - 2 * RIM))
def test_ink_is_ink_however_much_of_the_line_it_fills(wide: int, high: int) -> None:
    """到期 in bold is darker than white between its edges."""
    picture = Image.new("RGB", (WIDE, HIGH), GROUND)
    picture.paste(INK, (RIM, RIM, RIM + wide, RIM + high))
    seen = ink(picture)
    assert seen is not None
    assert (seen.ground, seen.colour, seen.width, seen.height) == (GROUND, INK, wide, high)


def test_an_empty_line_has_none() -> None:
    assert ink(Image.new("RGB", (WIDE, HIGH), GROUND)) is None
