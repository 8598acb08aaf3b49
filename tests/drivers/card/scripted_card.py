"""A card that follows a recorded exchange and refuses everything else."""

from __future__ import annotations

from collections.abc import Iterable

from drivers.card.transport import Exchange, Gone, Response

ATR_V1 = bytes.fromhex("3B6D0000" + "00814E43238697159900BF7C7A")
ATR_V3 = bytes.fromhex("3B6D0000" + "00814A444686605199000001AC")

Line = tuple[str, str | Exchange]
"""Command and answer (data and status word), both hex; or a value such as Gone() for the answer."""


class ScriptedCard:
    """Plays its lines in order.  An APDU that is not the next one fails the test."""

    def __init__(self, *lines: Line, atr: bytes = ATR_V3) -> None:
        self.atr = atr
        self.lines = list(lines)
        self.powered = True

    def transmit(self, apdu: bytes) -> Exchange:
        assert self.powered, "a command after power off"
        assert self.lines, f"nothing more expected, got {apdu.hex().upper()}"
        expected, answer = self.lines.pop(0)
        assert apdu.hex().upper() == "".join(expected.split())
        return _response(answer) if isinstance(answer, str) else answer

    def power_off(self) -> None:
        self.powered = False


class CardThatAnswers:
    """Answers whatever it is asked with the next of `answers`; gone when they end."""

    def __init__(self, atr: bytes, answers: Iterable[bytes]) -> None:
        self.atr = atr
        self._answers = iter(answers)

    def transmit(self, apdu: bytes) -> Exchange:
        answer = next(self._answers, None)
        if answer is None:
            return Gone()
        return Response(answer[:-2], int.from_bytes(answer[-2:], "big"))

    def power_off(self) -> None:
        pass


def _response(text: str) -> Response:
    answer = bytes.fromhex(text)
    return Response(answer[:-2], int.from_bytes(answer[-2:], "big"))
