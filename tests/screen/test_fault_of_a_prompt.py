"""A prompt that cannot be drawn, and a configuration that names another glass."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.screen.conftest import ROOT, Glass


def test_a_window_on_another_panel_than_configured_says_so_and_ends(glass: Glass, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.screen.host", "wide", str(tmp_path)]
    ended = subprocess.run(
        command, cwd=ROOT, env=glass.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert "[screen] says 1920×1080, the screen has 1280×800" in ended.stderr


def test_a_prompt_that_cannot_be_drawn_shows_the_fault_and_the_desk_goes_on(glass: Glass) -> None:
    glass.tell(ask="unspeakable", settle=True)
    assert "暂停服务" in glass.texts()
    glass.tell(show="home", settle=True)
    assert "暂停服务" in glass.texts()
