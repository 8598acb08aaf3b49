"""A real window on an X server of its own, pressed through real pointer events."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from drivers.virtual.ears import Ears
from screens.gallery.cases import PANELS
from screens.gallery.display import display

ROOT = Path(__file__).parents[2]
ANSWER_S = 60
"""Nothing here takes so long; the first page waits for the font."""
NOTHING_S = 1.0
"""How long a test listens for something that must not come."""


class Glass:
    """The host process, and fingers for it."""

    def __init__(self, process: subprocess.Popen[str], environment: dict[str, str], ears: Ears) -> None:
        self.process, self.environment, self.ears = process, environment, ears
        self._heard: Queue[dict[str, Any]] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._heard.put(json.loads(line))
        self._heard.put({"did": {}, "ended": True})

    def tell(self, **command: Any) -> dict[str, Any]:
        """One command; returns what came before it was done."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(command, ensure_ascii=False) + "\n")
        self.process.stdin.flush()
        heard: dict[str, Any] = {}
        while "did" not in heard:
            heard |= self.hear()
        return heard

    def hear(self, seconds: float = ANSWER_S) -> dict[str, Any]:
        return self._heard.get(timeout=seconds)

    def silent(self) -> bool:
        """Nothing was answered: what had been pressed counted for nothing."""
        heard = self.tell(settle=True)
        return "answered" not in heard and self._heard.empty()

    def targets(self) -> dict[str, list[int]]:
        return dict(self.tell(settle=True, measure=True)["targets"])

    def texts(self) -> list[str]:
        return list(self.tell(settle=True, measure=True)["texts"])

    def point(self, name: str) -> None:
        x, y = self.targets()[name]
        self.xdotool("mousemove", str(x), str(y))

    def press(self, name: str) -> None:
        self.point(name)
        self.xdotool("click", "1")

    def xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment, check=True)


@pytest.fixture(scope="session")
def kivy_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kivy")


@pytest.fixture(scope="module", params=["small"])
def glass(request: pytest.FixtureRequest, kivy_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Glass]:
    """One window for a module; its panel is the parameter."""
    ears = Ears(tmp_path_factory.mktemp("ears") / "pair")
    with display(PANELS[request.param]) as environment:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.screen.host", request.param, str(kivy_home), json.dumps(ears.settings)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        glass = Glass(process, environment, ears)
        try:
            assert glass.hear() == {"ready": True}
            yield glass
        finally:
            process.kill()
            process.wait()
