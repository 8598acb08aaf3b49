"""Sizes are promises to eyes and fingers: they hold in millimetres on every panel."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.theme import (
    CAP_HEIGHT_EM,
    CONTRAST,
    LOOKS,
    SEATED_REACH_MM,
    SMALL,
    STANDARD,
    TALL,
    WIDE,
    Look,
    Panel,
    PanelTooSmall,
    PpiWrong,
    Theme,
    contrast,
    look_with,
)

PANELS = (SMALL, WIDE, TALL)
SIZES = ("caption", "body", "tile", "title", "key", "number")


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("look", LOOKS.values(), ids=list(LOOKS))
def test_no_capital_letter_is_lower_than_4_8_mm_and_7_3_in_large_type(look: Look, panel: Panel, size: str) -> None:
    cap_mm = Theme(panel, look).font(size) * CAP_HEIGHT_EM / panel.ppi * 25.4
    assert cap_mm >= (7.3 if look.large else 4.8)


@given(st.floats(1, 30), st.floats(60, 400))
def test_a_font_is_never_smaller_than_asked_and_never_a_pixel_more(cap_mm: float, ppi: float) -> None:
    panel = Panel(1280, 800, ppi)
    exact = cap_mm * ppi / 25.4 / CAP_HEIGHT_EM
    assert exact <= panel.font_px(cap_mm) + 1e-9 < exact + 1 + 1e-6


THEMES = [Theme(panel, look, low=low) for panel in PANELS for look in LOOKS.values() for low in (False, True)]


def name(theme: Theme) -> str:
    return f"{theme.panel.width}-{theme.look.name}{'-low' if theme.low else ''}"


@pytest.mark.parametrize("theme", THEMES, ids=name)
def test_what_is_touched_is_large_enough_for_a_thumb(theme: Theme) -> None:
    panel = theme.panel
    assert theme.length("key") >= panel.px(20)
    assert theme.length("primary") >= panel.px(20)
    assert theme.length("tile") >= panel.px(28)
    assert theme.length("gap") >= panel.px(3)
    assert theme.least("key") >= panel.px(20)
    assert theme.least("tile") >= panel.px(28)


@pytest.mark.parametrize("theme", THEMES, ids=name)
def test_the_areas_of_a_page_lie_on_the_stage_and_not_on_each_other(theme: Theme) -> None:
    say, do, stage = theme.say, theme.do, theme.stage
    for area in (say, do):
        assert area.x >= 0
        assert area.y >= 0
        assert area.x + area.width <= stage.width
        assert area.y + area.height <= stage.height
    assert say.x + say.width <= do.x or do.y + do.height <= say.y


def test_upright_everything_to_touch_is_in_the_lower_two_thirds() -> None:
    theme = Theme(TALL)
    assert theme.stage.y + theme.do.y + theme.do.height <= TALL.height * 2 / 3


@pytest.mark.parametrize(("panel", "edge_mm"), [(SMALL, 1090), (WIDE, 1090), (TALL, 975)])
def test_low_a_seated_person_reaches_the_highest_key_of_the_pad(panel: Panel, edge_mm: float) -> None:
    theme = Theme(panel, low=True)
    high = theme.do.height if panel.portrait else 4 * theme.least("key") + 3 * theme.least("gap")
    top_mm = (theme.stage.y + theme.do.y + high) / panel.ppi * 25.4
    assert edge_mm + top_mm <= SEATED_REACH_MM[1]


@pytest.mark.parametrize("panel", PANELS)
def test_three_rows_of_tiles_find_room(panel: Panel) -> None:
    theme = Theme(panel)
    assert 3 * panel.px(28) + 2 * theme.length("gap") <= theme.do.height
    assert (theme.do.width - theme.length("gap")) / 2 >= panel.px(55)


GROUNDS = ("ground", "surface", "closed", "pressed", "accent_pale")
PAIRS = [
    *itertools.product(("ink", "ink_soft"), GROUNDS),
    *itertools.product(("accent", "good", "warn", "bad"), ("ground", "surface")),
    ("accent", "pressed"),
    ("accent", "accent_pale"),
    ("on_accent", "accent"),
    ("on_accent", "accent_pressed"),
    ("good", "good_pale"),
    ("warn", "warn_pale"),
    ("bad", "bad_pale"),
]


@pytest.mark.parametrize("look", LOOKS.values(), ids=list(LOOKS))
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_every_text_stands_out_from_its_ground(look: Look, text: str, ground: str) -> None:
    least = 7 if look.large else 4.5
    assert contrast(getattr(look.colours, text), getattr(look.colours, ground)) >= least


def test_high_contrast_is_black_white_and_one_yellow() -> None:
    used = set(msgspec.structs.asdict(CONTRAST.colours).values())
    assert used - {CONTRAST.colours.pressed} == {"#000000", "#FFFFFF", "#FFD400"}


def test_each_pair_of_wishes_has_its_look() -> None:
    assert look_with(large=False, contrasted=False) is STANDARD
    assert look_with(large=True, contrasted=True).least_cap == 7.3
    assert len({look_with(large=large, contrasted=dark) for large in (False, True) for dark in (False, True)}) == 4


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("panel", [Panel(800, 480, 133), Panel(1024, 600, 170), Panel(480, 800, 133)])
def test_a_panel_that_is_too_small_is_refused_with_its_size(panel: Panel) -> None:
    with pytest.raises(PanelTooSmall, match=f"{panel.width}×{panel.height}.*1280×800 at 149 ppi"):
        panel.check()


@pytest.mark.parametrize(("ppi", "inches"), [(45, "49.0"), (460, "4.8")])
def test_a_ppi_that_no_panel_has_is_refused_by_its_key(ppi: float, inches: str) -> None:
    with pytest.raises(PpiWrong, match=rf"^\[screen\] ppi = {ppi} cannot be right: 1920×1080 .* {inches} inches"):
        Panel(1920, 1080, ppi).check()


@pytest.mark.parametrize("panel", PANELS)
def test_the_panels_of_the_field_are_large_enough(panel: Panel) -> None:
    panel.check()
    assert min(panel.width_mm, panel.height_mm) >= 135
