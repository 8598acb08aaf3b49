"""A window at which nobody could be served: whoever started it reads one sentence, and the status says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from screens.gallery.cases import PANELS
from screens.gallery.display import display

START = """
import sys
from pathlib import Path

import msgspec

from screens.app import open_window
from screens.gallery.wall import setting

async def main(screen):
    print("served")

def another_reader():
    from kivy.base import EventLoop
    from kivy.input.providers.mouse import MouseMotionEventProvider

    EventLoop.add_input_provider(MouseMotionEventProvider("another", ""))
    return noon()

here = setting(sys.argv[1], Path(sys.argv[2]))
noon = here.now
if sys.argv[3] == "doubled":
    here = msgspec.structs.replace(here, now=another_reader)
sys.exit(open_window(here, main))
"""


@pytest.mark.parametrize(
    ("panel", "input", "sentence"),
    [
        ("wide", "single", "[screen] says 1920×1080, the screen has 1280×800\n"),
        ("small", "doubled", "one input provider is needed, there are "),
    ],
)
def test_a_window_that_could_serve_nobody_ends_with_one_sentence(
    kivy_home: Path, panel: str, input: str, sentence: str
) -> None:
    with display(PANELS["small"]) as environment:
        ended = subprocess.run(
            [sys.executable, "-c", START, panel, str(kivy_home), input],
            cwd=Path(__file__).parents[2],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "served" not in ended.stdout
