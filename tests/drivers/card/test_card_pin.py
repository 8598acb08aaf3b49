"""Reload, unblock and VERIFY, replayed: what goes to the card, what never does, and what each answer comes to.

The secured commands are the published vectors: a card of region 450100 with serial 8660450100000001, master key
00112233445566778899AABBCCDDEEFF (0011223344556677 for the 8-byte STKSSSE of DES).
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.card.device import NOT_OPEN, CardReader
from drivers.card.pcsc import Reader
from drivers.card.session import CardSession, open_session
from drivers.card.transport import Gone, Lost, Response
from drivers.virtual.card import Chip, issue
from drivers.virtual.people import Person, find, load_people
from kiosk.contract import SecureFunction
from kiosk.devices import (
    AnotherCard,
    Applied,
    ApplySecureMessage,
    AskPinState,
    AuthenticatePuk,
    CardLockedForever,
    CardProblem,
    CardPulled,
    CardUnexpected,
    ChallengePin,
    Changed,
    ChangePin,
    ChangeRefused,
    ChangeUnsent,
    MessageRefused,
    MessageUnsent,
    PinAsked,
    PinChallenged,
    PinVerified,
    PinWrong,
    PukAccepted,
    PukLocked,
    PukRefused,
    ReaderFailed,
    VerifyPin,
)
from kiosk.pin import Pin
from kiosk.terms import PinBlocked, TriesLeft
from sync.central.card_crypto import load_master_keys
from sync.central.hsm import Challenge, SoftwareHsm, address
from tests.drivers.card.scripted_card import ATR_V1, ATR_V3, CardThatAnswers, ScriptedCard
from tests.drivers.card.test_card_session import (
    EF05_V1,
    EF05_V3,
    IDENTIFIER,
    ODD_ANSWER,
    OPEN_V1,
    OPEN_V3,
    SELECT_V1,
    SELECT_V3,
    SIX_TRIES,
)

RELOAD, UNBLOCK = SecureFunction.RELOAD, SecureFunction.UNBLOCK
NUMBER = "T0000001X"
DES, SM4 = (OPEN_V1, SELECT_V1, EF05_V1, ATR_V1), (OPEN_V3, SELECT_V3, EF05_V3, ATR_V3)

ORIGINAL, FACTOR, FRESH = "A1A2A3A4A5A6A7A8", "1122334455667788", "0102030405060708"
PROOF = {"SM4": "EA155D77D815E82F" + ORIGINAL, "DES": "39A60EF91109A6F7" + ORIGINAL}
PUK = {name: "0082000610" + proof for name, proof in PROOF.items()}
FRESH_CHALLENGE = ("0084000008", FRESH + "9000")

VECTORS = {
    "reload SM4": (SM4, "SM4", RELOAD, "FED766137F0D15F05FB93FAFB14F439CF86B0116", "8424000114"),
    "reload DES": (DES, "DES", RELOAD, "9AD91D0E88BB28EBCD2DB248", "842400010C"),
    "reload DES, key of 8 bytes": (DES, "DES", RELOAD, "1816A209D8AFC9F2E646A13C", "842400010C"),
    "unblock SM4": (SM4, "SM4", UNBLOCK, "F4A1C5C6", "8424000004"),
    "unblock DES": (DES, "DES", UNBLOCK, "65F324E0", "8424000004"),
    "unblock DES, key of 8 bytes": (DES, "DES", UNBLOCK, "AACD4202", "8424000004"),
}


def named_again(kind):
    """The application selected and EF05 read, as on the first time."""
    _, select, ef05, _ = kind
    return [*select, ef05[0], *(line for line in ef05 if line[0].startswith("00B20728"))]


def challenges(kind):
    """And two randoms: the first is 原始信息."""
    return [*named_again(kind), ("0084000008", ORIGINAL + "9000"), ("0084000008", FACTOR + "9000")]


def opened(*lines, kind=SM4):
    start, *_, atr = kind
    card = ScriptedCard(*start, *lines, atr=atr)
    session = open_session(card)
    assert isinstance(session, CardSession)
    return session, card


def challenged(*lines, kind=SM4):
    session, card = opened(*challenges(kind), *lines, kind=kind)
    assert session.challenge_pin(IDENTIFIER, NUMBER) == PinChallenged(factor=FACTOR, original=ORIGINAL)
    return session, card


def accepted(*lines, kind=SM4, name="SM4"):
    session, card = challenged((PUK[name], "9000"), FRESH_CHALLENGE, *lines, kind=kind)
    assert session.authenticate_puk(PROOF[name]) == PukAccepted(FRESH)
    return session, card


# --- the three steps ------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name", "function", "message", "header"), VECTORS.values(), ids=VECTORS)
def test_a_reload_and_an_unblock_go_as_published(kind, name, function, message, header):
    session, card = accepted((header + message, "9000"), ("0020000003123456", "9000"), kind=kind, name=name)
    assert session.apply_secure_message(function, message) == Applied()
    with Pin([1, 2, 3, 4, 5, 6]) as pin:
        assert session.verify_pin(pin) == PinVerified()
    assert card.lines == []
    assert card.powered


@pytest.mark.parametrize(
    ("identifier", "number"),
    [(IDENTIFIER, "T00000028"), ("459900D15600000500000002FFFFFFFF", NUMBER), ("", "")],
    ids=["another number", "another identifier", "nothing"],
)
def test_the_card_in_the_slot_is_the_one_that_is_meant(identifier, number):
    session, card = opened(*named_again(SM4))
    assert session.challenge_pin(identifier, number) == AnotherCard()
    assert card.lines == []


def test_a_card_that_names_itself_differently_now_is_another_card():
    other = "459900D15600000500000002FFFFFFFF"
    session, _ = opened(*SELECT_V3, ("00B2012812", "0110" + other + "9000"), named_again(SM4)[-1])
    assert session.challenge_pin(other, NUMBER) == AnotherCard()


@pytest.mark.parametrize(
    ("sw", "expected"),
    [
        ("63C2", PukRefused("63C2")),
        ("63C0", PukRefused("63C0")),
        ("6300", PukRefused("6300")),
        ("6983", PukLocked()),
        ("9303", CardLockedForever()),
        ("6984", CardUnexpected("authenticate_puk", "6984")),
        ("6A88", CardUnexpected("authenticate_puk", "6A88")),
        ("6110", CardUnexpected("authenticate_puk", "6110")),
        ("6C10", CardUnexpected("authenticate_puk", "6C10")),
    ],
)
def test_what_the_card_says_to_the_puk_is_final(sw, expected):
    session, card = challenged((PUK["SM4"], sw), *challenges(SM4))
    assert session.authenticate_puk(PROOF["SM4"]) == expected
    assert session.apply_secure_message(UNBLOCK, "F4A1C5C6") == MessageUnsent()
    assert isinstance(session.challenge_pin(IDENTIFIER, NUMBER), PinChallenged)
    assert session.authenticate_puk(PROOF["SM4"]) == CardUnexpected("authenticate_puk_unsent", "")
    assert card.lines == []


UNFIT = {
    "empty": "",
    "short": PROOF["SM4"][:-2],
    "long": PROOF["SM4"] + "00",
    "not hex": "G" * 32,
    "for another challenge": "EA155D77D815E82F" + FACTOR,
}


@pytest.mark.parametrize("authentication", UNFIT.values(), ids=UNFIT)
def test_nothing_but_an_answer_to_this_challenge_reaches_the_puk(authentication):
    session, card = challenged()
    assert session.authenticate_puk(authentication) == CardUnexpected("authenticate_puk_unsent", "")
    assert card.lines == []


def test_a_challenge_is_used_up_by_whatever_comes_next():
    session, _ = challenged(SIX_TRIES)
    assert session.ask_pin_state() == PinAsked(TriesLeft(6))
    assert session.authenticate_puk(PROOF["SM4"]) == CardUnexpected("authenticate_puk_unsent", "")
    session, _ = accepted(SIX_TRIES)
    session.ask_pin_state()
    assert session.apply_secure_message(UNBLOCK, "F4A1C5C6") == MessageUnsent()


def test_a_message_is_sent_once():
    session, card = accepted(("8424000004F4A1C5C6", "6988"))
    assert session.apply_secure_message(UNBLOCK, "F4A1C5C6") == MessageRefused("6988")
    assert session.apply_secure_message(UNBLOCK, "F4A1C5C6") == MessageUnsent()
    assert card.lines == []


DONE = {"9000"}
REFUSED = {"6700", "6982", "6983", "6984", "6985", "6987", "6988", "6A80", "6A86", "6A88", "6C04", "6D00", "6E00",
           "9302", "9303", "9403"}  # fmt: skip
NOBODY_KNOWS = {"6104", "6200", "63C2", "6400", "6581", "6F00", "0000"}


@pytest.mark.parametrize("sw", sorted(DONE | REFUSED | NOBODY_KNOWS))
def test_only_a_sure_refusal_leaves_no_doubt(sw):
    session, card = accepted(("8424000004F4A1C5C6", sw))
    answer = session.apply_secure_message(UNBLOCK, "F4A1C5C6")
    if sw in DONE:
        assert answer == Applied()
    elif sw in REFUSED:
        assert answer == MessageRefused(sw)
    else:
        assert answer == CardUnexpected("apply_secure_message", sw)
    assert card.lines == []


FLOW = [*challenges(SM4), (PUK["SM4"], "9000"), FRESH_CHALLENGE, ("8424000004F4A1C5C6", "9000")]


def last_answer(session):
    """Unblock until something other than success is said."""
    answer = session.challenge_pin(IDENTIFIER, NUMBER)
    if isinstance(answer, PinChallenged):
        answer = session.authenticate_puk(PROOF["SM4"])
    if isinstance(answer, PukAccepted):
        answer = session.apply_secure_message(UNBLOCK, "F4A1C5C6")
    return answer


@pytest.mark.parametrize("at", range(len(FLOW)))
@pytest.mark.parametrize(
    ("value", "expected"), [(Gone(), CardPulled()), (Lost("USB"), ReaderFailed("USB"))], ids=["pulled", "lost"]
)
def test_a_card_lost_at_any_command_is_said_to_be_lost(at, value, expected):
    session, card = opened(*FLOW[:at], (FLOW[at][0], value))
    assert last_answer(session) == expected
    assert card.lines == []


def test_without_an_open_card_nothing_can_have_happened():
    reader = CardReader(Reader("not looked for"))

    def ask(call):
        return reader.answer(call, lambda: True)

    assert ask(ApplySecureMessage(UNBLOCK, "F4A1C5C6")) == MessageUnsent(NOT_OPEN)
    with Pin([1, 2, 3, 4]) as pin:
        assert ask(ChangePin(pin, pin)) == ChangeUnsent(NOT_OPEN)
        for call in (ChallengePin(IDENTIFIER, NUMBER), AuthenticatePuk(PROOF["SM4"]), VerifyPin(pin), AskPinState()):
            assert ask(call) == NOT_OPEN


# --- VERIFY ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sw", "expected"),
    [
        ("9000", PinVerified()),
        ("63C5", PinWrong(TriesLeft(5))),
        ("63C1", PinWrong(TriesLeft(1))),
        ("63C0", PinWrong(PinBlocked())),
        ("6983", PinWrong(PinBlocked())),
        ("9303", CardLockedForever()),
        ("6984", CardUnexpected("verify_pin", "6984")),
        ("6C03", CardUnexpected("verify_pin", "6C03")),
        ("6110", CardUnexpected("verify_pin", "6110")),
    ],
)
def test_the_card_says_whether_the_pin_is_its_own(sw, expected):
    session, card = opened(("0020000003135790", sw))
    with Pin([1, 3, 5, 7, 9, 0]) as pin:
        assert session.verify_pin(pin) == expected
    assert card.lines == []


@given(st.lists(st.integers(0, 9), max_size=12))
def test_a_pin_goes_as_bcd_and_too_few_digits_go_nowhere(digits):
    text = "".join(map(str, digits))
    bcd = text + "F" * (len(text) % 2)
    session, card = opened(*[(f"00200000{len(bcd) // 2:02X}{bcd}", "9000")] * (len(digits) >= 4))
    with Pin(digits) as pin:
        expected = PinVerified() if len(digits) >= 4 else CardUnexpected("verify_pin_unsent", "")
        assert session.verify_pin(pin) == expected
    assert card.lines == []


@pytest.mark.parametrize("answer", ["9000", "63C5", Gone(), Lost("USB")])
def test_the_command_with_the_pin_is_wiped_however_it_ended(answer):
    buffers = []

    class Remembering(ScriptedCard):
        def transmit(self, apdu):
            buffers.append(apdu)
            return super().transmit(apdu)

    card = Remembering(*OPEN_V3, ("0020000003135790", answer))
    with Pin([1, 3, 5, 7, 9, 0]) as pin:
        open_session(card).verify_pin(pin)
    assert buffers[-1] == bytearray(8)


# --- CHANGE PIN ------------------------------------------------------------------------------

FROM, TO = (1, 3, 5, 7, 9, 0), (2, 4, 6, 8, 0, 1)
CHANGE = "805E010007135790FF246801"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("9000", Changed()),
        ("63C5", PinWrong(TriesLeft(5))),
        ("63C0", PinWrong(PinBlocked())),
        ("6983", PinWrong(PinBlocked())),
        ("9303", ChangeRefused("9303")),
        ("6A80", ChangeRefused("6A80")),
        ("6985", ChangeRefused("6985")),
        ("6581", CardUnexpected("change_pin", "6581")),
        ("6300", CardUnexpected("change_pin", "6300")),
        ("6F00", CardUnexpected("change_pin", "6F00")),
        ("6110", CardUnexpected("change_pin", "6110")),
        (Gone(), CardPulled()),
        (Lost("USB"), ReaderFailed("USB")),
    ],
)
def test_the_card_says_whether_its_pin_was_changed_and_the_command_is_wiped(answer, expected):
    buffers = []

    class Remembering(ScriptedCard):
        def transmit(self, apdu):
            buffers.append(apdu)
            return super().transmit(apdu)

    card = Remembering(*OPEN_V3, (CHANGE, answer))
    with Pin(FROM) as old, Pin(TO) as new:
        assert open_session(card).change_pin(old, new) == expected
    assert card.lines == []
    assert buffers[-1] == bytearray(12)


@given(*[st.lists(st.integers(0, 9), max_size=12)] * 2)
def test_both_pins_go_as_bcd_and_too_few_digits_go_nowhere(old, new):
    whole = min(len(old), len(new)) >= 4
    data = "FF".join(text + "F" * (len(text) % 2) for text in ("".join(map(str, old)), "".join(map(str, new))))
    session, card = opened(*[(f"805E0100{len(data) // 2:02X}{data}", "9000")] * whole)
    with Pin(old) as first, Pin(new) as second:
        assert session.change_pin(first, second) == (Changed() if whole else ChangeUnsent())
    assert card.lines == []


@pytest.mark.parametrize("sw", ["63C4", "6983", "9000", "9303", "6D00"])
def test_the_counter_can_be_asked_again_and_says_the_same_as_at_the_opening(sw):
    again, _ = opened(("0020000000", sw))
    at_opening = open_session(ScriptedCard(*OPEN_V3[:-1], ("0020000000", sw)))
    assert again.ask_pin_state() == PinAsked(at_opening.opened.pin)


# --- against a chip, whatever the centre says ---------------------------------------------------

PEOPLE = load_people()


class Unlimited:
    def spend(self, _factor):
        return True


HSM = SoftwareHsm(load_master_keys(), Unlimited())


class InHand:
    """A chip without a reader; remembers what it was sent."""

    def __init__(self, chip: Chip) -> None:
        chip.power_on()
        self.chip, self.atr, self.sent = chip, chip.atr, []

    def transmit(self, apdu):
        self.sent.append(bytes(apdu))
        answer = self.chip.transmit(bytes(apdu))
        return Response(answer[:-2], int.from_bytes(answer[-2:], "big"))

    def power_off(self):
        self.chip.power_off()


def ready_for_message(person: Person):
    """A chip that accepted the PUK, with its session and its fresh challenge."""
    card = InHand(issue(person))
    session = open_session(card)
    described = session.opened.card
    asked = session.challenge_pin(described.identifier, described.number)
    where = address(described.algorithm, described.region, described.reset_info)
    challenge = Challenge(bytes.fromhex(asked.factor), bytes.fromhex(asked.original))
    answer = session.authenticate_puk(HSM.authenticate_for_pin(where, challenge).hex())
    return card, session, where, bytes.fromhex(answer.factor)


CARRIERS = st.sampled_from([find(PEOPLE, key) for key in ("normal_v1", "normal_v2", "normal_v3")])
HEX = st.binary(max_size=40).map(bytes.hex)
WHOLE_COMMANDS = st.builds(
    lambda header, data: header + data,
    st.sampled_from(["8424000114", "842400010C", "8424000004", "8416000004", "841E000104", "805E010007"]),
    HEX,
)
OF_THE_RIGHT_SIZE = (
    st.sampled_from([4, 12, 20]).flatmap(lambda size: st.binary(min_size=size, max_size=size)).map(bytes.hex)
)
ALLOWED = {SecureFunction.RELOAD: {"842400010C", "8424000114"}, SecureFunction.UNBLOCK: {"8424000004"}}


@settings(max_examples=150)
@given(CARRIERS, st.sampled_from(SecureFunction), st.one_of(st.text(), HEX, WHOLE_COMMANDS, OF_THE_RIGHT_SIZE))
def test_no_centre_can_make_the_driver_send_anything_but_its_own_headers(person, function, message):
    card, session, _, _ = ready_for_message(person)
    before = card.chip.memory
    sent = len(card.sent)
    answer = session.apply_secure_message(function, message)
    commands = [apdu.hex().upper() for apdu in card.sent[sent:]]
    if isinstance(answer, MessageUnsent):
        assert commands == []
    else:
        assert answer == MessageRefused("6988")
        [command] = commands
        assert command[:10] in ALLOWED[function]
        assert command[10:] == message.upper()
        assert len(command) == 10 + 2 * int(command[8:10], 16)
    assert card.chip.memory == before


@settings(max_examples=30)
@given(CARRIERS, st.lists(st.integers(0, 9), min_size=4, max_size=12))
def test_the_hsm_and_the_chip_agree_through_the_driver(person, digits):
    card, session, where, factor = ready_for_message(person)
    with Pin(digits) as pin:
        message = HSM.reload_message(where, factor, pin.bcd).hex()
        assert session.apply_secure_message(RELOAD, message) == Applied()
        assert session.verify_pin(pin) == PinVerified()
        assert card.chip.memory.pin == pin.bcd


@settings(max_examples=30)
@given(CARRIERS, *[st.lists(st.integers(0, 9), min_size=4, max_size=12)] * 2)
def test_the_chip_changes_its_pin_through_the_driver_and_only_from_its_own(person, wrong, digits):
    card = InHand(issue(person))
    session = open_session(card)
    tries, before = session.opened.pin.tries, card.chip.memory.pin
    with Pin(wrong) as other, Pin(digits) as new, Pin() as own:
        own.fill(before)
        if other.bcd != before:
            assert session.change_pin(other, new) == PinWrong(TriesLeft(tries - 1))
            assert card.chip.memory.pin == before
        assert session.change_pin(own, new) == Changed()
        assert card.chip.memory.pin == new.bcd
        assert session.ask_pin_state() == PinAsked(TriesLeft(tries))


@settings(max_examples=200)
@given(st.integers(0, len(FLOW)), st.lists(ODD_ANSWER, max_size=12), st.sampled_from(SecureFunction))
def test_no_card_however_odd_brings_the_driver_down(at, odd, function):
    answers = [bytes.fromhex(answer) for _, answer in [*OPEN_V3, *FLOW[:at]]] + odd
    session = open_session(CardThatAnswers(ATR_V3, answers))
    assert isinstance(session, CardSession)
    known = CardProblem | AnotherCard
    assert isinstance(session.challenge_pin(IDENTIFIER, NUMBER), known | PinChallenged)
    assert isinstance(session.authenticate_puk(PROOF["SM4"]), known | PukAccepted | PukRefused | PukLocked)
    applied = session.apply_secure_message(function, "F4A1C5C6")
    assert isinstance(applied, known | Applied | MessageRefused | MessageUnsent)
    with Pin([1, 2, 3, 4]) as pin:
        assert isinstance(session.verify_pin(pin), known | PinVerified | PinWrong)
        assert isinstance(session.change_pin(pin, pin), known | Changed | PinWrong | ChangeRefused | ChangeUnsent)
    assert isinstance(session.ask_pin_state(), known | PinAsked)
