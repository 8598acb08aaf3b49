"""After every service, on real wires: nothing of a person is left where a thief, a log or a dump could show it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from drivers.virtual.demo import options as told
from drivers.virtual.demo.display import own_display
from drivers.virtual.demo.house import House, open_house
from drivers.virtual.demo.play import Set, set_up
from drivers.virtual.demo.stories import SINGLE
from drivers.virtual.pcscd import VirtualReaders
from tests.memory import forms
from tests.wire.canary import family, kept, marked, marked_pin, pins, remembered, who_they_are

TERMINAL = ("terminal", "devices", "sync")
SERVICES = (
    *("status-v3", "loss-v2", "offline-v2", "progress-numbers"),
    *("reset-v2", "reset-on-pad", "heard-reset", "unblock-wrong-pin", "change-v3"),
    *("release-found", "formal-loss-full", "replacement-by-clerk", "activation-new-pin", "assisted-proxy"),
)


class Hall(NamedTuple):
    house: House
    stage: Set
    logs: Path
    scratch: Path
    """Where its processes put what is temporary."""

    @property
    def pids(self) -> list[int]:
        """Everything that is the terminal."""
        first = [self.house.bench.processes[name].pid for name in TERMINAL]
        return [pid for one in first if one is not None for pid in family(one)]

    @property
    def root(self) -> Path:
        return self.house.records.head_file.parents[1]


@pytest.fixture(scope="module")
def hall(virtual_reader: VirtualReaders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    out = tmp_path_factory.mktemp("canary")
    options = told.parse(["--story", "all", "--out", str(out)], ["all"])
    scratch = out / "tmp"
    scratch.mkdir()
    with (
        pytest.MonkeyPatch.context() as environment,
        own_display(options.size.width, options.size.height) as display,
    ):
        environment.setenv("TMPDIR", str(scratch))
        with open_house(options, marked(), display, lambda _wait_s: contextlib.nullcontext(virtual_reader)) as house:
            yield Hall(house, set_up(house, options, display), out / "logs", scratch)


@pytest.mark.parametrize("story", SERVICES)
def test_no_pin_outlives_its_visit_in_any_process(hall: Hall, story: str) -> None:
    hall.stage.play(*SINGLE[story])
    wanted = pins(hall.house.cast)
    for pid in hall.pids:
        name = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        assert not remembered(pid, wanted), f"after {story}: {name}"


def test_nobody_is_found_in_what_the_terminal_wrote(hall: Hall) -> None:
    secrets = pins(hall.house.cast) | who_they_are(hall.house.cast)
    assert (hall.root / "state" / "terminal" / "journal.db-wal").exists()
    assert not kept(hall.root / "state", secrets)
    assert not kept(hall.logs, secrets)
    assert not kept(hall.scratch, secrets)


def test_no_dump_no_argument_and_no_file_of_theirs_shows_anybody(hall: Hall) -> None:
    secrets = pins(hall.house.cast) | who_they_are(hall.house.cast)
    for pid in hall.pids:
        said = Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()
        assert not [secret for secret in secrets if secret.encode() in said]
        (core,) = [line for line in Path(f"/proc/{pid}/limits").read_text().splitlines() if "core file" in line]
        assert core.split()[4:6] == ["0", "0"], core


def test_a_canary_that_sings_is_heard(tmp_path: Path) -> None:
    """The search finds what is there: in a process, in each form; in a file, and in a file's name."""
    pin = marked_pin(1)
    for form in forms(pin).values():
        keeper = f"kept = bytes.fromhex({form.hex()!r}); print(flush=True); input()"
        with subprocess.Popen([sys.executable, "-c", keeper], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            assert {held for held, _ in remembered(process.pid, {pin, marked_pin(2)})} == {pin}
            process.communicate(b"\n")
    (tmp_path / "log").write_text(f"pin={pin}")
    (tmp_path / pin).touch()
    assert len(kept(tmp_path, {pin, marked_pin(2)})) == 2
