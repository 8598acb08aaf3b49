"""The disk is full, by whatever filled it: nothing that was told is lost, and the terminal heals without a hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.power.cuts import ROOT
from tests.power.shims import shim


def test_a_terminal_waits_for_room_and_goes_on_where_it_was(tmp_path: Path) -> None:
    disk, full = tmp_path / "disk", tmp_path / "full"
    disk.mkdir()
    environment = {"LD_PRELOAD": str(shim("full", tmp_path)), "FULL_ROOT": str(disk), "FULL_WHEN": str(full)}
    command = (sys.executable, "-m", "tests.power.filling", str(disk), str(full))
    ended = subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "losses kept and delivered" in ended.stdout
