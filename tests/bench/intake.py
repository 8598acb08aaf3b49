"""Batches that come in at the centre over HTTPS, from one terminal: `intake FOLDER SIZE…`.

Bare: the same bodies, one insert and one flushed commit each; see centres.
"""

from __future__ import annotations

import ssl
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import msgspec

from kiosk import pairing
from kiosk.clock import SystemClock
from kiosk.contract import Batch, BatchAnswer, Paths
from tests.bench import centres
from tests.bench.child import tell
from tests.central.office import Box, Office

TERMINAL = "T-1"
LEAST_BATCHES, ITEMS = 6, 120
"""As many batches of a size as carry so many items, but not fewer."""
WAIT_S = 120


def batches(box: Box, size: int) -> list[bytes]:
    """Signed bodies."""
    count = max(LEAST_BATCHES, ITEMS // size)
    return [msgspec.json.encode(Batch([box.envelope(box.audit()) for _ in range(size)])) for _ in range(count)]


def post(http: httpx.Client, body: bytes) -> tuple[float, bytes]:
    began = time.perf_counter()
    answer = http.post(Paths.ITEMS, content=body).raise_for_status()
    return time.perf_counter() - began, answer.content


def client(url: str, line: pairing.LineIdentity) -> httpx.Client:
    context = ssl.create_default_context(cafile=str(line.ca))
    context.load_cert_chain(line.certificate, line.key)
    return httpx.Client(verify=context, base_url=url, timeout=WAIT_S, headers={"content-type": "application/json"})


def main(folder: Path, sizes: list[int]) -> dict[str, Any]:
    """Seconds a batch, by size; both centres take turns."""
    office = Office(folder, start=SystemClock().now())
    box = office.pair(TERMINAL)
    line = pairing.load_line(office.installation(TERMINAL).sync_dir)
    bodies = {size: batches(box, size) for size in sizes}
    office.centre.store.close()
    took: dict[str, dict[str, float]] = {}
    with centres.centre("ours", folder) as url, client(url, line) as ours:
        post(ours, msgspec.json.encode(Batch([])))  # the handshake
        with centres.centre("bare", folder) as other, client(other, line) as bare:
            for size, some in bodies.items():
                times = [(_ours(ours, folder, body), post(bare, body)[0]) for body in some]
                mine, its = zip(*times[1:], strict=True)
                took[str(size)] = {"ours": statistics.median(mine), "bare": statistics.median(its)}
    return took


def _ours(http: httpx.Client, folder: Path, body: bytes) -> float:
    took, content = post(http, body)
    assert all(answer.verdict for answer in msgspec.json.decode(content, type=BatchAnswer).answers)
    (folder / centres.TOLD).write_bytes(content)
    return took


if __name__ == "__main__":
    tell(main(Path(sys.argv[1]), [int(size) for size in sys.argv[2:]]))
