"""The software HSM: keeps the master keys and answers only what the centre may ask.

Each operation names its purpose; the key and the command header follow from it and are never given by the caller.
A challenge (过程因子) is good once, for ever: else an answer recorded today would open the same card tomorrow.
A certified HSM takes this module's place in front of a real centre.
"""

from __future__ import annotations

import enum
import hmac
from dataclasses import dataclass
from typing import Protocol

from kiosk.terms import Algorithm
from sync.central.card_crypto import (
    AUTHENTICATION_LENGTH,
    FACTOR_LENGTH,
    MAC_LENGTH,
    ORIGINAL_LENGTH,
    CardAddress,
    KeyName,
    MasterKeys,
    cipher_of,
)

PIN_LENGTHS = range(2, 7)
"""Bytes of BCD: 4 to 12 digits (S8 §6.2.4)."""


class SpentFactors(Protocol):
    """Remembers every challenge ever used; shared by all workers of a centre."""

    def spend(self, factor: bytes) -> bool:
        """True if `factor` was never spent before.  Durable and atomic: of two callers one is told True."""


class FactorSpent(enum.Enum):
    """The answer to a replayed challenge."""

    FACTOR_SPENT = "factor_spent"


FACTOR_SPENT = FactorSpent.FACTOR_SPENT


@dataclass(frozen=True)
class Challenge:
    """A card's challenge and the data it wants proved: 过程因子 and 原始信息, 8 bytes each."""

    factor: bytes
    original: bytes

    def __post_init__(self) -> None:
        _require_length("factor", self.factor, FACTOR_LENGTH)
        _require_length("original", self.original, ORIGINAL_LENGTH)


class SoftwareHsm:
    """Raises ValueError on input of a wrong length; a refusal is a value."""

    def __init__(self, masters: MasterKeys, spent: SpentFactors) -> None:
        self._masters = masters
        self._spent = spent

    @property
    def for_tests_only(self) -> bool:
        """True if the keys are the ones everybody knows."""
        return self._masters.for_tests_only

    def is_authentic(self, card: CardAddress, challenge: Challenge, response: bytes) -> bool | FactorSpent:
        """Did a genuine card give this INTERNAL AUTHENTICATE response?  Key IRK."""
        _require_length("response", response, AUTHENTICATION_LENGTH)
        if not self._spend(card, challenge.factor):
            return FACTOR_SPENT
        return hmac.compare_digest(self._proof(KeyName.IRK, card, challenge), response)

    def authenticate_for_reading(self, card: CardAddress, challenge: Challenge) -> bytes | FactorSpent:
        """鉴别数据 ‖ 原始信息, 16 bytes, that let a terminal read EF06 of a 3.0 card.  Key RKSSSE."""
        return self._external(KeyName.RKSSSE, card, challenge)

    def authenticate_for_pin(self, card: CardAddress, challenge: Challenge) -> bytes | FactorSpent:
        """鉴别数据 ‖ 原始信息, 16 bytes, that must go before a reload or unblock.  Key PUK."""
        return self._external(KeyName.PUK, card, challenge)

    def reload_message(self, card: CardAddress, factor: bytes, pin: bytes | bytearray) -> bytes | FactorSpent:
        """Encrypted PIN ‖ MAC for PIN CHANGE/UNBLOCK with P2=01: 12 bytes (DES) or 20 (SM4).  Key STKSSSE.

        `pin` is BCD, 4 to 12 digits, padded with nibble F (S5 VERIFY).
        """
        if len(pin) not in PIN_LENGTHS or not _is_bcd(pin):
            raise ValueError("PIN must be 4 to 12 decimal digits")
        if not self._spend(card, factor):
            return FACTOR_SPENT
        cipher, session = cipher_of(card.algorithm), self._session(KeyName.STKSSSE, card, factor)
        data = cipher.encrypt_data(session, bytes(pin))
        return data + cipher.mac(session, _header(p2=0x01, data_length=len(data)) + data)

    def unblock_message(self, card: CardAddress, factor: bytes) -> bytes | FactorSpent:
        """MAC for PIN CHANGE/UNBLOCK with P2=00, 4 bytes: tries restored, PIN unchanged.  Key STKSSSE."""
        if not self._spend(card, factor):
            return FACTOR_SPENT
        session = self._session(KeyName.STKSSSE, card, factor)
        return cipher_of(card.algorithm).mac(session, _header(p2=0x00, data_length=0))

    def _external(self, name: KeyName, card: CardAddress, challenge: Challenge) -> bytes | FactorSpent:
        if not self._spend(card, challenge.factor):
            return FACTOR_SPENT
        return self._proof(name, card, challenge) + challenge.original

    def _proof(self, name: KeyName, card: CardAddress, challenge: Challenge) -> bytes:
        session = self._session(name, card, challenge.factor)
        return cipher_of(card.algorithm).authenticate(session, challenge.original)

    def _session(self, name: KeyName, card: CardAddress, factor: bytes) -> bytes:
        return cipher_of(card.algorithm).session_key(self._masters.card_key(name, card), factor)

    def _spend(self, card: CardAddress, factor: bytes) -> bool:
        # The serial and not the whole reset information: only the serial enters the key, so changing the
        # other bytes must not make an old challenge new.
        _require_length("factor", factor, FACTOR_LENGTH)
        return self._spent.spend(card.serial + factor)


def _header(*, p2: int, data_length: int) -> bytes:
    """PIN CHANGE/UNBLOCK; Lc counts the MAC (S4 §9)."""
    return bytes([0x84, 0x24, 0x00, p2, data_length + MAC_LENGTH])


def _is_bcd(pin: bytes | bytearray) -> bool:
    nibbles = [nibble for byte in pin for nibble in divmod(byte, 16)]
    if nibbles[-1] == 0xF:
        nibbles.pop()
    return all(nibble <= 9 for nibble in nibbles)


def _require_length(what: str, value: bytes, length: int) -> None:
    if len(value) != length:
        raise ValueError(f"{what} must be {length} bytes, not {len(value)}")


def address(algorithm: Algorithm, region: str, reset_info_hex: str) -> CardAddress:
    """From the fields of a cryptogram request.  Raises ValueError in words."""
    return CardAddress(algorithm, region, bytes.fromhex(reset_info_hex))
