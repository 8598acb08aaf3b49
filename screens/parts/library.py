"""Makes every part known to the layout files by its name."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder

from screens.parts import (  # noqa: F401 - being imported is what registers them
    areas,
    badge,
    button,
    card_row,
    cells,
    column,
    countdown_ring,
    grouped_cells,
    heading,
    hotline,
    insertion,
    leaves,
    next_acts,
    notice,
    pad,
    picture,
    result_areas,
    rings,
    sheet,
    sign,
    slip_preview,
    stage_row,
    step_bar,
    surface,
    switch,
    text,
    thing,
    tile,
    work_bar,
)

Builder.load_file(str(Path(__file__).with_suffix(".kv")))
