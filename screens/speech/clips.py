"""Recordings that are played instead of the synthetic voice: `<folder>/<language>/<name of the piece>.wav`."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import structlog

from kiosk.words import language
from screens.speech.utterance import Piece, fixed

RATE, CHANNELS, SAMPLE_BYTES = 22_050, 1, 2
"""Of recordings as of the synthetic voice, so that both are one stream to the sound card."""

NUMBERS = range(61)
"""Steps, tries, days, hours, choices, seconds."""

log = structlog.get_logger()


class Clips:
    """What stands in the folder when the terminal starts."""

    def __init__(self, folder: Path | None) -> None:
        found = folder.glob("*/*.wav") if folder else ()
        self._files = {(file.parent.name, file.name.removesuffix(".wav")): file for file in found}

    def of(self, piece: Piece) -> bytes | None:
        """Its samples; None: nobody has recorded it, or not so that it can be played."""
        file = self._files.get((piece.language, piece.clip))
        if file is None:
            return None
        try:
            with wave.open(str(file)) as recording:
                shape = recording.getframerate(), recording.getnchannels(), recording.getsampwidth()
                if shape == (RATE, CHANNELS, SAMPLE_BYTES):
                    samples: bytes = recording.readframes(recording.getnframes())
                    return samples
            why = f"{shape[0]} Hz, {shape[1]} channels, {8 * shape[2]} bits"
        except (OSError, EOFError, wave.Error) as error:
            why = str(error)
        log.error("clip_unplayable", file=str(file), why=why, wanted="22050 Hz, mono, 16 bits")
        del self._files[piece.language, piece.clip]
        return None


def wanted(code: str) -> Iterator[tuple[str, str]]:
    """Everything that can be recorded in a language: a clip's name, and the words."""
    for id in sorted(language(code).ids):
        if id not in {"", "plain", "said", "stated"} and not id.startswith(("slip.", "screens.foot_")):
            yield from ((piece.clip, piece.text.strip()) for piece in fixed(id, code))
    yield from ((f"digit.{sign}", sign) for sign in "0123456789")
    yield from ((f"letter.{sign}", sign) for sign in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    yield from ((f"number.{number}", str(number)) for number in NUMBERS)
