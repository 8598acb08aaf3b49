"""`./run gallery`: hang every page, measure it, and say what is wrong.  → exit status: 1 when anything is."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from kiosk.words import complete, language
from screens.gallery.cases import EXTENTS, PANELS, walls
from screens.gallery.display import display
from screens.gallery.index import index
from screens.gallery.wall import Hung

OUT = Path("out/gallery")


class WallFell(Exception):
    """A window ended before all its pictures were taken; what it said is in the message."""


def hang(panel: str, code: str, *, extent: str, out: Path) -> list[Hung]:
    """One window, from beginning to end.  Raises WallFell."""
    with display(PANELS[panel]) as environment, tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "screens.gallery.wall", panel, code, extent, str(out), home]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WallFell(f"{panel} {code}:\n{done.stderr}")
    return [msgspec.json.decode(line, type=Hung) for line in done.stdout.splitlines()]


def hang_all(extent: str, out: Path) -> list[Hung]:
    """Two windows at once for each processor: half of its time a window waits for frames."""
    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as windows:
        hung = windows.map(lambda wall: hang(*wall, extent=extent, out=out), walls())
        return [one for wall, ones in zip(walls(), hung, strict=True) for one in tell(wall, ones)]


def tell(wall: tuple[str, str], hung: list[Hung]) -> list[Hung]:
    """What hangs on one wall, and that it does: all of them take some twenty minutes."""
    panel, code = wall
    told = f"{panel} {code}: {len(hung)} pictures, {len(faults(hung))} faults"
    print(told, file=sys.stderr, flush=True)  # noqa: T201 - for whoever waits
    return hung


def faults(hung: list[Hung]) -> list[str]:
    return [f"{one.case}: {fault}" for one in hung for fault in one.faults]


def missing() -> list[str]:
    """Messages that a language has and another lacks."""
    all_ids = frozenset[str]().union(*(language(code).ids for code in complete()))
    return [f"{code} lacks the message {id}" for code in complete() for id in sorted(all_ids - language(code).ids)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run gallery", description=__doc__)
    parser.add_argument("--extent", choices=sorted(EXTENTS), default="everything", help="the tests take the fixed part")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    began = time.monotonic()
    try:
        hung, lacking = hang_all(options.extent, options.out), missing()
    except WallFell as error:
        print(error, file=sys.stderr)  # noqa: T201 - the chore's answer
        return 1
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "index.html").write_text(index(hung, lacking))
    wrong = lacking + faults(hung)
    print(*wrong, sep="\n")  # noqa: T201 - the chore's answer
    print(  # noqa: T201 - as above
        f"{len(hung)} pictures in {time.monotonic() - began:.0f} s, {len(wrong)} faults: {options.out / 'index.html'}"
    )
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
