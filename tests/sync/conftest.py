"""A terminal and a centre at the far ends of sync's two wires, on virtual time."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import msgspec
import pytest
import trio
import trio.testing

from kiosk.contract import (
    Batch,
    BatchAnswer,
    CardsAnswer,
    Confidence,
    Domain,
    Heartbeat,
    HeartbeatAnswer,
    ItemAnswer,
    ItemEnvelope,
    Problem,
    Signed,
    Text,
)
from kiosk.line import (
    Doubts,
    HeartbeatAnswered,
    HeartbeatFacts,
    Items,
    ItemsAnswered,
    ItemsKept,
    LineNews,
    Noted,
    RecordFound,
    TakeDoubts,
    TakeHeartbeat,
    TakeItems,
)
from kiosk.link import Link
from sync.client import CentreClient
from sync.daemon import Sync

SIGNED = Signed("aXRlbQ", "0123456789abcdef", "c2lnbmF0dXJl")
NAME = "hall-1"


def item(number: int) -> ItemEnvelope:
    return ItemEnvelope(Domain.TRANSACTION, f"00000000-0000-7000-8000-{number:012x}", SIGNED)


def problem(status: int, code: str = "some_code") -> httpx.Response:
    return httpx.Response(status, content=msgspec.json.encode(Problem(code, status, Text("说明", "why"))))


def json(value: Any) -> httpx.Response:
    return httpx.Response(200, content=msgspec.json.encode(value))


def no_connection(_request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route to host")


def answer_lost(_request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("connection reset")


async def silence(_request: httpx.Request) -> httpx.Response:
    await trio.sleep_forever()
    raise AssertionError("unreachable")


def certificate_refused(_request: httpx.Request) -> httpx.Response:
    alert = ssl.SSLError(1, "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required")
    alert.reason = "TLSV13_ALERT_CERTIFICATE_REQUIRED"
    raise httpx.ReadError("broken") from alert


def wrong_centre(_request: httpx.Request) -> httpx.Response:
    fault = ssl.SSLCertVerificationError()
    fault.verify_message = "Hostname mismatch"
    raise httpx.ConnectError("broken") from fault


Behaviour = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


class Centre:
    """Answers as a centre does, unless told otherwise: `does` for a while, `next_posts` one by one."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.times: list[float] = []
        self.does: Behaviour = self.serve
        self.next_posts: list[Behaviour] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self.records: dict[str, Signed] = {}
        """What is answered to who asks for a transaction by id."""

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.times.append(trio.current_time())
        posts_items = request.url.path == "/v1/items"
        behaviour = self.next_posts.pop(0) if posts_items and self.next_posts else self.does
        self.in_flight += posts_items
        self.most_in_flight = max(self.in_flight, self.most_in_flight)
        try:
            answer = behaviour(request)
            return answer if isinstance(answer, httpx.Response) else await answer
        finally:
            self.in_flight -= posts_items

    def serve(self, request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/v1/items":
                batch = msgspec.json.decode(request.content, type=Batch)
                return json(BatchAnswer([ItemAnswer(verdict=SIGNED) for _ in batch.items]))
            case "/v1/cards/query":
                return json(CardsAnswer([]))
            case "/v1/terminals/hall-1/heartbeat":
                return json(HeartbeatAnswer(SIGNED))
        if request.method == "GET":
            record = self.records.get(request.url.path.removeprefix("/v1/transactions/"))
            return problem(404, "never_seen") if record is None else json(record)
        return problem(404, "no_such_call")

    def batches(self) -> list[list[str]]:
        posts = [request for request in self.requests if request.url.path == "/v1/items"]
        return [[item.id for item in msgspec.json.decode(post.content, type=Batch).items] for post in posts]

    def ids(self, path: str = "/v1/items") -> list[str]:
        return [request.headers["x-request-id"] for request in self.requests if request.url.path == path]

    def asked_about(self) -> list[str]:
        """The transactions, in order."""
        asked = [request.url.path for request in self.requests if request.method == "GET"]
        return [path.removeprefix("/v1/transactions/") for path in asked]

    def heartbeats(self) -> list[float]:
        """When they came."""
        return [at for at, request in zip(self.times, self.requests, strict=True) if request.method == "PUT"]


class Terminal:
    """Offers its items again until they are answered, as the journal does."""

    def __init__(self) -> None:
        self.waiting: dict[str, ItemEnvelope] = {}
        self.answered: dict[str, ItemAnswer] = {}
        self.kept: list[str] = []
        self.times_heard = 0
        self.doubts: list[str] = []
        self.records: list[tuple[str, Signed]] = []
        self.news: list[LineNews] = []
        self._change = trio.Event()
        self.near, self.far = trio.testing.memory_stream_pair()
        self.link = Link(
            self.near,
            {
                TakeItems: self._take,
                ItemsAnswered: self._answered,
                ItemsKept: self._kept,
                TakeDoubts: self._doubts,
                RecordFound: self._record_found,
                TakeHeartbeat: self._heartbeat,
                HeartbeatAnswered: self._heard,
            },
            {LineNews: self._hear},
        )

    def file(self, *items: ItemEnvelope) -> None:
        self.waiting.update({item.id: item for item in items})
        self._changed()

    async def until(self, wanted: Callable[[], bool]) -> None:
        """Bounded in virtual time: a day."""
        with trio.fail_after(86_400):
            while not wanted():
                await self._change.wait()

    async def until_line(self, kind: type) -> None:
        await self.until(lambda: bool(self.news) and isinstance(self.news[-1].state, kind))

    async def _take(self, call: TakeItems) -> Items:
        while not self.waiting:
            await self._change.wait()
        return Items(tuple(self.waiting.values())[: call.limit])

    async def _answered(self, call: ItemsAnswered) -> Noted:
        for id_, answer in zip(call.ids, call.answers, strict=True):
            self.answered[id_] = answer
            del self.waiting[id_]
        self._changed()
        return Noted()

    async def _kept(self, call: ItemsKept) -> Noted:
        self.kept.extend(call.ids)
        self._changed()
        return Noted()

    async def _doubts(self, call: TakeDoubts) -> Doubts:
        beyond = sorted(id for id in self.doubts if id > call.after)
        return Doubts(tuple(beyond[: call.limit]))

    async def _record_found(self, call: RecordFound) -> Noted:
        self.records.append((call.transaction, call.verdict))
        self._changed()
        return Noted()

    async def _heartbeat(self, _call: TakeHeartbeat) -> HeartbeatFacts:
        return HeartbeatFacts(HEARTBEAT)

    async def _heard(self, _call: HeartbeatAnswered) -> Noted:
        self.times_heard += 1
        return Noted()

    def _hear(self, news: LineNews) -> None:
        self.news.append(news)
        self._changed()

    def _changed(self) -> None:
        self._change.set()
        self._change = trio.Event()


HEARTBEAT = Heartbeat(
    devices={},
    queue_depth=0,
    oldest_age_s=None,
    quarantined=0,
    doubts=0,
    puk_off=False,
    disk_free_mb=1000,
    temperature_c=None,
    version="0",
    policy_version="1",
    clock=Confidence.UNKNOWN,
    help_called=False,
    journal_id="00000000-0000-4000-8000-000000000000",
    record_seq=0,
    head="0" * 64,
)


@pytest.fixture
def centre() -> Centre:
    return Centre()


@pytest.fixture
def transport(centre: Centre) -> httpx.AsyncBaseTransport:
    return httpx.MockTransport(centre.handle)


@pytest.fixture
async def terminal(nursery: trio.Nursery, transport: httpx.AsyncBaseTransport) -> Terminal:
    """Connected to sync, which is connected to the centre.  A test takes `autojump_clock` itself."""
    terminal = Terminal()
    sync = Sync(NAME, CentreClient("https://centre.test", transport))
    nursery.start_soon(sync.server.serve, terminal.far)
    nursery.start_soon(terminal.link.run)
    return terminal
