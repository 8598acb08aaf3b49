"""What a chip remembers without power: PIN, try counters, blocks."""

from __future__ import annotations

import copy
from pathlib import Path

import msgspec

from drivers.virtual.card.apdu import SW, Refused, tries_left


class Memory(msgspec.Struct):
    """The chip's EEPROM, as far as commands change it."""

    pin: bytes
    """BCD with nibble F at an odd end; empty: no PIN was ever set."""
    pin_tries: int
    pin_tries_max: int
    key_tries: dict[int, int]
    """By key id; at 0 the key is blocked for ever."""
    key_tries_max: dict[int, int]
    application_blocked: bool = False
    card_blocked: bool = False

    def check_pin(self, given: bytes) -> None:
        """Compare and count.  Raises Refused: 63Cx wrong, 6983 blocked."""
        if self.pin_tries == 0:
            raise Refused(SW.BLOCKED)
        if given != self.pin:
            self.pin_tries -= 1
            raise tries_left(self.pin_tries)
        self.pin_tries = self.pin_tries_max

    def set_pin(self, pin: bytes) -> None:
        self.pin = pin
        self.restore_pin_tries()

    def restore_pin_tries(self) -> None:
        self.pin_tries = self.pin_tries_max

    def count_key(self, key_id: int, *, right: bool) -> None:
        """Count a use of a key in EXTERNAL AUTHENTICATE.  Raises Refused: 63Cx wrong, 6983 blocked."""
        if self.key_tries[key_id] == 0:
            raise Refused(SW.BLOCKED)
        if not right:
            self.key_tries[key_id] -= 1
            raise tries_left(self.key_tries[key_id])
        self.key_tries[key_id] = self.key_tries_max[key_id]


def copy_of(memory: Memory) -> Memory:
    return copy.deepcopy(memory)


def recall(file: Path) -> Memory | None:
    """What was saved, or None if nothing was.  Raises ValueError if the file is no chip's memory."""
    if not file.exists():
        return None
    try:
        return msgspec.json.decode(file.read_bytes(), type=Memory)
    except msgspec.MsgspecError as error:
        raise ValueError(f"{file}: not a chip's memory ({error}); delete it to start from the person's file") from None


def save(file: Path, memory: Memory) -> None:
    """Whole or not at all, as an EEPROM page is written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_bytes(msgspec.json.encode(memory))
    new.replace(file)
