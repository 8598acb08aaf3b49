"""A screen without glass (Xvfb), its pointer and its pictures."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

START_S = 10.0
END_S = 5.0
PICTURE_S = 20.0
"""A full picture at 1080×1920 takes half a second; a machine under full load needs longer."""


class DisplayFailed(RuntimeError):
    """No screen, no pointer or no picture; the text says what to install or look at."""


@contextlib.contextmanager
def own_display(width: int, height: int) -> Iterator[str]:
    """Start Xvfb on a free display, of the size asked for; its name, such as ":99"."""
    _require("Xvfb", "xvfb")
    reading, writing = os.pipe()
    # Xvfb picks a free display itself, and tells it when it is ready.
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        f"{width}x{height}x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    with subprocess.Popen(
        command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as xvfb:
        os.close(writing)
        try:
            yield f":{_number(reading)}"
        finally:
            os.close(reading)
            xvfb.terminate()
            try:
                xvfb.wait(END_S)
            except subprocess.TimeoutExpired:
                xvfb.kill()


def _number(reading: int) -> str:
    ready, _, _ = select.select([reading], [], [], START_S)
    number = os.read(reading, 16).decode().strip() if ready else ""
    if not number:
        raise DisplayFailed("Xvfb did not start: try `Xvfb :99 -screen 0 1280x800x24` by hand")
    return number


class Finger(Protocol):
    """What touches a glass and looks at it."""

    def press(self, x: int, y: int) -> None: ...

    def key(self, name: str) -> None:
        """A key of a keyboard, by its name in X."""

    def picture(self, file: Path) -> None:
        """All that is on the glass, as a PNG."""


class Pointer:
    """A finger on a display: real pointer events, through xdotool."""

    def __init__(self, display: str) -> None:
        _require("xdotool", "xdotool")
        _require("import", "imagemagick")
        self._environment = {**os.environ, "DISPLAY": display}

    def press(self, x: int, y: int) -> None:
        self._run("xdotool", "mousemove", str(x), str(y), "mousedown", "1", "sleep", "0.08", "mouseup", "1")

    def key(self, name: str) -> None:
        self._run("xdotool", "key", name)

    def picture(self, file: Path) -> None:
        """All that is on the display, as a PNG."""
        self._run("import", "-silent", "-window", "root", str(file))

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=PICTURE_S, check=False
        )
        if done.returncode:
            raise DisplayFailed(f"{command[0]}: {done.stderr.strip() or done.returncode}")


def _require(program: str, package: str) -> None:
    if shutil.which(program) is None:
        raise DisplayFailed(f"{program} is not installed: apt-get install {package}")
