"""A programmer's mistake in a page: the person reads that the machine has a fault, never a trace."""

from __future__ import annotations

from collections.abc import Callable

import trio
from kivy.base import ExceptionHandler, ExceptionManager

from kiosk.prompts import Call, Prompt, Standing, StillThere
from screens.manner import Manner
from screens.presenter import Face, Move

Fail = Callable[[Exception], None]
"""Says so on the glass, and sets `failed`."""


class FaultHandler(ExceptionHandler):
    """Mistakes in callbacks of Kivy's loop, which would end the application without a word."""

    def __init__(self, fail: Fail) -> None:
        self._fail = fail

    def handle_exception(self, inst: BaseException) -> int:
        if not isinstance(inst, Exception) or isinstance(inst, trio.TrioInternalError):
            return ExceptionManager.RAISE  # type: ignore[no-any-return]
        self._fail(inst)
        return ExceptionManager.PASS  # type: ignore[no-any-return]


class GuardedFace:
    """Mistakes in what the desk asks the face to draw.  After the first, nothing more is drawn."""

    def __init__(self, face: Face, failed: trio.Event, fail: Fail) -> None:
        self._face, self._failed, self._fail = face, failed, fail

    def present(self, prompt: Prompt, manner: Manner, move: Move) -> None:
        self._draw(lambda: self._face.present(prompt, manner, move))

    def overlay(self, prompt: StillThere | None, manner: Manner) -> None:
        self._draw(lambda: self._face.overlay(prompt, manner))

    def stand(self, standing: Standing, manner: Manner) -> None:
        self._draw(lambda: self._face.stand(standing, manner))

    def tell_call(self, call: Call, manner: Manner) -> None:
        self._draw(lambda: self._face.tell_call(call, manner))

    def clear(self) -> None:
        self._draw(self._face.clear)

    def _draw(self, draw: Callable[[], None]) -> None:
        if self._failed.is_set():
            return
        try:
            draw()
        except Exception as fault:  # noqa: BLE001 - the face's edge: whatever it was, the person is told
            self._fail(fault)
