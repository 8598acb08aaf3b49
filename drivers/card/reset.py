"""What a card says of itself before any file is read: its answer to reset and its answer to SELECT."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.terms import Algorithm

HISTORICAL_BYTES = 13
"""Every social security card has so many; vendors differ in the rest of the ATR (S2, S3)."""

_SSF33_REGION = "11"


def historical_bytes(atr: bytes) -> bytes:
    """The last part of an ATR, 卡复位信息; as much of it as came (ISO 7816-3 §8.2)."""
    if len(atr) < 2:
        return b""
    position, indicator, more = 2, atr[1] >> 4, True
    while more:
        position += indicator.bit_count()
        more = bool(indicator & 0x8) and position <= len(atr)
        indicator = atr[position - 1] >> 4 if more else 0
    return atr[position : position + (atr[1] & 0x0F)]


def algorithm(fci: bytes, region: str) -> Algorithm | None:
    """API §10.1: template 86 in the issuer's data (9F0C) of the FCI; without it the region decides.

    None: the card names one that the standard does not know.
    """
    named = _find(fci, 0x6F, 0xA5, 0x9F0C, 0x86)
    if named is None:
        return Algorithm.SSF33 if region.startswith(_SSF33_REGION) else Algorithm.DES
    try:
        return Algorithm(named.hex())
    except ValueError:
        return None


def _find(data: bytes, *path: int) -> bytes | None:
    """The value at the end of a path of tags."""
    for tag in path:
        found = next((value for name, value in _elements(data) if name == tag), None)
        if found is None:
            return None
        data = found
    return data


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and value of each element, as far as they are whole (ISO 7816-4 §5.2.2; lengths below 128)."""
    while len(data) >= 2:
        size = 2 if data[0] & 0x1F == 0x1F else 1
        if len(data) <= size or size + 1 + data[size] > len(data):
            return
        end = size + 1 + data[size]
        yield int.from_bytes(data[:size], "big"), data[size + 1 : end]
        data = data[end:]
