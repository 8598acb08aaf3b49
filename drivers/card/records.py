"""The records of the SSSE that the terminal reads, one class each (V2 tables 3 and 9).

A record is tag, length, value.  `cn` values are BCD padded with F on the right, `an` values text padded with
00 on the right; field cards also pad with 20 and FF, and leave a blank field as 00…00 or FF…FF (V2 §7).
The vectors beside each class are whole records with what they mean.
"""

from __future__ import annotations

import codecs
import datetime as dt
import unicodedata
from typing import Any, ClassVar, Generic, TypeVar

from drivers.card.commands import EF05, EF06
from kiosk.terms import CardVersion

_PADDING = b"\x00\x20\xff"

V = TypeVar("V")


class BadRecord(ValueError):
    """A record whose content the standard does not allow.  Says which, never what stood there."""


class Record(Generic[V]):
    """One kind of record: where it lies, how long it is, how it reads."""

    file: ClassVar[int]
    tag: ClassVar[int]
    length: ClassVar[int]
    """Bytes of the value, as the standard has it; a card that differs says so with 6Cxx."""
    vectors: ClassVar[tuple[tuple[str, Any], ...]]

    @classmethod
    def step(cls) -> str:
        """How a log names reading it."""
        return f"read_ef{cls.file:02x}_{cls.tag:02x}"

    @classmethod
    def value(cls, record: bytes) -> bytes:
        """What stands behind tag and length.  Raises BadRecord if it is another record, or cut."""
        if len(record) < 2 or record[0] != cls.tag or len(record) < 2 + record[1]:
            raise BadRecord(cls.__name__)
        return record[2 : 2 + record[1]]

    @classmethod
    def decode(cls, value: bytes) -> V:
        """What the value means; a record that is not on the card reads as b"".  Raises BadRecord."""
        raise NotImplementedError


class CardIdentifier(Record[str]):
    """卡识别码 (AAZ501), cn: region 3, D156000005, serial 4, authentication code 4.  V2 §8.1.1."""

    file, tag, length = EF05, 0x01, 0x10
    vectors = (
        ("0110459900D15600000500000001FFFFFFFF", "459900D15600000500000001FFFFFFFF"),
        ("0110" + "FF" * 16, BadRecord),
        ("0104459900D1", BadRecord),
    )

    @classmethod
    def decode(cls, value: bytes) -> str:
        """32 hex digits, the padding too, since the centre knows the card by all of them."""
        identifier = value.hex().upper()
        if len(value) != cls.length or not identifier[:6].isdecimal():
            raise BadRecord(cls.__name__)
        return identifier


class SpecificationVersion(Record[CardVersion]):
    """规范版本, an: only the first three characters count, blank means 1.0.  V2 table 9; API §10.2."""

    file, tag, length = EF05, 0x03, 0x04
    vectors = (
        ("0304312E3030", CardVersion.V1),
        ("0304322E3031", CardVersion.V2),
        ("0304332E3030", CardVersion.V3),
        ("0304FFFFFFFF", CardVersion.V1),
        ("030400000000", CardVersion.V1),
        ("0304392E3030", BadRecord),
    )

    @classmethod
    def decode(cls, value: bytes) -> CardVersion:
        text = _ascii(value)[:3]
        if not text:
            return CardVersion.V1
        try:
            return CardVersion(text)
        except ValueError:
            raise BadRecord(cls.__name__) from None


class IssueDate(Record[dt.date | None]):
    """发卡日期, cn: YYYYMMDD.  V2 table 9."""

    file, tag, length = EF05, 0x05, 0x04
    vectors = (("050420240601", dt.date(2024, 6, 1)), ("0504FFFFFFFF", None), ("050400000000", None))

    @classmethod
    def decode(cls, value: bytes) -> dt.date | None:
        return _date(value)


class ExpiryDate(Record[dt.date | None]):
    """卡有效期, cn: YYYYMMDD.  V2 table 9."""

    file, tag, length = EF05, 0x06, 0x04
    vectors = (("060420340601", dt.date(2034, 6, 1)), ("06042034FFFF", None), ("060420340231", None))

    @classmethod
    def decode(cls, value: bytes) -> dt.date | None:
        return _date(value)


class CardNumber(Record[str]):
    """卡号 (AAZ500), an: some cards hold 12 characters, only the first 9 are the number.  API §10.4."""

    file, tag, length = EF05, 0x07, 0x09
    vectors = (
        ("0709543030303030303158", "T0000001X"),
        ("070C543030303030303158000000", "T0000001X"),
        ("070C543030303030303158313233", "T0000001X"),
        ("0709000000000000000000", BadRecord),
    )

    @classmethod
    def decode(cls, value: bytes) -> str:
        return _alphanumeric(cls, value[:9])


class HolderNumber(Record[str]):
    """社会保障号码 (AAC002), an: 18 characters for citizens, allotted numbers for others.  V2 §8.1.2.1."""

    file, tag, length = EF06, 0x08, 0x12
    vectors = (
        ("0812343539393030313930303031303130303138", "459900190001010018"),
        ("0812343539393030313930303031303130303778", "45990019000101007X"),
        ("0812" + "00" * 18, BadRecord),
    )

    @classmethod
    def decode(cls, value: bytes) -> str:
        return _alphanumeric(cls, value).upper()


class HolderName(Record[bytes]):
    """姓名 (AAC003), an: the first 30 bytes of the name, to be read with `full_name`.  V2 table 9."""

    file, tag, length = EF06, 0x09, 0x1E
    vectors = (
        ("091EB2E2CAD4BCD7" + "00" * 24, b"\xb2\xe2\xca\xd4\xbc\xd7" + bytes(24)),
        ("091EB2E2CAD4BCD7", BadRecord),
    )

    @classmethod
    def decode(cls, value: bytes) -> bytes:
        return value


class HolderNameExtension(Record[bytes]):
    """姓名扩展, an, since 2.0: the bytes that follow a full 姓名; blank on nearly every card.  V2 table 9."""

    file, tag, length = EF06, 0x4E, 0x14
    vectors = (("4E14" + "00" * 20, b""), ("4E14" + "20" * 20, b""), ("4E14D7" + "00" * 19, b"\xd7"))

    @classmethod
    def decode(cls, value: bytes) -> bytes:
        return value.rstrip(_PADDING)


def full_name(name: bytes, extension: bytes) -> str:
    """姓名 and its extension together, in GB18030.  Raises BadRecord.

    With an extension the bytes are joined before they are read, as a character may straddle (API §10.2).
    """
    raw = (name + extension).rstrip(_PADDING) if extension.strip(_PADDING) else name.rstrip(_PADDING)
    try:
        # an incremental decoder drops a last character that the end of the record has cut in two
        text = codecs.getincrementaldecoder("gb18030")().decode(raw).strip()
    except UnicodeDecodeError:
        raise BadRecord("full_name") from None
    if not text or any(unicodedata.category(character) == "Cc" for character in text):
        raise BadRecord("full_name")
    return text


def _ascii(value: bytes) -> str:
    return value.rstrip(_PADDING).decode("ascii", "replace")


def _alphanumeric(record: type[Record[Any]], value: bytes) -> str:
    text = _ascii(value)
    if not (text.isascii() and text.isalnum()):
        raise BadRecord(record.__name__)
    return text


def _date(value: bytes) -> dt.date | None:
    """BCD YYYYMMDD; None for a blank, and for a day that never was: no card is refused for its dates."""
    digits = value.hex()
    if len(digits) != 8 or not digits.isdecimal():
        return None
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
