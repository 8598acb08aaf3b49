"""The demo's citizen behaves as people do at a screen: who sees nothing happen presses once more."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from drivers.virtual.bench import Bench
from drivers.virtual.bench.hands import Hands
from drivers.virtual.bench.pad import Fingers
from drivers.virtual.bench.phone import Phones
from drivers.virtual.bench.tripwire import Tripwire
from drivers.virtual.demo.album import Album
from drivers.virtual.demo.citizen import Citizen
from drivers.virtual.demo.stage import Stage, Target
from drivers.virtual.line import LOCAL, NetworkLine

TOUCH = "请触摸屏幕开始"
ATTRACT = Stage("Attract", "zh_CN", True, 0, ("10:24", TOUCH), (Target("start", 100, 200, 300, 80),))


class Glass:
    """A finger that a panel feels only at the n-th press; meanwhile its clock goes on, and its page may say more."""

    def __init__(self, stage_file: Path, feels: int, says: str) -> None:
        self.pressed: list[tuple[int, int]] = []
        self._file, self._feels, self._says = stage_file, feels, says
        self._show(ATTRACT)

    def press(self, x: int, y: int) -> None:
        self.pressed.append((x, y))
        felt = len(self.pressed) == self._feels
        page, acts = ("Home", 1) if felt else ("Attract", 0)
        self._show(msgspec.structs.replace(ATTRACT, page=page, acts=acts, texts=("10:25", self._says)))

    def picture(self, file: Path) -> None:
        """Nobody looks at it."""

    def _show(self, stage: Stage) -> None:
        self._file.write_bytes(msgspec.json.encode(stage))


@pytest.mark.parametrize(
    ("feels", "presses", "says"), [(1, 1, TOUCH), (2, 2, TOUCH), (2, 2, "没有出纸，可以再打印一次")]
)
def test_a_press_that_was_not_felt_is_made_once_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], feels: int, presses: int, says: str
) -> None:
    stage_file = tmp_path / "stage.json"
    glass = Glass(stage_file, feels, says)
    hands = Hands((), tmp_path, slot=None, tripwire=Tripwire(), id_reader=None, printer=None)
    with NetworkLine((LOCAL, 1)) as line:
        bench = Bench(hands, Fingers(None), line, {}, Phones(tmp_path))
        citizen = Citizen(bench, glass, stage_file, Album(tmp_path, glass))
        citizen.presses("start", "触摸屏幕")
        citizen.waits_for("Home")
    assert glass.pressed == [(250, 240)] * presses
    assert ("再按一次" in capsys.readouterr().out) is (presses == 2)
