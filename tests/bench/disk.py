"""A disk that counts, and one that is as slow as an SD card: a program is started with disk.c before libc."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")
SD_CARD_FLUSH_MS = 10
"""What a flush takes there; on a slower disk than that it takes what it takes."""


@contextmanager
def folder(out: Path) -> Iterator[Path]:
    """Empty, and on the disk that the project is on: what is below /tmp may be memory."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as made:
        yield Path(made).resolve()


def counting(work: Path, below: Path) -> Mapping[str, str]:
    """The environment of a program whose writes below a folder are counted; what it needs is built in `work`."""
    return _preloaded(work) | {"DISK_FOLDER": f"{below}/"}


def sd_card(work: Path) -> Mapping[str, str]:
    """The environment of a program whose every flush takes SD_CARD_FLUSH_MS."""
    return _preloaded(work) | {"DISK_FLUSH_US": str(SD_CARD_FLUSH_MS * 1000)}


def _preloaded(work: Path) -> dict[str, str]:
    library = work / "disk.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"], check=True)
    return {"LD_PRELOAD": str(library)}


def counted() -> tuple[int, int]:
    """Inside such a program: flushes and bytes written so far."""
    libc = ctypes.CDLL(None)
    libc.flushes.restype = libc.bytes_written.restype = ctypes.c_long
    return libc.flushes(), libc.bytes_written()
