"""What `kiosk demo` can be told."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec

from kiosk.config import ScreenConfig

LANDSCAPE_PPI, PORTRAIT_PPI, WIDE_PPI = 149, 102, 141
"""Of the panels these sizes belong to: 10.1-inch 1280×800, 21.5-inch 1080×1920, 15.6-inch 1920×1080."""
LOOKS = get_args(get_type_hints(ScreenConfig)["look"])

PPI = {(1280, 800): LANDSCAPE_PPI, (1080, 1920): PORTRAIT_PPI, (1920, 1080): WIDE_PPI}


class Size(msgspec.Struct, frozen=True):
    width: int
    height: int

    @property
    def ppi(self) -> int:
        fallback = PORTRAIT_PPI if self.height > self.width else LANDSCAPE_PPI
        return PPI.get((self.width, self.height), fallback)


class Options(msgspec.Struct, frozen=True):
    stories: tuple[str, ...]
    """Groups or single ones; empty: a person plays at the window and the bench."""
    look: str
    language: str
    size: Size
    config: Path | None
    keep: bool
    out: Path


def parse(arguments: Sequence[str], stories: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(
        prog="kiosk demo",
        description="A whole terminal on this machine: virtual hardware, centre, terminal.  With a display a window "
        "and the bench's page; without one, or with --story, a citizen plays and leaves pictures.",
    )
    parser.add_argument(
        "--story",
        action="append",
        choices=stories,
        metavar="NAME",
        help=f"what the citizen plays, may be repeated: {', '.join(stories)}",
    )
    parser.add_argument("--look", default="standard", choices=LOOKS)
    parser.add_argument("--language", default="zh_CN", choices=["zh_CN", "en"])
    parser.add_argument("--size", type=_size, default=Size(1280, 800), metavar="WxH")
    parser.add_argument("--config", type=Path, help="take the devices of this kiosk.toml instead of virtual ones")
    parser.add_argument("--keep", action="store_true", help="leave the state of terminal and centre behind")
    parser.add_argument("--out", type=Path, default=Path("out/demo"), help="pictures and logs (default out/demo)")
    said = parser.parse_args(arguments)
    chosen = tuple(said.story or ([] if os.environ.get("DISPLAY") else ["all"]))
    return Options(chosen, said.look, said.language, said.size, said.config, said.keep, said.out)


def _size(text: str) -> Size:
    found = re.fullmatch(r"(\d{3,4})x(\d{3,4})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size such as 1280x800")
    return Size(int(found[1]), int(found[2]))
