"""Who stands at the far end of the line, in front of the centre, and lies: one class a kind of lie.

Nothing here can sign for the centre, except where the centre itself is wrong about the time.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from typing import Any, ClassVar, Protocol

import httpx
import msgspec
import trio

from kiosk.contract import (
    VERDICT_WAIT_S,
    Batch,
    BatchAnswer,
    CardsAnswer,
    Domain,
    ItemAnswer,
    Kind,
    Paths,
    ProofChecked,
    Verdict,
    VerdictOutcome,
)
from kiosk.seal import SigningKey, canonical, from_text
from kiosk.terms import CardStatus

YEARS = dt.timedelta(days=5 * 365)


class Honest(Protocol):
    """The way to the centre, whose clock can be put wrong."""

    clock_is_wrong_by: dt.timedelta

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response: ...


def call_of(request: httpx.Request) -> str:
    """What is asked for, without whose it is."""
    path, body = request.url.path, request.content
    if path == Paths.CRYPTOGRAMS:
        return str(msgspec.json.decode(body)["step"])
    if path == Paths.ITEMS:
        return " ".join(sorted({_item(one) for one in msgspec.json.decode(body, type=Batch).items}))
    if path.startswith(f"{Paths.PROOFS}/"):
        return "code"
    if path.endswith("/heartbeat"):
        return "heartbeat"
    return "record" if request.method == "GET" else path


def _item(envelope: Any) -> str:
    kind = msgspec.json.decode(from_text(envelope.signed.item)).get("kind", "")
    return f"{envelope.domain} {kind}".strip()


# --- what is told ----------------------------------------------------------------------------------


class Lie:
    """Tells the truth: what a lie does not name goes its way."""

    def __init__(self, before: Mapping[str, bytes]) -> None:
        """`before`: what was answered last to every question."""
        self.before = before

    def ends(self) -> Lie:
        """What is told from now on."""
        return Lie(self.before)

    async def told(self, request: httpx.Request, centre: Honest) -> httpx.Response:
        response = await centre.handle_async_request(request)
        body = await response.aread()
        if response.status_code != 200:
            return answer(body, response.status_code)
        return answer(self.instead(call_of(request), request, body))

    def instead(self, _call: str, _request: httpx.Request, body: bytes) -> bytes:
        """Of what the centre has answered."""
        return body


class Late(Lie):
    """The centre did it at once, and its answer comes when nobody waits any more."""

    async def told(self, request: httpx.Request, centre: Honest) -> httpx.Response:
        response = await super().told(request, centre)
        await trio.sleep(VERDICT_WAIT_S + 2)
        return response


class Twice(Lie):
    """It comes to the centre twice, and the second answer is the one that comes back."""

    async def told(self, request: httpx.Request, centre: Honest) -> httpx.Response:
        await super().told(request, centre)
        headers = dict(request.headers) | {"x-request-id": "another"}
        again = httpx.Request(request.method, request.url, headers=headers, content=request.content)
        return await super().told(again, centre)


class HeldBack(Lie):
    """It comes to the centre behind whatever is asked next, a void of it even, and its answer to nobody."""

    def __init__(self, before: Mapping[str, bytes]) -> None:
        super().__init__(before)
        self.held: list[httpx.Request] = []

    def ends(self) -> Lie:
        return AtLast(self.before, self.held)

    async def told(self, request: httpx.Request, centre: Honest) -> httpx.Response:
        if request.method == "POST" and not self.held:
            self.held.append(request)
            await trio.sleep_forever()
        return await AtLast(self.before, self.held).told(request, centre)


class AtLast(Lie):
    """What was held back comes behind this one."""

    def __init__(self, before: Mapping[str, bytes], held: list[httpx.Request]) -> None:
        super().__init__(before)
        self._held = held

    async def told(self, request: httpx.Request, centre: Honest) -> httpx.Response:
        given = await super().told(request, centre)
        while self._held:
            await super().told(self._held.pop(), centre)
        return given


class OfAnotherTime(Lie):
    """The answer that somebody got to the same question before."""

    def instead(self, call: str, _request: httpx.Request, _body: bytes) -> bytes:
        return self.before.get(call, b"{}")


class Failing(Lie):
    """500, and it is done all the same."""

    async def told(self, request: httpx.Request, centre: Honest) -> httpx.Response:
        await super().told(request, centre)
        return answer(b"<h1>Internal Server Error</h1>", 500)


class CutShort(Lie):
    def instead(self, _call: str, _request: httpx.Request, body: bytes) -> bytes:
        return body[: len(body) // 2]


class OfAnotherType(Lie):
    """Whatever was a text is a number, and so on."""

    def instead(self, _call: str, _request: httpx.Request, body: bytes) -> bytes:
        return msgspec.json.encode(_retyped(msgspec.json.decode(body)))


def _retyped(value: Any) -> Any:
    match value:
        case dict():
            return {key: _retyped(one) for key, one in value.items()}
        case list():
            return {"0": value}
        case str():
            return len(value)
        case _:
            return [value]


class Endless(Lie):
    """As much as anybody takes, for all practical purposes."""

    PIECE: ClassVar = b" " * 65_536
    PIECES: ClassVar = 256

    def __init__(self, before: Mapping[str, bytes]) -> None:
        super().__init__(before)
        self.most = 0
        """Bytes that were taken of one answer."""

    async def told(self, request: httpx.Request, centre: Honest) -> httpx.Response:
        await super().told(request, centre)
        return httpx.Response(200, stream=Flow(self._given()))

    async def _given(self) -> AsyncGenerator[bytes, None]:
        for number in range(self.PIECES):
            self.most = max(self.most, (number + 1) * len(self.PIECE))
            yield self.PIECE


class DropByDrop(Lie):
    """Slow loris: a byte now and then, so that no silence is ever long."""

    async def told(self, request: httpx.Request, centre: Honest) -> httpx.Response:
        response = await super().told(request, centre)
        return httpx.Response(200, stream=Flow(self._drops(await response.aread())))

    async def _drops(self, body: bytes) -> AsyncGenerator[bytes, None]:
        for byte in body:
            await trio.sleep(1)
            yield bytes([byte])


class VerdictForAnother(Lie):
    """Truly the centre's, and on what was asked for before."""

    def instead(self, _call: str, request: httpx.Request, body: bytes) -> bytes:
        if request.url.path != Paths.ITEMS or Paths.ITEMS not in self.before:
            return body
        one, number = (msgspec.json.decode(each, type=BatchAnswer).answers for each in (self.before[Paths.ITEMS], body))
        return msgspec.json.encode(BatchAnswer(one[:1] * len(number)))


class SignatureWrong(Lie):
    def instead(self, _call: str, _request: httpx.Request, body: bytes) -> bytes:
        return msgspec.json.encode(_spoilt(msgspec.json.decode(body)))


def _spoilt(value: Any) -> Any:
    match value:
        case {"signature": str(right)}:
            return value | {"signature": ("B" if right[0] == "A" else "A") + right[1:]}
        case dict():
            return {key: _spoilt(one) for key, one in value.items()}
        case list():
            return [_spoilt(one) for one in value]
        case _:
            return value


class SignedByAnother(Lie):
    """Everything is done at once, says a key of the liar's own under the centre's id; the centre hears nothing."""

    KEY: ClassVar = SigningKey.generate()

    async def told(self, request: httpx.Request, centre: Honest) -> httpx.Response:
        if request.url.path != Paths.ITEMS:
            return await super().told(request, centre)
        items = msgspec.json.decode(request.content, type=Batch).items
        return answer(msgspec.json.encode(BatchAnswer([self._done(one) for one in items])))

    def _done(self, envelope: Any) -> ItemAnswer:
        content = from_text(envelope.signed.item)
        item = msgspec.json.decode(content)
        said = {key: item[key] for key in ("journal_id", "seq", "record_seq", "head")}
        acknowledged = said | {"item_sha256": hashlib.sha256(content).hexdigest(), "time": "2026-11-22T09:30:00+08:00"}
        verdict = {
            "id": envelope.id,
            "terminal": item["terminal"],
            "outcome": VerdictOutcome.DONE,
            "code": "done",
            "reason": {"zh": "好了", "en": "done"},
            "effective_at": None,
            "card_status": None,
            "receipt_no": None,
            "acknowledged": acknowledged,
        }
        data = canonical(msgspec.convert(verdict, Verdict))
        return ItemAnswer(verdict=msgspec.structs.replace(self.KEY.sign(Domain.VERDICT, data), key_id=self._key_id()))

    def _key_id(self) -> str:
        """The centre's, where it was ever seen."""
        if Paths.ITEMS not in self.before:
            return self.KEY.id
        (given, *_) = msgspec.json.decode(self.before[Paths.ITEMS], type=BatchAnswer).answers
        assert given.verdict is not None
        return given.verdict.key_id


class Miscounted(Lie):
    """One answer too many."""

    def instead(self, _call: str, request: httpx.Request, body: bytes) -> bytes:
        if request.url.path != Paths.ITEMS:
            return body
        answers = msgspec.json.decode(body, type=BatchAnswer).answers
        return msgspec.json.encode(BatchAnswer([*answers, answers[0]]))


class YesToAll(Lie):
    """Of what nobody signs: every code is right, every card is good for everything."""

    def instead(self, call: str, _request: httpx.Request, body: bytes) -> bytes:
        if call == "code":
            return msgspec.json.encode(ProofChecked(ok=True, tries_left=3))
        if call == Paths.CARDS_QUERY:
            cards = msgspec.json.decode(body, type=CardsAnswer).cards
            return msgspec.json.encode(CardsAnswer([_good_for_all(card) for card in cards]))
        return body


def _good_for_all(card: Any) -> Any:
    return msgspec.structs.replace(card, status=CardStatus.NORMAL, operations=list(Kind), replacement_filed=False)


class Cryptogram(Lie):
    """Something else in the place of whatever a chip is to be sent."""

    HEX: ClassVar[str]

    def instead(self, _call: str, request: httpx.Request, body: bytes) -> bytes:
        if request.url.path != Paths.CRYPTOGRAMS:
            return body
        right = msgspec.json.decode(body)
        return msgspec.json.encode({key: self.HEX if _is_hex(one) else one for key, one in right.items()})


def _is_hex(value: object) -> bool:
    return isinstance(value, str) and len(value) >= 8


class CardBlock(Cryptogram):
    HEX = "84160000043c653655"


class FullApdu(Cryptogram):
    """Of the length of an authentication, too."""

    HEX = "842400010c9ad91d0e88bb28ebcd2db2"


class OfWrongLength(Cryptogram):
    HEX = "00" * 11


class ClockWrong(Lie):
    """The centre itself, while it answers: signed all the same."""

    WRONG_BY: ClassVar[dt.timedelta]

    async def told(self, request: httpx.Request, centre: Honest) -> httpx.Response:
        centre.clock_is_wrong_by = self.WRONG_BY
        try:
            return await super().told(request, centre)
        finally:
            centre.clock_is_wrong_by = dt.timedelta()


class YearsAhead(ClockWrong):
    WRONG_BY = YEARS


class YearsBehind(ClockWrong):
    WRONG_BY = -YEARS


LIES: tuple[type[Lie], ...] = (
    *(Late, Twice, HeldBack, OfAnotherTime, Failing, CutShort, OfAnotherType, Endless, DropByDrop),
    *(VerdictForAnother, SignatureWrong, SignedByAnother, Miscounted, YesToAll),
    *(CardBlock, FullApdu, OfWrongLength, YearsAhead, YearsBehind),
)


# --- who tells it ----------------------------------------------------------------------------------


class Liar(httpx.AsyncBaseTransport):
    """Between sync and the centre; honest until told otherwise."""

    def __init__(self, honest: Honest) -> None:
        self._honest = honest
        self._before: dict[str, bytes] = {}
        self._coming: tuple[int, Lie] | None = None
        self.lie = Lie(self._before)
        self.asked: list[str] = []
        """But for heartbeats."""

    def lies(self, kind: type[Lie], *, after: int) -> Lie:
        """Once so many more requests have been made; heartbeats do not count, but are lied about, too."""
        lie = kind(self._before)
        self._coming = (after, lie)
        return lie

    def goes(self) -> None:
        self._coming = None
        self.lie = self.lie.ends()

    @property
    def has_lied(self) -> bool:
        return type(self.lie) is not Lie

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        call = call_of(request)
        if call != "heartbeat":
            self._moves_on()
            self.asked.append(call)
        response = await self.lie.told(request, self._honest)
        if not self.has_lied and response.status_code == 200:
            self._before[call] = self._before[request.url.path] = await response.aread()
        return response

    def _moves_on(self) -> None:
        if self._coming is None:
            return
        left, lie = self._coming
        self._coming = (left - 1, lie) if left else None
        self.lie = self.lie if left else lie


class Flow(httpx.AsyncByteStream):
    """A body that comes piece by piece, as long as somebody takes it."""

    def __init__(self, pieces: AsyncGenerator[bytes, None]) -> None:
        self._pieces = pieces

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces

    async def aclose(self) -> None:
        await self._pieces.aclose()


class Whole(httpx.AsyncByteStream):
    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content


def answer(body: bytes, status: int = 200) -> httpx.Response:
    return httpx.Response(status, stream=Whole(body))
