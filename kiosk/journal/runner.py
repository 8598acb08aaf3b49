"""How the journal's calls are run: SQLite blocks until the disk has flushed, and the loop must not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

import trio

T = TypeVar("T")


class Runner(Protocol):
    async def run(self, call: Callable[[], T]) -> T:
        """Cancelled before the call begins or not at all: what was begun is finished."""

    def close(self) -> None:
        """No call may follow."""


class ThreadRunner:
    """On a terminal: one thread for the journal's whole life, because its connection belongs to a thread."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")

    async def run(self, call: Callable[[], T]) -> T:
        await trio.lowlevel.checkpoint_if_cancelled()
        done = trio.Event()
        token = trio.lowlevel.current_trio_token()

        def wake(_: Future[T]) -> None:
            token.run_sync_soon(done.set)

        future = self._executor.submit(call)
        future.add_done_callback(wake)
        with trio.CancelScope(shield=True):
            await done.wait()
        return future.result()

    def close(self) -> None:
        self._executor.shutdown()


class InlineRunner:
    """Under the virtual clock, where a real thread would let every time-out fire."""

    async def run(self, call: Callable[[], T]) -> T:
        await trio.lowlevel.checkpoint()
        return call()

    def close(self) -> None:
        """Nothing to stop."""
