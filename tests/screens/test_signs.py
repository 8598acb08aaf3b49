"""The drawings on tiles: all there, and none twice on a page."""

from __future__ import annotations

import pytest

from kiosk.prompts import CardReport, Choose, Home, Prompt, Result, Tile, Topics
from kiosk.words import CHINESE
from screens import drawings
from screens.gallery.cases import pages
from screens.signs import OTHER, SHARED, sign_of


def tiles(page: Prompt) -> tuple[Tile, ...]:
    match page:
        case Home(tiles=tiles) | Topics(tiles=tiles) | Choose(options=tiles):
            return tiles
        case CardReport(next=tiles) | Result(next=tiles):
            return tiles
    return ()


TILED = {name: tiles(page) for name, page in pages(CHINESE).items() if tiles(page)}


@pytest.mark.parametrize("page", TILED)
def test_each_tile_has_a_drawing_that_no_other_on_its_page_has(page: str) -> None:
    signs = [sign_of(tile.service) for tile in TILED[page]]
    assert [tile.service for tile in TILED[page] if sign_of(tile.service) == OTHER and tile.service != "card"] == []
    assert len(set(signs)) == len(signs), signs


def test_every_shared_drawing_exists_and_is_needed() -> None:
    assert [name for name in SHARED.values() if not drawings.exists(name)] == []
    assert [name for name in SHARED if drawings.exists(f"tile-{name.replace('_', '-')}")] == []
