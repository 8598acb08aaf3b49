"""What the chip of an identity document says: the 256-byte text block, UTF-16LE, padded with spaces."""

from __future__ import annotations

import datetime as dt

import structlog

from kiosk.devices import IdCardUnreadable
from kiosk.numbers import citizen_birth, citizen_number_is_valid, real_date
from kiosk.terms import DocumentKind, Holder, OtherDocument, ResidentIdCard

TEXT_BYTES = 256
LIFELONG = "长期"

# Offset and size in bytes.
_NAME = (0, 30)
_BIRTH = (36, 16)
_NUMBER = (122, 36)
_VALID_FROM = (188, 16)
_VALID_UNTIL = (204, 16)
_FLAG = (248, 2)

_log = structlog.get_logger()


def parse(text: bytes) -> ResidentIdCard | OtherDocument | IdCardUnreadable:
    """Who the document names.  Sex, nation, address and issuer are nobody's business here and are left alone."""
    if len(text) != TEXT_BYTES:
        return _unreadable("length")
    flag = _field(text, _FLAG)
    if flag in set(DocumentKind):
        return OtherDocument(DocumentKind(flag))
    if flag:
        return _unreadable("kind")
    return _resident(text)


def _resident(text: bytes) -> ResidentIdCard | IdCardUnreadable:
    name, number = _field(text, _NAME), _field(text, _NUMBER).upper()
    birth, valid_from = real_date(_field(text, _BIRTH)), real_date(_field(text, _VALID_FROM))
    lifelong = _field(text, _VALID_UNTIL) == LIFELONG
    valid_until = None if lifelong else real_date(_field(text, _VALID_UNTIL))
    if not name or "\ufffd" in name:
        return _unreadable("name")
    if not citizen_number_is_valid(number):
        return _unreadable("number")
    if birth is None or birth != citizen_birth(number):
        return _unreadable("birth")
    if valid_from is None or not birth <= valid_from <= (valid_until or dt.date.max):
        return _unreadable("valid_from")
    if valid_until is None and not lifelong:
        return _unreadable("valid_until")
    return ResidentIdCard(Holder(number, name), birth, valid_from, valid_until)


def _field(text: bytes, place: tuple[int, int]) -> str:
    """The field without its padding; what is no UTF-16 becomes U+FFFD and fails where it matters."""
    offset, size = place
    return text[offset : offset + size].decode("utf-16-le", "replace").strip(" \0")


def _unreadable(field: str) -> IdCardUnreadable:
    _log.warning("id_card_unreadable", field=field)
    return IdCardUnreadable()
