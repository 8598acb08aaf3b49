"""The journal's side of the line: what sync asks for, and what it brings back.

Everything that arrives here is checked here: sync can delay, not invent.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import structlog

import kiosk
from kiosk.clock import TrustedClock
from kiosk.contract import CentreTime, DeviceReport, Domain, Heartbeat
from kiosk.devices import DeviceNews
from kiosk.guide.topics import expired
from kiosk.hands import Hands
from kiosk.journal import CentreSays, Journal
from kiosk.line import (
    Doubts,
    HeartbeatAnswered,
    HeartbeatFacts,
    Items,
    ItemsAnswered,
    ItemsKept,
    Noted,
    RecordFound,
    TakeDoubts,
    TakeHeartbeat,
    TakeItems,
)
from kiosk.link import Call, Handler
from kiosk.policy import Policy
from kiosk.prompts import Screen
from kiosk.room import FreeMb
from kiosk.seal import Rejected, VerifyKey
from kiosk.staff import StaffCall

log = structlog.get_logger()


@dataclasses.dataclass(frozen=True)
class Delivery:
    """Answers sync's calls."""

    name: str
    journal: Journal
    verdicts: VerifyKey
    clock: TrustedClock
    policy: Policy
    hands: Hands
    """Whose states the heartbeat tells."""
    screen: Screen
    """Whose touch panel and voice are two of them."""
    free_mb: FreeMb
    """Of the journal's disk."""
    call: StaffCall

    @property
    def handlers(self) -> dict[type[Call[Any]], Handler]:
        return {
            TakeItems: self._take,
            ItemsAnswered: self._answered,
            ItemsKept: self._kept,
            TakeDoubts: self._doubts,
            RecordFound: self._record_found,
            TakeHeartbeat: self._heartbeat,
            HeartbeatAnswered: self._heard,
        }

    async def _take(self, call: TakeItems) -> Items:
        return Items(await self.journal.take(call.limit))

    async def _answered(self, call: ItemsAnswered) -> Noted:
        await self.journal.answer(call.ids, call.answers)
        return Noted()

    async def _kept(self, call: ItemsKept) -> Noted:
        await self.journal.keep(call.ids)
        return Noted()

    async def _doubts(self, call: TakeDoubts) -> Doubts:
        return Doubts(await self.journal.to_ask_about(call.after, call.limit))

    async def _record_found(self, call: RecordFound) -> Noted:
        view = await self.journal.settle(call.transaction, CentreSays(call.verdict))
        log.info("doubt_asked_about", transaction=view.id, stage=view.state.stage)
        return Noted()

    async def _heartbeat(self, _call: TakeHeartbeat) -> HeartbeatFacts:
        counts = await self.journal.counts()
        head = self.journal.head
        return HeartbeatFacts(
            Heartbeat(
                devices=_devices(self.hands.news, self.screen),
                queue_depth=counts.queue_depth,
                oldest_age_s=counts.oldest_age_s,
                quarantined=counts.quarantined,
                doubts=counts.doubts,
                puk_off=self.journal.puk_off,
                disk_free_mb=self.free_mb(),
                temperature_c=None,
                version=kiosk.__version__,
                policy_version=self.policy.version,
                clock=self.clock.confidence,
                help_called=self.call.stands,
                journal_id=head.journal_id,
                record_seq=head.record_seq,
                head=head.hash.hex(),
                guide_expired=[topic.id for topic in expired(self.clock.now().date())],
            )
        )

    async def _heard(self, call: HeartbeatAnswered) -> Noted:
        said = self.verdicts.read(Domain.TIME, call.answer.time, CentreTime)
        if isinstance(said, Rejected) or said.terminal != self.name:
            log.error("centre_time_rejected", why=said.why if isinstance(said, Rejected) else "another terminal's")
        elif not self.clock.hear(said.time):
            log.error("centre_time_rejected", why="much older than the time it is")
        return Noted()


def _devices(news: DeviceNews, screen: Screen) -> dict[str, DeviceReport]:
    states = {
        "card_reader": news.card_reader,
        "id_reader": news.id_reader,
        "printer": news.printer,
        "touch_panel": screen.touch_panel,
        "sound": screen.sound,
    }
    if news.pin_pad is not None:
        states["pin_pad"] = news.pin_pad
    return {
        name: DeviceReport(str(state.__struct_config__.tag), getattr(state, "advice", ""))
        for name, state in states.items()
    }
