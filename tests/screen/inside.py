"""The window seen from inside: where its buttons are, faults planted in it, what of a visit is left in memory."""

from __future__ import annotations

import gc
import types
from collections.abc import Callable
from typing import Any

from kivy.app import App
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics import Color, Rectangle
from kivy.input import MotionEvent
from kivy.input.providers.mouse import MouseMotionEventProvider

from kiosk.pin import Pin
from screens.app import InputDoubled
from screens.attract import AttractPage
from screens.gallery import tree
from screens.gate import Gate
from screens.parts.button import ActButton
from screens.parts.cells import Cell
from screens.parts.column import Column
from screens.parts.pad import Pad, PadKey
from screens.parts.text import Text
from screens.window import check_input


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


def gate() -> Gate:
    return App.get_running_app().faces.gate  # type: ignore[no-any-return]


def targets() -> dict[str, tuple[int, int]]:
    """Where to press, from the upper left corner, as xdotool counts."""
    found = {}
    for widget in tree.targets():
        place = tree.box(widget)
        x, y = (place.left + place.right) / 2, (place.lower + place.upper) / 2
        found[tree.target_name(widget)] = round(x), round(tree.panel().height - y)
    return found


def texts() -> list[str]:
    return [part.text for part in tree.visible() if getattr(part, "text", "")]


def title() -> list[str]:
    """Line by line."""
    return list(_title().lines(_title().width, _title().level))


def turn_over() -> None:
    """As the first page's clock does."""
    next(page for page in tree.visible() if isinstance(page, AttractPage)).turn_over()


# --- faults, planted --------------------------------------------------------------------------


def plant(fault: str) -> None:
    """Spoil the page on the glass as a careless change could."""
    FAULTS[fault]()


def heal() -> None:
    """Lay everything out anew."""
    for widget in tree.visible():
        if isinstance(widget, Text):
            widget.canvas.after.clear()
        if isinstance(widget, Column | Pad):
            widget.lay_out()


def _title() -> Any:
    return tree.visible_page().ids.title


def _grey() -> None:
    """A colour that was chosen on a better screen."""
    _ink(_title()).rgba = (0.62, 0.66, 0.72, 1)


def _small() -> None:
    """Type scaled down to make room: its widget still says the old size."""
    for line in _lines(_title()):
        line.size = line.size[0] / 2, line.size[1] / 2


def _covered() -> None:
    """Something drawn over the lower half of the words, which no widget's box tells."""
    title = _title()
    with title.canvas.after:
        Color(*title.theme.colour("ground"))
        Rectangle(pos=title.pos, size=(title.width, title.middle_y - title.y))


def _overflowing() -> None:
    title = _title()
    title.one_line, title.text = True, "社会保障卡应用锁定密码重置服务指南"


def _broken() -> None:
    title = _title()
    title.one_line, title.text = False, "Sozialversicherungskartenselbstbedienung"


def _narrow() -> None:
    """A column that leaves its title no room for a word of three characters."""
    title = _title()
    title.width = 2.5 * title.font_px(title.level)


def _lying_over() -> None:
    """A sentence that slipped up over the title."""
    body, title = tree.visible_page().ids.body, _title()
    body.pos = title.pos


def _small_key() -> None:
    key = _key("5")
    key.size = key.theme.panel.px(22), key.theme.panel.px(15)


def _near_keys() -> None:
    one, other = _key("5"), _key("6")
    other.x = one.outer + one.theme.panel.px(1)


def _off_the_glass() -> None:
    button = next(widget for widget in tree.visible() if isinstance(widget, ActButton))
    button.x = button.theme.panel.width - button.width / 2


FAULTS: dict[str, Callable[[], None]] = {
    "grey": _grey,
    "small": _small,
    "covered": _covered,
    "broken": _broken,
    "narrow": _narrow,
    "overflowing": _overflowing,
    "lying over": _lying_over,
    "small key": _small_key,
    "near keys": _near_keys,
    "off the glass": _off_the_glass,
}


def _ink(text: Text) -> Color:
    return next(part for part in text.canvas.children if isinstance(part, Color))


def _lines(text: Text) -> list[Rectangle]:
    return [part for part in text.canvas.children if isinstance(part, Rectangle) and part.texture]


def _key(figure: str) -> PadKey:
    return next(key for key in tree.targets() if isinstance(key, PadKey) and key.name == f"key-{figure}")


# --- what is left -------------------------------------------------------------------------------


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
    return [cell.figure.text for cell in tree.visible() if isinstance(cell, Cell) and cell.figure.text]


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
