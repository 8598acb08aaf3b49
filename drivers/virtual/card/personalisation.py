"""What the card maker writes into a chip before it is handed out (S10): files, keys, PIN, ATR."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.virtual.card.files import RecordFile, an, cn
from drivers.virtual.card.memory import Memory
from drivers.virtual.people import IssuedCard, Person
from kiosk.terms import CardVersion
from sync.central.card_crypto import CardAddress, CardCipher, KeyName, MasterKeys, cipher_of

SSSE_NAME = "sx1.sh.社会保障".encode("gbk")
"""社会保障系统环境: the application's DDF name (V2 table 1)."""

EF05, EF06 = 0xEF05, 0xEF06

KEY_IDS = {0x00: KeyName.IRK, 0x02: KeyName.STKSSSE, 0x05: KeyName.BK, 0x06: KeyName.PUK, 0x0A: KeyName.RKSSSE}
"""Key ids inside the card (S9 appendix B)."""

PUK, BK, RKSSSE, STK, IRK = 0x06, 0x05, 0x0A, 0x02, 0x00

KEY_TRIES_MAX = {PUK: 3, RKSSSE: 15, BK: 15}
"""The issuer sets them; the PUK's is small on purpose and can be used up for ever (S7 §13.1)."""


@dataclass(frozen=True, repr=False)
class Personalisation:
    """A chip as issued."""

    atr: bytes
    fci: bytes
    cipher: CardCipher
    keys: dict[int, bytes]
    files: dict[int, RecordFile]
    memory: Memory


def personalise(person: Person, card: IssuedCard, masters: MasterKeys) -> Personalisation:
    """The chip of `person`, with keys derived as the HSM derives them."""
    address = CardAddress(card.algorithm, card.region, card.reset_info)
    return Personalisation(
        atr=card.atr,
        fci=_fci(card),
        cipher=cipher_of(card.algorithm),
        keys={key_id: masters.card_key(name, address) for key_id, name in KEY_IDS.items()},
        files={EF05: _issuer_data(card), EF06: _holder_data(person, card)},
        memory=Memory(
            pin=pin_bcd(card.pin),
            pin_tries=card.tries_left,
            pin_tries_max=card.tries_max,
            key_tries=dict(KEY_TRIES_MAX),
            key_tries_max=dict(KEY_TRIES_MAX),
            application_blocked=card.application_blocked,
            card_blocked=card.card_blocked,
        ),
    )


def pin_bcd(digits: str) -> bytes:
    """As VERIFY sends it: an odd last digit is filled with nibble F (S5)."""
    return bytes.fromhex(digits + "F" * (len(digits) % 2))


def _fci(card: IssuedCard) -> bytes:
    directory = _tlv(0x88, b"\x1e") if card.version is CardVersion.V3 else _tlv(0x88, b"\x0b")
    # 1.0 cards do not say their algorithm: it is DES (LD/T 33 §10.1).
    algorithm = b"\x86\x01" + bytes.fromhex(card.algorithm.value)
    issuer = b"" if card.version is CardVersion.V1 else b"\x9f\x0c" + bytes([len(algorithm)]) + algorithm
    return _tlv(0x6F, _tlv(0x84, SSSE_NAME) + _tlv(0xA5, directory + issuer))


def _tlv(tag: int, value: bytes) -> bytes:
    return bytes([tag, len(value)]) + value


def _issuer_data(card: IssuedCard) -> RecordFile:
    """EF05 发卡机构数据 (V2 table 9)."""
    issuer = f"9156000002{card.region}{card.region}01"
    return RecordFile(
        (
            (0x01, bytes.fromhex(card.identifier)),
            (0x02, b"3"),
            (0x03, an(f"{card.version.value}0", 4)),
            (0x04, cn(issuer, 12)),
            (0x05, cn(f"{card.issued:%Y%m%d}", 4)),
            (0x06, cn(f"{card.expires:%Y%m%d}", 4)),
            (0x07, an(card.number, card.number_record_length)),
        )
    )


def _holder_data(person: Person, card: IssuedCard) -> RecordFile:
    """EF06 持卡人基本信息 (V2 table 9): free on 1.0 and 2.0, behind RKSSSE on 3.0 (LD/T 33 §10.2)."""
    name = person.name.encode("gb18030")
    first, rest = name[:30], name[30:]
    v1 = card.version is CardVersion.V1
    # Cards of the first version were filled with spaces.
    names = [(0x09, first.ljust(30, b" " if v1 else b"\0"))]
    if not v1:
        names.append((0x4E, rest.ljust(20, b"\0")))
    return RecordFile(
        (
            (0x08, an(person.number, 18)),
            *names,
            (0x0A, person.sex.encode()),
            (0x0B, cn(person.nation, 1)),
            (0x0C, cn(person.birthplace, 3)),
            (0x0D, cn(f"{person.birth:%Y%m%d}", 4)),
        ),
        read_needs=RKSSSE if card.version is CardVersion.V3 else None,
    )
