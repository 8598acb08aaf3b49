"""The window's widgets as boxes on the glass: what is to be seen, what is to be touched, where each thing is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from kivy.app import App
from kivy.graphics import Rectangle
from kivy.uix.screenmanager import ScreenManager
from kivy.uix.widget import Widget

from screens.dark import Dark
from screens.overlay import Overlay
from screens.parts.pad import PadKey
from screens.parts.surface import Pressable, Surface
from screens.parts.text import Text
from screens.theme import Panel

HAIR = 1.5
"""Pixels of rounding."""


class Box(NamedTuple):
    """Pixels from the lower left corner, as the window counts."""

    left: float
    lower: float
    right: float
    upper: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.upper - self.lower

    def overlaps(self, other: Box, gap: float = -HAIR) -> bool:
        """Or is nearer than `gap`."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.lower < other.upper + gap
            and other.lower < self.upper + gap
        )

    def inside(self, other: Box) -> bool:
        return (
            self.left >= other.left - HAIR
            and self.right <= other.right + HAIR
            and self.lower >= other.lower - HAIR
            and self.upper <= other.upper + HAIR
        )


def panel() -> Panel:
    theme = App.get_running_app().theme
    return theme.panel  # type: ignore[no-any-return]


def glass() -> Box:
    return Box(0, 0, panel().width, panel().height)


def visible() -> list[Any]:
    """What a person sees; under a sheet, the sheet alone."""
    face = App.get_running_app().face
    overlays = [child for child in face.children if isinstance(child, Overlay)]
    return list(_walk(overlays[0] if overlays else face))


def covered() -> bool:
    """A sheet lies over the page."""
    return any(isinstance(child, Overlay) for child in App.get_running_app().face.children)


def dark() -> bool:
    """Nobody is there: nothing is meant to be read."""
    return any(isinstance(child, Dark) for child in App.get_running_app().face.children)


def visible_page() -> Any:
    """Under whatever lies over it."""
    face = App.get_running_app().face
    return next(child for child in face.children if isinstance(child, ScreenManager)).current_screen


def _walk(widget: Widget) -> Iterator[Widget]:
    if widget.opacity == 0:
        return
    yield widget
    children = [widget.current_screen] if isinstance(widget, ScreenManager) else widget.children
    for child in children:
        yield from _walk(child)


def texts() -> list[Text]:
    return [widget for widget in visible() if isinstance(widget, Text) and widget.text]


def targets() -> list[Any]:
    """What a finger is meant for."""
    return [widget for widget in visible() if isinstance(widget, Pressable | PadKey)]


def name(widget: Any) -> str:
    """For whoever reads what is wrong."""
    speaking = [widget, *(getattr(widget, part, None) for part in ("title", "words"))]
    words = next((part.text for part in speaking if getattr(part, "text", "")), "")
    return f"{type(widget).__name__} {words!r}" if words else type(widget).__name__


def target_name(widget: Any) -> str:
    """As tests and keys call it."""
    tile = getattr(widget, "tile", None)
    return str(tile.service if tile else widget.name)


def box(widget: Any) -> Box:
    return _in_window(widget, *widget.pos, *widget.size)


def drawn(widget: Any) -> list[Box]:
    """Where a widget draws its textures: a text its lines, a picture itself."""
    return [
        _in_window(widget, *part.pos, *part.size)
        for part in widget.canvas.children
        if isinstance(part, Rectangle) and part.texture is not None
    ]


def _in_window(widget: Any, x: float, y: float, width: float, height: float) -> Box:
    left, lower = widget.to_window(x, y)
    return Box(left, lower, left + width, lower + height)


def ancestors(widget: Widget) -> list[Widget]:
    found, parent = [], widget.parent
    while parent is not None and parent is not parent.get_root_window():
        found.append(parent)
        parent = parent.parent
    return found


def room(widget: Widget) -> tuple[str, Box]:
    """What a thing must stay inside: the surface it lies on, else the stage, else the glass."""
    for parent in ancestors(widget):
        if isinstance(parent, Surface):
            return name(parent), box(parent)
        if isinstance(parent, ScreenManager):
            return "the stage", box(parent)
    return "the glass", glass()
