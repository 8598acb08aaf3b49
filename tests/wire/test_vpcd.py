"""A virtual card in the virtual reader, talked to with bare pyscard: no code of the terminal is involved."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

import pytest
from smartcard.scard import (
    SCARD_E_NO_SMARTCARD,
    SCARD_E_TIMEOUT,
    SCARD_LEAVE_CARD,
    SCARD_PCI_T0,
    SCARD_PROTOCOL_T0,
    SCARD_S_SUCCESS,
    SCARD_SCOPE_USER,
    SCARD_SHARE_EXCLUSIVE,
    SCARD_STATE_EMPTY,
    SCARD_STATE_MUTE,
    SCARD_STATE_PRESENT,
    SCARD_STATE_UNAWARE,
    SCardConnect,
    SCardDisconnect,
    SCardEstablishContext,
    SCardGetStatusChange,
    SCardReleaseContext,
    SCardTransmit,
)

from drivers.virtual.card import ForeignChip, MuteCard, issue
from drivers.virtual.pcscd import PcscdUnavailable, virtual_readers
from drivers.virtual.people import find, load_people
from drivers.virtual.vpcd import NoVirtualReader, PullAfter, PullBefore, Slot

WAIT_MS = 3000
SELECT_SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"


class Reader:
    """A bare PC/SC client."""

    def __init__(self, name: str) -> None:
        self.name = name
        _, self.context = SCardEstablishContext(SCARD_SCOPE_USER)

    def wait_for(self, wanted: int) -> bytes:
        """Block until the slot shows `wanted`; the ATR it shows then."""
        state = SCARD_STATE_UNAWARE
        while True:
            result, [(_, state, atr)] = SCardGetStatusChange(self.context, WAIT_MS, [(self.name, state)])
            assert result != SCARD_E_TIMEOUT, f"the slot stays in state {state:#x}"
            if state & wanted:
                return bytes(atr)

    def connect(self) -> Callable[[str], str]:
        result, self.card, _ = SCardConnect(self.context, self.name, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0)
        assert result == SCARD_S_SUCCESS, hex(result)
        return self.send

    def send(self, apdu: str) -> str:
        """Upper-case hex in, the same out; empty if the card gave no answer."""
        result, response = SCardTransmit(self.card, SCARD_PCI_T0, list(bytes.fromhex(apdu)))
        return bytes(response).hex().upper() if result == SCARD_S_SUCCESS else ""


@pytest.fixture
def reader(pcscd, slot: Slot):
    client = Reader(pcscd[0])
    client.wait_for(SCARD_STATE_EMPTY)
    client.card = None
    yield client
    if client.card is not None:
        SCardDisconnect(client.card, SCARD_LEAVE_CARD)
    SCardReleaseContext(client.context)


@pytest.fixture
def people():
    return load_people()


def test_a_card_shows_its_atr_its_application_and_its_tries(slot, reader, people):
    chip = issue(find(people, "normal_v3"))
    slot.insert(chip)
    assert reader.wait_for(SCARD_STATE_PRESENT) == chip.atr
    send = reader.connect()
    assert send(SELECT_SSSE) == "611E"
    assert send("00C000001E").startswith("6F1C840F")
    assert send("00B2010540") == "6986"
    assert send("00A4020002EF05") == "9000"
    assert send("00B2030400").startswith("6C06")
    assert send("00B2030406") == "0304332E30309000"
    assert send("0020000000") == "63C6"
    assert [exchange.sw for exchange in slot.trace[:2]] == ["611E", "9000"]


def test_a_card_in_the_wrong_way_round_is_present_and_mute(slot, reader):
    slot.insert(MuteCard())
    reader.wait_for(SCARD_STATE_MUTE)


def test_a_bank_card_has_no_such_application(slot, reader):
    slot.insert(ForeignChip())
    reader.wait_for(SCARD_STATE_PRESENT)
    assert reader.connect()(SELECT_SSSE) == "6A82"


def test_a_pulled_card_leaves_the_slot_empty_and_another_can_come(slot, reader, people):
    slot.insert(issue(find(people, "normal_v1")))
    reader.wait_for(SCARD_STATE_PRESENT)
    slot.pull()
    reader.wait_for(SCARD_STATE_EMPTY)
    other = issue(find(people, "normal_v2"))
    slot.insert(other)
    assert reader.wait_for(SCARD_STATE_PRESENT) == other.atr


def test_pulled_before_a_command_the_chip_never_saw_it(slot, reader, people):
    chip = issue(find(people, "normal_v2"))
    slot.insert(chip, PullBefore(ins=0x20))
    reader.wait_for(SCARD_STATE_PRESENT)
    send = reader.connect()
    assert send(SELECT_SSSE) == "611E"
    assert send("0020000003111111") == ""
    assert slot.wait_until_gone(1)
    assert chip.memory.pin_tries == 6


def test_pulled_after_a_command_the_chip_did_it_and_nobody_heard(slot, reader, people):
    chip = issue(find(people, "normal_v2"))
    slot.insert(chip, PullAfter(ins=0x20))
    reader.wait_for(SCARD_STATE_PRESENT)
    send = reader.connect()
    assert send(SELECT_SSSE) == "611E"
    assert send("0020000003111111") == ""
    assert slot.wait_until_gone(1)
    assert slot.card is None
    assert chip.memory.pin_tries == 5


def test_the_second_slot_is_a_reader_of_its_own(pcscd, slot, reader):
    assert len(pcscd) == 2
    result, _, _ = SCardConnect(reader.context, pcscd[1], SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0)
    assert result == SCARD_E_NO_SMARTCARD


def test_a_second_user_of_the_reader_is_told_who_has_it(pcscd):
    with pytest.raises(PcscdUnavailable, match=f"in use by process {os.getpid()}"), virtual_readers():
        pass


def test_without_a_reader_inserting_a_card_says_what_to_start(people):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        unused = taken.getsockname()[1]
        with pytest.raises(NoVirtualReader, match="start pcscd"):
            Slot(unused).insert(issue(find(people, "normal_v2")))
