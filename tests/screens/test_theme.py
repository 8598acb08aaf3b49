"""Sizes are promises to eyes and fingers: they hold in millimetres on every panel."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screens.theme import CAP_HEIGHT_EM, LOOKS, SMALL, TALL, WIDE, Look, Panel, PanelTooSmall, Theme, contrast

PANELS = (SMALL, WIDE, TALL)
SIZES = ("caption", "body", "tile", "title", "key", "number")


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("size", SIZES)
def test_no_capital_letter_is_lower_than_4_8_mm(panel: Panel, size: str) -> None:
    cap_mm = Theme(panel).font(size) * CAP_HEIGHT_EM / panel.ppi * 25.4
    assert cap_mm >= 4.8


@given(st.floats(1, 30), st.floats(60, 400))
def test_a_font_is_never_smaller_than_asked_and_never_a_pixel_more(cap_mm: float, ppi: float) -> None:
    panel = Panel(1280, 800, ppi)
    exact = cap_mm * ppi / 25.4 / CAP_HEIGHT_EM
    assert exact <= panel.font_px(cap_mm) + 1e-9 < exact + 1 + 1e-6


@pytest.mark.parametrize("panel", PANELS)
def test_what_is_touched_is_large_enough_for_a_thumb(panel: Panel) -> None:
    theme = Theme(panel)
    assert theme.length("key") >= panel.px(20)
    assert theme.length("foot_key") >= panel.px(22)
    assert theme.length("primary") >= panel.px(20)
    assert theme.length("tile") >= panel.px(28)
    assert theme.length("gap") >= panel.px(3)


@pytest.mark.parametrize("panel", PANELS)
def test_the_areas_of_a_page_lie_on_the_stage_and_not_on_each_other(panel: Panel) -> None:
    theme = Theme(panel)
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
    assert contrast(getattr(look.colours, text), getattr(look.colours, ground)) >= 4.5


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("panel", [Panel(800, 480, 133), Panel(1024, 600, 170), Panel(480, 800, 133)])
def test_a_panel_that_is_too_small_is_refused_with_its_size(panel: Panel) -> None:
    with pytest.raises(PanelTooSmall, match=f"{panel.width}×{panel.height}.*1280×800 at 149 ppi"):
        panel.check()


@pytest.mark.parametrize("panel", PANELS)
def test_the_panels_of_the_field_are_large_enough(panel: Panel) -> None:
    panel.check()
    assert min(panel.width_mm, panel.height_mm) >= 135
