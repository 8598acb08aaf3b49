"""The card's cryptography against the recorded vectors, and what must hold for every key."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.terms import Algorithm
from sync.central.card_crypto import (
    BadKeyFile,
    CardAddress,
    CardCipher,
    Des,
    KeyName,
    Sm4,
    cipher_of,
    derive,
    load_master_keys,
)

MASTER = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
SHORT_MASTER = bytes.fromhex("0011223344556677")
CITY = bytes.fromhex("3435303130307378")
SERIAL = bytes.fromhex("8660450100000001")
CHALLENGE = bytes.fromhex("1122334455667788")
ORIGINAL = bytes.fromhex("A1A2A3A4A5A6A7A8")
RELOAD_CHALLENGE = bytes.fromhex("0102030405060708")
PIN = bytes.fromhex("123456")


class Vector(NamedTuple):
    cipher: CardCipher
    master: bytes
    city_key: str
    card_key: str
    reload: str
    unblock: str


VECTORS = {
    "sm4": Vector(
        Sm4(),
        MASTER,
        "616B8DFEAF94BD2F7B7EF93DEB735676",
        "46A1B4785A7598164D0A0E136EBFD81A",
        "8424000114 FED766137F0D15F05FB93FAFB14F439C F86B0116",
        "8424000004 F4A1C5C6",
    ),
    "3des": Vector(
        Des(),
        MASTER,
        "E577BE02EB123DB67000BFD0C263B629",
        "623FF8D764DF16DFB5B7EC9C077A3774",
        "842400010C 9AD91D0E88BB28EB CD2DB248",
        "8424000004 65F324E0",
    ),
    "single-length STK": Vector(
        Des(),
        SHORT_MASTER,
        "D405008DAFA5442B",
        "391D252104ECEB27",
        "842400010C 1816A209D8AFC9F2 E646A13C",
        "8424000004 AACD4202",
    ),
}


@pytest.fixture(params=VECTORS.values(), ids=VECTORS.keys())
def vector(request: pytest.FixtureRequest) -> Vector:
    return request.param


def card_key(vector: Vector) -> bytes:
    return derive(vector.cipher, vector.master, (CITY, SERIAL))


def test_each_level_has_its_recorded_key(vector: Vector):
    assert vector.cipher.diversify(vector.master, CITY) == bytes.fromhex(vector.city_key)
    assert card_key(vector) == bytes.fromhex(vector.card_key)


@pytest.mark.parametrize(
    ("name", "challenge", "session"),
    [
        ("sm4", CHALLENGE, "E55FCB92E082A186420EB2E64EBAD292"),
        ("3des", CHALLENGE, "AE1DD8948102FFD4"),
        ("3des", RELOAD_CHALLENGE, "7BB98657C5AEA0F8"),
        ("single-length STK", RELOAD_CHALLENGE, "0B18255B737225B7"),
    ],
)
def test_session_keys(name: str, challenge: bytes, session: str):
    vector = VECTORS[name]
    assert vector.cipher.session_key(card_key(vector), challenge) == bytes.fromhex(session)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("sm4", "0082000610EA155D77D815E82FA1A2A3A4A5A6A7A8"),
        ("3des", "008200061039A60EF91109A6F7A1A2A3A4A5A6A7A8"),
    ],
)
def test_external_authentication(name: str, command: str):
    vector = VECTORS[name]
    session = vector.cipher.session_key(card_key(vector), CHALLENGE)
    proof = vector.cipher.authenticate(session, ORIGINAL)
    assert bytes.fromhex("0082000610") + proof + ORIGINAL == bytes.fromhex(command)


def test_reload_and_unblock_commands(vector: Vector):
    cipher = vector.cipher
    session = cipher.session_key(card_key(vector), RELOAD_CHALLENGE)
    encrypted = cipher.encrypt_data(session, PIN)
    header = bytes([0x84, 0x24, 0, 1, len(encrypted) + 4])
    assert header + encrypted + cipher.mac(session, header + encrypted) == bytes.fromhex(vector.reload)
    header = bytes.fromhex("8424000004")
    assert header + cipher.mac(session, header) == bytes.fromhex(vector.unblock)


@pytest.mark.parametrize("command", ["8416000004 1C653655", "841E000104 3707743A"])
def test_block_commands(command: str):
    vector = VECTORS["3des"]
    session = vector.cipher.session_key(card_key(vector), RELOAD_CHALLENGE)
    expected = bytes.fromhex(command)
    assert vector.cipher.mac(session, expected[:5]) == expected[5:]


# --- for every key and every card ------------------------------------------------

ciphers = st.sampled_from([(Des(), 8), (Des(), 16), (Sm4(), 16)])
sessions = st.sampled_from([(Des(), 8), (Sm4(), 16)]).flatmap(
    lambda pair: st.tuples(st.just(pair[0]), st.binary(min_size=pair[1], max_size=pair[1]))
)


@given(sessions, st.binary(max_size=20))
def test_what_was_encrypted_can_be_read_with_the_same_key(session, plain):
    cipher, key = session
    encrypted = cipher.encrypt_data(key, plain)
    assert len(encrypted) % cipher.block_length == 0
    assert cipher.decrypt_data(key, encrypted) == plain


@given(sessions, st.binary(max_size=40), st.integers(min_value=0), st.integers(0, 7))
def test_one_bit_changed_anywhere_changes_the_mac(session, command, place, bit):
    cipher, key = session
    command = b"\x84\x24\x00\x01\x0c" + command
    changed = bytearray(command)
    changed[place % len(command)] ^= 1 << bit
    assert cipher.mac(key, bytes(changed)) != cipher.mac(key, command)


@given(ciphers, st.data())
def test_a_derived_key_is_as_long_as_its_master(pair, data):
    cipher, length = pair
    master = data.draw(st.binary(min_size=length, max_size=length))
    factors = data.draw(st.lists(st.binary(min_size=8, max_size=8), max_size=3))
    assert len(derive(cipher, master, tuple(factors))) == length


@given(st.sampled_from([4, 8, 16]), st.data())
def test_sm4_takes_every_challenge_length(length, data):
    key, challenge = bytes(16), data.draw(st.binary(min_size=length, max_size=length))
    assert len(Sm4().session_key(key, challenge)) == 16


# --- derivation factors and the key file -------------------------------------------


def test_ministry_keys_start_at_the_province_and_province_keys_at_the_city():
    card = CardAddress(Algorithm.SM4, "450100", bytes.fromhex("0000000000") + SERIAL)
    assert card.factors(KeyName.RKSSSE) == (b"450000sh", b"450100sx", SERIAL)
    assert card.factors(KeyName.PUK) == (CITY, SERIAL)


def test_zhejiang_counts_four_digits_of_its_region():
    card = CardAddress(Algorithm.DES, "330102", bytes(13))
    assert card.factors(KeyName.PUK)[0] == b"330100sx"


def test_shipped_keys_say_that_they_are_for_tests():
    masters = load_master_keys()
    assert masters.for_tests_only
    assert repr(masters) == "<MasterKeys>"


def test_two_cards_of_one_city_share_no_key():
    masters = load_master_keys()
    one, other = (CardAddress(Algorithm.DES, "459900", bytes(12) + bytes([n])) for n in (1, 2))
    for name in KeyName:
        assert masters.card_key(name, one) != masters.card_key(name, other)


def test_a_wrong_key_is_named_but_not_shown(tmp_path):
    file = tmp_path / "keys.toml"
    file.write_text('[DES]\nIRK = "ABCD"\n')
    with pytest.raises(BadKeyFile, match=r"\[DES\] IRK must be 16 or 32 hex digits") as caught:
        load_master_keys(file)
    assert "ABCD" not in str(caught.value)


def test_ssf33_is_refused_in_words():
    with pytest.raises(ValueError, match="02 is not supported"):
        cipher_of(Algorithm.SSF33)
