"""The cryptography of the social security card: SSC spec part 4 (S4) §8–9, key derivation S9 §7.

Only two sides of the wire may hold keys, the chip and the HSM, and these are the only users of this module: the
virtual card and `sync.central.hsm`.  The terminal's own driver has no cryptography at all.

ECB, zero IVs and single DES are what the standard prescribes; nothing else may be built on them.
"""

from __future__ import annotations

import enum
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import CipherAlgorithm, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from kiosk.terms import Algorithm

CHALLENGE_LENGTHS = (4, 8, 16)
"""Bytes a card may be asked for with GET CHALLENGE (S5)."""

FACTOR_LENGTH = 8
ORIGINAL_LENGTH = 8
AUTHENTICATION_LENGTH = 8
MAC_LENGTH = 4

TEST_KEYS = Path(__file__).with_name("test_keys.toml")
"""Master keys known to the whole world: for simulators and tests, never for a real card."""


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def _complement(block: bytes) -> bytes:
    return bytes(0xFF ^ byte for byte in block)


# --- one type per algorithm -------------------------------------------------------


class _Common:
    """What both algorithms do alike, in their own block size."""

    block_length: ClassVar[int]

    def _algorithm(self, key: bytes) -> CipherAlgorithm:
        raise NotImplementedError

    def _encrypt(self, key: bytes, blocks: bytes) -> bytes:
        return BlockCipher(self._algorithm(key), modes.ECB()).encryptor().update(blocks)  # noqa: S305 (S4 §8)

    def _decrypt(self, key: bytes, blocks: bytes) -> bytes:
        return BlockCipher(self._algorithm(key), modes.ECB()).decryptor().update(blocks)  # noqa: S305 (S4 §8)

    def _last_cbc_block(self, key: bytes, blocks: bytes) -> bytes:
        zero = bytes(self.block_length)
        chained = BlockCipher(self._algorithm(key), modes.CBC(zero)).encryptor().update(blocks)
        return chained[-self.block_length :]

    def _pad(self, data: bytes) -> bytes:
        marked = data + b"\x80"
        return marked + bytes(-len(marked) % self.block_length)

    def encrypt_data(self, session: bytes, plain: bytes) -> bytes:
        """Command data: length byte, plain text, and padding only where the block is not full (S4 §9)."""
        block = bytes([len(plain)]) + plain
        if len(block) % self.block_length:
            block = self._pad(block)
        return self._encrypt(session, block)

    def decrypt_data(self, session: bytes, cipher: bytes) -> bytes | None:
        """The plain text, or None when the length byte or the padding is wrong: another key was used."""
        block = self._decrypt(session, cipher)
        plain = block[1 : 1 + block[0]]
        if len(plain) != block[0] or self.encrypt_data(session, plain) != cipher:
            return None
        return plain


class Des(_Common):
    """DES for 8-byte keys, two-key 3DES for 16-byte keys.  Session keys have 8 bytes."""

    block_length = 8
    key_lengths: ClassVar = (8, 16)

    def _algorithm(self, key: bytes) -> CipherAlgorithm:
        left, right = key[:8], key[8:] or key
        return TripleDES(left + right + left)

    def diversify(self, key: bytes, factor: bytes) -> bytes:
        """The next level's key, as long as this one (S9 §7.1)."""
        blocks = factor if len(key) == 8 else factor + _complement(factor)
        return self._encrypt(key, blocks)

    def session_key(self, key: bytes, challenge: bytes) -> bytes:
        return self._encrypt(key, challenge.ljust(8, b"\0"))

    def authenticate(self, session: bytes, original: bytes) -> bytes:
        return self._encrypt(session, original)

    def mac(self, session: bytes, command: bytes) -> bytes:
        """4 bytes over header (with the MAC counted in Lc) and data; padded always, IV zero (S4 §9)."""
        return self._last_cbc_block(session, self._pad(command))[:MAC_LENGTH]


class Sm4(_Common):
    """SM4 in the place the standard gives SSF33, with the same formulas (S9 §7.2).  All keys have 16 bytes."""

    block_length = 16
    key_lengths: ClassVar = (16,)

    def _algorithm(self, key: bytes) -> CipherAlgorithm:
        return SM4(key)

    def diversify(self, key: bytes, factor: bytes) -> bytes:
        return self._encrypt(key, factor + _complement(factor))

    def session_key(self, key: bytes, challenge: bytes) -> bytes:
        return self._encrypt(key, challenge.ljust(16, b"\0"))

    def authenticate(self, session: bytes, original: bytes) -> bytes:
        block = self._encrypt(session, original.ljust(16, b"\0"))
        return _xor(block[:8], block[8:])

    def mac(self, session: bytes, command: bytes) -> bytes:
        """4 bytes as for DES, folded from the last block's four words (S4 §9)."""
        block = self._last_cbc_block(session, self._pad(command))
        return _xor(_xor(block[0:4], block[4:8]), _xor(block[8:12], block[12:16]))


CardCipher = Des | Sm4

_CIPHERS: dict[Algorithm, CardCipher] = {Algorithm.DES: Des(), Algorithm.SM4: Sm4()}


def cipher_of(algorithm: Algorithm) -> CardCipher:
    """Raises ValueError for SSF33, which no public text describes."""
    if algorithm not in _CIPHERS:
        raise ValueError(f"algorithm {algorithm.value} is not supported: 01 (DES) and 03 (SM4) are")
    return _CIPHERS[algorithm]


# --- keys -------------------------------------------------------------------------


class KeyName(enum.StrEnum):
    """Key families of the SSSE that a master exists for (S9 appendix B)."""

    IRK = "IRK"
    STKSSSE = "STKSSSE"
    BK = "BK"
    PUK = "PUK"
    RKSSSE = "RKSSSE"

    @property
    def of_the_ministry(self) -> bool:
        """Ministry keys start at the L1 factor; the others are the province's and start at L2."""
        return self in (KeyName.IRK, KeyName.STKSSSE, KeyName.RKSSSE)


@dataclass(frozen=True)
class CardAddress:
    """What a card's keys are derived from: cipher, issuing region and historical bytes."""

    algorithm: Algorithm
    region: str
    """GB/T 2260, 6 digits."""
    reset_info: bytes
    """The 13 historical bytes."""

    def __post_init__(self) -> None:
        cipher_of(self.algorithm)
        if len(self.region) != 6 or not (self.region.isascii() and self.region.isdigit()):
            raise ValueError("region must be 6 digits")
        if len(self.reset_info) != 13:
            raise ValueError(f"reset information must be 13 bytes, not {len(self.reset_info)}")

    @property
    def serial(self) -> bytes:
        """Historical bytes 6–13: the factor that makes this card's keys its own (L3)."""
        return self.reset_info[5:]

    def factors(self, name: KeyName) -> tuple[bytes, ...]:
        """Derivation factors from master to card, outermost first (S9 §7.3)."""
        region = (self.region[:4] + "00") if self.region.startswith("33") else self.region
        province, city = f"{self.region[:2]}0000sh".encode(), f"{region}sx".encode()
        return (province, city, self.serial) if name.of_the_ministry else (city, self.serial)


def derive(cipher: CardCipher, master: bytes, factors: tuple[bytes, ...]) -> bytes:
    key = master
    for factor in factors:
        key = cipher.diversify(key, factor)
    return key


@dataclass(frozen=True)
class MasterKeys:
    """Every master key, by algorithm and name."""

    _keys: dict[tuple[Algorithm, KeyName], bytes]
    for_tests_only: bool

    def __repr__(self) -> str:
        return "<MasterKeys>"

    def card_key(self, name: KeyName, card: CardAddress) -> bytes:
        master = self._keys[card.algorithm, name]
        return derive(cipher_of(card.algorithm), master, card.factors(name))


class BadKeyFile(ValueError):
    """Names the file, the entry and what is allowed; never a key."""


def load_master_keys(path: Path = TEST_KEYS) -> MasterKeys:
    """Read `[DES]` and `[SM4]`, each with every `KeyName` as hex.  Raises BadKeyFile, OSError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadKeyFile(f"{path}: not valid TOML: {error}") from None
    keys = {(algorithm, name): _key(path, document, algorithm, name) for algorithm in _CIPHERS for name in KeyName}
    return MasterKeys(keys, for_tests_only=bool(document.get("for_tests_only", False)))


def _key(path: Path, document: dict[str, object], algorithm: Algorithm, name: KeyName) -> bytes:
    table, allowed = document.get(algorithm.name), cipher_of(algorithm).key_lengths
    text = table.get(name.value) if isinstance(table, dict) else None
    try:
        key = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        key = b""
    if len(key) not in allowed:
        lengths = " or ".join(str(2 * length) for length in allowed)
        raise BadKeyFile(f"{path}: [{algorithm.name}] {name.value} must be {lengths} hex digits")
    return key
