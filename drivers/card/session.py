"""One card from power on to power off: what LD/T 33 calls the encryption-machine flow of reading.

The card stays powered from the first step to the last.  No APDU goes out between the last GET CHALLENGE and the
command that answers it: EXTERNAL AUTHENTICATE uses the card's latest challenge (S5).
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

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
from drivers.card.transport import Gone, Lost, PoweredCard, Response, exchange
from kiosk.devices import (
    AuthenticationRefused,
    CardOpened,
    CardProblem,
    CardPulled,
    CardUnexpected,
    Challenged,
    HolderRead,
    NotASocialSecurityCard,
    ReaderFailed,
)
from kiosk.terms import CardVersion, Holder, PinState, SocialSecurityCard

_AUTHENTICATION = re.compile("[0-9A-Fa-f]{32}")
"""鉴别数据 8 bytes ‖ 原始信息 8 bytes: nothing else is ever put behind our header."""


class CardSession:
    """A card that is powered and known.  `open_session` makes one."""

    def __init__(self, card: PoweredCard, opened: CardOpened) -> None:
        self.opened = opened
        self._card = card
        self._external_original: bytes | None = None

    def challenge(self) -> Challenged | CardProblem:
        """iReadCardBas_HSM_Step1: the card proves itself; a 3.0 card also says how we must."""
        self._external_original = None
        proved = _prove(self._card)
        if not isinstance(proved, Challenged) or not self.opened.card.holder_needs_authentication:
            return proved
        randoms = _challenges(self._card)
        if not isinstance(randoms, tuple):
            return randoms
        self._external_original, factor = randoms
        return msgspec.structs.replace(
            proved, external_factor=_hex(factor), external_original=_hex(self._external_original)
        )

    def read_holder(self, external: str | None) -> HolderRead | AuthenticationRefused | CardProblem:
        """iReadCardBas_HSM_Step2: EXTERNAL AUTHENTICATE with RKSSSE where there is one, then EF06."""
        if external is not None:
            refused = self._authenticate(external)
            if refused is not None:
                return refused
        return _holder(self._card, self.opened.card.version)

    def close(self) -> None:
        """Power off.  What the card granted in this session ends with it."""
        self._card.power_off()

    def _authenticate(self, external: str) -> AuthenticationRefused | CardProblem | None:
        original, self._external_original = self._external_original, None
        if original is None or not _AUTHENTICATION.fullmatch(external):
            return CardUnexpected("external_authenticate_unsent", "")
        authentication = bytes.fromhex(external)
        if authentication[8:] != original:
            # made for an earlier challenge: it would only cost one of the key's tries
            return CardUnexpected("external_authenticate_unsent", "")
        answer = exchange(self._card, commands.external_authenticate(commands.RKSSSE, authentication))
        if not isinstance(answer, Response):
            return _no_answer(answer)
        return status_words.authentication("external_authenticate", answer.sw)


def open_session(card: PoweredCard) -> CardSession | CardProblem:
    """Select the SSSE, read EF05 and the retry counter.  A card that fails here stays powered: power it off."""
    exchange(card, commands.select_master_file())
    described = _describe(card)
    if not isinstance(described, SocialSecurityCard):
        return described
    pin = _pin_state(card)
    if isinstance(pin, CardProblem):
        return pin
    return CardSession(card, CardOpened(described, pin))


def _describe(card: PoweredCard) -> SocialSecurityCard | CardProblem:
    fci = _select_ssse(card)
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


def _select_ssse(card: PoweredCard) -> bytes | CardProblem:
    """The FCI."""
    answer = exchange(card, commands.select_ssse())
    if not isinstance(answer, Response):
        return _no_answer(answer)
    return status_words.selection(answer.sw) or answer.data


def _pin_state(card: PoweredCard) -> PinState | CardProblem:
    answer = exchange(card, commands.query_tries())
    return status_words.pin_state(answer.sw) if isinstance(answer, Response) else _no_answer(answer)


def _prove(card: PoweredCard) -> Challenged | CardProblem:
    """Internal authentication, with nothing asked of us yet."""
    # selected again first, as the recorded flow does: it resets what an earlier step left
    selected = _select_ssse(card)
    if not isinstance(selected, bytes):
        return selected
    randoms = _challenges(card)
    if not isinstance(randoms, tuple):
        return randoms
    original, factor = randoms
    response = _ask(card, "internal_authenticate", commands.internal_authenticate(factor, original))
    if not isinstance(response, bytes):
        return response
    return Challenged(_hex(factor), _hex(original), _hex(response), external_factor=None, external_original=None)


def _challenges(card: PoweredCard) -> tuple[bytes, bytes] | CardProblem:
    """The first random is 原始信息, the second 过程因子: EXTERNAL AUTHENTICATE uses the latest."""
    original = _ask(card, "get_challenge", commands.get_challenge())
    if not isinstance(original, bytes):
        return original
    factor = _ask(card, "get_challenge", commands.get_challenge())
    return (original, factor) if isinstance(factor, bytes) else factor


def _ask(card: PoweredCard, step: str, apdu: bytes) -> bytes | CardProblem:
    """Eight bytes, the size of everything that authentication deals in."""
    answer = exchange(card, apdu)
    if not isinstance(answer, Response):
        return _no_answer(answer)
    if answer.sw != status_words.DONE or len(answer.data) != commands.CHALLENGE_SIZE:
        return status_words.failure(step, answer.sw)
    return answer.data


def _hex(value: bytes) -> str:
    return value.hex().upper()


def _holder(card: PoweredCard, version: CardVersion) -> HolderRead | CardProblem:
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
            return _no_answer(answer)
        if answer.sw not in (status_words.DONE, status_words.RECORD_NOT_FOUND):
            return status_words.failure(record.step(), answer.sw)
        try:
            found = answer.sw == status_words.DONE
            values.append(record.decode(record.value(answer.data) if found else b""))
        except BadRecord:
            return CardUnexpected(record.step(), status_words.text(answer.sw))
    return tuple(values)


def _no_answer(answer: Gone | Lost) -> CardProblem:
    return CardPulled() if isinstance(answer, Gone) else ReaderFailed(answer.advice)
