"""Commands and status words as they cross a T=0 line (ISO 7816-3 §10, S5)."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class SW(enum.IntEnum):
    """Status words of the social security card (S5, S7)."""

    OK = 0x9000
    WRONG_LENGTH = 0x6700
    FILE_TYPE = 0x6981
    SECURITY_NOT_SATISFIED = 0x6982
    BLOCKED = 0x6983
    REFERENCE_NOT_USABLE = 0x6984
    CONDITIONS_NOT_SATISFIED = 0x6985
    NO_CURRENT_EF = 0x6986
    WRONG_MAC = 0x6988
    WRONG_DATA = 0x6A80
    NOT_SUPPORTED = 0x6A81
    FILE_NOT_FOUND = 0x6A82
    RECORD_NOT_FOUND = 0x6A83
    WRONG_P1_P2 = 0x6A86
    KEY_NOT_FOUND = 0x6A88
    WRONG_INS = 0x6D00
    WRONG_CLA = 0x6E00
    APPLICATION_BLOCKED = 0x9303


class Refused(Exception):
    """Ends a command with its status word; caught once, in `Chip.transmit`."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw


def tries_left(tries: int) -> Refused:
    """63Cx: failed, x tries left."""
    return Refused(0x63C0 | min(tries, 0xF))


@dataclass(frozen=True, repr=False)
class Command:
    """A command as T=0 sends it: header with P3, and data.  P3 is Lc with data, else Le."""

    cla: int
    ins: int
    p1: int
    p2: int
    p3: int
    data: bytes

    @property
    def header(self) -> bytes:
        return bytes([self.cla, self.ins, self.p1, self.p2, self.p3])

    @property
    def name(self) -> tuple[int, int]:
        return self.cla, self.ins


def parse(apdu: bytes) -> Command:
    """Cases 1 to 4.  T=0 does not carry the Le of case 4: it is dropped.  Raises Refused(6700)."""
    if len(apdu) < 4:
        raise Refused(SW.WRONG_LENGTH)
    cla, ins, p1, p2 = apdu[:4]
    p3 = apdu[4] if len(apdu) > 4 else 0
    body = apdu[5:]
    if body and len(body) not in (p3, p3 + 1):
        raise Refused(SW.WRONG_LENGTH)
    return Command(cla, ins, p1, p2, p3, body[:p3] if body else b"")


def answer(data: bytes, le: int) -> bytes:
    """Case 2: the data, or 6Cxx with the length to ask for."""
    if le != len(data) & 0xFF:
        return bytes([0x6C, len(data) & 0xFF])
    return data + SW.OK.to_bytes(2, "big")
