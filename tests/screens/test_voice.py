"""The voice in earnest: espeak-ng, recordings, and ALSA, whose sound card here is a file."""

from __future__ import annotations

import array
import math
import stat
import struct
import time
import wave
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from kiosk.terms import DeviceFailing, DeviceOk, DeviceState, DeviceUnknown
from kiosk.words import CHINESE, msg
from screens.manner import Speed
from screens.speech.clips import RATE
from screens.speech.utterance import Utterance, utterance
from screens.speech.voice import AGAIN_S, TRIED_S, Sound, Speaker, Voice

CODE = msg("code.body", last2="38")
QUIET = 300
"""Of 32,767: less is silence."""


class Card:
    """A sound card whose loudspeaker is a file."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "heard.wav"
        self._settings = folder / "asoundrc"
        self.push_in()

    def push_in(self) -> None:
        self._settings.write_text(f'pcm.ear {{ type file slave.pcm "null" file "{self._file}" format "wav" }}\n')

    def pull_out(self) -> None:
        self._settings.write_text("")

    def plug_in(self, patch: pytest.MonkeyPatch) -> Sound:
        patch.setenv("ALSA_CONFIG_PATH", f"/usr/share/alsa/alsa.conf:{self._settings}")
        return Sound(device="ear")

    def heard(self) -> array.array[int]:
        """Samples of the newest sentence: ALSA begins the file anew for each."""
        raw = self._file.read_bytes()
        samples = array.array("h", raw[44 : len(raw) - len(raw) % 2])
        while samples and samples[-1] == 0:  # ALSA fills its last period
            samples.pop()
        return samples

    @property
    def silent(self) -> bool:
        return not self._file.exists() or not self.heard()


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return Card(tmp_path)


@pytest.fixture
def sound(card: Card, monkeypatch: pytest.MonkeyPatch) -> Sound:
    return card.plug_in(monkeypatch)


def loudness(samples: array.array[int]) -> float:
    return math.sqrt(sum(sample * sample for sample in samples) / max(len(samples), 1))


def tone(file: Path, seconds: float, *, rate: int = RATE) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(rate)
        recording.writeframes(struct.pack("<h", 10_000) * int(seconds * rate))


async def say(voice: Voice, what: Utterance, volume: int = 5, speed: Speed = Speed.NORMAL) -> None:
    with trio.fail_after(20):
        await voice.say(what, volume, speed)


@pytest.mark.parametrize("code", ["zh_CN", "en"])
async def test_a_sentence_comes_out_of_the_sound_card(card: Card, sound: Sound, code: str) -> None:
    voice = Speaker(sound)
    await say(voice, utterance(CODE, code))
    heard = card.heard()
    assert len(heard) > RATE
    assert loudness(heard) > QUIET
    assert isinstance(voice.state, DeviceOk)


async def test_every_step_of_the_volume_is_louder_and_of_the_speed_shorter(card: Card, sound: Sound) -> None:
    voice, loud, long = Speaker(sound), [], []
    for volume in range(1, 6):
        await say(voice, utterance(CODE, CHINESE), volume)
        loud.append(loudness(card.heard()))
    for speed in Speed:
        await say(voice, utterance(CODE, CHINESE), 5, speed)
        long.append(len(card.heard()))
    assert loud == sorted(set(loud))
    assert long == sorted(set(long), reverse=True)


async def test_a_recording_wins_over_the_synthetic_voice(card: Card, sound: Sound, tmp_path: Path) -> None:
    tone(tmp_path / "clips" / CHINESE / "code.title.wav", 0.5)
    voice = Speaker(Sound(device=sound.device, clips=tmp_path / "clips"))
    await say(voice, utterance(msg("code.title"), CHINESE))
    assert list(card.heard()) == [10_000] * int(RATE * 0.5)


async def test_recordings_of_pieces_replace_a_sentence_with_values(card: Card, tmp_path: Path, sound: Sound) -> None:
    for name in ("code.body.1", "digit.3", "digit.8", "code.body.2"):
        tone(tmp_path / "clips" / CHINESE / f"{name}.wav", 0.1)
    nobody = tmp_path / "no-synthesiser"
    voice = Speaker(Sound(device=sound.device, clips=tmp_path / "clips", synthesiser=str(nobody)))
    await say(voice, utterance(CODE, CHINESE))
    assert len(card.heard()) == 4 * int(RATE * 0.1)
    assert isinstance(voice.state, DeviceOk)


async def test_a_recording_that_cannot_be_played_is_spoken_instead(card: Card, sound: Sound, tmp_path: Path) -> None:
    tone(tmp_path / "clips" / CHINESE / "code.title.wav", 0.5, rate=8_000)
    voice = Speaker(Sound(device=sound.device, clips=tmp_path / "clips"))
    await say(voice, utterance(msg("code.title"), CHINESE))
    assert loudness(card.heard()) > QUIET
    assert set(card.heard()) != {10_000}


async def test_broken_off_it_is_silent_at_once_and_leaves_no_process(card: Card, sound: Sound, tmp_path: Path) -> None:
    slow = program(tmp_path / "slow", 'echo $$ > "$0.pid"; exec sleep 60')
    voice = Speaker(Sound(device=sound.device, synthesiser=str(slow)))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(voice.say, utterance(CODE, CHINESE), 5, Speed.NORMAL)
        with trio.fail_after(10):
            while not (pid := written(slow, "pid")):
                await trio.sleep(0.01)
        nursery.cancel_scope.cancel()
    assert not process_lives(pid)
    assert card.silent


async def test_words_are_on_no_command_line(sound: Sound, tmp_path: Path) -> None:
    spy = program(tmp_path / "spy", 'printf "%s" "$*" > "$0.words"; cat > "$0.heard"; exit 1')
    await say(Speaker(Sound(device=sound.device, synthesiser=str(spy))), utterance(CODE, CHINESE))
    assert "3 8" in written(spy, "heard")
    assert "3 8" not in written(spy, "words")


def written(by: Path, what: str) -> str:
    file = by.with_name(f"{by.name}.{what}")
    return file.read_text().strip() if file.exists() else ""


def process_lives(pid: str) -> bool:
    return Path(f"/proc/{pid}").exists()


def program(file: Path, script: str) -> Path:
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


# --- what fails ------------------------------------------------------------------------------------


async def test_without_a_sound_card_it_is_silent_and_the_technician_knows(
    sound: Sound, capsys: pytest.CaptureFixture[str]
) -> None:
    voice = Speaker(Sound(device="nowhere"))
    for _ in range(3):
        await say(voice, utterance(CODE, CHINESE))
        await voice.beep(3)
    assert isinstance(voice.state, DeviceFailing)
    assert "aplay" in voice.state.advice
    assert capsys.readouterr().out.count("sound_failing") == 1


async def test_without_espeak_it_is_silent_and_the_technician_knows(sound: Sound, tmp_path: Path) -> None:
    voice = Speaker(Sound(device=sound.device, synthesiser=str(tmp_path / "espeak-ng")))
    await say(voice, utterance(CODE, CHINESE))
    assert isinstance(voice.state, DeviceFailing)
    assert "espeak-ng: No such file" in voice.state.advice


async def test_a_terminal_without_a_sound_card_knows_before_anybody_listens_and_when_it_is_there(
    card: Card, sound: Sound, mock_clock: MockClock, nursery: trio.Nursery, capsys: pytest.CaptureFixture[str]
) -> None:
    card.pull_out()
    voice = Speaker(sound)
    assert isinstance(voice.state, DeviceUnknown)
    nursery.start_soon(voice.look_after)
    await becomes(voice, DeviceFailing)
    assert isinstance(voice.state, DeviceFailing)
    assert "检查声卡" in voice.state.advice
    assert "espeak-ng" not in voice.state.advice
    card.push_in()
    mock_clock.jump(AGAIN_S)
    await becomes(voice, DeviceOk)
    card.pull_out()
    mock_clock.jump(TRIED_S)
    await becomes(voice, DeviceFailing)
    told = capsys.readouterr().out
    assert (told.count("sound_failing"), told.count("sound_works")) == (2, 1)


async def test_a_terminal_without_espeak_knows_at_the_start_and_still_beeps(
    card: Card, sound: Sound, tmp_path: Path, mock_clock: MockClock, nursery: trio.Nursery
) -> None:
    espeak = tmp_path / "espeak-ng"
    voice = Speaker(Sound(device=sound.device, synthesiser=str(espeak)))
    nursery.start_soon(voice.look_after)
    await becomes(voice, DeviceFailing)
    assert isinstance(voice.state, DeviceFailing)
    assert "检查 espeak-ng" in voice.state.advice
    assert "检查声卡" not in voice.state.advice
    await voice.beep(5)
    assert loudness(card.heard()) > QUIET
    program(espeak, 'exec espeak-ng "$@"')
    mock_clock.jump(AGAIN_S)
    await becomes(voice, DeviceOk)


async def test_nobody_hears_that_the_voice_is_tried(card: Card, sound: Sound, nursery: trio.Nursery) -> None:
    voice = Speaker(sound)
    nursery.start_soon(voice.look_after)
    await becomes(voice, DeviceOk)
    assert set(card.heard()) <= {0}


async def becomes(voice: Speaker, state: type[DeviceState]) -> None:
    """In real time, whatever the clock says: the children are real."""
    until = time.monotonic() + 20
    while not isinstance(voice.state, state):
        assert time.monotonic() < until
        await trio.lowlevel.checkpoint()


async def test_a_synthesiser_that_gives_nothing_is_a_failure_too(sound: Sound, tmp_path: Path) -> None:
    voice = Speaker(Sound(device=sound.device, synthesiser=str(program(tmp_path / "mute", "exit 0"))))
    await say(voice, utterance(CODE, CHINESE))
    assert isinstance(voice.state, DeviceFailing)


async def test_a_key_beeps(card: Card, sound: Sound) -> None:
    with trio.fail_after(20):
        await Speaker(sound).beep(5)
    assert loudness(card.heard()) > QUIET
