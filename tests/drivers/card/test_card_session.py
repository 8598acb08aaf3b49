"""The flow of reading, replayed: what goes to the card, in which order, and what each answer comes to.

Exchanges as recorded from cards of the field (1.0, and 3.0 with SM4), with a synthetic person on them.
"""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.card.session import CardSession, open_session
from drivers.card.transport import Gone, Lost
from kiosk.devices import (
    AuthenticationRefused,
    CardBlocked,
    CardLockedForever,
    CardOpened,
    CardProblem,
    CardPulled,
    CardUnexpected,
    Challenged,
    HolderRead,
    NotASocialSecurityCard,
    ReaderFailed,
)
from kiosk.terms import (
    Algorithm,
    CardVersion,
    Holder,
    NoPin,
    PinBlocked,
    PinLockedForever,
    PinUnknown,
    TriesLeft,
)
from tests.drivers.card.scripted_card import ATR_V1, ATR_V3, CardThatAnswers, ScriptedCard

MASTER_FILE = ("00A40000023F00", "6A82")
SELECT = "00A404000F 7378312E73682EC9E7BBE1B1A3D5CF"
FCI_V1 = "6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388010B"
FCI_V3 = "6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C03860103"
SELECT_V1 = [(SELECT, "6118"), ("00C0000018", FCI_V1 + "9000")]
SELECT_V3 = [(SELECT, "611E"), ("00C000001E", FCI_V3 + "9000")]

IDENTIFIER = "459900D15600000500000001FFFFFFFF"
EF05_V1 = [
    ("00B2012812", "0110" + IDENTIFIER + "9000"),
    ("00B2032806", "0304312E30309000"),
    ("00B207280B", "6C0E"),
    ("00B207280E", "070C543030303030303158000000" + "9000"),
    ("00B2052806", "0504FFFFFFFF9000"),
    ("00B2062806", "6A83"),
]
EF05_V3 = [
    ("00B2012812", "0110" + IDENTIFIER + "9000"),
    ("00B2032806", "0304332E30309000"),
    ("00B207280B", "0709543030303030303158" + "9000"),
    ("00B2052806", "0504202406019000"),
    ("00B2062806", "0604203406019000"),
]
SIX_TRIES = ("0020000000", "63C6")

OPEN_V1 = [MASTER_FILE, *SELECT_V1, *EF05_V1, SIX_TRIES]
OPEN_V3 = [MASTER_FILE, *SELECT_V3, *EF05_V3, SIX_TRIES]

R1, R2, R3, R4 = "A1A2A3A4A5A6A7A8", "1122334455667788", "B1B2B3B4B5B6B7B8", "0102030405060708"
PROOF = "EA155D77D815E82F"
INTERNAL = [
    ("0084000008", R1 + "9000"),
    ("0084000008", R2 + "9000"),
    ("0088000010" + R2 + R1, "6108"),
    ("00C0000008", PROOF + "9000"),
]
EXTERNAL = [("0084000008", R3 + "9000"), ("0084000008", R4 + "9000")]
ANSWER = "39A60EF91109A6F7" + R3
AUTHENTICATE = "0082000A10" + ANSWER

NUMBER = ("00B2083014", "0812343539393030313930303031303130303138" + "9000")
NAME = ("00B2093020", "091EB2E2CAD4BCD7" + "00" * 24 + "9000")
NO_EXTENSION = ("00B24E3016", "4E14" + "00" * 20 + "9000")
HOLDER = HolderRead(Holder("459900190001010018", "测试甲"))


def opened(*lines, atr=ATR_V3) -> tuple[CardSession, ScriptedCard]:
    card = ScriptedCard(*lines, atr=atr)
    session = open_session(card)
    assert isinstance(session, CardSession)
    return session, card


def test_a_card_of_2009_is_read_from_power_on_to_power_off():
    padded = ("00B2093020", "091EB2E2CAD4BCD7" + "20" * 24 + "9000")
    session, card = opened(*OPEN_V1, *SELECT_V1, *INTERNAL, NUMBER, padded, atr=ATR_V1)
    described = session.opened.card
    assert (described.identifier, described.number) == (IDENTIFIER, "T0000001X")
    assert (described.version, described.algorithm) == (CardVersion.V1, Algorithm.DES)
    assert (described.region, described.reset_info) == ("459900", "00814E43238697159900BF7C7A")
    assert (described.issued, described.expires) == (None, None)
    assert session.opened.pin == TriesLeft(6)
    assert session.challenge() == Challenged(R2, R1, PROOF, None, None)
    assert session.read_holder(None) == HOLDER
    session.close()
    assert card.lines == []
    assert not card.powered


def test_a_third_generation_card_shows_its_holder_only_after_authentication():
    session, card = opened(
        *OPEN_V3, *SELECT_V3, *INTERNAL, *EXTERNAL, (AUTHENTICATE, "9000"), NUMBER, NAME, NO_EXTENSION
    )
    assert session.opened.card.algorithm is Algorithm.SM4
    assert (session.opened.card.issued, session.opened.card.expires) == (dt.date(2024, 6, 1), dt.date(2034, 6, 1))
    assert session.challenge() == Challenged(R2, R1, PROOF, R4, R3)
    assert session.read_holder(ANSWER) == HOLDER
    assert card.lines == []


def test_a_third_generation_card_keeps_its_holder_to_itself_before_authentication():
    session, _ = opened(*OPEN_V3, ("00B2083014", "6982"))
    assert session.read_holder(None) == CardUnexpected("read_ef06_08", "6982")


@pytest.mark.parametrize(
    "external",
    ["", ANSWER[:-2], ANSWER + "00", "G" * 32, " " + ANSWER[1:], "39A60EF91109A6F7" + R1],
    ids=["empty", "short", "long", "not hex", "blank inside", "for another challenge"],
)
def test_nothing_but_an_answer_to_this_challenge_reaches_the_key(external):
    session, card = opened(*OPEN_V3, *SELECT_V3, *INTERNAL, *EXTERNAL)
    session.challenge()
    assert session.read_holder(external) == CardUnexpected("external_authenticate_unsent", "")
    assert card.lines == []


def test_an_answer_is_used_once():
    session, _ = opened(*OPEN_V3, *SELECT_V3, *INTERNAL, *EXTERNAL, (AUTHENTICATE, "63C2"))
    session.challenge()
    assert session.read_holder(ANSWER) == AuthenticationRefused("63C2")
    assert session.read_holder(ANSWER) == CardUnexpected("external_authenticate_unsent", "")


@pytest.mark.parametrize("sw", ["6300", "63C0", "6983", "6984", "6988"])
def test_a_card_that_refuses_authentication_is_not_read(sw):
    session, card = opened(*OPEN_V3, *SELECT_V3, *INTERNAL, *EXTERNAL, (AUTHENTICATE, sw))
    session.challenge()
    assert session.read_holder(ANSWER) == AuthenticationRefused(sw)
    assert card.lines == []


def test_a_long_name_is_read_across_both_records():
    name = "阿不都热合曼·买买提江·吐尔逊"
    raw = ("A" + name + "江").encode("gb18030")
    first = ("00B2093020", "091E" + raw[:30].hex() + "9000")
    rest = ("00B24E3016", "4E14" + raw[30:].ljust(20, b"\x00").hex() + "9000")
    session, _ = opened(*OPEN_V3, NUMBER, first, rest)
    assert session.read_holder(None) == HolderRead(Holder("459900190001010018", "A" + name + "江"))


def test_a_card_without_the_name_extension_is_read_all_the_same():
    session, _ = opened(*OPEN_V3, NUMBER, NAME, ("00B24E3016", "6A83"))
    assert session.read_holder(None) == HOLDER


@pytest.mark.parametrize(
    ("sw", "expected"),
    [
        ("6A82", NotASocialSecurityCard("6A82")),
        ("6A86", NotASocialSecurityCard("6A86")),
        ("6D00", NotASocialSecurityCard("6D00")),
        ("6E00", NotASocialSecurityCard("6E00")),
        ("6F00", NotASocialSecurityCard("6F00")),
        ("6A81", CardBlocked()),
        ("9303", CardLockedForever()),
        ("6283", CardUnexpected("select_ssse", "6283")),
        ("6581", CardUnexpected("select_ssse", "6581")),
    ],
)
def test_selection_tells_what_kind_of_card_it_is(sw, expected):
    assert open_session(ScriptedCard(MASTER_FILE, (SELECT, sw))) == expected


def test_a_card_with_another_reset_is_no_social_security_card():
    card = ScriptedCard(MASTER_FILE, *SELECT_V3, atr=bytes.fromhex("3B6800000081484242865351"))
    assert open_session(card) == NotASocialSecurityCard("9000")


@pytest.mark.parametrize(
    ("sw", "expected"),
    [
        ("9000", NoPin()),
        ("63C3", TriesLeft(3)),
        ("63CF", TriesLeft(15)),
        ("63C0", PinBlocked()),
        ("6983", PinBlocked()),
        ("9303", PinLockedForever()),
        ("6D00", PinUnknown()),
        ("6C06", PinUnknown()),
        ("6300", PinUnknown()),
    ],
)
def test_the_retry_counter_is_asked_without_touching_it(sw, expected):
    session, card = opened(*OPEN_V3[:-1], ("0020000000", sw))
    assert session.opened.pin == expected
    assert card.lines == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("9303", CardLockedForever()),
        ("6982", CardUnexpected("read_ef05_01", "6982")),
        ("6A83", CardUnexpected("read_ef05_01", "6A83")),
        ("0304312E30309000", CardUnexpected("read_ef05_01", "9000")),
        ("9000", CardUnexpected("read_ef05_01", "9000")),
        ("0110" + "FF" * 16 + "9000", CardUnexpected("read_ef05_01", "9000")),
    ],
)
def test_a_card_that_cannot_be_told_apart_is_not_opened(answer, expected):
    assert open_session(ScriptedCard(MASTER_FILE, *SELECT_V3, ("00B2012812", answer))) == expected


def test_a_card_that_names_an_unknown_algorithm_is_not_opened():
    other = [(SELECT, FCI_V3[:-2] + "09" + "9000")]
    card = ScriptedCard(MASTER_FILE, *other, *EF05_V3)
    assert open_session(card) == CardUnexpected("read_algorithm", "9000")


WHOLE = [*OPEN_V3, *SELECT_V3, *INTERNAL, *EXTERNAL, (AUTHENTICATE, "9000"), NUMBER, NAME, NO_EXTENSION]


def answers_until(lines):
    """Run the whole flow against `lines`; every answer up to the one that ended it."""
    session = open_session(ScriptedCard(*lines))
    if not isinstance(session, CardSession):
        return [session]
    challenged = session.challenge()
    if not isinstance(challenged, Challenged):
        return [session.opened, challenged]
    return [session.opened, challenged, session.read_holder(ANSWER)]


@pytest.mark.parametrize("at", range(1, len(WHOLE)))
@pytest.mark.parametrize(
    ("value", "expected"), [(Gone(), CardPulled()), (Lost("USB"), ReaderFailed("USB"))], ids=["pulled", "lost"]
)
def test_a_card_pulled_before_any_command_is_said_so(at, value, expected):
    # after the first command only: its answer means nothing, and the next one says the same
    *before, last = answers_until([*WHOLE[:at], (WHOLE[at][0], value)])
    assert last == expected
    assert all(not isinstance(answer, CardProblem) for answer in before)


@pytest.mark.parametrize("size", [0, 4, 7, 9])
def test_a_challenge_of_another_size_is_not_used(size):
    session, _ = opened(*OPEN_V3, *SELECT_V3, ("0084000008", "00" * size + "9000"))
    assert session.challenge() == CardUnexpected("get_challenge", "9000")


@pytest.mark.parametrize(("loop", "sw"), [("6110", "6110"), ("6C10", "6C10")])
def test_a_card_that_never_comes_to_the_point_is_left(loop, sw):
    class Looping(CardThatAnswers):
        def transmit(self, apdu):
            self.commands = [*getattr(self, "commands", []), apdu]
            return super().transmit(apdu)

    endless = Looping(ATR_V3, [bytes.fromhex("9000"), bytes.fromhex("9000"), *[bytes.fromhex(loop)] * 50])
    assert open_session(endless) == CardUnexpected("read_ef05_01", sw)
    assert len(endless.commands) == 2 + 5


def test_only_commands_that_fetch_are_ever_repeated():
    session, card = opened(*OPEN_V3, *SELECT_V3, *INTERNAL, *EXTERNAL, (AUTHENTICATE, "6C08"))
    session.challenge()
    assert session.read_holder(ANSWER) == CardUnexpected("external_authenticate", "6C08")
    assert card.lines == []


ODD_ANSWER = st.one_of(
    st.binary(min_size=2, max_size=40),
    st.sampled_from([bytes.fromhex(answer) for _, answer in WHOLE]),
)


@settings(max_examples=300)
@given(st.one_of(st.binary(max_size=33), st.just(ATR_V3)), st.lists(ODD_ANSWER, max_size=40))
def test_no_card_however_odd_brings_the_driver_down(atr, answers):
    session = open_session(CardThatAnswers(atr, answers))
    assert isinstance(session, CardSession | CardProblem)
    if isinstance(session, CardSession):
        assert isinstance(session.opened, CardOpened)
        assert isinstance(session.challenge(), Challenged | CardProblem)
        assert isinstance(session.read_holder(ANSWER), HolderRead | AuthenticationRefused | CardProblem)


@settings(max_examples=200)
@given(st.integers(1, len(WHOLE) - 1), st.lists(ODD_ANSWER, min_size=1, max_size=12))
def test_a_card_that_turns_odd_on_the_way_gives_an_answer_too(at, odd):
    answers = [bytes.fromhex(answer) for _, answer in WHOLE[:at]] + odd
    session = open_session(CardThatAnswers(ATR_V3, answers))
    assert isinstance(session, CardSession | CardProblem)
    if isinstance(session, CardSession):
        assert isinstance(session.challenge(), Challenged | CardProblem)
        assert isinstance(session.read_holder(ANSWER), HolderRead | AuthenticationRefused | CardProblem)
