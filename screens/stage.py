"""What stands on the glass, for whoever presses it in a demo: a file with the page and where its buttons are.

Only `kiosk demo` asks for it, by KIOSK_STAGE_FILE.  It helps a blind finger find a button and proves nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from kivy.clock import Clock
from kivy.core.window import Window as Glass
from kivy.uix.screenmanager import ScreenManager
from kivy.uix.widget import Widget

from screens.overlay import Overlay
from screens.parts.pad import PadKey
from screens.parts.part import Part
from screens.parts.surface import Pressable
from screens.parts.text import Text

if TYPE_CHECKING:
    from screens.face import WindowFace
    from screens.faces import Faces

FILE = "KIOSK_STAGE_FILE"
LOOK_S = 0.1
"""Longer than a frame: what looks the same twice has been drawn."""


class Target(msgspec.Struct, frozen=True):
    """Something to press, in pixels from the window's upper left corner."""

    name: str
    x: int
    y: int
    width: int
    height: int


class Stage(msgspec.Struct, frozen=True):
    page: str
    """The prompt's name; or of the sheet that lies over the page."""
    language: str
    online: bool
    acts: int
    """How many touches did something so far."""
    texts: tuple[str, ...]
    targets: tuple[Target, ...]


def write_if_asked(faces: Faces) -> None:
    """Keep the file that KIOSK_STAGE_FILE names up to date; without the variable nothing happens."""
    asked = os.environ.get(FILE)
    if asked:
        writer = _Writer(faces, Path(asked))
        # The clock would hold a bound method weakly.
        Clock.schedule_interval(lambda _elapsed: writer.look(), LOOK_S)


class _Writer:
    def __init__(self, faces: Faces, file: Path) -> None:
        self._faces = faces
        self._file = file
        self._seen: Stage | None = None
        self._written: Stage | None = None

    def look(self) -> None:
        now = see(self._faces.current)
        if now == self._seen and now != self._written:
            fresh = self._file.with_name(self._file.name + ".new")
            fresh.write_bytes(msgspec.json.encode(now))
            fresh.replace(self._file)
            self._written = now
        self._seen = now


def see(face: WindowFace) -> Stage:
    """What a person sees now."""
    sheets = [child for child in face.children if isinstance(child, Overlay)]
    if sheets:
        page, roots = type(sheets[0]).__name__.removesuffix("Sheet"), sheets[:1]
    else:
        pages = next(child for child in face.children if isinstance(child, ScreenManager))
        page = pages.current
        roots = [pages.current_screen, *(child for child in face.children if isinstance(child, Part))]
    shown = [widget for root in roots for widget in _shown(root)]
    return Stage(
        page=page,
        language=face.presenter.language,
        online=face.online,
        acts=face.acts,
        texts=tuple(widget.text for widget in shown if isinstance(widget, Text) and widget.text),
        targets=tuple(_target(widget) for widget in shown if isinstance(widget, Pressable | PadKey)),
    )


def _shown(root: Widget) -> list[Widget]:
    if not root.opacity:
        return []
    return [root, *(widget for child in reversed(root.children) for widget in _shown(child))]


def _target(widget: Any) -> Target:
    left, lower = widget.to_window(widget.x, widget.y)
    tile = getattr(widget, "tile", None)
    name = f"tile-{tile.service}" if tile else getattr(widget, "name", "")
    upper = Glass.height - lower - widget.height
    return Target(name, round(left), round(upper), round(widget.width), round(widget.height))
