"""Figures of the card reader: real pcscd, its virtual reader, and a card that exists only behind it."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog
from smartcard import scard

from drivers.card import commands, transport
from drivers.card.device import CardReader
from drivers.card.pcsc import POWER_UPS, PcscCard, Reader
from drivers.virtual.card import issue
from drivers.virtual.pcscd import virtual_readers
from drivers.virtual.people import find, load_people
from drivers.virtual.vpcd import Slot
from kiosk.contract import SecureFunction
from kiosk.devices import (
    Applied,
    ApplySecureMessage,
    AuthenticatePuk,
    CardIn,
    CardOpened,
    ChallengePin,
    CloseCard,
    OpenCard,
    PinChallenged,
    PinVerified,
    PukAccepted,
    VerifyPin,
)
from kiosk.pin import Pin
from sync.central.card_crypto import load_master_keys
from sync.central.hsm import Challenge, SoftwareHsm, address
from tests.bench.figure import AtMost, Figure

OTHERS_S = 300.0
"""The virtual reader is one for the whole machine."""
VIRTUAL = "Virtual PCD"
WHO = "normal_v3"
NEW = (8, 1, 4, 7, 2, 5)
ROUNDS, TURN = 60, 5
RESETS = 15
INSERTED_MS = 3000


class Spent(set[bytes]):
    """The HSM's memory for challenges."""

    def spend(self, factor: bytes) -> bool:
        return not (factor in self or self.add(factor))  # type: ignore[func-returns-value]


def card(_out: Path) -> Iterator[Figure]:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    with virtual_readers(wait_s=OTHERS_S), Slot() as slot:
        yield from round_trip(slot)
        yield from reset(slot)


def round_trip(slot: Slot) -> Iterator[Figure]:
    """GET CHALLENGE through the driver, and through nothing but pyscard on the same connection."""
    insert(slot)
    reader = Reader(VIRTUAL)
    powered = reader.power()
    assert isinstance(powered, PcscCard), powered
    apdu = commands.get_challenge()
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(ROUNDS):
        for took, once in (
            (ours, lambda: transport.exchange(powered, apdu)),
            (bare, lambda: scard.SCardTransmit(powered._handle, powered._protocol, list(apdu))),
        ):
            took.extend(timed(once) for _ in range(TURN))
    powered.power_off()
    reader.close()
    slot.pull()
    yield Figure(
        name="APDU round trip",
        value=statistics.median(ours) * 1000,
        unit="ms",
        peer=statistics.median(bare) * 1000,
        goal=AtMost(1.15),
    )


def reset(slot: Slot) -> Iterator[Figure]:
    """From the card's power to its end; the peer is the sum of its parts: the same APDUs bare, and the HSM's work."""
    ours: list[float] = []
    parts: list[float] = []
    for _ in range(RESETS):
        device = CardReader(Reader(VIRTUAL))
        insert(slot)
        device.look()
        seen = len(slot.trace)
        began = time.perf_counter()
        hsm_s = whole_reset(device)
        ours.append(time.perf_counter() - began)
        apdus = [exchange.command for exchange in slot.trace[seen:]]
        device.close()
        slot.pull()
        insert(slot)
        parts.append(timed(lambda apdus=apdus: replay(apdus)) + hsm_s)  # type: ignore[misc]
        slot.pull()
    yield Figure(
        name="whole reset at the reader, machine time",
        value=statistics.median(ours) * 1000,
        unit="ms",
        peer=statistics.median(parts) * 1000,
        goal=AtMost(1.5),
    )


def whole_reset(device: CardReader) -> float:
    """Seconds that the HSM took of it."""
    hsm, spent_s = SoftwareHsm(load_master_keys(), Spent()), 0.0

    opened = device.answer(OpenCard(), lambda: True)
    assert isinstance(opened, CardOpened), opened
    where = address(opened.card.algorithm, opened.card.region, opened.card.reset_info)
    drawn = device.answer(ChallengePin(opened.card.identifier, opened.card.number), lambda: True)
    assert isinstance(drawn, PinChallenged), drawn
    began = time.perf_counter()
    challenge = Challenge(bytes.fromhex(drawn.factor), bytes.fromhex(drawn.original))
    authentication = hsm.authenticate_for_pin(where, challenge)
    spent_s += time.perf_counter() - began
    assert isinstance(authentication, bytes)
    accepted = device.answer(AuthenticatePuk(authentication.hex()), lambda: True)
    assert isinstance(accepted, PukAccepted), accepted
    with Pin(NEW) as pin:
        began = time.perf_counter()
        message = hsm.reload_message(where, bytes.fromhex(accepted.factor), pin.bcd)
        spent_s += time.perf_counter() - began
        assert isinstance(message, bytes)
        apply = ApplySecureMessage(SecureFunction.RELOAD, message.hex())
        assert device.answer(apply, lambda: True) == Applied()
        assert device.answer(VerifyPin(pin), lambda: True) == PinVerified()
    device.answer(CloseCard(), lambda: True)
    return spent_s


def replay(apdus: list[bytes]) -> None:
    """The same commands on a fresh card.  Its challenges are others, so it refuses some of them: the sum is
    rather too small."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    name = scard.SCardListReaders(context, [])[1][0]
    for _ in range(POWER_UPS):
        code, handle, _ = scard.SCardConnect(context, name, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T0)
        if code == scard.SCARD_S_SUCCESS:
            break
    for apdu in apdus:
        scard.SCardTransmit(handle, scard.SCARD_PCI_T0, list(apdu))
    scard.SCardDisconnect(handle, scard.SCARD_UNPOWER_CARD)
    scard.SCardReleaseContext(context)


def insert(slot: Slot) -> None:
    """Until pcscd has seen it, which looks every 0.4 s."""
    slot.insert(issue(find(load_people(), WHO)))
    reader = Reader(VIRTUAL)
    until = time.monotonic() + INSERTED_MS / 1000
    while not isinstance(reader.look().slot, CardIn):
        assert time.monotonic() < until, "pcscd does not see the card"
        reader.settle()
    reader.close()


def timed(once: Callable[[], object]) -> float:
    began = time.perf_counter()
    once()
    return time.perf_counter() - began
