"""Typing on a PIN pad: pty, `kiosk devices` as in a hall, a real window; what is answered, what is left in memory."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.virtual.pin_pad import Keypad, PinPad, ServedPinPad
from tests.memory import found
from tests.screen.conftest import ANSWER_S, Glass
from tests.screen.test_touch import answers
from tests.screen.test_typing import assert_nothing_left, begin, cells, pin_of_twelve

CONFIG = """
[terminal]
name = "test-01"
place = {{ zh = "大厅", en = "Hall" }}
run_dir = "{folder}"

[devices.pin_pad]
port = "{folder}/pad"
"""


class Pad:
    """Somebody's fingers on it."""

    def __init__(self, folder: Path) -> None:
        self._turned = threading.Condition()
        self._keypad = Keypad.CLOSED
        machine = PinPad()
        machine.switched = lambda: self._switched(machine.keypad)
        self.served = ServedPinPad(folder / "pad", machine)

    def type(self, *keys: str) -> None:
        """As soon as it is on."""
        self.until(on=True)
        for key in keys:
            self.served.press(key)

    def until(self, *, on: bool) -> None:
        with self._turned:
            assert self._turned.wait_for(lambda: (self._keypad is Keypad.SILENT) is on, ANSWER_S)

    def _switched(self, keypad: Keypad) -> None:
        with self._turned:
            self._keypad = keypad
            self._turned.notify_all()


@pytest.fixture
def pad(tmp_path: Path) -> Iterator[Pad]:
    pad = Pad(tmp_path)
    yield pad
    pad.served.close()


@pytest.fixture
def devices(glass: Glass, pad: Pad, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The daemon, to which the window listens."""
    (tmp_path / "kiosk.toml").write_text(CONFIG.format(folder=tmp_path))
    program = [sys.executable, "-m", "kiosk", "devices", "--config", str(tmp_path / "kiosk.toml")]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(program, stdout=log, stderr=log)
    glass.tell(devices=str(tmp_path / "devices.sock"))
    yield process
    process.terminate()
    process.wait()


def until_it_shows(glass: Glass, typed: str) -> None:
    """A pad keeps a dozen keys; whoever types more looks at the glass in between."""
    end = time.monotonic() + ANSWER_S
    while "".join(reversed(cells(glass))) != typed:
        assert time.monotonic() < end, f"{cells(glass)} is shown"


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_pin_is_typed_on_the_pad(glass: Glass, pad: Pad, devices: subprocess.Popen[bytes]) -> None:
    begin(glass, "type-pin", tell_pins=True)
    pad.type(*"12", "point", *"394", "delete", *"4857")
    assert answers(glass) == {"answered": "TypedPin", "of": "type-pin", "digits": [3, 9, 4, 8, 5, 7]}
    glass.tell(show="working")
    pad.until(on=False)


def test_a_code_is_typed_on_the_pad_and_given_by_confirm(
    glass: Glass, pad: Pad, devices: subprocess.Popen[bytes]
) -> None:
    begin(glass, "type-code")
    pad.type(*"407215", "confirm")
    assert answers(glass)["text"] == "407215"
    assert cells(glass) == []


def test_a_number_that_ends_with_x_is_typed_on_the_pad_as_the_page_says(
    glass: Glass, pad: Pad, devices: subprocess.Popen[bytes]
) -> None:
    begin(glass, "type-number-on-pad")
    assert any("“.”" in text for text in glass.texts())
    pad.type("3", "4", "point", *"34052419")
    until_it_shows(glass, "34052419")
    pad.type(*"800101001", "point")
    assert answers(glass)["text"] == "34052419800101001X"


def test_the_point_clears_a_number_of_figures_only_to_its_end(
    glass: Glass, pad: Pad, devices: subprocess.Popen[bytes]
) -> None:
    begin(glass, "type-number-old")
    assert "key-x" not in glass.targets()
    typed = ""
    for keys in ("3405248", "0010100"):
        pad.type(*keys)
        until_it_shows(glass, typed := typed + keys)
    pad.type("point")
    until_it_shows(glass, "")
    pad.type(*"34052480")
    until_it_shows(glass, "34052480")
    pad.type(*"0101001")
    assert answers(glass)["text"] == "340524800101001"


def test_confirm_does_not_give_a_number_that_came_back_to_be_corrected(
    glass: Glass, pad: Pad, devices: subprocess.Popen[bytes]
) -> None:
    begin(glass, "number.citizen.check")
    pad.type("confirm", "delete", "2", "confirm")
    assert answers(glass)["text"] == "340524198001010012"


def test_nothing_of_a_pin_typed_on_the_pad_stays_in_any_process(
    glass: Glass, pad: Pad, devices: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    pin = pin_of_twelve()
    begin(glass, "type-pin-long")
    pad.type(*pin)
    assert answers(glass) == {"answered": "TypedPin", "of": "type-pin-long"}
    assert_nothing_left(glass, pin)
    for process in (devices.pid, *children(devices.pid)):
        assert found(process, pin) == set()
    log = (tmp_path / "log").read_text()
    assert "terminal_connected" in log
    assert pin not in log
