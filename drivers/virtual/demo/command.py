"""What `kiosk demo` does: open the house, then let a person or the citizen in."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from types import FrameType

from drivers.virtual.bench import StartFailed
from drivers.virtual.bench.page import bench_page
from drivers.virtual.demo import options as told
from drivers.virtual.demo.cast import people_with_files, with_the_crowd
from drivers.virtual.demo.display import DisplayFailed, own_display
from drivers.virtual.demo.house import House, Readers, open_house
from drivers.virtual.demo.options import Options
from drivers.virtual.demo.play import play
from drivers.virtual.demo.stories import NAMES
from drivers.virtual.demo.telling import say, say_wrong
from drivers.virtual.pcscd import PcscdUnavailable, virtual_readers
from kiosk.config import BadConfig

Trouble = Callable[[int, int, float], str | None]
"""Why pages do not fit on a panel of so many pixels, and so many an inch; None: they do."""


def main(arguments: Sequence[str], readers: Readers = virtual_readers, panel_trouble: Trouble = lambda *_: None) -> int:
    """→ exit status: 0 well, 1 a story failed or something did not start."""
    options = told.parse(arguments, NAMES)
    size = options.size
    if trouble := panel_trouble(size.width, size.height, size.ppi):
        say_wrong(f"kiosk demo: {trouble}")
        return 1
    try:
        with _sigterm_as_ctrl_c(), contextlib.ExitStack() as stack:
            display = os.environ.get("DISPLAY")
            if display is None or options.stories:
                display = stack.enter_context(own_display(options.size.width, options.size.height))
            return _run(stack, options, display, readers)
    except (StartFailed, PcscdUnavailable, BadConfig, DisplayFailed) as error:
        say_wrong(f"kiosk demo: {error}")
        return 1
    except KeyboardInterrupt:
        say("演示结束 · stopped")
        return 130 if options.stories else 0


def _run(stack: contextlib.ExitStack, options: Options, display: str, readers: Readers) -> int:
    cast = with_the_crowd() if options.stories else people_with_files()
    house = stack.enter_context(open_house(options, cast, display, readers))
    address = stack.enter_context(bench_page(house.bench))
    say(f"工作台 (bench): {address}")
    if not options.stories:
        return _let_a_person_in(house)
    return play(house, options, display)


def _let_a_person_in(house: House) -> int:
    say("窗口已打开；Ctrl-C 结束 · the window is open; Ctrl-C ends")
    house.terminal.ended.wait()
    if house.terminal.failed:
        raise StartFailed(f"terminal died too often; {house.terminal.last_words()}")
    return 0


@contextlib.contextmanager
def _sigterm_as_ctrl_c() -> Iterator[None]:
    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
