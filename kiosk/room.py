"""How much more the terminal can take on: the room on its disk, and what already waits for the centre.

Services narrow before either ends; nothing that was taken on is ever dropped.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NoReturn

import msgspec
import structlog
import trio

from kiosk.journal import Counts, Journal, JournalFailed, JournalFull
from kiosk.policy import Limits
from kiosk.policy.room import Disk, Room, Unsent
from kiosk.prompts import OutOfService, Screen
from kiosk.words import msg

log = structlog.get_logger()

LOW_MB = 200
"""Below it, only losses: some hundred visits' records and logs, and the copy that SQLite makes to tidy its file."""
FULL_MB = 20
"""Below it, nothing: what has begun must still come to its end, and the centre's answers must be taken in."""
LOOK_EVERY_S = 30
"""No visits of half a minute use up what lies between the two."""

FreeMb = Callable[[], int]


def free_mb_of(folder: Path) -> FreeMb:
    """MiB that are free where `folder` lies, whenever it is asked."""
    return lambda: shutil.disk_usage(folder).free // 2**20


def judge(free_mb: int, counts: Counts, limits: Limits) -> Room:
    disk = Disk.FULL if free_mb < FULL_MB else Disk.LOW if free_mb < LOW_MB else Disk.AMPLE
    oldest = dt.timedelta(seconds=counts.oldest_age_s or 0)
    if oldest >= dt.timedelta(days=limits.unsent_days):
        return Room(disk, Unsent.LONG)
    return Room(disk, Unsent.MANY if counts.queue_depth >= limits.unsent_items else Unsent.FEW)


async def opened(open_journal: Callable[[], Awaitable[Journal]], screen: Screen, hotline: str) -> Journal:
    """As soon as its disk has room.  One that cannot be believed is never opened: somebody must look at it."""
    while True:
        try:
            return await open_journal()
        except JournalFailed as error:
            log.error("journal_cannot_be_opened", why=str(error))
            screen.show(OutOfService(why=msg("out.journal"), hotline=hotline))
            if not isinstance(error, JournalFull):
                await trio.sleep_forever()
        await trio.sleep(LOOK_EVERY_S)


class RoomWatch:
    """Looks again and again; what it saw last stands in `now`."""

    def __init__(self, journal: Journal, free_mb: FreeMb, limits: Limits) -> None:
        self._journal = journal
        self.free_mb = free_mb
        self._limits = limits
        self._news = trio.Event()
        self.now = Room(Disk.AMPLE, Unsent.FEW)

    async def run(self) -> NoReturn:
        while True:
            await self._look()
            await trio.sleep(LOOK_EVERY_S)

    async def changed(self) -> None:
        await self._news.wait()

    async def _look(self) -> None:
        try:
            seen = judge(self.free_mb(), await self._journal.counts(), self._limits)
        except JournalFailed as error:
            log.error("journal_failed", why=str(error))
            seen = msgspec.structs.replace(self.now, disk=Disk.FULL)  # what cannot be read is not written to
        if seen != self.now:
            log.warning("room_changed", disk=seen.disk.name.lower(), unsent=seen.unsent.name.lower())
            self.now = seen
            self._news.set()
            self._news = trio.Event()
