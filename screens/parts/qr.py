"""A QR code as a texture: one pixel a module, to be drawn as large as one likes."""

from __future__ import annotations

from kivy.graphics.texture import Texture


def qr(text: str) -> Texture:
    """The modules alone: light ones let the paper through, dark ones take the colour they are drawn in."""
    import qrcode  # noqa: PLC0415 - loads all of Pillow: not at the start

    code = qrcode.QRCode(border=0)
    code.add_data(text)
    rows = code.get_matrix()
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="rgba")
    texture.mag_filter = texture.min_filter = "nearest"
    pixels = bytes(part for row in reversed(rows) for dark in row for part in (255, 255, 255, 255 if dark else 0))
    texture.blit_buffer(pixels, colorfmt="rgba", bufferfmt="ubyte")
    return texture
