"""Things people put into the slot that are no social security card."""

from __future__ import annotations

from drivers.virtual.card.apdu import SW, Refused, parse


class ForeignChip:
    """A chip without the 社会保障 application, such as a bank card: every SELECT answers 6A82."""

    atr = bytes.fromhex("3B6800000073C84012009000")

    def power_on(self) -> None:
        """Nothing volatile."""

    def power_off(self) -> None:
        """Nothing volatile."""

    def transmit(self, apdu: bytes) -> bytes:
        try:
            sw = SW.FILE_NOT_FOUND if parse(apdu).ins == 0xA4 else SW.CONDITIONS_NOT_SATISFIED
        except Refused as refusal:
            return refusal.sw.to_bytes(2, "big")
        return sw.to_bytes(2, "big")


class MuteCard:
    """Gives no answer to reset: a card put in the wrong way round, or a broken one."""

    atr = b""

    def power_on(self) -> None:
        """Its contacts touch nothing."""

    def power_off(self) -> None:
        """Its contacts touch nothing."""

    def transmit(self, _apdu: bytes) -> bytes:
        return b""
