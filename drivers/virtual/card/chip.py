"""The chip: an ISO 7816 card with the 社会保障 application, answering over T=0 (S2, S3, S5, S7).

It knows no reader and no time: bytes in, bytes out.  `drivers.virtual.vpcd` puts it into a reader.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from drivers.virtual.card import memory
from drivers.virtual.card.apdu import SW, Command, Refused, answer, parse, tries_left
from drivers.virtual.card.files import RecordFile
from drivers.virtual.card.personalisation import BK, IRK, PUK, SSSE_NAME, STK, Personalisation
from sync.central.card_crypto import CHALLENGE_LENGTHS, MAC_LENGTH, Des

MASTER_FILE = 0x3F00
SSSE_FILE = 0xDF00
PIN_LENGTHS = range(2, 7)
"""Bytes of BCD: 4 to 12 digits."""
KEY_VERSION = 0x01
RandomBytes = Callable[[int], bytes]


class VirtualCard(Protocol):
    """Anything that can lie in the slot of the virtual reader."""

    @property
    def atr(self) -> bytes:
        """Answer to reset; empty: none (wrong way round, or broken)."""

    def power_on(self) -> None: ...

    def power_off(self) -> None: ...

    def transmit(self, apdu: bytes) -> bytes:
        """The answer, status word included."""


class Chip:
    """A social security card.

    With `memory_file`, what survives power off (PIN, counters, blocks) is written there after every change and
    read back the next time: a card taken out and put back remembers.  `random_bytes` gives its challenges.
    """

    def __init__(
        self,
        personalisation: Personalisation,
        memory_file: Path | None = None,
        random_bytes: RandomBytes = secrets.token_bytes,
    ) -> None:
        self._issued = personalisation
        self._memory_file = memory_file
        recalled = memory.recall(memory_file) if memory_file else None
        self._memory = recalled or memory.copy_of(personalisation.memory)
        self._random_bytes = random_bytes
        self.power_off()

    @property
    def atr(self) -> bytes:
        return self._issued.atr

    @property
    def memory(self) -> memory.Memory:
        """A copy of what the chip remembers: for witnesses and the bench."""
        return memory.copy_of(self._memory)

    def power_on(self) -> None:
        """Power or reset: everything volatile starts anew."""
        self.power_off()

    def power_off(self) -> None:
        self._directory = MASTER_FILE
        self._file: RecordFile | None = None
        self._challenge = b""
        self._proved: set[int] = set()
        self._pending = b""

    def transmit(self, apdu: bytes) -> bytes:
        before = self.memory
        try:
            return self._answer(parse(apdu))
        except Refused as refusal:
            return refusal.sw.to_bytes(2, "big")
        finally:
            if self._memory_file and self._memory != before:
                memory.save(self._memory_file, self._memory)

    def _answer(self, command: Command) -> bytes:
        pending, self._pending = self._pending, b""
        if command.name == (0x00, 0xC0):
            return self._get_response(command, pending)
        # A challenge serves the very next command and no other (S5 GET CHALLENGE).
        challenge, self._challenge = self._challenge, b""
        handler = self._handler(command)
        if self._memory.application_blocked and self._directory == SSSE_FILE and command.ins != 0xA4:
            raise Refused(SW.APPLICATION_BLOCKED)
        return handler(command, challenge)

    def _handler(self, command: Command) -> Callable[[Command, bytes], bytes]:
        handlers: dict[tuple[int, int], Callable[[Command, bytes], bytes]] = {
            (0x00, 0xA4): self._select,
            (0x00, 0xB2): self._read_record,
            (0x00, 0x84): self._get_challenge,
            (0x00, 0x88): self._internal_authenticate,
            (0x00, 0x82): self._external_authenticate,
            (0x00, 0x20): self._verify,
            (0x80, 0x5E): self._change_pin,
            (0x84, 0x24): self._pin_change_or_unblock,
            (0x84, 0x1E): self._application_block,
            (0x84, 0x16): self._card_block,
        }
        if command.name in handlers:
            return handlers[command.name]
        known = {ins for _, ins in handlers}
        raise Refused(SW.WRONG_CLA if command.ins in known else SW.WRONG_INS)

    # --- T=0 ---------------------------------------------------------------------

    def _get_response(self, command: Command, pending: bytes) -> bytes:
        if not pending:
            raise Refused(SW.CONDITIONS_NOT_SATISFIED)
        response = answer(pending, command.p3)
        if response[0] == 0x6C and len(response) == 2:
            self._pending = pending
        return response

    def _hold(self, data: bytes) -> bytes:
        """Case 4: 61xx; the data waits for GET RESPONSE."""
        self._pending = data
        return bytes([0x61, len(data)])

    # --- files --------------------------------------------------------------------

    def _select(self, command: Command, _: bytes) -> bytes:
        if self._memory.card_blocked:
            raise Refused(SW.NOT_SUPPORTED)
        match command.p1, command.p2:
            case 0x04, 0x00:
                return self._select_by_name(command.data)
            case ((0x00 | 0x02), 0x00):
                return self._select_by_id(command)
            case _:
                raise Refused(SW.WRONG_P1_P2)

    def _select_by_name(self, name: bytes) -> bytes:
        if name != SSSE_NAME:
            raise Refused(SW.FILE_NOT_FOUND)
        self._directory, self._file = SSSE_FILE, None
        # Rights proved in an application end when one is selected anew.
        self._proved.clear()
        if self._memory.application_blocked:
            raise Refused(SW.APPLICATION_BLOCKED)
        return self._hold(self._issued.fci)

    def _select_by_id(self, command: Command) -> bytes:
        if len(command.data) != 2:
            raise Refused(SW.WRONG_LENGTH)
        file_id = int.from_bytes(command.data, "big")
        if file_id == MASTER_FILE and command.p1 == 0x00:
            self._directory, self._file = MASTER_FILE, None
            self._proved.clear()
            return _OK
        self._file = self._file_in_directory(file_id)
        return _OK

    def _file_in_directory(self, file_id: int) -> RecordFile:
        if self._directory != SSSE_FILE or file_id not in self._issued.files:
            raise Refused(SW.FILE_NOT_FOUND)
        return self._issued.files[file_id]

    def _read_record(self, command: Command, _: bytes) -> bytes:
        short_id, mode = command.p2 >> 3, command.p2 & 0x07
        if short_id:
            self._file = self._file_in_directory(0xEF00 | short_id)
        if self._file is None:
            raise Refused(SW.NO_CURRENT_EF)
        if self._file.read_needs is not None and self._file.read_needs not in self._proved:
            raise Refused(SW.SECURITY_NOT_SATISFIED)
        return answer(self._file.read(mode, command.p1), command.p3)

    # --- authentication -------------------------------------------------------------

    def _get_challenge(self, command: Command, _: bytes) -> bytes:
        _require_p1_p2(command, 0x0000)
        if command.p3 not in CHALLENGE_LENGTHS:
            raise Refused(SW.WRONG_LENGTH)
        self._challenge = self._random_bytes(command.p3)
        return self._challenge + _OK

    def _internal_authenticate(self, command: Command, _: bytes) -> bytes:
        _require_p1_p2(command, 0x0000)
        factor, original = _factor_and_original(command)
        session = self._issued.cipher.session_key(self._key(IRK), factor)
        return self._hold(self._issued.cipher.authenticate(session, original))

    def _external_authenticate(self, command: Command, challenge: bytes) -> bytes:
        key_id = command.p2
        proof, original = _factor_and_original(command)
        if command.p1:
            raise Refused(SW.WRONG_P1_P2)
        if key_id not in self._memory.key_tries:
            raise Refused(SW.KEY_NOT_FOUND)
        if self._memory.key_tries[key_id] == 0:
            raise Refused(SW.BLOCKED)
        session = self._session(key_id, challenge)
        self._proved.discard(key_id)
        self._memory.count_key(key_id, right=proof == self._issued.cipher.authenticate(session, original))
        self._proved.add(key_id)
        return _OK

    def _session(self, key_id: int, challenge: bytes) -> bytes:
        # S4 §8 knows no session key of DES from a challenge of 16 bytes.
        if not challenge or (isinstance(self._issued.cipher, Des) and len(challenge) > 8):
            raise Refused(SW.REFERENCE_NOT_USABLE)
        return self._issued.cipher.session_key(self._key(key_id), challenge)

    def _key(self, key_id: int) -> bytes:
        if self._directory != SSSE_FILE:
            raise Refused(SW.KEY_NOT_FOUND)
        return self._issued.keys[key_id]

    # --- PIN ------------------------------------------------------------------------

    def _verify(self, command: Command, _: bytes) -> bytes:
        _require_p1_p2(command, 0x0000)
        self._require_application()
        if not command.data:
            return self._query_tries()
        if len(command.data) not in range(2, 9):
            raise Refused(SW.WRONG_LENGTH)
        if not _is_bcd(command.data):
            raise Refused(SW.WRONG_DATA)
        if not self._memory.pin:
            raise Refused(SW.REFERENCE_NOT_USABLE)
        self._memory.check_pin(command.data)
        return _OK

    def _query_tries(self) -> bytes:
        """Lc=00: tells without counting (S5 VERIFY)."""
        if not self._memory.pin:
            return _OK
        raise tries_left(self._memory.pin_tries) if self._memory.pin_tries else Refused(SW.BLOCKED)

    def _change_pin(self, command: Command, _: bytes) -> bytes:
        _require_p1_p2(command, 0x0100)
        self._require_application()
        if len(command.data) not in range(3, 0x12):
            raise Refused(SW.WRONG_LENGTH)
        # BCD with an odd end has nibble F, never a byte FF: the first FF is the separator.
        old, separator, new = command.data.partition(b"\xff")
        if not separator or len(new) not in PIN_LENGTHS or not _is_bcd(new):
            raise Refused(SW.WRONG_DATA)
        self._memory.check_pin(old)
        self._memory.set_pin(new)
        return _OK

    def _require_application(self) -> None:
        if self._directory != SSSE_FILE:
            raise Refused(SW.CONDITIONS_NOT_SATISFIED)

    # --- maintenance: needs a key proved, then a fresh challenge, then a right MAC (S7 §13) ----

    def _pin_change_or_unblock(self, command: Command, challenge: bytes) -> bytes:
        block = self._issued.cipher.block_length
        match command.p1, command.p2:
            case 0x00, 0x00:
                self._secured(command, challenge, PUK, data_length=0)
                self._memory.restore_pin_tries()
            case 0x00, 0x01:
                data = self._secured(command, challenge, PUK, data_length=block)
                self._memory.set_pin(self._new_pin(data, challenge))
            case _:
                raise Refused(SW.WRONG_P1_P2)
        return _OK

    def _new_pin(self, data: bytes, challenge: bytes) -> bytes:
        """May be empty: then the card has no PIN (S5)."""
        pin = self._issued.cipher.decrypt_data(self._session(STK, challenge), data)
        if pin is None or (pin and (len(pin) not in PIN_LENGTHS or not _is_bcd(pin))):
            raise Refused(SW.WRONG_DATA)
        return pin

    def _application_block(self, command: Command, challenge: bytes) -> bytes:
        """For ever.  No terminal may send it; it is here to show that none does."""
        _require_p1_p2(command, 0x0001)
        self._secured(command, challenge, BK, data_length=0)
        self._memory.application_blocked = True
        return _OK

    def _card_block(self, command: Command, challenge: bytes) -> bytes:
        """For ever.  No terminal may send it; it is here to show that none does."""
        _require_p1_p2(command, 0x0000)
        self._secured(command, challenge, BK, data_length=0)
        self._memory.card_blocked = True
        return _OK

    def _secured(self, command: Command, challenge: bytes, key_id: int, *, data_length: int) -> bytes:
        """The command's data without its MAC."""
        if key_id not in self._proved:
            raise Refused(SW.SECURITY_NOT_SATISFIED)
        session = self._session(STK, challenge)
        if len(command.data) != data_length + MAC_LENGTH:
            raise Refused(SW.WRONG_LENGTH)
        data, mac = command.data[:data_length], command.data[data_length:]
        if mac != self._issued.cipher.mac(session, command.header + data):
            raise Refused(SW.WRONG_MAC)
        return data


_OK = SW.OK.to_bytes(2, "big")


def _require_p1_p2(command: Command, expected: int) -> None:
    if (command.p1 << 8 | command.p2) != expected:
        raise Refused(SW.WRONG_P1_P2)


def _factor_and_original(command: Command) -> tuple[bytes, bytes]:
    """8 ‖ 8 bytes, and perhaps a key version."""
    if len(command.data) not in (0x10, 0x11):
        raise Refused(SW.WRONG_LENGTH)
    if len(command.data) == 0x11 and command.data[16] != KEY_VERSION:
        raise Refused(SW.KEY_NOT_FOUND)
    return command.data[:8], command.data[8:16]


def _is_bcd(pin: bytes) -> bool:
    digits = pin.hex()
    return digits[:-1].isdecimal() and digits[-1] in "0123456789f"
