"""Another process's memory, read from outside, so that looking for digits leaves none there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def forms(digits: str) -> dict[str, bytes]:
    """Everything a PIN could look like in memory.  For twelve digits; fewer are found by chance."""
    return {
        "text": digits.encode(),
        "wide text": digits.encode("utf-16-le"),
        "wider text": digits.encode("utf-32-le"),
        "numbers": bytes(int(digit) for digit in digits),
        "BCD": bytes.fromhex(digits[: len(digits) - len(digits) % 2]),
    }


def found(pid: int, digits: str) -> set[str]:
    """The forms in which a process holds these digits."""
    wanted = forms(digits)
    seen: set[str] = set()
    for part in parts(pid):
        seen |= {name for name, form in wanted.items() if form in part}
    return seen


def parts(pid: int) -> Iterator[bytes]:
    """Every region that is written to."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            first, last = (int(end, 16) for end in span.split("-"))
            try:
                memory.seek(first)
                yield memory.read(last - first)
            except OSError:  # a device's memory, which no program may read so
                continue
