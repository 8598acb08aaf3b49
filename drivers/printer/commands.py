"""Rows to ESC/POS bytes.  Every row sets all it needs, so that nothing depends on the row before."""

from __future__ import annotations

from drivers.printer.encoders import Encoder
from drivers.printer.rows import BlankRow, QrRow, Row, Size, TextRow

START = b"\x1b@\x1c&"
"""ESC @ clears the print buffer and every mode; FS & puts the printer into Chinese mode, where it stays."""

NO_AUTO_STATUS = b"\x1da\x00"
"""GS a 0: some printers report changes unasked until told not to.  Others print the letter: ESC @ must follow."""

ASK_IN_ORDER = b"\x1dr\x01"
"""GS r 1: answered when everything before it has been worked off.  Off line it is not answered at all.

Printers that do not know it may print the letter: the first time ESC @ must follow, and there is no second time."""

CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 fn 8: in real time, also off line, forgets all that was received and not printed.

Control codes only: a printer that does not know it prints nothing of it."""

BUFFERS_CLEARED = b"\x37\x25\x00"
"""The answer to it."""

CUT = b"\x1bd\x03\x1dVB\x00"
"""ESC d 3: room to tear on printers without a cutter.  GS V 66 0: feed to the cutter, partial cut."""

LEADING_DOTS = 10
"""Between two lines of text: 24-dot Chinese set solid is hard to read."""

GLYPH_DOTS = 24


def ask_status(n: int) -> bytes:
    """DLE EOT n, answered in real time."""
    return bytes((0x10, 0x04, n))


def slip(rows: tuple[Row, ...], encoder: Encoder) -> tuple[bytes, ...]:
    """A whole slip, cut, in pieces of one row; nothing of it stays in the printer's buffer."""
    return (NO_AUTO_STATUS + START, *(_row(row, encoder) for row in rows), CUT + START)


def _row(row: Row, encoder: Encoder) -> bytes:
    match row:
        case TextRow():
            return _text(row, encoder)
        case BlankRow(dots):
            return b"\x1bJ" + bytes((dots,))
        case QrRow(text, module):
            return _qr(text.encode(), module)


def _text(row: TextRow, encoder: Encoder) -> bytes:
    style = _align(centred=row.centred) + _size(row.size) + b"\x1bE" + bytes((row.bold,)) + _leading(row.size)
    return style + encoder.encode(row.text) + b"\n"


def _align(*, centred: bool) -> bytes:
    return b"\x1ba" + bytes((centred,))


def _size(size: Size) -> bytes:
    """GS ! sizes Chinese and ASCII alike; ESC ! would leave Chinese small."""
    return b"\x1d!" + bytes(((size.across - 1) << 4 | (size.down - 1),))


def _leading(size: Size) -> bytes:
    return b"\x1b3" + bytes((GLYPH_DOTS * size.down + LEADING_DOTS,))


def _qr(data: bytes, module: int) -> bytes:
    """GS ( k: model 2, module size, error correction M, store, print."""
    symbol = (b"1A2\x00", b"1C" + bytes((module,)), b"1E1", b"1P0" + data, b"1Q0")
    return _align(centred=True) + b"".join(_gs_k(part) for part in symbol)


def _gs_k(part: bytes) -> bytes:
    return b"\x1d(k" + len(part).to_bytes(2, "little") + part
