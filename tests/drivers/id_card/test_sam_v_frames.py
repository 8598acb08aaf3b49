"""SAM_V frames are found in whatever a serial line makes of them (GA/T 467)."""

from hypothesis import assume, example, given
from hypothesis import strategies as st

from drivers.id_card.frames import LONGEST, PREAMBLE, Frames, encode

bodies = st.binary(min_size=1, max_size=40) | st.builds(
    lambda before, after: before + PREAMBLE + after, st.binary(max_size=10), st.binary(max_size=10)
)


@st.composite
def spoilt_frames(draw: st.DrawFn) -> bytes:
    """Half a frame, or one with a flipped bit behind its length."""
    frame = bytearray(encode(draw(bodies)))
    if draw(st.booleans()):
        return bytes(frame[: draw(st.integers(1, len(frame) - 1))])
    frame[draw(st.integers(7, len(frame) - 1))] ^= 1 << draw(st.integers(0, 7))
    return bytes(frame)


noise = st.binary(max_size=30) | spoilt_frames() | st.just(PREAMBLE + b"\xff\xff")


def believable(stream: bytes) -> list[int]:
    """Where in the stream something stands that has preamble, length and checksum of a frame."""
    starts = [start for start in range(len(stream)) if stream.startswith(PREAMBLE, start)]
    return [start for start in starts if _whole(stream[start + len(PREAMBLE) :])]


def _whole(counted: bytes) -> bool:
    length = int.from_bytes(counted[:2], "big")
    if not 2 <= length <= len(counted) - 2:
        return False
    checksum = 0
    for byte in counted[: length + 1]:
        checksum ^= byte
    return checksum == counted[length + 1]


def in_pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    ends = sorted({min(cut, len(stream)) for cut in cuts} | {len(stream)})
    return [stream[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def test_the_commands_of_the_standard() -> None:
    published = {
        "11FF": "AAAAAA9669000311FFED",
        "12FF": "AAAAAA9669000312FFEE",
        "2001": "AAAAAA9669 0003 2001 22",
        "2002": "AAAAAA9669 0003 2002 21",
        "3001": "AAAAAA9669 0003 3001 32",
        "6004": "AAAAAA9669 0003 6004 67",
        "00009F00000000": "AAAAAA9669 0008 00009F 00000000 97",
        "000080": "AAAAAA9669 0004 000080 84",
        "0000900000000000000000": "AAAAAA9669 000C 000090 0000000000000000 9C",
        "000041": "AAAAAA9669 0004 000041 45",
    }
    for body, frame in published.items():
        assert encode(bytes.fromhex(body)) == bytes.fromhex(frame)
        assert Frames().feed(bytes.fromhex(frame)) == [bytes.fromhex(body)]


@given(st.lists(st.tuples(noise, bodies), min_size=1, max_size=4), noise, st.lists(st.integers(0, 300)))
def test_every_frame_is_found_between_noise(
    parts: list[tuple[bytes, bytes]], last_noise: bytes, cuts: list[int]
) -> None:
    stream, starts = b"", []
    for before, body in parts:
        starts.append(len(stream) + len(before))
        stream += before + encode(body)
    stream += last_noise
    inside = {s for start, (_, body) in zip(starts, parts, strict=True) for s in range(start, start + len(body) + 8)}
    assume(all(start in starts or start in inside for start in believable(stream)))

    frames = Frames()
    found = [body for piece in in_pieces(stream, cuts) for body in frames.feed(piece)] + frames.give_up()
    assert found == [body for _, body in parts]


@given(spoilt_frames())
@example(encode(b"\x20\x01")[:-1])
def test_a_spoilt_frame_is_never_taken_for_a_whole_one(spoilt: bytes) -> None:
    assume(not believable(spoilt))
    frames = Frames()
    assert frames.feed(spoilt) + frames.give_up() == []


@given(st.binary(max_size=64))
def test_endless_noise_takes_no_more_room_than_the_longest_frame(unit: bytes) -> None:
    frames = Frames()
    for _ in range(60):
        frames.feed(PREAMBLE + LONGEST.to_bytes(2, "big") + unit)
        assert len(frames) <= len(PREAMBLE) + 2 + LONGEST


def test_a_whole_reading_with_a_photo_full_of_preambles() -> None:
    body = bytes.fromhex("000090 0100 0400") + bytes(256) + (PREAMBLE * 205)[:1024]
    frames = Frames()
    found = [found for byte in encode(body) for found in frames.feed(bytes([byte]))]
    assert found == [body]
