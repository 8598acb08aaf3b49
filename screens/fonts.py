"""The font: where it is, its Chinese face, and which characters it has.

Debian's fonts-noto-cjk is a collection whose first face draws Japanese forms, and SDL opens only the first face.
So a copy is written whose first face is the simplified Chinese one (only its header differs).
"""

from __future__ import annotations

import bisect
import struct
from pathlib import Path
from typing import BinaryIO

import msgspec

FOLDER = Path("/usr/share/fonts/opentype/noto")
FACE = "Noto Sans CJK SC"
MISSING_GLYPH = "〓"
"""Stands for a character the font cannot draw, as in Chinese typesetting."""
DOTS = str.maketrans("·", "･")
"""The font's middle dot is as wide as a Chinese character and tears a line apart; its narrow sister is half as wide."""


Spans = tuple[tuple[int, int], ...]
"""First and last of the characters that follow each other, in order."""
END = 0x110000


class FontMissing(Exception):
    """The message names the Debian package."""


class Font(msgspec.Struct, frozen=True):
    """Files whose first face is the one to draw with, and the characters each can draw."""

    regular: Path
    bold: Path
    maps: frozenset[Spans]

    def drawable(self, text: str) -> str:
        """The text with 〓 for every character the font lacks and narrow dots; line ends stay."""
        narrow = text.translate(DOTS)
        return "".join(char if self.draws(char) or char == "\n" else MISSING_GLYPH for char in narrow)

    def draws(self, char: str) -> bool:
        return all(_within(ord(char), spans) for spans in self.maps)


def find_font(cache: Path, folder: Path = FOLDER) -> Font:
    """Write the two faces into `cache` unless they are there.  Raises FontMissing."""
    sources = [folder / f"NotoSansCJK-{weight}.ttc" for weight in ("Regular", "Bold")]
    missing = next((source for source in sources if not source.is_file()), None)
    if missing:
        raise FontMissing(f"The font {missing} is missing: install the Debian package fonts-noto-cjk.")
    regular, bold = (_chinese_face(source, cache) for source in sources)
    maps = {_cmap(face) for face in (regular, bold)}  # Debian's are the same
    return Font(regular, bold, frozenset(map(_characters, maps)))


def _chinese_face(source: Path, cache: Path) -> Path:
    copy = cache / f"{source.stem}-SC.ttc"
    if not copy.is_file() or copy.stat().st_size != source.stat().st_size:
        cache.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(_first_face(source.read_bytes(), _number(source)))
    return copy


def _number(source: Path) -> int:
    """Which face of the collection is the Chinese one."""
    from fontTools.ttLib import TTCollection  # type: ignore[import-untyped]  # noqa: PLC0415 - a first start's only

    with TTCollection(source, lazy=True) as collection:
        number = next((i for i, font in enumerate(collection) if font["name"].getDebugName(1) == FACE), None)
    if number is None:
        raise FontMissing(f"{source} has no face {FACE}: install the Debian package fonts-noto-cjk.")
    return number


def _cmap(copy: Path) -> bytes:
    with copy.open("rb") as file:
        return _table(file, b"cmap")


def _characters(cmap: bytes) -> Spans:
    """What the table's subtable for all of Unicode maps.

    ISO/IEC 14496-22 §5.3.1: platform 3, encoding 10, format 12.

    Read here because fontTools takes a third of the time until the first page.
    """
    (count,) = struct.unpack_from(">H", cmap, 2)
    records = [struct.unpack_from(">HHI", cmap, 4 + 8 * number) for number in range(count)]
    start = next(offset for platform, encoding, offset in records if (platform, encoding) == (3, 10))
    (groups,) = struct.unpack_from(">I", cmap, start + 12)
    spans = struct.iter_unpack(">III", cmap[start + 16 : start + 16 + 12 * groups])
    return tuple((first, last) for first, last, _glyph in spans)


def _within(code: int, spans: Spans) -> bool:
    at = bisect.bisect(spans, (code, END)) - 1
    return at >= 0 and code <= spans[at][1]


def _table(file: BinaryIO, tag: bytes) -> bytes:
    """Of the collection's first face (ISO/IEC 14496-22 §4.5.1)."""
    (face,) = struct.unpack(">I", _read(file, 12, 4))
    (count,) = struct.unpack(">H", _read(file, face + 4, 2))
    records = struct.iter_unpack(">4sIII", _read(file, face + 12, 16 * count))
    return next(_read(file, offset, length) for name, _sum, offset, length in records if name == tag)


def _read(file: BinaryIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)


def _first_face(collection: bytes, number: int) -> bytes:
    """The collection with face `number` in the first place (ISO/IEC 14496-22 §4.6: offsets begin at byte 12)."""
    (offset,) = struct.unpack_from(">I", collection, 12 + 4 * number)
    return collection[:12] + struct.pack(">I", offset) + collection[16:]
