"""When our window drew its frames."""

from __future__ import annotations

import time

import trio
from kivy.app import App
from kivy.core.window import Window
from kivy.graphics.opengl import glFinish

from tests.bench.child import tell


class Frames:
    """Each to the end of drawing."""

    def __init__(self) -> None:
        self._next = trio.Event()
        self.last = 0.0
        Window.bind(on_flip=self._drawn)

    def _drawn(self, *_: object) -> None:
        glFinish()
        self.last = time.monotonic()
        self._next.set()
        self._next = trio.Event()

    async def next(self) -> float:
        """The end of the next frame."""
        await self._next.wait()
        return self.last


def tell_first() -> None:
    """When the first frame stood.  The first page must be written on it."""

    def drawn(*_: object) -> None:
        glFinish()
        tell(time.monotonic())
        Window.unbind(on_flip=drawn)
        assert App.get_running_app().face.page.ids.title.text

    Window.bind(on_flip=drawn)
