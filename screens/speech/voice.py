"""The voice: recordings first, espeak-ng for the rest, one stream of samples to the sound card through `aplay`.

Every sentence has child processes of its own, killed when it is interrupted.  Its words go through a pipe: command
lines can be read by anybody on the machine.
"""

from __future__ import annotations

import array
import contextlib
import enum
import math
import re
import subprocess
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn, Protocol

import msgspec
import structlog
import trio

from kiosk.terms import DeviceFailing, DeviceOk, DeviceState, DeviceUnknown
from kiosk.words import CHINESE
from screens.manner import LOUDEST, Speed
from screens.speech.clips import RATE, SAMPLE_BYTES, Clips
from screens.speech.utterance import Piece, Utterance

VOICES = {CHINESE: "cmn", "en": "en"}
"""Of espeak-ng.  A language without one is heard from recordings only."""
WORDS_A_MINUTE = {Speed.SLOW: 120, Speed.NORMAL: 165, Speed.FAST: 230}
FIGURES = re.compile(r"\d{4,}")
"""Inside a sentence: 12333 is five figures and not twelve thousand."""

BEEP_HZ, BEEP_S = 880, 0.06
STUCK_S = 10
"""A sound card that takes nothing for so long does not work."""
AGAIN_S = 30
"""After a failure the sound card is left alone for so long."""
TRIED_S = 600
"""What works is tried again after so long: it costs little, and a card that was pulled is known the same day."""
PAUSE, PAUSE_S = ".", 0.05
"""What is said and played to nobody's ears when it is tried."""
CHUNK = 4096
NOWHERE = subprocess.DEVNULL

log = structlog.get_logger()


class Sound(msgspec.Struct, frozen=True, kw_only=True):
    """Where the voice goes, and what it is made of."""

    spoken: bool = False
    """Pages are read out to whoever comes; else a person, a keypad or a headphone asks for it."""
    device: str = "default"
    """ALSA's name."""
    synthesiser: str = "espeak-ng"
    """It, or a program with the same command line."""
    clips: Path | None = None
    jack: Path | None = None
    """Input device that reports the headphone's plug."""


class Voice(Protocol):
    """Cancelled, it is silent at once.  What fails is a state for the technician, never an error."""

    @property
    def state(self) -> DeviceState: ...

    async def say(self, utterance: Utterance, volume: int, speed: Speed) -> None:
        """Return when it has been heard."""

    async def beep(self, volume: int) -> None: ...


class Part(enum.Enum):
    """What a voice is made of; each may fail alone."""

    CARD = "声卡没有声音：检查声卡、音频线和 kiosk.toml 里 [sound] 的 device"
    SYNTHESISER = "语音合成没有声音：检查 espeak-ng 和它的语音数据装好没有"


class Failed(Exception):
    """No sound; the text is what the part itself says."""

    def __init__(self, part: Part, said: str) -> None:
        super().__init__(said)
        self.part = part


class Speaker:
    """`Voice` on an ALSA device.  One thing at a time: many sound cards can be opened only once."""

    def __init__(self, sound: Sound) -> None:
        self._sound = sound
        self._clips = Clips(sound.clips)
        self._quiet_until = -math.inf
        self._one = trio.Lock()
        self._parts: dict[Part, DeviceState] = {}
        """Of those that were tried."""

    @property
    def state(self) -> DeviceState:
        """What fails, with its advice; unknown before the card was tried."""
        failing = [state.advice for state in self._parts.values() if isinstance(state, DeviceFailing)]
        if failing:
            return DeviceFailing("；".join(failing))
        return DeviceOk() if Part.CARD in self._parts else DeviceUnknown()

    async def look_after(self) -> NoReturn:
        """Try it before anybody listens, and again and again, so that what fails and what comes back is known."""
        while True:
            await self._try()
            await trio.sleep(AGAIN_S if isinstance(self.state, DeviceFailing) else TRIED_S)

    async def _try(self) -> None:
        """Nobody hears it."""
        try:
            for language in VOICES:
                await self._synthesise(PAUSE, language, Speed.NORMAL, Stream(None, LOUDEST))
        except Failed as failed:
            self._fails(failed)
        async with self._stream(LOUDEST) as stream:
            await stream.play(bytes(SAMPLE_BYTES * int(RATE * PAUSE_S)))

    async def say(self, utterance: Utterance, volume: int, speed: Speed) -> None:
        async with self._stream(volume) as stream:
            for recorded, text, language in _runs(utterance.pieces, self._clips):
                if recorded is not None:
                    await stream.play(recorded)
                elif language in VOICES:
                    await self._synthesise(text, language, speed, stream)

    async def beep(self, volume: int) -> None:
        async with self._stream(volume) as stream:
            await stream.play(BEEP)

    @contextlib.asynccontextmanager
    async def _stream(self, volume: int) -> AsyncIterator[Stream]:
        """After a failure of the card, for a while, one that swallows everything."""
        if trio.current_time() < self._quiet_until:
            yield Stream(None, volume)
            return
        play = ("aplay", "-q", "-D", self._sound.device, "-t", "raw", "-f", "S16_LE", "-r", str(RATE), "-c", "1", "-")
        try:
            async with self._one, _child(Part.CARD, play, stdout=NOWHERE, stderr=subprocess.PIPE) as player:
                stream = Stream(player, volume)
                yield stream
                await stream.end()
        except Failed as failed:
            self._fails(failed)
        else:
            self._tell(Part.CARD, DeviceOk())

    async def _synthesise(self, text: str, language: str, speed: Speed, stream: Stream) -> None:
        manner = ("-v", VOICES[language], "-s", str(WORDS_A_MINUTE[speed]), "-b", "1", "-z")
        command = (self._sound.synthesiser, *manner, "--stdin", "--stdout")
        async with _child(Part.SYNTHESISER, command, stdout=subprocess.PIPE, stderr=NOWHERE) as process:
            assert process.stdin and process.stdout  # noqa: S101 - asked for
            words = FIGURES.sub(lambda figures: " ".join(figures[0]), text)
            with contextlib.suppress(trio.BrokenResourceError):
                await process.stdin.send_all(words.encode())
            await process.stdin.aclose()
            header = await self._header(process.stdout)
            self._tell(Part.SYNTHESISER, DeviceOk())
            await stream.play(header[header.index(b"data") + len(b"data") + SAMPLES_FOLLOW :])
            while samples := await process.stdout.receive_some(CHUNK):
                await stream.play(samples)

    async def _header(self, sound: trio.abc.ReceiveStream) -> bytes:
        """A WAV's head, and what came with it."""
        header = b""
        with trio.move_on_after(STUCK_S):
            while b"data" not in header[:-SAMPLES_FOLLOW]:
                more = await sound.receive_some(CHUNK)
                if not more:
                    raise Failed(Part.SYNTHESISER, f"{self._sound.synthesiser} gave no sound")
                header += more
            return header
        raise Failed(Part.SYNTHESISER, f"{self._sound.synthesiser} does not answer")

    def _fails(self, failed: Failed) -> None:
        if failed.part is Part.CARD:
            self._quiet_until = trio.current_time() + AGAIN_S
        self._tell(failed.part, DeviceFailing(f"{failed.part.value}（{failed}）"))

    def _tell(self, part: Part, state: DeviceState) -> None:
        was, self._parts[part] = self.state, state
        match self.state:
            case now if now == was:
                pass
            case DeviceFailing(advice=advice):
                log.error("sound_failing", advice=advice)
            case _:
                log.info("sound_works")


SAMPLES_FOLLOW = 4
"""Bytes of a WAV's length, between its word "data" and the samples."""


class Stream:
    """Samples on their way to one player, as loud as the person wants them; without a player they go nowhere."""

    def __init__(self, player: trio.Process | None, volume: int) -> None:
        self._player = player
        self._gain = GAINS[min(max(volume, 1), LOUDEST) - 1]
        self._odd = b""

    async def play(self, samples: bytes | bytearray) -> None:
        if self._player is None:
            return
        samples = self._odd + bytes(samples)
        whole = len(samples) - len(samples) % SAMPLE_BYTES
        self._odd = samples[whole:]
        assert self._player.stdin  # noqa: S101 - asked for
        for start in range(0, whole, CHUNK):
            try:
                with trio.fail_after(STUCK_S):
                    await self._player.stdin.send_all(louder(samples[start : min(start + CHUNK, whole)], self._gain))
            except trio.BrokenResourceError:
                raise Failed(Part.CARD, await _last_words(self._player)) from None
            except trio.TooSlowError:
                raise Failed(Part.CARD, "the sound card takes no samples") from None

    async def end(self) -> None:
        """Until the last sample was heard."""
        if self._player is None:
            return
        assert self._player.stdin  # noqa: S101 - asked for
        await self._player.stdin.aclose()
        with trio.move_on_after(STUCK_S):
            if await self._player.wait():
                raise Failed(Part.CARD, await _last_words(self._player))
            return
        raise Failed(Part.CARD, "the sound card does not come to an end")


GAINS = (0.1, 0.2, 0.4, 0.7, 1.0)


def louder(samples: bytes, gain: float) -> bytes:
    """16-bit samples, at most as loud as they were."""
    return array.array("h", (int(sample * gain) for sample in array.array("h", samples))).tobytes()


def _beep() -> bytes:
    count = int(RATE * BEEP_S)
    swell = (math.sin(math.pi * number / count) for number in range(count))
    tone = (math.sin(2 * math.pi * BEEP_HZ * number / RATE) for number in range(count))
    return array.array("h", (int(20_000 * one * other) for one, other in zip(swell, tone, strict=True))).tobytes()


BEEP = _beep()


def _runs(pieces: Sequence[Piece], clips: Clips) -> Iterator[tuple[bytes | None, str, str]]:
    """Recordings one by one; what stands between them is spoken in one breath.  Samples or words, and the language."""
    text, language = "", ""
    for piece in pieces:
        recorded = clips.of(piece) if piece.clip else None
        if recorded is not None or (piece.clip and piece.language != language):
            yield from _said(text, language)
            text = ""
        if recorded is not None:
            yield recorded, "", piece.language
        else:
            text, language = text + piece.text, piece.language if piece.clip else language or piece.language
    yield from _said(text, language)


def _said(text: str, language: str) -> Iterator[tuple[None, str, str]]:
    if any(sign.isalnum() for sign in text):
        yield None, text, language


@contextlib.asynccontextmanager
async def _child(part: Part, command: Iterable[str], *, stdout: int, stderr: int) -> AsyncIterator[trio.Process]:
    """Killed at the end, if it still runs.  Raises Failed when there is no such program."""
    words = list(command)
    try:
        process = await trio.lowlevel.open_process(words, stdin=subprocess.PIPE, stdout=stdout, stderr=stderr)
    except OSError as error:
        raise Failed(part, f"{words[0]}: {error.strerror}") from None
    try:
        yield process
    finally:
        with trio.CancelScope(shield=True):
            if process.poll() is None:
                process.kill()
            await process.wait()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    await pipe.aclose()


async def _last_words(process: trio.Process) -> str:
    said = await process.stderr.receive_some(CHUNK) if process.stderr else b""
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "aplay ended without a word"
