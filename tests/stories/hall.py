"""A whole terminal, its devices, its line and the centre on the virtual clock, and a citizen in front of it.

Everything is the real code: services, desk, journal on a file, sync, contract, the centre's rules on a database.
Only sockets are memory: the links between the processes, and HTTPS to the centre.
"""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import enum
import functools
import os
import re
import shutil
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec
import trio
import trio.testing
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_pem_x509_certificate

from drivers.printer import commands
from drivers.virtual.bench.documents import document_of
from drivers.virtual.card import issue
from drivers.virtual.demo.registry import citizens
from drivers.virtual.people import Person, load_people
from kiosk import pairing
from kiosk.clock import TrustedClock
from kiosk.contract import (
    Batch,
    BatchAnswer,
    CardsQuery,
    ClerkSignIn,
    CryptogramRequest,
    Domain,
    Heartbeat,
    ItemAnswer,
    Kind,
    Paths,
    Problem,
    ProductionQuery,
    ProofCode,
    ProofRequest,
    Signed,
    Text,
    Verdict,
    VerdictOutcome,
)
from kiosk.counter import serve
from kiosk.delivery import Delivery
from kiosk.desk import Terminal
from kiosk.devices import DeviceNews
from kiosk.hands import Hands, Line
from kiosk.journal import Draft, Identity, Journal, View, backup, reading
from kiosk.journal.backup import Restored
from kiosk.line import LineNews
from kiosk.link import Link
from kiosk.pad_keys import pass_on_keys
from kiosk.pin import Pin
from kiosk.policy import HERE, Policy, load_policy
from kiosk.prompts import Answer, Attract, Call, Continue, Prompt, Standing, StillThere, TakeCards, Touched, TypedPin
from kiosk.quotas import Quotas
from kiosk.room import RoomWatch
from kiosk.seal import SealKey, SigningKey, canonical, from_text, pin_info, seal_pin
from kiosk.sockets import Peer, Server
from kiosk.staff import StaffCall, pass_on_calls
from kiosk.terms import CardStatus
from kiosk.words import CHINESE, Message, language, word_as_the_region
from screens.manner import Manner
from screens.presenter import Move, Presenter
from sync.central import keys, rules, tables
from sync.central.answering import Request, answer
from sync.central.card_crypto import CardAddress
from sync.central.centre import Centre
from sync.central.hsm import FactorSpent
from sync.central.seed import Citizen as OnRecord
from sync.central.seed import seed
from sync.central.serving import open_centre
from sync.client import CentreClient
from sync.daemon import Sync
from tests.stories.fate import Dead, Instant, MortalRunner, fortune
from tests.stories.hardware import Hardware
from tests.stories.liar import Liar
from tests.stories.log import Log, kept

NAME = "gx-450103-0007"
NEXT = "gx-450103-0008"
"""The terminal beside it."""
PLACE = "459900"
"""AAB301: the city where everybody with a file has the card from, but who is to be sent back there."""
START = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))

SELECT_SSSE = bytes.fromhex("00A404000F") + "sx1.sh.社会保障".encode("gbk")

P = TypeVar("P", bound=Prompt)

PEOPLE = {person.key: person for person in load_people(today=START.date())}


class HallClock:
    """The terminal's wall time, which runs with trio's; `wrong_by` is what a battery that died costs."""

    def __init__(self) -> None:
        self.wrong_by = dt.timedelta()

    def now(self) -> dt.datetime:
        return START + dt.timedelta(seconds=trio.current_time()) + self.wrong_by

    def monotonic(self) -> float:
        return trio.current_time()


# --- the line ---------------------------------------------------------------------------


class Weather(enum.Enum):
    """What happens to a request."""

    FINE = enum.auto()
    CUT = enum.auto()
    """No connection: nothing leaves."""
    ANSWERS_LOST = enum.auto()
    """The centre hears, the terminal does not."""
    SILENT = enum.auto()
    """Connected, and nothing more."""
    NONSENSE = enum.auto()
    BARRED = enum.auto()
    """403 for everything."""
    REFUSING = enum.auto()
    """The centre fails: 500."""
    NO_CENTRE_OF_OURS = enum.auto()
    """Who answers shows a certificate that is not the centre's."""


QUESTIONS: dict[str, tuple[Callable[..., object], type]] = {
    Paths.CARDS_QUERY: (rules.cards, CardsQuery),
    Paths.PRODUCTION_QUERY: (rules.progress, ProductionQuery),
    Paths.CLERKS: (rules.sign_in, ClerkSignIn),
}


class Body(httpx.AsyncByteStream):
    """An answer's bytes as they come off a line."""

    def __init__(self, content: bytes = b"") -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content


def certificate_fault() -> ssl.SSLCertVerificationError:
    """As OpenSSL's handshake raises it."""
    fault = ssl.SSLCertVerificationError(1, "certificate verify failed")
    fault.verify_message = "self-signed certificate"
    return fault


class Wire(httpx.AsyncBaseTransport):
    """HTTPS without sockets: requests go straight to the centre's rules, as the certificate's owner."""

    def __init__(self, centre: Centre, certificate: bytes, tape: bytearray) -> None:
        self.tape = tape
        self.weather = Weather.FINE
        self.turning: tuple[int, Weather] | None = None
        """After so many more requests: the weather that comes then."""
        self.problem_for_items: int | None = None
        """The centre takes the items, and something on the way answers with a problem instead."""
        self.verdict_outcome: VerdictOutcome | None = None
        self.fails_at: str | None = None
        """A step of the HSM flow at which the line goes dead."""
        self.answer_lost_at: str | None = None
        """A step that the HSM carries out, and whose answer never arrives."""
        self.meanwhile: tuple[str, Callable[[], None]] | None = None
        """A step, and what somebody does while the HSM computes it."""
        self.records_fail = False
        """Whoever asks for a transaction by id hears nothing."""
        self.replays_beats = False
        """Every heartbeat gets the first one's answer again."""
        self.fate = fortune
        self._first_beat: bytes | None = None
        self.forged_message: str | None = None
        self.forged_authentication = False
        self.swap_pin: tuple[str, Pin] | None = None
        self.swap_for_card: str | None = None
        """The identifier that the one in between has read off the card somewhere."""
        self._centre = centre
        assert isinstance(centre.clock, HallClock)
        self._clock = centre.clock
        self._certificate = certificate

    @property
    def clock_is_wrong_by(self) -> dt.timedelta:
        return self._clock.wrong_by

    @clock_is_wrong_by.setter
    def clock_is_wrong_by(self, wrong_by: dt.timedelta) -> None:
        self._clock.wrong_by = wrong_by

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.tape += str(request.url).encode() + b"\n" + await request.aread() + b"\n"
        await self._lives_through(Instant.BEFORE_REQUEST, request)
        answer = await self._instead(request) or await self._passed_on(request)
        await self._lives_through(Instant.BEFORE_ANSWER, request)
        return answer

    async def _lives_through(self, instant: Instant, request: httpx.Request) -> None:
        if not request.url.path.endswith("/heartbeat") and self.fate(instant):
            await trio.sleep_forever()

    def turns(self, weather: Weather, *, after: int) -> None:
        """Once so many more requests have been made; heartbeats do not count."""
        self.turning = (after, weather)

    def _moves_on(self, path: str) -> None:
        if self.turning is None or path.endswith("/heartbeat"):
            return
        left, weather = self.turning
        self.turning = (left - 1, weather) if left else None
        self.weather = self.weather if left else weather

    async def _instead(self, request: httpx.Request) -> httpx.Response | None:
        """What the weather has in place of the centre's rules."""
        await trio.lowlevel.checkpoint()
        self._moves_on(request.url.path)
        match self.weather:
            case Weather.CUT:
                raise httpx.ConnectError("cut", request=request)
            case Weather.NO_CENTRE_OF_OURS:
                raise httpx.ConnectError("handshake", request=request) from certificate_fault()
            case Weather.SILENT:
                await trio.sleep_forever()
            case Weather.NONSENSE:
                return httpx.Response(200, stream=Body(b"<html>captive portal</html>"))
            case Weather.BARRED:
                barred = msgspec.json.encode(Problem("suspended", 403, Text("暂停", "suspended")))
                return httpx.Response(403, stream=Body(barred))
            case Weather.REFUSING:
                return httpx.Response(500, stream=Body())
        return None

    async def _passed_on(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        step = msgspec.json.decode(body).get("step") if request.url.path == Paths.CRYPTOGRAMS else None
        if (step is not None and step == self.fails_at) or (self.records_fail and request.method == "GET"):
            await trio.sleep_forever()
        if self.meanwhile is not None and step == self.meanwhile[0]:
            self.meanwhile[1]()
        if step == "secure_message" and self.swap_pin is not None:
            body = self._swapped(body)
        given = answer(self._centre, self._request(request, body), lambda caller: self._rule(request, body, caller))
        if self.problem_for_items and request.url.path == Paths.ITEMS:
            problem = msgspec.json.encode(Problem("malformed", self.problem_for_items, Text("不能受理", "malformed")))
            return httpx.Response(self.problem_for_items, stream=Body(problem))
        if self.weather is Weather.ANSWERS_LOST or (step is not None and step == self.answer_lost_at):
            raise httpx.ReadError("lost", request=request)
        body = self._forged(step, given.body)
        if request.url.path.endswith("/heartbeat"):
            self._first_beat = self._first_beat or body
            body = self._first_beat if self.replays_beats else body
        return httpx.Response(given.status, stream=Body(body))

    def _forged(self, step: str | None, body: bytes) -> bytes:
        """What a centre that was taken over might say."""
        if step == "secure_message" and self.forged_message is not None:
            return msgspec.json.encode({"message": self.forged_message})
        if step is None and self.verdict_outcome is not None and b'"answers"' in body:
            return self._other_verdict(body, self.verdict_outcome)
        if step == "external_auth" and self.forged_authentication:
            right = msgspec.json.decode(body)["authentication"]
            return msgspec.json.encode({"authentication": "0" * 16 + right[16:]})
        return body

    def _other_verdict(self, body: bytes, outcome: VerdictOutcome) -> bytes:
        """Properly signed, and not what such an item can get."""
        (given,) = msgspec.json.decode(body, type=BatchAnswer).answers
        assert given.verdict is not None
        verdict = msgspec.json.decode(from_text(given.verdict.item), type=Verdict)
        verdict = msgspec.structs.replace(verdict, outcome=outcome)
        signed = self._centre.keys.verdict.sign(Domain.VERDICT, canonical(verdict))
        return msgspec.json.encode(BatchAnswer([ItemAnswer(verdict=signed)]))

    def _swapped(self, body: bytes) -> bytes:
        """Another PIN, sealed to the HSM's public key by somebody in between, without what the terminal binds it to."""
        assert self.swap_pin is not None
        key, pin = self.swap_pin
        message = msgspec.json.decode(body)
        bound_to = b""
        if self.swap_for_card is not None:
            bound_to = pin_info(
                NAME, message["transaction"], self.swap_for_card, message["factor"], message["function"]
            )
        sealed = seal_pin(SealKey(from_text(key)), pin.bcd, bound_to)
        return msgspec.json.encode(message | {"sealed_pin": msgspec.to_builtins(sealed)})

    def _request(self, request: httpx.Request, body: bytes) -> Request:
        return Request(request.url.path, self._certificate, request.headers.get("x-request-id"), body)

    def _rule(self, request: httpx.Request, body: bytes, caller: str) -> object:
        if request.method == "GET":
            return rules.get_transaction(caller, request.url.path.removeprefix(f"{Paths.TRANSACTIONS}/"))
        return self._taken(request.url.path, body, caller)

    def _taken(self, path: str, body: bytes, caller: str) -> object:
        centre, decode = self._centre, msgspec.json.decode
        if path in QUESTIONS:
            rule, kind = QUESTIONS[path]
            return rule(centre, caller, decode(body, type=kind))
        if path == Paths.CRYPTOGRAMS:
            return rules.cryptogram(centre, caller, decode(body, type=CryptogramRequest))
        if path == Paths.PROOFS:
            return rules.send_code(centre, caller, decode(body, type=ProofRequest))
        if path.startswith(Paths.PROOFS):
            return rules.check_code(centre, caller, path.rpartition("/")[2], decode(body, type=ProofCode))
        if path == Paths.ITEMS:
            return rules.take_items(centre, caller, decode(body, type=Batch))
        if path.endswith("/heartbeat"):
            return rules.heartbeat(centre, caller, decode(body, type=Heartbeat))
        raise AssertionError(f"no such call: {path}")


class MemoryPeer(Peer):
    """A peer whose socket is memory.  `stop` is kill -9 of the process at the other end."""

    def __init__(
        self,
        server: Server,
        handlers: object = None,
        *,
        news: tuple[type, ...],
        lost: Callable[[], bool],
        tape: bytearray,
    ) -> None:
        """`lost`: asked at each frame, which may be the last one of whoever sends or awaits it."""
        super().__init__(Path("/memory"), (), handlers, news=news)  # type: ignore[arg-type]
        self.server = server
        self._lost = lost
        self._tape = tape
        self.running = True
        self._connections = self._stopped_at = 0
        self._life = trio.CancelScope()

    async def _connect_once(self) -> None:
        if not self.running:
            return
        ours, theirs = trio.testing.memory_stream_pair()
        self._may_lose_frames(ours.send_stream, theirs.receive_stream)
        self._may_lose_frames(theirs.send_stream, ours.receive_stream)
        self._life = trio.CancelScope()
        self._connections += 1
        with self._life:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self.server.serve, theirs)
                with self._connection(Link(ours, self._handlers, self._wanted)) as link:
                    await link.run()
                nursery.cancel_scope.cancel()

    def _may_lose_frames(self, end: trio.testing.MemorySendStream, other: trio.testing.MemoryReceiveStream) -> None:
        async def deliver_unless_lost() -> None:
            if not self._lost():
                data = end.get_data_nowait()
                self._tape.extend(data)
                other.put_data(data)

        end.send_all_hook = deliver_unless_lost

    def stop(self) -> None:
        self.running = False
        self._stopped_at = self._connections
        self._life.cancel()

    async def back(self) -> None:
        """Until the fresh process has told its news."""
        while self._connections == self._stopped_at or not self._latest:
            await self.changed()

    def start(self, server: Server | None = None) -> None:
        self.server = server or self.server
        self.running = True


# --- the citizen --------------------------------------------------------------------------


class Eyes:
    """What the person sees: the face that the presenter draws on."""

    def __init__(self) -> None:
        self.page: Prompt = Attract()
        self.warning: StillThere | None = None
        self.standing = Standing(online=False)
        self.call = Call.NONE
        self.seen: list[Prompt] = []
        self.dark = False
        self.new = trio.Event()

    def present(self, prompt: Prompt, _manner: Manner, _move: Move) -> None:
        self.page = prompt
        self.seen.append(prompt)
        self._wake()

    def overlay(self, prompt: StillThere | None, _manner: Manner) -> None:
        self.warning = prompt
        self._wake()

    def stand(self, standing: Standing, _manner: Manner) -> None:
        self.standing = standing
        self._wake()

    def tell_call(self, call: Call, _manner: Manner) -> None:
        self.call = call
        self._wake()

    def clear(self) -> None:
        pass

    def goes_dark(self) -> None:
        """The terminal behind it is dead."""
        self.dark = True
        self._wake()

    def _wake(self) -> None:
        self.new.set()
        self.new = trio.Event()


class Citizen:
    """Reads pages and presses what is on them."""

    def __init__(self, eyes: Eyes, presenter: Presenter, secrets: set[str]) -> None:
        self.eyes = eyes
        self._presenter = presenter
        self._secrets = secrets

    async def sees(self, page: type[P], title: str | None = None) -> P:
        """Wait for a page, and for a title on it.  Fails when an hour went by."""
        with trio.fail_after(3600):
            while True:
                shown = self.eyes.page
                if isinstance(shown, page) and title in (None, self.said(shown)):
                    return shown
                await self.eyes.new.wait()

    async def comes(self) -> None:
        """Touches the first page; a dark one twice."""
        if (await self.sees(Attract)).dim:
            self.presses(Touched())
            with trio.fail_after(1):
                while self.eyes.page == Attract(dim=True) and not self.eyes.dark:
                    await self.eyes.new.wait()
        self.presses(Touched())

    async def sees_a_strangers_card(self) -> None:
        """The page that asks to hand it to staff."""
        with trio.fail_after(3600):
            while not (isinstance(self.eyes.page, TakeCards) and self.eyes.page.strangers):
                await self.eyes.new.wait()

    async def warned(self) -> StillThere:
        with trio.fail_after(3600):
            while self.eyes.warning is None:
                await self.eyes.new.wait()
            return self.eyes.warning

    async def online(self, wanted: bool = True) -> None:
        with trio.fail_after(3600):
            while self.eyes.standing.online is not wanted:
                await self.eyes.new.wait()

    def goes_on(self) -> None:
        self.presses(Continue())

    def calls_staff(self) -> None:
        self._presenter.call_staff()

    async def is_told(self, call: Call) -> None:
        """What the help sheet says became of it."""
        with trio.fail_after(3600):
            while self.eyes.call is not call:
                await self.eyes.new.wait()

    def prefers(self, **manner: object) -> None:
        """On a key of the foot: look, reach, language or speech."""
        self._presenter.switch(msgspec.structs.replace(self._presenter.manner, **manner))

    @property
    def manner(self) -> Manner:
        return self._presenter.manner

    def moves(self) -> None:
        """A finger on the glass, wherever."""
        self._presenter.touched()

    def presses(self, answer: Answer) -> None:
        if isinstance(answer, TypedPin):
            self._secrets.add(answer.pin.bcd.hex())
        self._presenter.touched()
        self._presenter.answer(answer)

    @staticmethod
    def said(page: Prompt) -> str | None:
        """The page's title in Chinese."""
        title = getattr(page, "title", None)
        return language(CHINESE).say(title) if isinstance(title, Message) else None

    def words(self) -> str:
        """Everything in words that the page says."""
        say = language(CHINESE).say

        def gather(value: object) -> Iterator[str]:
            if isinstance(value, Message):
                yield say(value)
            elif isinstance(value, msgspec.Struct):
                for name in value.__struct_fields__:
                    yield from gather(getattr(value, name))
            elif isinstance(value, tuple):
                for part in value:
                    yield from gather(part)
            elif isinstance(value, str):
                yield value

        return "\n".join(gather(self.eyes.page))


# --- all of it ------------------------------------------------------------------------------


@functools.cache
def _founded() -> tempfile.TemporaryDirectory[str]:
    """An office that has everybody on record and is paired with the terminal, on the disk; a hall stands on a copy.

    Keys, pairing and records cost more than most visits.
    """
    made = tempfile.TemporaryDirectory()
    folder = Path(made.name)
    centre = open_centre(_store(folder), folder / "centre", clock=HallClock())
    with centre.store.transaction():
        seed((record_of(person) for person in PEOPLE.values()), centre.now())
    _pair(centre, folder, NAME)
    centre.store.close()
    return made


def _pair(centre: Centre, folder: Path, name: str) -> None:
    with centre.store.transaction():
        code = rules.new_code(centre, name, PLACE)
        draft = pairing.draft(folder / "terminal", name, code)
        given = rules.pair(centre, msgspec.json.decode(draft.body, type=pairing.PairingRequest), draft.body)
    place = pairing.Installation(
        folder / "centre" / "ca.crt", folder / "centre" / "office.pub", folder / "terminal", folder / "sync"
    )
    assert pairing.accept(draft, given, place) is not None  # type: ignore[arg-type]


def _store(folder: Path) -> str:
    return f"sqlite:///{folder}/centre.db"


class Hall:
    """Everything a story may touch, and the three witnesses."""

    def __init__(
        self,
        folder: Path,
        *,
        site_switches: tuple[str, ...] = ("reset_pin", "unblock_pin"),
        limits: Quotas | None = None,
        site_rules: str = "",
        beside: Hall | None = None,
    ) -> None:
        """`site_switches`: the services that the office has turned on here; `site_rules`: what else its policy says.

        `beside`: another hall of the same office.
        """
        shutil.copytree(_founded().name, folder, dirs_exist_ok=True)
        self.folder = folder
        self.clock = HallClock()
        if beside is None:
            self.name = NAME
            self.centre = open_centre(_store(folder), folder / "centre", clock=HallClock(), limits=limits)
        else:
            self.name = NEXT
            self.centre = beside.centre
            for process in ("terminal", "sync"):
                shutil.rmtree(folder / process)
            _pair(self.centre, folder, NEXT)
        certificate = load_pem_x509_certificate((folder / "sync" / "tls.crt").read_bytes())
        self._certificate = certificate.public_bytes(serialization.Encoding.DER)
        self.identity = pairing.load_terminal(
            folder / "terminal", pairing.read_office_key(folder / "centre" / "office.pub")
        )
        self.traffic = bytearray()
        """What went to `kiosk sync` and to the centre, and came back, as whoever has taken over sync reads it."""
        self.wire = Wire(self.centre, self._certificate, self.traffic)
        self.liar = Liar(self.wire)
        self.hardware = Hardware()
        self.fate = fortune
        self.wire.fate = self.hardware.fate = self._at
        self._sync = self._new_sync()
        self.log = Log([])
        self.secrets = {secret for person in PEOPLE.values() for secret in secrets_of(person) if secret}
        """What no log may have of anybody: grows with every PIN that is typed."""
        self._site_switches, self._site_rules = site_switches, site_rules
        self._is_on = trio.Event()
        self.eyes = Eyes()
        self.journal_file = folder / "terminal" / "journal.db"
        self.free_mb = 10_000
        """On the journal's disk."""

    async def run(self, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Serve until cancelled; `restart_terminal` is the plug pulled and put back."""
        while True:
            try:
                async with trio.open_nursery() as processes:
                    self._power = processes.cancel_scope
                    await self._switch_on(processes)
                    self._is_on.set()
                    task_status.started()
            except* Dead:
                pass
            task_status = trio.TASK_STATUS_IGNORED

    async def restart_terminal(self) -> None:
        """The process dies where it stands; a fresh one opens what is on the disk."""
        self._is_on = trio.Event()
        self.runner.dead = True
        self._power.cancel()
        await self._is_on.wait()
        await self.citizen.online()

    def back_up(self) -> None:
        """A copy of the journal's file, made beside the running terminal."""
        backup.back_up(self.journal_file, self.folder / "backup.db")

    async def restart_from_backup(self) -> None:
        """What the journal has written since the backup is lost; what the centre and the chip know is not."""
        await self.journal.close()
        shutil.copy(self.folder / "backup.db", self.journal_file)
        await self.restart_terminal()

    async def restart_from_copy_put_back(self) -> None:
        """The same, by `kiosk journal restore`."""
        await self.journal.close()
        for path in self.journal_file.parent.glob("journal.db*"):
            path.rename(self.folder / f"aside-{path.name}")
        clock = TrustedClock(self.clock)
        restored = backup.restore(self.folder / "backup.db", self.journal_file, self.who, clock)
        assert isinstance(restored, Restored)
        await self.restart_terminal()

    def office_decides(self, id: str, outcome: VerdictOutcome, key: SigningKey | None = None) -> None:
        """Somebody at the office puts another last verdict on a transaction; signed with the centre's key or `key`."""
        with self.centre.store.transaction():
            row = tables.Transaction.get_by_id(id)
            last = msgspec.json.decode(row.verdict, type=Signed)
            verdict = msgspec.json.decode(from_text(last.item), type=Verdict)
            verdict = msgspec.structs.replace(verdict, outcome=outcome, code="office")
            row.outcome = outcome.value
            row.verdict = canonical((key or self.centre.keys.verdict).sign(Domain.VERDICT, canonical(verdict))).decode()
            row.save()

    def die_at(self, ins: int, when: str) -> None:
        """The plug is pulled just before or just after the chip gets this command."""
        self._death = trio.Event()

        def die() -> None:
            self._death.set()
            self.runner.dead = True
            self._power.cancel()

        self.hardware.at_command(ins, when, die)

    async def died(self) -> None:
        await self._death.wait()

    def centre_writes_another_pin(self, pin: tuple[int, ...]) -> None:
        """The HSM computes the message for a PIN of somebody else's choice."""
        reload_message = self.centre.hsm.reload_message

        def other(card: CardAddress, factor: bytes, _pin: bytes) -> bytes | FactorSpent:
            with Pin(pin) as swapped:
                return reload_message(card, factor, bytes(swapped.bcd))

        self.centre.hsm.reload_message = other  # type: ignore[method-assign]

    def suspend(self) -> None:
        """The office refuses this terminal."""
        self.wire.weather = Weather.BARRED

    def break_the_program(self) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError("planted")

        self.journal.submit = broken  # type: ignore[method-assign,assignment]

    def fill_the_disk(self) -> None:
        """No page more for the journal."""
        database = self.journal._works.store.database
        pages = database.execute_sql("PRAGMA page_count").fetchone()[0]
        database.execute_sql(f"PRAGMA max_page_count={pages}")

    def break_the_disk(self) -> None:
        """As a card that turns read-only when it wears out."""
        self.journal._works.store.database.execute_sql("PRAGMA query_only = ON")

    def when_the_intent_is_on_disk(self, act: Callable[[], None]) -> None:
        """Between the intent and whatever follows; that somebody was looked up, say, is none."""
        submit = self.journal.submit

        async def then(draft: Draft) -> View:
            view = await submit(draft)
            if draft.kind is not Kind.AUDIT:
                act()
            return view

        self.journal.submit = then  # type: ignore[method-assign]

    def when_a_verdict_is_on_disk(self, act: Callable[[], None]) -> None:
        """Between the verdict and the slip."""
        settled = self.journal.settled

        async def then(id: str) -> View:
            view = await settled(id)
            act()
            return view

        self.journal.settled = then  # type: ignore[method-assign]

    async def _switch_on(self, nursery: trio.Nursery) -> None:
        trusted = TrustedClock(self.clock)
        identity = self.identity
        self.who = who = Identity(
            terminal=self.name,
            signing=identity.signing,
            seal=SealKey(from_text(identity.bundle.seal_key)),
            verdicts=identity.verdict_key,
            recognition_key=identity.recognition,
            head_file=self.folder / "terminal" / "head.json",
        )
        self.runner = MortalRunner(self._at)
        self.journal = await Journal.open(self.journal_file, who, clock=trusted, runner=self.runner, random=os.urandom)
        self.devices = MemoryPeer(
            self.hardware.server,
            news=(DeviceNews,),
            lost=lambda: self._at(Instant.DEVICES_FRAME),
            tape=bytearray(),
        )
        hands = Hands(self.devices)
        policy = self._signed_policy()
        word_as_the_region(policy.texts)
        call = StaffCall()
        dark, self.eyes = self.eyes, Eyes()
        self.presenter = presenter = Presenter(self.eyes)
        room = RoomWatch(self.journal, lambda: self.free_mb, policy.limits)
        key = identity.verdict_key
        delivery = Delivery(self.name, self.journal, key, trusted, policy, hands, presenter, lambda: self.free_mb, call)
        self.sync = MemoryPeer(
            self._sync,
            delivery.handlers,
            news=(LineNews,),
            lost=lambda: self._at(Instant.SYNC_FRAME),
            tape=self.traffic,
        )
        self.citizen = Citizen(self.eyes, presenter, self.secrets)
        dark.goes_dark()  # whoever still looks there looks up
        terminal = Terminal(
            name=self.name,
            place=Text("青秀区政务服务大厅 03号", "Qingxiu service hall 03"),
            screen=presenter,
            hands=hands,
            line=Line(self.sync),
            journal=self.journal,
            seal=who.seal,
            pin_key=SealKey(from_text(identity.bundle.pin_key)),
            clock=trusted,
            policy=policy,
            room=room,
            demo=False,
        )
        nursery.start_soon(self.devices.run)
        nursery.start_soon(self.sync.run)
        nursery.start_soon(room.run)
        nursery.start_soon(pass_on_calls, presenter, terminal.line, call)
        nursery.start_soon(pass_on_keys, presenter, hands)
        nursery.start_soon(serve, terminal)

    def _new_sync(self) -> Server:
        return Sync(self.name, CentreClient("https://centre.test", self.liar)).server

    def _at(self, instant: Instant) -> bool:
        return self.fate(instant)

    # --- kill -9

    def stop_devices(self) -> None:
        """The card loses its power with the process that held it."""
        self.devices.stop()
        self.hardware.power_off()

    def restart_devices(self) -> None:
        """And a fresh process at once."""
        self.stop_devices()
        self.devices.start()

    def stop_sync(self) -> None:
        self.sync.stop()
        self._sync = self._new_sync()

    def restart_sync(self) -> None:
        self.stop_sync()
        self.sync.start(self._sync)

    def kill_terminal(self) -> None:
        """`run` starts a fresh one, which opens what is on the disk."""
        self.runner.dead = True
        self._power.cancel()
        self.hardware.power_off()
        self.eyes.goes_dark()

    def pull_the_plug(self) -> None:
        """All three at once; the printer and what it has in its buffer, too."""
        self.kill_terminal()
        self.restart_sync()
        self.hardware.printer.feed(commands.CLEAR_BUFFERS)

    async def running(self) -> None:
        """All three processes, and nobody is killed any more."""
        self.fate = fortune
        for peer, server in ((self.devices, self.hardware.server), (self.sync, self._sync)):
            if not peer.running:
                peer.start(server)
            await peer.back()

    # --- things a person carries

    def lays(self, key: str) -> None:
        self.hardware.lay(document_of(PEOPLE[key]))

    def inserts(self, key: str) -> None:
        self.carries(PEOPLE[key])
        self.hardware.insert(self.carried)

    def inserts_worn(self, key: str, **changes: object) -> None:
        """A card of the person's on which something else is written than the office believes."""
        person = PEOPLE[key]
        assert person.card is not None
        self.carries(msgspec.structs.replace(person, card=msgspec.structs.replace(person.card, **changes)))
        self.hardware.insert(self.carried)

    def carries(self, person: Person) -> None:
        self.carried = issue(person)

    # --- witnesses

    def centre_status(self, key: str) -> str:
        """The centre's database: AAZ502 of the person's current card."""
        with self.centre.store.transaction():
            return str(tables.Card.get(tables.Card.number == card_of(PEOPLE[key])).status_code)

    def replacement_filed(self, key: str) -> bool:
        """Whether the centre has an order for a card instead of the person's current one."""
        with self.centre.store.transaction():
            return bool(tables.Card.get(tables.Card.number == card_of(PEOPLE[key])).replacement_filed)

    def centre_writes(self, key: str, **values: object) -> None:
        """Into its record of the person's card, as an office would."""
        with self.centre.store.transaction():
            tables.Card.update(**values).where(tables.Card.number == card_of(PEOPLE[key])).execute()

    def centre_adds(self, key: str, *, status: CardStatus) -> None:
        """Another card of the person's, whose number ends with the same four."""
        person = PEOPLE[key]
        number = f"S0000{card_of(person)[-4:]}"
        with self.centre.store.transaction():
            tables.Card.create(
                person=tables.Person.get(tables.Person.number == person.number),
                number=number,
                identifier=number.ljust(32, "F"),
                status_code=status,
                current=False,
                region="450000",
            )

    def tries_left(self) -> int:
        """The chip's own word: VERIFY without data."""
        card = self.carried
        card.power_on()
        card.transmit(SELECT_SSSE)
        answer = card.transmit(bytes.fromhex("0020000000"))
        card.power_off()
        return 0 if answer[-2:].hex() == "6983" else answer[-1] & 0xF

    def pin_is(self, pin: tuple[int, ...]) -> bool:
        """The chip's own word, asked with a bare VERIFY of its double: a wrong one costs a try."""
        card = copy.deepcopy(self.carried)
        card.power_on()
        card.transmit(SELECT_SSSE)
        with Pin(pin) as typed:
            answer = card.transmit(bytes([0, 0x20, 0, 0, len(typed.bcd)]) + bytes(typed.bcd))
        card.power_off()
        return answer[-2:].hex() == "9000"

    def outcome_on_record(self, id: str) -> str:
        """What the centre holds of the chip's outcome."""
        with self.centre.store.transaction():
            return str(tables.Transaction.get_by_id(id).outcome)

    def becomes(self, key: str, status: CardStatus) -> None:
        """Somebody at a window changes the status of the person's card."""
        with self.centre.store.transaction():
            tables.Card.update(status_code=status).where(tables.Card.number == card_of(PEOPLE[key])).execute()

    def losses_on_record(self) -> int:
        with self.centre.store.transaction():
            return int(tables.Transaction.select().where(tables.Transaction.kind == "temporary_loss").count())

    def chips_proved(self) -> int:
        """How many chips proved themselves to the HSM."""
        with self.centre.store.transaction():
            return int(tables.Reading.select().count())

    def journal_says(self) -> list[View]:
        """The journal's file, read beside the running terminal; its chain must be whole."""
        verified = reading.verify(self.journal_file, head_file=self.folder / "terminal" / "head.json")
        assert not verified.findings, verified.findings
        return reading.newest(self.journal_file, limit=20)

    def work(self) -> View:
        """The newest transaction that a person asked for."""
        return next(view for view in self.journal_says() if view.kind is not Kind.AUDIT)

    def wrote_to(self, key: str) -> bool:
        """Whether anything came to the person's phone."""
        with self.centre.store.transaction():
            return bool(tables.Sms.select().where(tables.Sms.number == PEOPLE[key].phone).exists())

    def phone_of(self, key: str) -> str:
        """The newest message on the person's phone."""
        with self.centre.store.transaction():
            rows = tables.Sms.select().where(tables.Sms.number == PEOPLE[key].phone).order_by(tables.Sms.id.desc())
            return str(rows.first().text)

    def code_on_phone_of(self, key: str) -> str:
        """The six digits of the newest message."""
        code = re.search(r"\d{6}", self.phone_of(key))
        assert code is not None
        return code.group()

    def codes_sent(self) -> set[str]:
        """The six digits of every message to any phone."""
        with self.centre.store.transaction():
            return {digits for row in tables.Sms.select() for digits in re.findall(r"\d{6}", row.text)}

    def told_by_the_centre(self, id: str) -> Verdict:
        """Its last word on a transaction."""
        with self.centre.store.transaction():
            signed = msgspec.json.decode(tables.Transaction.get_by_id(id).verdict, type=Signed)
        return msgspec.json.decode(from_text(signed.item), type=Verdict)

    def _signed_policy(self) -> Policy:
        """Guangxi's, with the site's switches."""
        text = (HERE / "guangxi.toml").read_text()
        text += "".join(f"\n[{service}]\n{_SWITCH.get(service, 'enabled')} = true\n" for service in self._site_switches)
        text += self._site_rules
        file = self.folder / "policy.toml"
        file.write_text(text)
        signed = keys.sign_policy(self.folder / "centre", text)
        file.with_name("policy.toml.sig").write_bytes(msgspec.json.encode(signed))
        return load_policy(str(file), pairing.read_office_key(self.folder / "centre" / "office.pub"))

    def keeps_to_itself(self) -> None:
        """Nobody can be read off the line to sync and the centre, nor off the terminal's disk."""
        disk = {file.name: file.read_bytes() for file in self.journal_file.parent.glob("*") if file.is_file()}
        for where, data in {"traffic": bytes(self.traffic), **disk}.items():
            told = [secret for secret in self.secrets if stands_in(secret, data)]
            assert not told, f"{len(told)} of {where}, the first begins with {told[0][:2]}"

    async def delivered(self) -> None:
        """Wait until nothing is left in the outbox."""
        with trio.fail_after(3600):
            while (await self.journal.counts()).queue_depth:
                await trio.sleep(1)


_SWITCH = {"formal_loss": "full", "replacement": "full"}
"""What turns a service on where it is not `enabled`: these two are always there, but end at the window."""


def record_of(person: Person) -> OnRecord:
    """What the centre knows of a person."""
    (record,) = citizens([person])
    return record


def card_of(person: Person) -> str:
    assert person.card is not None
    return person.card.number


def secrets_of(person: Person) -> Iterator[str]:
    yield from (person.number, person.name, person.phone)
    if person.card is not None:
        yield from (person.card.number, person.card.identifier, person.card.pin)


def stands_in(secret: str, data: bytes) -> bool:
    """Digits as few as a PIN's are found by chance, but not alone between two signs, nor behind a second's point."""
    if not secret.isdecimal() or len(secret) > len("123456"):
        return secret.encode() in data
    return re.search(rf"(?<![\w.-]){secret}(?![\w-])".encode(), data) is not None


@contextlib.asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Hall]:
    """A terminal that is switched on, with a good line."""
    async with switched_on(Hall(folder)) as hall:
        await hall.citizen.online()
        yield hall


@contextlib.asynccontextmanager
async def switched_on(hall: Hall) -> AsyncIterator[Hall]:
    """Until the story ends; what was logged by then says nothing about anybody."""
    with kept() as hall.log:
        async with trio.open_nursery() as nursery:
            await nursery.start(hall.run)
            await trio.testing.wait_all_tasks_blocked()  # nobody touches a page before it stands
            yield hall
            nursery.cancel_scope.cancel()
    hall.log.keeps(hall.secrets | hall.codes_sent())
    hall.keeps_to_itself()
