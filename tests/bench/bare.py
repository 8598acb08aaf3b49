"""The peer: a plain Kivy program with nothing of ours in it, which shows pages of the same content.

It has as many texts, buttons, surfaces and pictures as our pages, in the same places, sizes and font, made of what
Kivy ships: Label, Button, Image, a RoundedRectangle as its manual draws it, Screen and ScreenManager.  Nothing is
measured, wrapped or laid out: places, words and rendered pictures come from the file.  So a ratio says what our code
costs over stock Kivy, not over an empty window.

`bare.py start WIDTH HEIGHT FILE` tells when its first page stood; `bare.py change WIDTH HEIGHT FILE` how long it took
to change between its first two pages.
"""

from __future__ import annotations

import base64
import io
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ |= {"KIVY_NO_CONFIG": "1", "KIVY_NO_ARGS": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONSOLELOG": "1"}
os.environ["KIVY_IMAGE"] = "sdl2"  # as ours: without it every program loads all of Pillow, where it is installed

from kivy.config import Config

what, width, height, *rest = sys.argv[1:]
for section, name, value in (
    ("graphics", "width", width),
    ("graphics", "height", height),
    ("graphics", "fullscreen", "auto"),
    ("graphics", "borderless", "1"),
    ("graphics", "resizable", "0"),
    ("graphics", "maxfps", "60"),
    ("graphics", "multisamples", "0"),
    ("input", "mouse", "mouse,disable_multitouch"),
):
    Config.set(section, name, value)

from kivy.app import App  # noqa: E402 - Kivy reads the above when it is imported
from kivy.clock import Clock  # noqa: E402
from kivy.core.image import Image as CoreImage  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.graphics import Color, RoundedRectangle  # noqa: E402
from kivy.graphics.opengl import glFinish  # noqa: E402
from kivy.uix.button import Button  # noqa: E402
from kivy.uix.image import Image  # noqa: E402
from kivy.uix.label import Label  # noqa: E402
from kivy.uix.screenmanager import NoTransition, Screen, ScreenManager  # noqa: E402
from kivy.uix.widget import Widget  # noqa: E402

spec: dict[str, Any] = json.loads(Path(rest[0]).read_text())

REST_S = 0.1
"""From one change to the next."""


def surface(colour: list[float], **place: Any) -> Widget:
    """A white card."""
    widget = Widget(**place)
    with widget.canvas:
        Color(*colour)
        RoundedRectangle(radius=[spec["corner"]], **place)
    return widget


def picture(png: str, **place: Any) -> Image:
    """A drawing or an icon."""
    return Image(texture=CoreImage(io.BytesIO(base64.b64decode(png)), ext="png").texture, **place)


def label(**text: Any) -> Label:
    return Label(font_name=spec["font"], color=spec["ink"], **text)


KINDS = {"surface": surface, "button": Button, "picture": picture, "label": label}


def manager(count: int) -> ScreenManager:
    """The first pages of the file."""
    Window.clearcolor = spec["ground"]
    root = ScreenManager(transition=NoTransition())
    for number, things in enumerate(spec["pages"][:count]):
        screen = Screen(name=str(number))
        for thing in things:
            screen.add_widget(KINDS[thing.pop("kind")](size_hint=(None, None), **thing))
        root.add_widget(screen)
    return root


class Start(App):
    """One page."""

    def build(self) -> Any:
        return manager(1)

    def on_start(self) -> None:
        Window.bind(on_flip=self.drawn)

    def drawn(self, *_: object) -> None:
        glFinish()
        print(time.monotonic(), flush=True)  # noqa: T201 - the channel
        self.stop()


class Change(App):
    """Two pages, and a change from one to the other again and again."""

    def build(self) -> Any:
        self.left, self.began = spec["changes"], 0.0
        self.took: list[float] = []
        return manager(2)

    def on_start(self) -> None:
        Window.bind(on_flip=self.drawn)
        Clock.schedule_interval(self.change, REST_S)

    def change(self, _dt: float) -> None:
        if len(self.took) == self.left:
            print(json.dumps(self.took), flush=True)  # noqa: T201 - the channel
            self.stop()
            return
        self.began = time.monotonic()
        self.root.current = "1" if self.root.current == "0" else "0"

    def drawn(self, *_: object) -> None:
        glFinish()
        if self.began:
            self.took.append(time.monotonic() - self.began)
            self.began = 0.0


(Start if what == "start" else Change)().run()
