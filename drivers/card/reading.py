"""What a powered card shows of itself and of its holder."""

from __future__ import annotations

from typing import Any

from drivers.card import commands, status_words
from drivers.card.records import (
    BadRecord,
    CardIdentifier,
    CardNumber,
    ExpiryDate,
    HolderName,
    HolderNameExtension,
    HolderNumber,
    IssueDate,
    Record,
    SpecificationVersion,
    full_name,
)
from drivers.card.reset import HISTORICAL_BYTES, algorithm, historical_bytes
from drivers.card.transport import PoweredCard, Response, exchange, no_answer
from kiosk.devices import CardProblem, CardUnexpected, HolderRead, NotASocialSecurityCard
from kiosk.terms import CardVersion, Holder, PinState, SocialSecurityCard


def describe(card: PoweredCard) -> SocialSecurityCard | CardProblem:
    """Select the SSSE and read EF05."""
    fci = select_ssse(card)
    if not isinstance(fci, bytes):
        return fci
    reset_info = historical_bytes(card.atr)
    if len(reset_info) != HISTORICAL_BYTES:
        return NotASocialSecurityCard(status_words.text(status_words.DONE))
    values = _read(card, CardIdentifier, SpecificationVersion, CardNumber, IssueDate, ExpiryDate)
    if not isinstance(values, tuple):
        return values
    identifier, version, number, issued, expires = values
    region = identifier[:6]
    used = algorithm(fci, region)
    if used is None:
        return CardUnexpected("read_algorithm", status_words.text(status_words.DONE))
    return SocialSecurityCard(
        identifier=identifier,
        number=number,
        version=version,
        algorithm=used,
        region=region,
        reset_info=reset_info.hex().upper(),
        issued=issued,
        expires=expires,
    )


def identity(card: PoweredCard) -> tuple[str, str] | CardProblem:
    """卡识别码 and 卡号 as they stand in EF05 now, of whatever card lies on the contacts now."""
    fci = select_ssse(card)
    if not isinstance(fci, bytes):
        return fci
    values = _read(card, CardIdentifier, CardNumber)
    if not isinstance(values, tuple):
        return values
    identifier, number = values
    return identifier, number


def select_ssse(card: PoweredCard) -> bytes | CardProblem:
    """The FCI."""
    answer = exchange(card, commands.select_ssse())
    if not isinstance(answer, Response):
        return no_answer(answer)
    return status_words.selection(answer.sw) or answer.data


def pin_state(card: PoweredCard) -> PinState | CardProblem:
    """VERIFY with Lc = 00 (S5): tries left, none taken."""
    answer = exchange(card, commands.query_tries())
    return status_words.pin_state(answer.sw) if isinstance(answer, Response) else no_answer(answer)


def read_holder(card: PoweredCard, version: CardVersion) -> HolderRead | CardProblem:
    """EF06: number and whole name."""
    # 1.0 cards have no extension (V2 table 9)
    parts = (HolderName,) if version is CardVersion.V1 else (HolderName, HolderNameExtension)
    values = _read(card, HolderNumber, *parts)
    if not isinstance(values, tuple):
        return values
    number, name, extension = (*values, b"")[:3]
    try:
        return HolderRead(Holder(number=number, name=full_name(name, extension)))
    except BadRecord:
        return CardUnexpected(HolderName.step(), status_words.text(status_words.DONE))


def _read(card: PoweredCard, *records: type[Record[Any]]) -> tuple[Any, ...] | CardProblem:
    """What each record says.  One that is not on the card (6A83) reads as blank."""
    values = []
    for record in records:
        answer = exchange(card, commands.read_record(record.file, record.tag, record.length))
        if not isinstance(answer, Response):
            return no_answer(answer)
        if answer.sw not in (status_words.DONE, status_words.RECORD_NOT_FOUND):
            return status_words.failure(record.step(), answer.sw)
        try:
            found = answer.sw == status_words.DONE
            values.append(record.decode(record.value(answer.data) if found else b""))
        except BadRecord:
            return CardUnexpected(record.step(), status_words.text(answer.sw))
    return tuple(values)
