"""Our window, told by its arguments what to do and to measure: `ours PANEL HOME TASK`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import trio

from screens import app
from screens.gallery.wall import setting


async def run(task: str, screen: Any) -> None:
    from tests.bench.inside import TASKS  # noqa: PLC0415 - knows Kivy, whose window is open only now

    await TASKS[task](screen)


def main() -> None:
    panel, home, task = sys.argv[1:]
    if task == "visits":
        app.FRAMES_PER_S = 1000  # as fast as they can be drawn
    trio.run(app.run_window, partial(run, task), setting(panel, Path(home)))


if __name__ == "__main__":
    main()
