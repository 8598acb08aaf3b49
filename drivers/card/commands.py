"""Every APDU the terminal sends to a social security card, built here and nowhere else.

T=0 form: a command carries data or asks for some, never both (ISO 7816-3).  Sections are those of the
SSC specification: S3 files, S4 security, S5 commands, S7 flows; V2 is the card file structure 2.0.
"""

from __future__ import annotations

import re

from kiosk.contract import SecureFunction
from kiosk.terms import Algorithm

MASTER_FILE = bytes.fromhex("3F00")
SSSE = "sx1.sh.社会保障".encode("gbk")
"""社会保障系统环境: the directory every social security card has (V2 table 1)."""

EF05 = 0x05
"""发卡机构数据: short file identifier of the issuer's data, free to read (V2 table 3)."""
EF06 = 0x06
"""持卡人基本信息: short file identifier of the holder's data (V2 table 3)."""

RKSSSE = 0x0A
"""Key identifier, inside the card, of the key that opens EF06 of a 3.0 card for reading (S9 annex B)."""

PUK = 0x06
"""Key identifier, inside the card, of the key that must be proved before PIN CHANGE/UNBLOCK (S9 annex B)."""

CHALLENGE_SIZE = 8
"""Bytes.  Factor and original are 8 bytes long with every algorithm (S4 §8)."""

GET_RESPONSE_INS = 0xC0
READ_RECORD_INS = 0xB2
GET_CHALLENGE_INS = 0x84


def select_master_file() -> bytes:
    """Some cards want it once after power-up; its answer means nothing (S5 SELECT)."""
    return bytes.fromhex("00A4000002") + MASTER_FILE


def select_ssse() -> bytes:
    """SELECT by name (S5 SELECT; V2 table 1)."""
    return bytes([0x00, 0xA4, 0x04, 0x00, len(SSSE)]) + SSSE


def read_record(file: int, tag: int, length: int) -> bytes:
    """READ RECORD by record identifier: P1 = tag, P2 = SFI and mode 0 (S5 READ RECORD).

    `length` counts the value alone; tag and length byte come with it.
    """
    return bytes([0x00, READ_RECORD_INS, tag, file << 3, length + 2])


def get_response(length: int) -> bytes:
    """GET RESPONSE for what 61xx promised; 0 stands for 256 (S5 GET RESPONSE)."""
    return bytes([0x00, GET_RESPONSE_INS, 0x00, 0x00, length])


def get_challenge() -> bytes:
    """Eight random bytes, good for one use (S5 GET CHALLENGE)."""
    return bytes([0x00, GET_CHALLENGE_INS, 0x00, 0x00, CHALLENGE_SIZE])


def internal_authenticate(factor: bytes, original: bytes) -> bytes:
    """The card proves itself: 过程因子 ‖ 原始信息 (S5 INTERNAL AUTHENTICATE)."""
    return bytes.fromhex("0088000010") + factor + original


def external_authenticate(key: int, authentication: bytes) -> bytes:
    """We prove ourselves: 鉴别数据 ‖ 原始信息, under the card's latest challenge (S5 EXTERNAL AUTHENTICATE).

    A wrong value costs one of the key's tries: never sent twice.
    """
    return bytes([0x00, 0x82, 0x00, key, 0x10]) + authentication


def query_tries() -> bytes:
    """VERIFY without a PIN: tells the tries left and takes none (S5 VERIFY, Lc = 00)."""
    return bytes.fromhex("0020000000")


def verify(pin: bytearray) -> bytearray:
    """VERIFY (S5): the PIN in BCD.  To be wiped once sent."""
    apdu = bytearray(5 + len(pin))
    view = memoryview(apdu)
    view[:5] = bytes([0x00, 0x20, 0x00, 0x00, len(pin)])
    view[5:] = pin
    return apdu


def change_pin(old: bytearray, new: bytearray) -> bytearray:
    """CHANGE PIN (S5): the PIN that is valid, FF, the one that shall be.  To be wiped once sent."""
    size = len(old) + 1 + len(new)
    apdu = bytearray(5 + size)
    view = memoryview(apdu)
    view[:5] = bytes([0x80, 0x5E, 0x01, 0x00, size])
    view[5 : 5 + len(old)] = old
    view[5 + len(old)] = 0xFF
    view[6 + len(old) :] = new
    return apdu


_UNBLOCK = bytes.fromhex("8424000004")
_RELOAD_DES = bytes.fromhex("842400010C")
_RELOAD_16 = bytes.fromhex("8424000114")
_SECURED: dict[tuple[SecureFunction, Algorithm], bytes] = {
    **{(SecureFunction.UNBLOCK, algorithm): _UNBLOCK for algorithm in Algorithm},
    (SecureFunction.RELOAD, Algorithm.DES): _RELOAD_DES,
    (SecureFunction.RELOAD, Algorithm.SSF33): _RELOAD_16,
    (SecureFunction.RELOAD, Algorithm.SM4): _RELOAD_16,
}
"""PIN CHANGE/UNBLOCK (S5): the only secured commands there are here.  The last byte is the message's size."""


def pin_change_or_unblock(function: SecureFunction, algorithm: Algorithm, message: str) -> bytes | None:
    """Our own header and the centre's enc ‖ MAC; None for a message that is not hex of exactly its size."""
    header = _SECURED[function, algorithm]
    if not re.fullmatch(f"[0-9A-Fa-f]{{{2 * header[4]}}}", message):
        return None
    return header + bytes.fromhex(message)
