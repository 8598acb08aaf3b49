"""The window seen from inside: what is wrong with the page on the glass, and what of a visit is left in memory."""

from __future__ import annotations

import gc
import itertools
import types
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from kivy.app import App
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.input import MotionEvent
from kivy.input.providers.mouse import MouseMotionEventProvider
from kivy.uix.screenmanager import ScreenManager
from kivy.uix.widget import Widget

from kiosk.pin import Pin
from screens.attract import AttractPage
from screens.overlay import Overlay
from screens.parts.cells import Cell
from screens.parts.pad import PadKey
from screens.parts.surface import Pressable, Surface
from screens.parts.text import Text
from screens.window import InputDoubled, check_input

HAIR = 1.5
"""Pixels of rounding."""


class Box(NamedTuple):
    name: str
    left: float
    lower: float
    right: float
    upper: float

    def overlaps(self, other: Box, gap: float = -HAIR) -> bool:
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


def break_page() -> None:
    """A programmer's mistake in a page's callback."""
    Clock.schedule_once(lambda _dt: 1 / 0)


def with_a_second_provider() -> str:
    """What the check at the start says when another one reads the same panel; empty: nothing."""
    second = MouseMotionEventProvider("second", "")
    EventLoop.add_input_provider(second)
    try:
        check_input()
    except InputDoubled as refused:
        return str(refused)
    finally:
        EventLoop.remove_input_provider(second)
    return ""


def watch_keyboard(tell: Callable[..., None]) -> None:
    Window.bind(on_key_up=lambda _window, key, *_: tell(key=key))


def visible() -> list[Widget]:
    face = App.get_running_app().face
    overlays = [child for child in face.children if isinstance(child, Overlay)]
    return list(_walk(overlays[0] if overlays else face))


def _walk(widget: Widget) -> Iterator[Widget]:
    if widget.opacity == 0:
        return
    yield widget
    children = [widget.current_screen] if isinstance(widget, ScreenManager) else widget.children
    for child in children:
        yield from _walk(child)


def box(widget: Widget, name: str = "") -> Box:
    left, lower = widget.to_window(widget.x, widget.y)
    return Box(name or _name(widget), left, lower, left + widget.width, lower + widget.height)


def _name(widget: Any) -> str:
    words = getattr(widget, "text", "") or getattr(getattr(widget, "title", None), "text", "")
    return f"{type(widget).__name__} {words!r}"


def targets() -> dict[str, tuple[int, int]]:
    """Where to press, from the upper left corner, as xdotool counts."""
    height = App.get_running_app().theme.panel.height
    found = {}
    for widget in visible():
        if isinstance(widget, Pressable | PadKey):
            place = box(widget)
            tile = getattr(widget, "tile", None)
            name = tile.service if tile else widget.name
            found[name] = (round((place.left + place.right) / 2), round(height - (place.lower + place.upper) / 2))
    return found


def texts() -> list[str]:
    return [part.text for part in visible() if getattr(part, "text", "")]


def turn_over() -> None:
    """As the first page's clock does."""
    next(page for page in visible() if isinstance(page, AttractPage)).turn_over()


def measure() -> list[str]:
    return [*_texts(), *_targets(), *_overlaps()]


def _texts() -> Iterator[str]:
    theme = App.get_running_app().theme
    glass = Box("glass", 0, 0, theme.panel.width, theme.panel.height)
    for text in visible():
        if not isinstance(text, Text) or not text.text:
            continue
        lines, place = text.lines(text.width, text.level), box(text)
        if len(lines) * text.leading(text.level) > text.height + HAIR:
            yield f"{place.name}: {len(lines)} lines do not fit in a height of {text.height}"
        wide = max(text._line(line, text.level).get_extents(line)[0] for line in lines)
        if wide > text.width + HAIR:
            yield f"{place.name}: {wide} wide in {text.width}"
        if text.font_px(text.level) < theme.panel.font_px(theme.look.least_cap):
            yield f"{place.name}: too small"
        room = _room(text, glass)
        if not place.inside(room):
            yield f"{place.name}: outside {room.name}"
    for part in visible():
        if isinstance(part, Surface) and not box(part).inside(_stage(part, glass)):
            yield f"{_name(part)}: outside the stage"


def _stage(widget: Widget, glass: Box) -> Box:
    """Nothing of a page may hang over its edge."""
    parent = widget.parent
    while parent is not None and parent is not parent.get_root_window():
        if isinstance(parent, ScreenManager):
            return box(parent, "stage")
        parent = parent.parent
    return glass


def _room(widget: Widget, glass: Box) -> Box:
    """What a part must stay inside: the nearest surface, the stage, the glass."""
    parent = widget.parent
    while parent is not None and parent is not parent.get_root_window():
        if isinstance(parent, Pressable) or type(parent).__name__ in {
            "Surface",
            "Sheet",
            "CardRow",
            "Notice",
            "Thing",
            "LeafPaper",
            "PadKey",
        }:
            return box(parent)
        if isinstance(parent, ScreenManager):
            return box(parent, "stage")
        parent = parent.parent
    return glass


GROUNDS = {"Surface", "Sheet", "CardRow", "Notice", "Thing", "LeafPaper", "PadKey"}


def _targets() -> Iterator[str]:
    theme = App.get_running_app().theme
    glass = Box("glass", 0, 0, theme.panel.width, theme.panel.height)
    boxes = []
    for widget in visible():
        if not isinstance(widget, Pressable | PadKey):
            continue
        place = box(widget)
        boxes.append(place)
        wide, high = LEAST[type(widget).__name__]
        if widget.width + HAIR < theme.panel.px(wide) or widget.height + HAIR < theme.panel.px(high):
            yield f"{place.name}: {widget.width}×{widget.height} px is less than {wide}×{high} mm"
        if not place.inside(_room(widget, glass)):
            yield f"{place.name}: outside {_room(widget, glass).name}"
    for one, other in itertools.combinations(boxes, 2):
        if one.overlaps(other, gap=theme.panel.px(3) - HAIR):
            yield f"{one.name} is nearer than 3 mm to {other.name}"


LEAST = {
    "TileButton": (55, 28),
    "ActButton": (45, 20),
    "TurnButton": (45, 20),
    "HugeButton": (55, 40),
    "LookSwitch": (40, 35),
    "FootKey": (22, 20),
    "PadKey": (22, 20),
}
"""Millimetres; secondary acts may be narrower than the primary."""


def _overlaps() -> Iterator[str]:
    boxes = [box(widget) for widget in visible() if isinstance(widget, Text) and widget.text]
    for one, other in itertools.combinations(boxes, 2):
        if one.overlaps(other):
            yield f"{one.name} lies over {other.name}"


def pins() -> list[int]:
    """The lengths of all PINs in this process that are not empty."""
    gc.collect()
    return [len(thing) for thing in gc.get_objects() if issubclass(type(thing), Pin) and len(thing)]


def touches_on_page() -> int:
    """How many touches above the foot are still remembered by anyone."""
    gc.collect()
    lower = App.get_running_app().theme.stage.y
    touches = [thing for thing in gc.get_objects() if issubclass(type(thing), MotionEvent)]
    return sum(touch.y > lower for touch in touches)


def cells() -> list[str]:
    return [cell.figure.text for cell in visible() if isinstance(cell, Cell) and cell.figure.text]


def holders(words: str) -> list[str]:
    """The types of everything in this process that holds a text of a visit, but for running functions."""
    gc.collect()
    running = (types.FrameType, types.CoroutineType, types.GeneratorType, types.AsyncGeneratorType)
    found = []
    for thing in gc.get_objects():
        if issubclass(type(thing), running):
            continue
        for value in gc.get_referents(thing):
            if type(value) is str and words in value:  # by its exact type: a dead weak proxy must not be touched
                found.append(type(thing).__name__)  # noqa: PERF401 - a comprehension's own cell would be found
    return found
