"""Ears at the far end of the wire: what the terminal's voice is given to say, and the plug of a headphone.

The terminal runs its own voice; in the place of espeak-ng stands a program with the same command line, which writes the
words down and answers with a moment of silence; in the place of the jack's input device stands a pipe.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import wave
from pathlib import Path
from types import TracebackType

SWITCH = struct.Struct("@llHHi")
EV_SW, SW_HEADPHONE_INSERT = 0x05, 0x02
"""linux/input-event-codes.h"""
PAUSE = "."
RATE, SILENCE_S = 22_050, 0.01


class Ears:
    """One pair; nobody's until it is plugged in."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._heard = folder / "heard.txt"
        self._heard.touch()
        self._jack = folder / "jack"
        os.mkfifo(self._jack)
        self._plug = os.open(self._jack, os.O_RDWR)
        (folder / "silence.wav").write_bytes(_silence())
        self._synthesiser = folder / "synthesiser"
        # One write a sentence: whoever reads meanwhile finds whole lines.
        self._synthesiser.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$(cat)" >> "{self._heard}"\nexec cat "{folder}/silence.wav"\n'
        )
        self._synthesiser.chmod(self._synthesiser.stat().st_mode | stat.S_IXUSR)
        self._read = 0

    @property
    def settings(self) -> dict[str, str]:
        """Of the section [sound].  ALSA's null device plays to nobody."""
        return {"device": "null", "synthesiser": str(self._synthesiser), "jack": str(self._jack)}

    def plug_in(self) -> None:
        self._switch(1)

    def pull_out(self) -> None:
        self._switch(0)

    def hear(self) -> list[str]:
        """Every sentence since the last time.  The pause by which the terminal tries its voice is none."""
        with self._heard.open(encoding="utf-8") as file:
            file.seek(self._read)
            new = file.read()
            whole = new[: new.rfind("\n") + 1]
            self._read += len(whole.encode())
        return [line for line in whole.splitlines() if line != PAUSE]

    def _switch(self, value: int) -> None:
        os.write(self._plug, SWITCH.pack(0, 0, EV_SW, SW_HEADPHONE_INSERT, value))

    def __enter__(self) -> Ears:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        os.close(self._plug)


def _silence() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(RATE)
        recording.writeframes(bytes(2 * int(RATE * SILENCE_S)))
    return file.getvalue()
