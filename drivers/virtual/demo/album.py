"""The numbered pictures of a demo: every page and every slip, in the order they were seen."""

from __future__ import annotations

import re
from pathlib import Path

from drivers.virtual.demo.display import Finger
from drivers.virtual.printer import PrintedSlip


class Album:
    """Pictures in `folder`, which is cleared of those of an earlier demo."""

    def __init__(self, folder: Path, finger: Finger) -> None:
        self.story = "start"
        self._folder = folder
        self._finger = finger
        self._number = 0
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("[0-9]*-*.png"):
            old.unlink()

    def page(self, name: str) -> None:
        """A picture of the screen, called after a page such as LayIdCard."""
        self._finger.picture(self._next(re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()))

    def slip(self, slip: PrintedSlip) -> None:
        slip.save(self._next("slip"))

    def _next(self, what: str) -> Path:
        self._number += 1
        return self._folder / f"{self._number:03}-{self.story}-{what}.png"
