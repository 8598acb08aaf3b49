"""`kiosk devices`: every device in a process of its own, one socket for the terminal.

A device that hangs or dies costs its own call and nothing else; its state says so until it is back.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import structlog
import trio

from drivers.child import Sighting
from drivers.child_main import CALLS
from drivers.config import DevicesConfig
from drivers.failures import broken_off, not_begun
from drivers.host import BrokenOff, Host, NotBegun
from kiosk.devices import CardIn, CloseCard, DeviceNews, MuteCard, NoCard, SlotState
from kiosk.link import Call, Link
from kiosk.sockets import Server
from kiosk.terms import DeviceAbsent, DeviceFailing, DeviceUnknown

CLOSE_LIMIT_S = 10
"""For the card to be powered off after the terminal left; a reader that hangs is killed before."""

NOT_CONFIGURED = "未配置此设备"
LOST = "设备进程失去响应，正在重新启动"

HANDLED_BY: dict[type[Call[Any]], str] = {call: name for name, calls in CALLS.items() for call in calls}

NEWS_FIELD = {"card": "card_reader", "id_card": "id_reader", "printer": "printer", "pin_pad": "pin_pad"}
SPARE = frozenset({"pin_pad"})
"""A terminal without one lacks nothing."""

Programs = Mapping[str, Sequence[str]]
"""By the device's name (`card`, `id_card`, `printer`, `pin_pad`), what to start for it."""

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def programs(config: DevicesConfig) -> Programs:
    """The processes for what is configured."""
    configured = {name: getattr(config, name) for name in NEWS_FIELD}
    return {
        name: [sys.executable, "-P", "-m", "drivers.child_main", name, msgspec.json.encode(part).decode()]
        for name, part in configured.items()
        if part is not None
    }


async def run_devices(
    config: DevicesConfig,
    socket_path: Path,
    allowed_uids: Collection[int],
    *,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve until cancelled.  Call from the main thread: the children die with the thread that starts them.

    Raises `kiosk.sockets.AlreadyServed` and OSError for a socket that cannot be had.
    """
    await Devices(programs(config)).run(socket_path, allowed_uids, task_status=task_status)


class Insertions:
    """Counts insertions over the lives of the card's process: each life counts from its own beginning.

    A process that was replaced on purpose counts as the one before, because pcscd does: the card that stayed in is
    the same one.  Where it counts less, pcscd was started anew meanwhile.
    """

    def __init__(self) -> None:
        self._before = 0
        self._latest = 0

    def counted(self, slot: SlotState) -> SlotState:
        match slot:
            case CardIn(insertion) | MuteCard(insertion):
                if self._before + insertion < self._latest:
                    self.new_life()
                self._latest = self._before + insertion
                return msgspec.structs.replace(slot, insertion=self._latest)
            case NoCard():
                return slot

    def new_life(self) -> None:
        self._before = self._latest


class Devices:
    """The hosts, what they have seen, and who answers what."""

    def __init__(self, programs: Programs) -> None:
        self._hosts = {name: self._host(name, program) for name, program in programs.items()}
        self._insertions = Insertions()
        self._virtual: dict[str, bool] = {}
        states: dict[str, Any] = {
            field: DeviceUnknown() if name in self._hosts else DeviceAbsent(NOT_CONFIGURED)
            for name, field in NEWS_FIELD.items()
            if name in self._hosts or name not in SPARE
        }
        self._news = DeviceNews(**states, slot=NoCard())
        self._server = Server(dict.fromkeys(HANDLED_BY, self._answer), attend=self._attend)
        self._server.publish(self._news)

    async def run(
        self,
        socket_path: Path,
        allowed_uids: Collection[int],
        *,
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        async with trio.open_nursery() as nursery:
            await nursery.start(self._server.run, socket_path, allowed_uids)
            for host in self._hosts.values():
                nursery.start_soon(host.run)
            task_status.started()

    # --- calls

    async def _answer(self, call: Call[Any]) -> msgspec.Struct:
        host = self._hosts.get(HANDLED_BY[type(call)])
        if host is None:
            return not_begun(call, NOT_CONFIGURED)
        match await host.call(call):
            case NotBegun():
                return not_begun(call, LOST)
            case BrokenOff():
                return broken_off(call, LOST)
            case msgspec.Struct() as answer:
                return answer
        raise TypeError("a host answers with a struct")

    async def _attend(self, _terminal: Link) -> None:
        log.info("terminal_connected")
        try:
            await trio.sleep_forever()
        finally:
            log.info("terminal_gone")
            with trio.CancelScope(shield=True, deadline=trio.current_time() + CLOSE_LIMIT_S):
                await self._answer(CloseCard())  # no citizen's card stays powered

    # --- news

    def _host(self, name: str, program: Sequence[str]) -> Host:
        def lost() -> None:
            if name == "card":
                self._insertions.new_life()
            self._see(name, Sighting(DeviceFailing(LOST), NoCard()))

        return Host(name, program, seen=lambda sighting: self._see(name, sighting), lost=lost)

    def _see(self, name: str, sighting: Sighting) -> None:
        slot = self._news.slot
        if name == "card":
            slot = self._insertions.counted(sighting.slot or NoCard())
        self._virtual[name] = sighting.virtual
        news = msgspec.structs.replace(
            self._news, **{NEWS_FIELD[name]: sighting.state}, slot=slot, virtual=any(self._virtual.values())
        )
        if news != self._news:
            self._news = news
            self._server.publish(news)
