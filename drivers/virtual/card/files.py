"""Record files of the card: variable-length records, each T(1) L(1) V (S3, V2 §8)."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.virtual.card.apdu import SW, Refused

BY_TAG, BY_NUMBER, ALL_FROM = 0, 4, 5
"""READ RECORD: the low three bits of P2 (S5)."""


@dataclass(frozen=True, repr=False)
class RecordFile:
    """An elementary file: records in their order."""

    records: tuple[tuple[int, bytes], ...]
    read_needs: int | None = None
    """Key id that EXTERNAL AUTHENTICATE must have proved first; None: free."""

    def read(self, mode: int, p1: int) -> bytes:
        """Raises Refused: 6A83 no such record, 6A86 unknown mode."""
        if mode == BY_TAG:
            found = [record for record in self.records if record[0] == p1]
        elif mode == BY_NUMBER:
            found = list(self.records[p1 - 1 : p1]) if p1 else []
        elif mode == ALL_FROM:
            found = list(self.records[p1 - 1 :]) if p1 else []
        else:
            raise Refused(SW.WRONG_P1_P2)
        if not found:
            raise Refused(SW.RECORD_NOT_FOUND)
        return b"".join(bytes([tag, len(value)]) + value for tag, value in found)


def an(text: str, length: int, pad: bytes = b"\0") -> bytes:
    """Text, left-aligned (V2 §7)."""
    return text.encode("gb18030").ljust(length, pad)


def cn(digits: str, length: int) -> bytes:
    """Compressed digits, left-aligned, filled with nibble F (V2 §7)."""
    return bytes.fromhex(digits.ljust(2 * length, "F"))
