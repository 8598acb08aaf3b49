"""The chip's own word, asked through bare pyscard: another reading of the standard than the terminal's driver."""

from __future__ import annotations

import contextlib
import time

import msgspec
from smartcard.Exceptions import CardConnectionException, NoCardException
from smartcard.System import readers

APPEAR_S = 5.0
"""pcscd notices a card within 0.4 s."""
LOOK_S = 0.1

SELECT_SSSE = bytes.fromhex("00A404000F") + "sx1.sh.社会保障".encode("gbk")
READ_NUMBER = bytes.fromhex("00B2072800")
"""READ RECORD by tag 07 in EF05 (short file id 05): 卡号."""
VERIFY_NOTHING = bytes.fromhex("0020000000")
"""VERIFY without data asks for the tries and counts nothing."""


class ChipSays(msgspec.Struct, frozen=True):
    card_number: str
    pin: str
    """Status word of the PIN query: 63Cx tries left, 6983 blocked, 9000 none set."""
    verified: str | None
    """Status word of VERIFY; None: not asked."""


def ask(reader_begins: str, pin: str | None = None) -> ChipSays:
    """Ask the card in the reader whose name begins so; with `pin` also VERIFY it.  Raises ConnectionError."""
    connection = _selected(reader_begins)
    try:
        data, _ = _transmit(connection, READ_NUMBER)
        _, counter = _transmit(connection, VERIFY_NOTHING)
        verified = None if pin is None else _transmit(connection, _verify(pin))[1]
        return ChipSays(bytes(data[2 : 2 + data[1]]).decode("ascii").rstrip("\0 "), counter, verified)
    finally:
        connection.disconnect()


def _verify(pin: str) -> bytes:
    """Two digits a byte, an odd one filled up with F."""
    digits = bytes.fromhex(pin + "F" * (len(pin) % 2))
    return bytes([0x00, 0x20, 0x00, 0x00, len(digits)]) + digits


def _selected(reader_begins: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - pyscard has no types
    """A connection to the application.  pcscd may still hold the card that was there before: then once more."""
    end = time.monotonic() + APPEAR_S
    while True:
        with contextlib.suppress(NoCardException, CardConnectionException):
            for reader in readers():
                if str(reader).startswith(reader_begins):
                    connection = reader.createConnection()
                    connection.connect()
                    _transmit(connection, SELECT_SSSE)
                    return connection
        if time.monotonic() >= end:
            raise ConnectionError(f"no card answers in {reader_begins}")
        time.sleep(LOOK_S)


def _transmit(connection, command: bytes) -> tuple[list[int], str]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    data, sw1, sw2 = connection.transmit(list(command))
    if sw1 == 0x6C:
        data, sw1, sw2 = connection.transmit([*command[:4], sw2])
    if sw1 == 0x61:
        data, sw1, sw2 = connection.transmit([0x00, 0xC0, 0x00, 0x00, sw2])
    return data, f"{sw1:02X}{sw2:02X}"
