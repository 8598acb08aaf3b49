"""The panel itself: one reader, touches that nobody makes, and devices that come and go."""

from __future__ import annotations

import subprocess

from screens.ghosts import SPOT_TOUCHES
from tests.screen.conftest import Glass

DEVICE = "Xvfb mouse"
"""The one that can go: the X server never gives away that of xdotool."""


def switch(glass: Glass, how: str) -> None:
    subprocess.run(["xinput", how, DEVICE], env=glass.environment, check=True)


def test_a_panel_is_not_said_to_work_before_it_was_touched(glass: Glass) -> None:
    assert glass.tell(panel=True)["panel"] in {"absent", "unknown"}
    glass.tell(ask="home", settle=True)
    glass.press("report_loss")
    glass.tell(becomes="ok")


def test_a_second_reader_of_the_same_panel_is_refused_at_the_start(glass: Glass) -> None:
    assert "one input provider is needed" in glass.tell(second_provider=True)["refused"]


def test_only_the_one_finger_counts(glass: Glass) -> None:
    """What a panel turns a second finger and a long press into."""
    glass.tell(ask="home", settle=True)
    glass.point("report_loss")
    for other in ("2", "3"):
        glass.xdotool("click", other)
    assert glass.silent()


def test_touches_that_nobody_makes_press_nothing_until_they_end(glass: Glass) -> None:
    glass.tell(ask="home", settle=True)
    x, y = 20, 300
    glass.xdotool("mousemove", str(x), str(y), "click", "--repeat", str(SPOT_TOUCHES), "--delay", "40", "1")
    glass.tell(becomes="failing")
    glass.press("report_loss")
    assert glass.silent()
    glass.tell(becomes="ok")
    glass.press("report_loss")
    assert glass.hear()["answered"] == "Chosen"


def test_a_pointer_that_is_unplugged_and_plugged_again_leaves_the_window_as_it_was(glass: Glass) -> None:
    for change in ("disable", "enable"):
        glass.tell(ask="home", settle=True)
        switch(glass, change)
        glass.press("report_loss")
        assert glass.hear()["answered"] == "Chosen"
    assert glass.process.poll() is None
