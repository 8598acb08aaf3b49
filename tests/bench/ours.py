"""Our window, told by its arguments what to do and to measure: `ours HOME TASK`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import trio

sys.modules["rich"] = None  # type: ignore[assignment]  # structlog loads it where it is: the centre has it, no terminal

import structlog  # noqa: E402

from kiosk.contract import Text  # noqa: E402
from screens import app  # noqa: E402
from screens.speech.voice import Sound  # noqa: E402
from screens.theme import SMALL  # noqa: E402


async def run(task: str, screen: Any) -> None:
    if task == "start":  # and nothing else is loaded
        await trio.sleep_forever()
    else:
        from tests.bench.inside import TASKS  # noqa: PLC0415 - knows Kivy, whose window is open only now

        await TASKS[task](screen)


def main() -> None:
    home, task = sys.argv[1:]
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    if task == "visits":
        app.FRAMES_PER_S = 1000  # as fast as they can be drawn
    place = Text(zh="青秀区政务服务大厅 03号", en="Qingxiu Service Hall 03")
    sound = Sound(device="null")  # ALSA's, which plays to nobody
    setting = app.Setting(panel=SMALL, place=place, hotline="12333", home=Path(home), sound=sound)
    if task == "start":
        app.configure(setting)
        from tests.bench.frames import tell_first  # noqa: PLC0415 - opens the window, so only now

        tell_first()
    trio.run(app.run_window, partial(run, task), setting)


if __name__ == "__main__":
    main()
