"""One window in a process of its own: shows one case after the other and tells what is wrong with it, in JSON lines."""

from __future__ import annotations

import datetime as dt
import logging
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import cast

import msgspec
import structlog
import trio
from PIL import Image

from kiosk.contract import Text
from screens.app import Setting, run_window
from screens.gallery.cases import EXTENTS, PANELS, Case
from screens.presenter import Presenter

NOON = dt.datetime(2026, 11, 22, 10, 24, tzinfo=dt.UTC)
PLACE = Text(zh="青秀区政务服务大厅 03号", en="Qingxiu Service Hall 03")
COLOURS, CELL = 256, 8


class Hung(msgspec.Struct, frozen=True):
    """A picture that was taken."""

    case: Case
    faults: list[str]


def setting(panel: str, home: Path) -> Setting:
    """Where all pictures are taken, at noon."""
    return Setting(panel=PANELS[panel], place=PLACE, hotline="12333", home=home, now=lambda: NOON)


async def show(cases: Iterable[Case], out: Path, screen: Presenter) -> None:
    """Hang them all, leaf by leaf, and write their pictures below `out`."""
    from screens.gallery.checks import faults  # noqa: PLC0415 - knows Kivy, whose window is open only now
    from screens.gallery.picture import Camera, hang, turn  # noqa: PLC0415 - as above
    from screens.gallery.unrest import Unrest  # noqa: PLC0415 - as above

    camera, unrest = Camera(), Unrest()
    for first in cases:
        await hang(screen, first)
        case, seen = first, set[bytes]()
        # Some pages turn from the last leaf to the first.
        while (taken := camera.picture()).tobytes() not in seen:
            seen.add(taken.tobytes())
            _keep(taken, out / case.file)
            hung = Hung(case, [*faults(taken, case.look, low=case.low), *unrest.faults()])
            print(msgspec.json.encode(hung).decode(), flush=True)  # noqa: T201 - the channel
            case = case.following
            if not await turn():
                break


def _keep(taken: Image.Image, file: Path) -> None:
    """For eyes 256 colours are enough, and half the room."""
    file.parent.mkdir(parents=True, exist_ok=True)
    taken.quantize(palette=_palette(taken), dither=Image.Dither.NONE).save(file)


def _palette(picture: Image.Image) -> Image.Image:
    """Of colours nearly alike the commonest.

    Pillow maps colours by cells of eight levels; its own choice of a palette took twice the time of all the rest.
    """
    commonest: dict[tuple[int, ...], tuple[int, ...]] = {}
    for _, colour in sorted(picture.getcolors(picture.width * picture.height) or (), reverse=True):
        bands = cast(tuple[int, ...], colour)
        commonest.setdefault(tuple(band // CELL for band in bands), bands)
    palette = Image.new("P", (1, 1))
    palette.putpalette([band for bands in list(commonest.values())[:COLOURS] for band in bands])
    return palette


def main() -> None:
    panel, language, extent, out, home = sys.argv[1:]
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    logging.disable(logging.INFO)
    cases = EXTENTS[extent](panel, language)
    trio.run(run_window, partial(show, cases, Path(out)), setting(panel, Path(home)))


if __name__ == "__main__":
    main()
