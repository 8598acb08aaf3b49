"""An X server without glass, of a panel's size."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from screens.theme import Panel


@contextmanager
def display(panel: Panel) -> Iterator[dict[str, str]]:
    """The environment of a program whose window is to open there."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{panel.width}x{panel.height}x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as number:
            yield os.environ | {"DISPLAY": f":{number.readline().strip()}", "LIBGL_ALWAYS_SOFTWARE": "1"}
    finally:
        server.terminate()
        server.wait()
