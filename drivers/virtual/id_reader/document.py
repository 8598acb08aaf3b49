"""Identity documents as their chip holds them: the 256-byte text block, written from a person's data."""

from __future__ import annotations

import datetime as dt

from kiosk.terms import Private

TEXT_BYTES = 256
LIFELONG = "长期"


class IdDocument(Private, frozen=True):
    """One document.  Fields a kind of document does not have stay empty."""

    name: str
    """Chinese name."""
    number: str
    birth: dt.date
    valid_from: dt.date
    valid_until: dt.date | None = None
    """None: 长期."""
    sex: str = "1"
    """GB/T 2261.1: 0 unknown, 1 male, 2 female, 9 not stated."""
    nation: str = "01"
    """GB 3304 code; three letters of ISO 3166 for foreigners."""
    address: str = ""
    issuer: str = ""
    flag: str = ""
    """Empty for the resident ID card; J, I or Y for the documents with these letters."""
    english_name: str = ""
    pass_number: str = ""
    """J only: 通行证号, 9 characters."""
    issues: str = "01"
    """J: 签发次数; Y: 换证次数."""


def text_block(document: IdDocument) -> bytes:
    """The 256 bytes, UTF-16LE, padded with spaces.  ValueError names what cannot be written."""
    if document.flag not in _LAYOUTS:
        raise ValueError("a document's flag is empty (resident ID card), J, I or Y")
    block = bytearray(" ".encode("utf-16-le") * (TEXT_BYTES // 2))
    for offset, size, text in [*_LAYOUTS[document.flag](document), (248, 2, document.flag)]:
        encoded = text.encode("utf-16-le")
        if len(encoded) > size:
            raise ValueError(f"the field at byte {offset} takes {size // 2} characters, not {len(encoded) // 2}")
        block[offset : offset + len(encoded)] = encoded
    return bytes(block)


_Fields = list[tuple[int, int, str]]
"""Offset and size in bytes, and what stands there."""


def _resident(d: IdDocument) -> _Fields:
    return [
        (0, 30, d.name),
        (30, 2, d.sex),
        (32, 4, d.nation),
        (36, 16, _date(d.birth)),
        (52, 70, d.address),
        (122, 36, d.number),
        (158, 30, d.issuer),
        *_validity(d),
    ]


def _hong_kong_macao_taiwan(d: IdDocument) -> _Fields:
    reserved = 32
    shared = [field for field in _resident(d) if field[0] != reserved]
    return [*shared, (220, 18, d.pass_number), (238, 4, d.issues)]


def _foreigner_2017(d: IdDocument) -> _Fields:
    return [
        (0, 120, d.english_name),
        (120, 2, d.sex),
        (122, 30, d.number),
        (152, 6, d.nation),
        (158, 30, d.name),
        *_validity(d),
        (220, 16, _date(d.birth)),
        (236, 4, "01"),
        (240, 8, "1500"),
    ]


def _foreigner_2023(d: IdDocument) -> _Fields:
    return [
        (0, 30, d.name),
        (30, 2, d.sex),
        (32, 4, d.issues),
        (36, 16, _date(d.birth)),
        (52, 70, d.english_name[:35]),
        (122, 36, d.number),
        *_validity(d),
        (220, 22, d.english_name[35:]),
        (242, 6, d.nation),
    ]


def _validity(d: IdDocument) -> _Fields:
    return [(188, 16, _date(d.valid_from)), (204, 16, _date(d.valid_until) if d.valid_until else LIFELONG)]


def _date(day: dt.date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


_LAYOUTS = {"": _resident, "J": _hong_kong_macao_taiwan, "I": _foreigner_2017, "Y": _foreigner_2023}
