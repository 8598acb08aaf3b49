"""The window: opened with everything that could get in a citizen's way turned off.

Kivy reads its configuration when its window is first imported; so this module imports no Kivy before that is said.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

import msgspec
import trio

from kiosk.contract import Text
from kiosk.prompts import Screen
from kiosk.words import CHINESE
from screens.fonts import FontMissing, find_font
from screens.presenter import LANGUAGES
from screens.speech.voice import Sound
from screens.theme import LOOKS, STANDARD, Panel, PanelTooSmall, PpiWrong

FRAMES_PER_S = 90
"""Three frames go by from a touch to the page that answers it: at 60 a second they take most of the 80 ms a tap has."""


class ScreenFailed(Exception):
    """A page could not be drawn; the log says why.  The process must be started again."""


class GlassRefused(Exception):
    """The window stands, and nobody could be served at it; the message says why."""


class InputDoubled(GlassRefused):
    """More than one provider reads the touch panel: every touch would count twice."""


class GlassDiffers(GlassRefused):
    """The configuration names another panel than the one that is there; the message says both."""


Main = Callable[[Screen], Awaitable[None]]


def system_time() -> dt.datetime:
    """The machine's wall time."""
    return dt.datetime.now().astimezone()


def own_folder() -> Path:
    """systemd's RuntimeDirectory, on tmpfs; else the user's cache."""
    runtime = os.environ.get("RUNTIME_DIRECTORY")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(runtime or cache) / "shebao-kiosk-screen"


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """Where the window stands, and what it is told about the place."""

    panel: Panel
    place: Text
    """Named in the status line."""
    hotline: str
    """Whom to call, on pages that no service asks for."""
    look: str = STANDARD.name
    language: str = CHINESE
    fullscreen: bool = True
    """Takes the whole glass, whose size must be the panel's; else a window with a frame."""
    pointer: bool = False
    """Shows the mouse's pointer; a finger needs none."""
    home: Path = msgspec.field(default_factory=own_folder)
    """Holds Kivy's files and the font."""
    sound: Sound = Sound()
    now: Callable[[], dt.datetime] = system_time


def open_window(setting: Setting, main: Main) -> int:
    """`run_window` as a program.  → exit status: 1, after a sentence, when something it needs is missing."""
    try:
        setting.panel.check()
        known("look", setting.look, LOOKS)
        known("language", setting.language, LANGUAGES)
        find_font(setting.home / "fonts")
    except (PanelTooSmall, PpiWrong, FontMissing, UnknownChoice) as error:
        print(error, file=sys.stderr)  # noqa: T201 - for whoever started it
        return 1
    status = 0
    try:
        trio.run(run_window, main, setting)
    except* GlassRefused as refused:
        status = 1
        for why in refused.exceptions:
            print(why, file=sys.stderr)  # noqa: T201 - as above
    return status


class UnknownChoice(Exception):
    """The configuration names something that is not there; the message says what is."""


def known(what: str, name: str, names: Collection[str]) -> None:
    """Raises UnknownChoice."""
    if name not in names:
        raise UnknownChoice(f"There is no {what} {name!r}; there is {', '.join(names)}.")


async def run_window(main: Main, setting: Setting) -> None:
    """Open the window and run `main` in front of it; when one ends, so does the other.

    Raises PanelTooSmall, FontMissing, GlassRefused, and ScreenFailed when a page could not be drawn.
    """
    setting.panel.check()
    font = find_font(setting.home / "fonts")
    configure(setting)
    from screens.window import Window  # noqa: PLC0415 - opens the window, so only now

    window = Window(setting, font)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_until, nursery.cancel_scope, window.run)
        screen = await window.opened()
        nursery.start_soon(_until, nursery.cancel_scope, lambda: main(screen))


async def _until(scope: trio.CancelScope, run: Callable[[], Awaitable[None]]) -> None:
    try:
        await run()
    finally:
        scope.cancel()


def configure(setting: Setting) -> None:
    """Say everything to Kivy before its window is imported: afterwards it would be ignored."""
    setting.home.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "KIVY_HOME": str(setting.home),
        "KIVY_NO_CONFIG": "1",
        "KIVY_NO_ARGS": "1",
        "KIVY_NO_FILELOG": "1",
        "KIVY_NO_CONSOLELOG": "1",
        "KIVY_LOG_MODE": "PYTHON",
        "KIVY_IMAGE": "sdl2",  # Pillow, where it is installed, would be asked first for every drawing
        "KIVY_METRICS_DENSITY": "1",
        "KIVY_DPI": "96",
    }
    from kivy.config import Config  # noqa: PLC0415 - reads the environment above

    for section, values in kivy_settings(setting.panel, fullscreen=setting.fullscreen).items():
        for name, value in values.items():
            Config.set(section, name, value)
    for provider, _ in Config.items("input"):
        if provider != "mouse":
            Config.remove_option("input", provider)


def kivy_settings(panel: Panel, *, fullscreen: bool) -> dict[str, dict[str, str]]:
    """Kivy's configuration, section by section."""
    return {
        "kivy": {"exit_on_escape": "0", "keyboard_mode": "", "log_level": "warning", "pause_on_minimize": "0"},
        "graphics": {
            "width": str(panel.width),
            "height": str(panel.height),
            "fullscreen": "auto" if fullscreen else "0",
            "borderless": "1" if fullscreen else "0",
            "resizable": "0",
            "position": "custom",
            "left": "0",
            "top": "0",
            "maxfps": str(FRAMES_PER_S),
            "multisamples": "0",
            "allow_screensaver": "0",
        },
        # SDL turns touches into mouse events: with any second provider every touch would count twice.
        "input": {"mouse": "mouse,disable_multitouch,disable_hover"},
        "modules": {},
    }
