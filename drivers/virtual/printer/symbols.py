"""Things that are drawn, not set: QR codes and raster images."""

from __future__ import annotations

from functools import lru_cache

import msgspec
import qrcode
from PIL import Image

_LEVELS = {
    48: qrcode.ERROR_CORRECT_L,
    49: qrcode.ERROR_CORRECT_M,
    50: qrcode.ERROR_CORRECT_Q,
    51: qrcode.ERROR_CORRECT_H,
}


class QrSettings(msgspec.Struct):
    """GS ( k functions 67, 69 and 80: module size in dots, error correction, stored data."""

    module: int = 3
    level: int = 48
    data: bytes = b""


def qr_mask(settings: QrSettings) -> Image.Image:
    """The symbol without a quiet zone, as real printers draw it."""
    matrix = _matrix(settings.data, _LEVELS[settings.level])
    size = len(matrix)
    dots = Image.new("L", (size, size))
    dots.putdata([255 if dark else 0 for row in matrix for dark in row])
    return dots.resize((size * settings.module,) * 2, Image.Resampling.NEAREST)


@lru_cache(maxsize=16)
def _matrix(data: bytes, level: int) -> list[list[bool]]:
    """Kept: whoever draws many slips draws the same few codes."""
    code = qrcode.QRCode(error_correction=level, border=0)
    code.add_data(data)
    code.make()
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


def raster_mask(parameters: bytes) -> Image.Image:
    """GS v 0 m xL xH yL yH d…: one bit a dot, most significant first; m doubles width (1) and height (2)."""
    mode, across = parameters[1], int.from_bytes(parameters[2:4], "little")
    down = int.from_bytes(parameters[4:6], "little")
    image = Image.frombytes("1", (across * 8, down), parameters[6:]).convert("L")
    return image.resize((image.width << (mode & 1), image.height << (mode >> 1 & 1)), Image.Resampling.NEAREST)
