"""`kiosk demo --config FILE`: devices that are not the demo's, named by reader and path, work untouched.

A helper beside the terminal does with devices of its own what the citizen says aloud.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.virtual.bench.documents import document_of
from drivers.virtual.card import Chip, issue
from drivers.virtual.id_reader import ServedIdReader
from drivers.virtual.people import find, load_people
from drivers.virtual.printer import CHEAP, Printer, ServedPrinter
from drivers.virtual.vpcd import SECOND_PORT, Slot

PEOPLE = load_people()


class OtherDevices:
    """Another virtual card in the reader's second slot, another ID reader, another printer: a cheap one, 58 mm."""

    def __init__(self, folder: Path, reader: str) -> None:
        self.slot = Slot(SECOND_PORT)
        self.id_reader = ServedIdReader(folder / "another-id-reader")
        self.printer = ServedPrinter(folder / "another-printer", Printer(58, CHEAP))
        self.cards: list[Chip] = []
        self.config = folder / "kiosk.toml"
        self.config.write_text(
            f'[devices.card]\nreader = "{reader}"\n'
            f'[devices.id_card]\nport = "{folder}/another-id-reader"\n'
            f'[devices.printer]\nport = "{folder}/another-printer"\nwidth_mm = 58\nencoding = "gbk"\n'
        )

    def obey(self, said: str) -> None:
        """Do what the citizen says."""
        key = re.search(r"\((\w+)\)", said)
        if key and "放上身份证" in said:
            self.id_reader.lay(document_of(find(PEOPLE, key[1])))
        elif key and "插入社保卡" in said:
            self.cards.append(issue(find(PEOPLE, key[1])))
            self.slot.insert(self.cards[-1])
        elif "拿开身份证" in said:
            self.id_reader.lift()
        elif "拔出社保卡" in said:
            self.slot.pull()

    def close(self) -> None:
        self.slot.pull()
        self.id_reader.close()
        self.printer.close()


@pytest.fixture
def others(pcscd: tuple[str, ...], tmp_path: Path) -> Iterator[OtherDevices]:
    others = OtherDevices(tmp_path, pcscd[1])
    yield others
    others.close()


def test_a_card_is_read_and_a_loss_reported_on_other_devices(others: OtherDevices, tmp_path: Path) -> None:
    words = [
        "--story",
        "status-v3",
        "--story",
        "loss-v2",
        "--config",
        str(others.config),
        "--out",
        str(tmp_path / "out"),
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    said = []
    with subprocess.Popen(
        [sys.executable, "-m", "kiosk", "demo", *words], stdout=subprocess.PIPE, text=True, env=environment
    ) as demo:
        assert demo.stdout is not None
        for line in demo.stdout:
            said.append(line)
            others.obey(line)
    assert demo.returncode == 0, "".join(said)
    assert len(others.cards) == 1
    assert others.slot.trace, "the card in the second slot was spoken to"
    slip = others.printer.tear_off()
    assert slip is not None
    assert "临时挂失回执" in slip.text
