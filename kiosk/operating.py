"""What an operator at the machine may tell a running terminal, over a socket that only root and it may open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import trio

from kiosk.journal import Journal
from kiosk.link import Call, Handlers, Link, Unanswered, Why

ANSWER_S = 10
"""A commit on a slow SD card takes a tenth of a second."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class Cleared(msgspec.Struct, frozen=True, tag="cleared"):
    """On record."""


class ClearPuk(Call[Cleared], frozen=True, tag="clear_puk"):
    """A named operator has seen to it that the unblock key fits: reset and unblock may be offered again."""

    by: Name


def handlers(journal: Journal) -> Handlers:
    async def clear(call: ClearPuk) -> Cleared:
        await journal.puk_cleared(call.by)
        return Cleared()

    return {ClearPuk: clear}


async def clear_puk(socket: Path, by: str) -> Cleared | Unanswered:
    """Tell the terminal that serves `socket`."""
    try:
        stream = await trio.open_unix_socket(socket)
    except OSError:
        return Unanswered(Why.NO_PEER)
    link = Link(stream)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(link.run)
        answer = await link.call(ClearPuk(by), deadline_s=ANSWER_S)
        link.close()
    return answer
