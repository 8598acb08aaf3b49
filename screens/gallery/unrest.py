"""Pages that never come to rest: something on them is laid out anew before every frame, and a processor with it."""

from __future__ import annotations

import logging

from kivy.logger import Logger

WARNING = "too much iteration"
"""What Kivy's clock says after ten rounds before one frame (kivy/_clock.pyx)."""


class Unrest(logging.Handler):
    """Listens to Kivy's log."""

    def __init__(self) -> None:
        super().__init__()
        self._frames = 0
        Logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self._frames += WARNING in record.getMessage()

    def faults(self) -> list[str]:
        """What was heard since this was asked last."""
        frames, self._frames = self._frames, 0
        return [f"laid out anew in {frames} frames without coming to rest"] if frames else []
