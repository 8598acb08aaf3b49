"""Change, reload and unblock on a real reader: driver, pcscd, chip and HSM, and nothing but the wire between them."""

from __future__ import annotations

import math
import os
from pathlib import Path

import pytest
import trio
from smartcard import scard

from drivers.card.device import CardReader
from drivers.card.pcsc import Reader
from drivers.config import CardReaderConfig, DevicesConfig
from drivers.daemon import run_devices
from drivers.virtual.card import issue
from drivers.virtual.people import find, load_people
from drivers.virtual.vpcd import PullAfter, PullBefore
from kiosk.contract import SecureFunction
from kiosk.devices import (
    AnotherCard,
    Applied,
    ApplySecureMessage,
    AskPinState,
    AuthenticatePuk,
    CardIn,
    CardOpened,
    CardPulled,
    ChallengePin,
    Changed,
    ChangePin,
    ChangeUnsent,
    CloseCard,
    Closed,
    DeviceNews,
    MessageRefused,
    MessageUnsent,
    NoCard,
    OpenCard,
    PinAsked,
    PinVerified,
    PinWrong,
    PukAccepted,
    PukRefused,
    VerifyPin,
)
from kiosk.pin import Pin
from kiosk.sockets import Peer
from kiosk.terms import PinBlocked, TriesLeft
from sync.central.hsm import Challenge, address
from tests.wire.card_in_reader import ask, insert, software_hsm, wait_until

RELOAD, UNBLOCK = SecureFunction.RELOAD, SecureFunction.UNBLOCK
SELECT_SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
VERIFY_NEW, NEW = "0020000003814725", (8, 1, 4, 7, 2, 5)
VERIFY_OLD, OLD = "0020000003123456", (1, 2, 3, 4, 5, 6)
WRONG = (9, 0, 2, 1, 7, 3)
GENERATIONS = ["normal_v1", "normal_v2", "normal_v3"]
BOUND_S = 30


@pytest.fixture
def reader(slot):
    device = CardReader(Reader("Virtual PCD"))
    wait_until(device, NoCard)
    yield device
    device.close()


class Centre:
    """The HSM's part, for the card that was opened."""

    def __init__(self, opened: CardOpened) -> None:
        self._hsm = software_hsm()
        self._card = address(opened.card.algorithm, opened.card.region, opened.card.reset_info)

    def authentication(self, challenged):
        challenge = Challenge(bytes.fromhex(challenged.factor), bytes.fromhex(challenged.original))
        return self._hsm.authenticate_for_pin(self._card, challenge).hex()

    def message(self, function, factor, digits):
        if function is UNBLOCK:
            return self._hsm.unblock_message(self._card, bytes.fromhex(factor)).hex()
        with Pin(digits) as pin:
            return self._hsm.reload_message(self._card, bytes.fromhex(factor), pin.bcd).hex()


def challenge(reader):
    opened = ask(reader, OpenCard())
    assert isinstance(opened, CardOpened)
    return Centre(opened), ask(reader, ChallengePin(opened.card.identifier, opened.card.number))


def secured(reader, function, digits=NEW):
    """Up to the secure message, which is not sent yet."""
    centre, challenged = challenge(reader)
    accepted = ask(reader, AuthenticatePuk(centre.authentication(challenged)))
    assert isinstance(accepted, PukAccepted)
    return centre.message(function, accepted.factor, digits)


def verify(reader, digits):
    with Pin(digits) as pin:
        return ask(reader, VerifyPin(pin))


def bare(*apdus):
    """What the card answers to nothing but pyscard, powered anew."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    try:
        name = scard.SCardListReaders(context, [])[1][0]
        _, card, _ = scard.SCardConnect(context, name, scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_PROTOCOL_T0)
        answers = [scard.SCardTransmit(card, scard.SCARD_PCI_T0, list(bytes.fromhex(apdu)))[1] for apdu in apdus]
        scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)
        return [bytes(answer[-2:]).hex() for answer in answers]
    finally:
        scard.SCardReleaseContext(context)


@pytest.mark.parametrize("key", GENERATIONS)
def test_a_new_pin_is_on_the_chip(slot, reader, key):
    chip = insert(slot, reader, key)
    message = secured(reader, RELOAD)
    for _ in range(3):
        reader.look()
    assert ask(reader, ApplySecureMessage(RELOAD, message)) == Applied()
    assert verify(reader, NEW) == PinVerified()
    assert ask(reader, CloseCard()) == Closed()
    assert bare(SELECT_SSSE, VERIFY_NEW)[-1] == "9000"
    assert chip.memory.pin_tries == chip.memory.pin_tries_max
    sent = [exchange.command.hex().upper()[:10] for exchange in slot.trace]
    header = "842400010C" if key != "normal_v3" else "8424000114"
    at = sent.index("0082000610")
    assert sent[at - 2 : at + 4] == ["0084000008", "0084000008", "0082000610", "0084000008", header, "0020000003"]


@pytest.mark.parametrize("key", ["pin_blocked", "one_try_left_v1", "two_tries_left", "normal_v3"])
def test_an_unblocked_card_has_all_its_tries_and_its_old_pin(slot, reader, key):
    chip = insert(slot, reader, key)
    assert ask(reader, ApplySecureMessage(UNBLOCK, secured(reader, UNBLOCK))) == Applied()
    assert ask(reader, AskPinState()) == PinAsked(TriesLeft(chip.memory.pin_tries_max))
    assert verify(reader, OLD) == PinVerified()


def test_a_blocked_card_refuses_its_own_pin_until_it_is_unblocked(slot, reader):
    insert(slot, reader, "pin_blocked")
    ask(reader, OpenCard())
    assert verify(reader, OLD) == PinWrong(PinBlocked())


def test_a_wrong_pin_costs_one_try_and_says_how_many_are_left(slot, reader):
    insert(slot, reader, "two_tries_left")
    ask(reader, OpenCard())
    assert verify(reader, NEW) == PinWrong(TriesLeft(1))
    assert verify(reader, NEW) == PinWrong(PinBlocked())
    assert ask(reader, AskPinState()) == PinAsked(PinBlocked())


@pytest.mark.parametrize("key", GENERATIONS)
@pytest.mark.parametrize("function", [RELOAD, UNBLOCK])
def test_a_message_with_a_wrong_mac_changes_nothing(slot, reader, key, function):
    chip = insert(slot, reader, key)
    message = secured(reader, function)
    before = chip.memory
    wrong = message[:-2] + f"{int(message[-2:], 16) ^ 1:02x}"
    assert ask(reader, ApplySecureMessage(function, wrong)) == MessageRefused("6988")
    assert ask(reader, ApplySecureMessage(function, message)) == MessageUnsent()
    assert chip.memory == before


@pytest.mark.parametrize("message", ["8424000004F4A1C5C6", "84160000041C653655", "841E0001043707743A", "1C6536"])
def test_a_command_in_place_of_a_message_never_reaches_the_chip(slot, reader, message):
    chip = insert(slot, reader, "normal_v2")
    secured(reader, UNBLOCK)
    before, sent = chip.memory, len(slot.trace)
    assert ask(reader, ApplySecureMessage(UNBLOCK, message)) == MessageUnsent()
    assert (chip.memory, len(slot.trace)) == (before, sent)


def test_a_wrong_unblock_key_costs_one_try_and_only_one(slot, reader):
    chip = insert(slot, reader, "normal_v3")
    _, challenged = challenge(reader)
    before = chip.memory.key_tries[6]
    wrong = "00" * 8 + challenged.original
    assert ask(reader, AuthenticatePuk(wrong)) == PukRefused(f"63C{before - 1}")
    ask(reader, AuthenticatePuk(wrong))
    assert chip.memory.key_tries[6] == before - 1


def test_another_card_put_in_meanwhile_is_not_touched(slot, reader):
    insert(slot, reader, "normal_v2")
    mine = ask(reader, OpenCard()).card
    slot.pull()
    wait_until(reader, NoCard)
    insert(slot, reader, "neighbour_v2")
    ask(reader, OpenCard())
    assert ask(reader, ChallengePin(mine.identifier, mine.number)) == AnotherCard()


@pytest.mark.parametrize("key", GENERATIONS)
@pytest.mark.parametrize(("pull", "done"), [(PullBefore(ins=0x24), False), (PullAfter(ins=0x24), True)])
def test_a_card_pulled_at_the_message_is_pulled_and_only_the_chip_knows(slot, reader, key, pull, done):
    chip = insert(slot, reader, key, pull)
    message = secured(reader, RELOAD)
    before = chip.memory.pin
    assert ask(reader, ApplySecureMessage(RELOAD, message)) == CardPulled()
    assert (chip.memory.pin != before) is done
    wait_until(reader, NoCard)
    slot.insert(chip)
    wait_until(reader, CardIn)
    ask(reader, OpenCard())
    assert verify(reader, NEW if done else OLD) == PinVerified()


@pytest.mark.parametrize("pull", [PullBefore(ins=0x82), PullAfter(ins=0x82)])
def test_a_card_pulled_at_the_unblock_key_keeps_its_pin(slot, reader, pull):
    chip = insert(slot, reader, "normal_v3", pull)
    centre, challenged = challenge(reader)
    before = chip.memory.pin
    assert ask(reader, AuthenticatePuk(centre.authentication(challenged))) == CardPulled()
    assert ask(reader, ApplySecureMessage(UNBLOCK, "00" * 4)) == MessageUnsent(CardPulled())
    assert chip.memory.pin == before


# --- CHANGE PIN -----------------------------------------------------------------------------------


def change(reader, old, new=NEW):
    with Pin(old) as mine, Pin(new) as chosen:
        return ask(reader, ChangePin(mine, chosen))


@pytest.mark.parametrize("key", GENERATIONS)
def test_who_knows_the_old_pin_has_a_new_one_and_all_tries(slot, reader, key):
    chip = insert(slot, reader, key)
    ask(reader, OpenCard())
    assert change(reader, OLD) == Changed()
    assert ask(reader, CloseCard()) == Closed()
    assert bare(SELECT_SSSE, VERIFY_NEW, VERIFY_OLD)[1:] == ["9000", f"63c{chip.memory.pin_tries_max - 1}"]
    sent = [exchange.command.hex().upper()[:10] for exchange in slot.trace]
    assert sent.count("805E010007") == 1, "once, whatever came of it"


def test_a_wrong_old_pin_costs_a_try_each_time_until_the_card_is_blocked(slot, reader):
    insert(slot, reader, "two_tries_left")
    ask(reader, OpenCard())
    assert change(reader, WRONG) == PinWrong(TriesLeft(1))
    assert change(reader, WRONG) == PinWrong(PinBlocked())
    assert change(reader, OLD) == PinWrong(PinBlocked())
    assert ask(reader, CloseCard()) == Closed()
    assert bare(SELECT_SSSE, VERIFY_OLD, VERIFY_NEW)[1:] == ["6983", "6983"]


def test_a_right_old_pin_gives_back_the_try_that_a_wrong_one_took(slot, reader):
    chip = insert(slot, reader, "two_tries_left")
    ask(reader, OpenCard())
    assert change(reader, WRONG) == PinWrong(TriesLeft(1))
    assert change(reader, OLD) == Changed()
    assert ask(reader, AskPinState()) == PinAsked(TriesLeft(chip.memory.pin_tries_max))


def test_half_a_pin_never_reaches_the_chip(slot, reader):
    insert(slot, reader, "normal_v2")
    ask(reader, OpenCard())
    sent = len(slot.trace)
    assert change(reader, OLD, NEW[:3]) == ChangeUnsent()
    assert change(reader, OLD[:3]) == ChangeUnsent()
    assert len(slot.trace) == sent


@pytest.mark.parametrize("key", GENERATIONS)
@pytest.mark.parametrize(("pull", "done"), [(PullBefore(ins=0x5E), False), (PullAfter(ins=0x5E), True)])
def test_a_card_pulled_at_the_change_has_one_of_the_two_pins_and_only_the_chip_knows_which(
    slot, reader, key, pull, done
):
    chip = insert(slot, reader, key, pull)
    ask(reader, OpenCard())
    assert change(reader, OLD) == CardPulled()
    wait_until(reader, NoCard)
    assert change(reader, OLD) == ChangeUnsent(CardPulled()), "nothing goes to a card that is not there"
    slot.insert(chip)
    wait_until(reader, CardIn)
    assert bare(SELECT_SSSE, VERIFY_NEW if done else VERIFY_OLD)[-1] == "9000"


# --- the whole way: socket, daemon, child process, reader, chip -----------------------------------


class Terminal:
    def __init__(self, path: Path) -> None:
        self.slots: list[object] = []
        self.peer = Peer(path, {os.getuid()}, listeners={DeviceNews: lambda news: self.slots.append(news.slot)})

    async def ask(self, call):
        with trio.fail_after(BOUND_S):
            return await self.peer.call(call, deadline_s=math.inf)

    async def sees(self, kind):
        with trio.fail_after(BOUND_S):
            while not (self.slots and isinstance(self.slots[-1], kind)):
                await self.peer.changed()
        return self.slots[-1]


def children() -> set[str]:
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


async def test_the_process_that_saw_the_pin_is_gone_and_the_card_is_still_the_same(slot, tmp_path, nursery):
    others = children()
    config = DevicesConfig(card=CardReaderConfig("Virtual PCD"))
    await nursery.start(run_devices, config, tmp_path / "link", {os.getuid()})
    terminal = Terminal(tmp_path / "link")
    nursery.start_soon(terminal.peer.run)
    await terminal.sees(NoCard)
    chip = issue(find(load_people(), "normal_v3"))
    slot.insert(chip)
    first_slot = await terminal.sees(CardIn)
    first = children() - others

    opened = await terminal.ask(OpenCard())
    centre = Centre(opened)
    challenged = await terminal.ask(ChallengePin(opened.card.identifier, opened.card.number))
    accepted = await terminal.ask(AuthenticatePuk(centre.authentication(challenged)))
    message = centre.message(RELOAD, accepted.factor, NEW)
    assert await terminal.ask(ApplySecureMessage(RELOAD, message)) == Applied()
    with Pin(NEW) as pin:
        assert await terminal.ask(VerifyPin(pin)) == PinVerified()
    assert await terminal.ask(CloseCard()) == Closed()

    assert isinstance(await terminal.ask(OpenCard()), CardOpened)
    assert not first & children()
    assert set(terminal.slots[terminal.slots.index(first_slot) :]) == {first_slot}
    await terminal.ask(CloseCard())
    slot.pull()
    await terminal.sees(NoCard)
    slot.insert(chip)
    assert (await terminal.sees(CardIn)).insertion > first_slot.insertion
