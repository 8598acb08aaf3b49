"""The peer: a Kivy program with nothing of ours in it, in a window of the same size with the same font.

`bare.py start WIDTH HEIGHT` tells when its first page stood; `bare.py change WIDTH HEIGHT FILE` how long it took to
change between two screens that hold the labels and buttons named in the file.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ |= {"KIVY_NO_CONFIG": "1", "KIVY_NO_ARGS": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONSOLELOG": "1"}

from kivy.config import Config

what, width, height, *rest = sys.argv[1:]
for section, name, value in (
    ("graphics", "width", width),
    ("graphics", "height", height),
    ("graphics", "borderless", "1"),
    ("graphics", "maxfps", "30"),
    ("graphics", "multisamples", "0"),
    ("input", "mouse", "mouse,disable_multitouch"),
):
    Config.set(section, name, value)

from kivy.app import App  # noqa: E402 - Kivy reads the above when it is imported
from kivy.clock import Clock  # noqa: E402
from kivy.core.window import Window  # noqa: E402
from kivy.graphics.opengl import glFinish  # noqa: E402
from kivy.uix.boxlayout import BoxLayout  # noqa: E402
from kivy.uix.button import Button  # noqa: E402
from kivy.uix.label import Label  # noqa: E402
from kivy.uix.screenmanager import NoTransition, Screen, ScreenManager  # noqa: E402

REST_S = 0.1
"""From one change to the next."""


class Start(App):
    """One page with a label and a button."""

    def build(self) -> Any:
        page = BoxLayout(orientation="vertical")
        page.add_widget(Label(text="Social security cards", font_size=60))
        page.add_widget(Button(text="Start", font_size=60))
        return page

    def on_start(self) -> None:
        Window.bind(on_flip=self.drawn)

    def drawn(self, *_: object) -> None:
        glFinish()
        print(time.monotonic(), flush=True)  # noqa: T201 - the channel
        self.stop()


class Change(App):
    """Two screens, and a change from one to the other again and again."""

    def build(self) -> Any:
        spec = json.loads(Path(rest[0]).read_text())
        manager = ScreenManager(transition=NoTransition())
        for number, widgets in enumerate(spec["screens"]):
            screen = Screen(name=str(number))
            for widget in widgets:
                kind = Button if widget.pop("button") else Label
                screen.add_widget(kind(font_name=spec["font"], size_hint=(None, None), **widget))
            manager.add_widget(screen)
        self.left, self.began = spec["changes"], 0.0
        self.took: list[float] = []
        return manager

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
