"""The wire of a KMY350: frames as the maker describes them, and a stream that may be cut and garbled anywhere."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.pin_pad.frames import CODES, KEPT_KEYS, Incoming, Reply, command
from drivers.pin_pad.kmy350 import OFF, ON, VERSION
from drivers.virtual.pin_pad import PinPad

OPENED = b"\x02" + b"010405" + b"\x03"
"""Length 01, status 04, check 05."""


@pytest.mark.parametrize(
    ("made", "on_the_wire"),
    [
        (VERSION, b"\x02" + b"013031" + b"\x03"),
        (command(0x45, b"\x02"), b"\x02" + b"02450245" + b"\x03"),
        (ON, b"\x02" + b"02450344" + b"\x03"),
        (OFF, b"\x02" + b"02450146" + b"\x03"),
    ],
)
def test_commands_are_framed_as_described(made: bytes, on_the_wire: bytes) -> None:
    assert made == on_the_wire
    assert len(made) - 1 == 5 + 2 * int(made[1:3], 16), "characters before ETX"


def test_the_virtual_pad_answers_in_such_frames() -> None:
    pad = PinPad()
    assert pad.feed(ON) == OPENED
    assert Incoming().feed(pad.feed(VERSION)) == [Reply(4, b"KMY3501 V2.0")]
    assert Incoming().feed(pad.feed(command(0x99))) == [Reply(0xE0, b"")]


def test_a_frame_that_is_all_figures_types_nothing() -> None:
    incoming = Incoming()
    assert incoming.feed(OPENED + b"7") == [Reply(4, b"")]
    assert taken(incoming) == b"7"


def taken(incoming: Incoming) -> bytes:
    return bytes(incoming.next_key() for _ in range(incoming.keys))


def memory_of(incoming: Incoming) -> bytearray:
    return incoming._keys


keys = st.lists(st.sampled_from(sorted(CODES)), max_size=KEPT_KEYS).map(bytes)
replies = st.builds(command, st.integers(0, 255), st.binary(max_size=16))
streams = st.lists(st.tuples(keys.filter(lambda pressed: len(pressed) < 4), replies), max_size=3)


def pieces(data: bytes, places: list[int]) -> list[bytes]:
    marks = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[a:b] for a, b in itertools.pairwise(marks)]


@given(streams, st.lists(st.integers(0, 500), max_size=12))
def test_keys_and_replies_are_told_apart_however_the_stream_is_cut(
    sent: list[tuple[bytes, bytes]], places: list[int]
) -> None:
    incoming = Incoming()
    stream = b"".join(pressed + framed for pressed, framed in sent)
    found = [reply for piece in pieces(stream, places) for reply in incoming.feed(piece)]
    assert len(found) == len(sent)
    assert taken(incoming) == b"".join(pressed for pressed, _ in sent)
    assert not any(memory_of(incoming))


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A reply whose beginning arrived, and which then lost, got or changed bytes."""
    framed = draw(replies)
    place = draw(st.integers(1, len(framed) - 1))
    match draw(st.sampled_from(["cut", "lost", "added", "changed"])):
        case "cut":
            return framed[:place]
        case "lost":
            return framed[:place] + framed[place + draw(st.integers(1, 4)) :]
        case "added":
            return framed[:place] + draw(st.binary(min_size=1, max_size=4)) + framed[place:]
    return framed[:place] + bytes([framed[place] ^ draw(st.integers(1, 255))]) + framed[place + 1 :]


@given(spoilt().filter(lambda framed: 3 not in framed[:-1]), keys)
def test_a_broken_reply_types_nothing_and_the_next_key_counts_once(framed: bytes, pressed: bytes) -> None:
    incoming = Incoming()
    incoming.feed(framed)
    incoming.quiet()
    incoming.feed(pressed)
    assert taken(incoming) == pressed


@given(st.binary(max_size=60), replies)
def test_behind_any_noise_a_whole_reply_is_found(noise: bytes, framed: bytes) -> None:
    incoming = Incoming()
    incoming.feed(noise)
    assert len(incoming.feed(framed)) == 1


@given(st.binary(max_size=300))
def test_no_noise_fills_the_memory(noise: bytes) -> None:
    incoming = Incoming()
    incoming.feed(noise)
    assert incoming.keys <= KEPT_KEYS
    incoming.forget_keys()
    assert not any(memory_of(incoming))
    with pytest.raises(IndexError):
        incoming.next_key()


def test_only_keys_behind_the_first_ones_are_forgotten() -> None:
    incoming = Incoming()
    incoming.feed(b"12345")
    incoming.forget_keys(behind=3)
    assert taken(incoming) == b"123"
    assert not any(memory_of(incoming))
