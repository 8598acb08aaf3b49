"""The driver, a real pcscd, and a card that exists only behind the virtual reader."""

from __future__ import annotations

import pytest

from drivers.card.device import NOT_OPEN, CardReader
from drivers.card.pcsc import Reader
from drivers.virtual.card import ForeignChip, MuteCard
from drivers.virtual.people import find, load_people
from drivers.virtual.vpcd import PullAfter, PullBefore
from kiosk import devices
from kiosk.devices import (
    AuthenticationRefused,
    CardIn,
    CardLockedForever,
    CardMute,
    CardOpened,
    CardPulled,
    CardUnexpected,
    ChallengeCard,
    Challenged,
    CloseCard,
    Closed,
    HolderRead,
    NoCard,
    NotASocialSecurityCard,
    OpenCard,
    ReaderFailed,
    ReadHolder,
)
from kiosk.terms import CardVersion, DeviceAbsent, DeviceOk, PinBlocked, TriesLeft
from sync.central.hsm import Challenge, address
from tests.wire.card_in_reader import ask, insert, software_hsm, wait_until


@pytest.fixture
def reader(slot):
    device = CardReader(Reader("Virtual PCD"))
    wait_until(device, NoCard)
    yield device
    device.close()


@pytest.fixture
def hsm():
    return software_hsm()


def external_for(hsm, card, challenged):
    if challenged.external_factor is None:
        return None
    challenge = Challenge(bytes.fromhex(challenged.external_factor), bytes.fromhex(challenged.external_original))
    where = address(card.algorithm, card.region, card.reset_info)
    return hsm.authenticate_for_reading(where, challenge).hex()


@pytest.mark.parametrize(
    ("key", "version"),
    [
        ("normal_v1", CardVersion.V1),
        ("normal_v2", CardVersion.V2),
        ("normal_v3", CardVersion.V3),
        ("long_name", None),
        ("rare_character", None),
    ],
)
def test_a_card_of_each_generation_proves_itself_and_shows_its_holder(slot, reader, hsm, key, version):
    insert(slot, reader, key)
    opened = ask(reader, OpenCard())
    assert isinstance(opened, CardOpened)
    person = find(load_people(), key)
    assert (opened.card.number, opened.card.identifier) == (person.card.number, person.card.identifier)
    assert opened.card.version is (version or person.card.version)
    assert opened.pin == TriesLeft(6)

    challenged = ask(reader, ChallengeCard())
    assert isinstance(challenged, Challenged)
    internal = Challenge(bytes.fromhex(challenged.internal_factor), bytes.fromhex(challenged.internal_original))
    where = address(opened.card.algorithm, opened.card.region, opened.card.reset_info)
    assert hsm.is_authentic(where, internal, bytes.fromhex(challenged.internal_response)) is True

    read = ask(reader, ReadHolder(external_for(hsm, opened.card, challenged)))
    assert isinstance(read, HolderRead)
    assert (read.holder.number, read.holder.name) == (person.number, person.name)
    assert ask(reader, CloseCard()) == Closed()


def test_looking_at_the_slot_sends_nothing_to_the_card(slot, reader, hsm):
    insert(slot, reader, "normal_v3")
    opened = ask(reader, OpenCard())
    challenged = ask(reader, ChallengeCard())
    sent = len(slot.trace)
    looks = [reader.look() for _ in range(10)]
    assert looks == [looks[0]] * 10
    assert len(slot.trace) == sent
    assert isinstance(ask(reader, ReadHolder(external_for(hsm, opened.card, challenged))), HolderRead)


def test_a_wrong_authentication_is_refused_and_not_repeated(slot, reader):
    insert(slot, reader, "normal_v3")
    ask(reader, OpenCard())
    challenged = ask(reader, ChallengeCard())
    wrong = "00" * 8 + challenged.external_original
    assert ask(reader, ReadHolder(wrong)) == AuthenticationRefused("63CE")
    assert ask(reader, ReadHolder(wrong)) == CardUnexpected("external_authenticate_unsent", "")
    assert [exchange.sw for exchange in slot.trace if exchange.ins == 0x82] == ["63CE"]


def test_what_a_card_granted_ends_with_its_session(slot, reader, hsm):
    insert(slot, reader, "normal_v3")
    opened = ask(reader, OpenCard())
    external = external_for(hsm, opened.card, ask(reader, ChallengeCard()))
    assert isinstance(ask(reader, ReadHolder(external)), HolderRead)
    ask(reader, CloseCard())
    ask(reader, OpenCard())
    assert ask(reader, ReadHolder(None)) == CardUnexpected("read_ef06_08", "6982")


INS_BY_STEP = {"select": 0xA4, "read EF05": 0xB2, "retry counter": 0x20, "challenge": 0x84, "prove itself": 0x88}


@pytest.mark.parametrize("pull", [PullBefore, PullAfter])
@pytest.mark.parametrize("ins", INS_BY_STEP.values(), ids=INS_BY_STEP.keys())
def test_a_card_pulled_at_any_step_is_said_to_be_pulled(slot, reader, pull, ins):
    insert(slot, reader, "normal_v3", pull(ins=ins))
    answers = [ask(reader, OpenCard()), ask(reader, ChallengeCard())]
    assert answers[-1] == CardPulled()
    assert ask(reader, ReadHolder(None)) == CardPulled()
    assert isinstance(wait_until(reader, NoCard).state, DeviceOk)


def test_a_card_pulled_at_authentication_is_said_to_be_pulled(slot, reader, hsm):
    insert(slot, reader, "normal_v3", PullAfter(ins=0x82))
    opened = ask(reader, OpenCard())
    external = external_for(hsm, opened.card, ask(reader, ChallengeCard()))
    assert ask(reader, ReadHolder(external)) == CardPulled()


def test_a_card_pulled_between_steps_ends_its_session_even_if_it_comes_back(slot, reader):
    chip = insert(slot, reader, "normal_v1")
    first = wait_until(reader, CardIn).slot
    assert isinstance(ask(reader, OpenCard()), CardOpened)
    slot.pull()
    wait_until(reader, NoCard)
    slot.insert(chip)
    second = wait_until(reader, CardIn).slot
    assert second != first
    assert ask(reader, ReadHolder(None)) == CardPulled()
    assert isinstance(ask(reader, OpenCard()), CardOpened)


def test_a_card_in_the_wrong_way_round_is_mute(slot, reader):
    slot.insert(MuteCard())
    seen = wait_until(reader, devices.MuteCard)
    assert seen.state == DeviceOk()
    assert ask(reader, OpenCard()) == CardMute()


def test_a_bank_card_is_no_social_security_card(slot, reader):
    slot.insert(ForeignChip())
    wait_until(reader, CardIn)
    assert ask(reader, OpenCard()) == NotASocialSecurityCard("6A82")


def test_blocked_cards_say_how(slot, reader):
    insert(slot, reader, "pin_blocked")
    opened = ask(reader, OpenCard())
    assert isinstance(opened, CardOpened)
    assert opened.pin == PinBlocked()
    slot.pull()
    wait_until(reader, NoCard)
    insert(slot, reader, "application_blocked")
    assert ask(reader, OpenCard()) == CardLockedForever()


def test_an_empty_slot_and_a_step_without_a_card_have_an_answer(reader):
    assert ask(reader, ChallengeCard()) == NOT_OPEN
    assert ask(reader, ReadHolder(None)) == NOT_OPEN
    assert ask(reader, OpenCard()) == CardPulled()
    assert ask(reader, CloseCard()) == Closed()


def test_a_reader_that_is_not_there_is_absent_with_advice(pcscd):
    other = CardReader(Reader("No Such Reader"))
    seen = other.look()
    assert isinstance(seen.state, DeviceAbsent)
    assert "No Such Reader" in seen.state.advice
    assert seen.slot == NoCard()
    assert ask(other, OpenCard()) == ReaderFailed(seen.state.advice)
    other.close()


def test_a_reader_in_other_hands_says_so(slot, reader):
    insert(slot, reader, "normal_v1")
    other = CardReader(Reader("Virtual PCD"))
    assert isinstance(ask(other, OpenCard()), CardOpened)
    assert ask(reader, OpenCard()) == ReaderFailed("读卡器正被另一个程序占用")
    other.close()
    assert isinstance(ask(reader, OpenCard()), CardOpened)
