"""The HSM and the chip agree, and nobody gets more out of the HSM than the centre may ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.terms import Algorithm
from sync.central.card_crypto import CardAddress, KeyName, MasterKeys, cipher_of, load_master_keys
from sync.central.hsm import FACTOR_SPENT, Challenge, SoftwareHsm, address

MASTERS = load_master_keys()
ALGORITHMS = [Algorithm.DES, Algorithm.SM4]
RESET_INFO = bytes.fromhex("00814E4D4B8660450100000001")
FACTOR = bytes.fromhex("0102030405060708")


class Spent:
    """A store that forgets when the test ends."""

    def __init__(self) -> None:
        self.factors: set[bytes] = set()

    def spend(self, factor: bytes) -> bool:
        new = factor not in self.factors
        self.factors.add(factor)
        return new


@pytest.fixture
def hsm() -> SoftwareHsm:
    return SoftwareHsm(MASTERS, Spent())


@pytest.fixture(params=ALGORITHMS)
def card(request: pytest.FixtureRequest) -> CardAddress:
    return CardAddress(request.param, "450100", RESET_INFO)


def challenge(n: int = 1) -> Challenge:
    return Challenge(n.to_bytes(8, "big"), bytes.fromhex("A1A2A3A4A5A6A7A8"))


def genuine_response(card: CardAddress, asked: Challenge) -> bytes:
    cipher = cipher_of(card.algorithm)
    session = cipher.session_key(MASTERS.card_key(KeyName.IRK, card), asked.factor)
    return cipher.authenticate(session, asked.original)


def test_a_genuine_card_is_authentic_and_a_copy_is_not(hsm, card):
    response = genuine_response(card, challenge(1))
    assert hsm.is_authentic(card, challenge(1), response) is True
    copied = CardAddress(card.algorithm, card.region, RESET_INFO[:-1] + b"\x02")
    assert hsm.is_authentic(copied, challenge(1), response) is False


def test_the_puk_authentication_is_the_recorded_one():
    """The shipped PUK is the vectors' master; a province key starts at the city, as they do."""
    asked = Challenge(bytes.fromhex("1122334455667788"), bytes.fromhex("A1A2A3A4A5A6A7A8"))
    for algorithm, recorded in {Algorithm.SM4: "EA155D77D815E82F", Algorithm.DES: "39A60EF91109A6F7"}.items():
        hsm = SoftwareHsm(MASTERS, Spent())
        proof = hsm.authenticate_for_pin(CardAddress(algorithm, "450100", RESET_INFO), asked)
        assert proof == bytes.fromhex(recorded) + asked.original


VECTOR_MASTER = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
RECORDED = {
    "SM4": (Algorithm.SM4, VECTOR_MASTER, "FED766137F0D15F05FB93FAFB14F439CF86B0116", "F4A1C5C6"),
    "3DES": (Algorithm.DES, VECTOR_MASTER, "9AD91D0E88BB28EBCD2DB248", "65F324E0"),
    "DES, 8-byte STKSSSE": (Algorithm.DES, VECTOR_MASTER[:8], "1816A209D8AFC9F2E646A13C", "AACD4202"),
}


class CardOfTheVectors(CardAddress):
    """Their keys all begin at the city; a real STKSSSE begins at the province."""

    def factors(self, _name: KeyName) -> tuple[bytes, ...]:
        return super().factors(KeyName.PUK)


@pytest.mark.parametrize(("algorithm", "master", "reload", "unblock"), RECORDED.values(), ids=RECORDED)
def test_the_messages_are_the_recorded_ones(algorithm: Algorithm, master: bytes, reload: str, unblock: str):
    """PIN 123456, region 450100."""
    masters = MasterKeys({(algorithm, KeyName.STKSSSE): master}, for_tests_only=True)
    card = CardOfTheVectors(algorithm, "450100", RESET_INFO)
    assert SoftwareHsm(masters, Spent()).reload_message(card, FACTOR, b"\x12\x34\x56") == bytes.fromhex(reload)
    assert SoftwareHsm(masters, Spent()).unblock_message(card, FACTOR) == bytes.fromhex(unblock)


def test_reading_and_pin_work_use_different_keys(card):
    asked = challenge()
    reading = SoftwareHsm(MASTERS, Spent()).authenticate_for_reading(card, asked)
    pin = SoftwareHsm(MASTERS, Spent()).authenticate_for_pin(card, asked)
    assert reading != pin
    assert len(reading) == len(pin) == 16


def test_messages_have_exactly_the_lengths_a_driver_accepts(hsm, card):
    assert len(hsm.unblock_message(card, FACTOR)) == 4
    reload = hsm.reload_message(card, FACTOR[::-1], bytes.fromhex("135790"))
    assert len(reload) == {Algorithm.DES: 12, Algorithm.SM4: 20}[card.algorithm]


OPERATIONS = {
    "is_authentic": lambda hsm, card, factor: hsm.is_authentic(card, Challenge(factor, bytes(8)), bytes(8)),
    "reading": lambda hsm, card, factor: hsm.authenticate_for_reading(card, Challenge(factor, bytes(8))),
    "pin": lambda hsm, card, factor: hsm.authenticate_for_pin(card, Challenge(factor, bytes(8))),
    "reload": lambda hsm, card, factor: hsm.reload_message(card, factor, b"\x12\x34\x56"),
    "unblock": lambda hsm, card, factor: hsm.unblock_message(card, factor),
}


@pytest.mark.parametrize("first", OPERATIONS)
@pytest.mark.parametrize("second", OPERATIONS)
def test_a_factor_is_good_once_whatever_it_was_for(hsm, card, first, second):
    assert OPERATIONS[first](hsm, card, FACTOR) is not FACTOR_SPENT
    assert OPERATIONS[second](hsm, card, FACTOR) is FACTOR_SPENT


@given(st.binary(min_size=5, max_size=5))
def test_a_spent_factor_stays_spent_when_the_rest_of_the_reset_information_is_changed(start):
    """Only the serial enters the key: the same cryptogram would come out again."""
    hsm = SoftwareHsm(MASTERS, Spent())
    card = CardAddress(Algorithm.SM4, "450100", RESET_INFO)
    disguised = CardAddress(Algorithm.SM4, "450100", start + RESET_INFO[5:])
    hsm.unblock_message(card, FACTOR)
    assert hsm.unblock_message(disguised, FACTOR) is FACTOR_SPENT


@pytest.mark.parametrize("pin", ["", "12", "12345G", "1A34", "F123", "12345678901234"])
def test_no_pin_that_is_not_4_to_12_digits_and_its_factor_is_not_lost(hsm, card, pin):
    raw = bytes.fromhex(pin.replace("G", "B"))
    with pytest.raises(ValueError, match="4 to 12 decimal digits"):
        hsm.reload_message(card, FACTOR, raw)
    assert hsm.reload_message(card, FACTOR, b"\x12\x34\x56") is not FACTOR_SPENT


def test_wrong_lengths_are_refused_in_words(hsm, card):
    with pytest.raises(ValueError, match="factor must be 8 bytes, not 4"):
        hsm.unblock_message(card, bytes(4))
    with pytest.raises(ValueError, match="reset information must be 13 bytes, not 2"):
        address(Algorithm.SM4, "459900", "0081")
    with pytest.raises(ValueError, match="region must be 6 digits"):
        address(Algorithm.SM4, "45990", RESET_INFO.hex())


def test_shipped_keys_make_an_hsm_that_admits_it(hsm):
    assert hsm.for_tests_only
