"""A PIN in memory: it comes and goes digit by digit, and nothing shows it."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kiosk.pin import MAX_BYTES, MAX_DIGITS, Pin

digits = st.lists(st.integers(0, 9), max_size=MAX_DIGITS)


class Typing(RuleBasedStateMachine):
    """Somebody types, corrects and gives up; the digits, and every buffer they ever stood in, are followed."""

    def __init__(self) -> None:
        super().__init__()
        self.pin = Pin()
        self.typed: list[int] = []
        self.buffers: list[bytearray] = []

    @rule(digit=st.integers(0, 9))
    def type(self, digit: int) -> None:
        self.pin.add(digit)
        self.typed = [*self.typed, digit][:MAX_DIGITS]

    @rule()
    def correct(self) -> None:
        self.pin.take_back()
        self.typed = self.typed[:-1]

    @rule()
    def give_up(self) -> None:
        self.pin.wipe()
        self.typed = []

    @rule(arrived=digits)
    def arrive(self, arrived: list[int]) -> None:
        self.pin.fill(Pin(arrived).bcd)
        self.typed = arrived

    @invariant()
    def holds_what_was_typed(self) -> None:
        assert list(self.pin) == self.typed
        assert len(self.pin) == len(self.typed)
        text = "".join(map(str, self.typed))
        assert self.pin.bcd.hex() == text + "f" * (len(text) % 2)

    @invariant()
    def leaves_no_old_buffer_behind(self) -> None:
        if not any(known is self.pin.bcd for known in self.buffers):
            self.buffers.append(self.pin.bcd)
        assert not any(any(buffer) for buffer in self.buffers if buffer is not self.pin.bcd)


TestTyping = Typing.TestCase


@given(digits)
def test_the_end_of_its_block_is_the_end_of_a_pin(typed: list[int]) -> None:
    with Pin(typed) as pin:
        buffer = pin.bcd
    assert not any(buffer)
    assert len(pin) == 0


@given(st.binary(max_size=2 * MAX_BYTES))
def test_only_bcd_is_taken_and_what_is_not_is_not_repeated(came: bytes) -> None:
    pin = Pin([1, 2])
    try:
        pin.fill(came)
        assert pin.bcd == came
        assert list(Pin(list(pin)).bcd) == list(came)
    except ValueError as refusal:
        assert str(refusal) == "not a PIN in BCD"
        assert len(pin) == 0


@pytest.mark.parametrize("came", ["1F2F", "F1", "FF", "12FF", "1A", "00" * 7])
def test_a_fill_anywhere_but_at_the_end_is_no_pin(came: str) -> None:
    with pytest.raises(ValueError, match="not a PIN in BCD"):
        Pin().fill(bytes.fromhex(came))


@pytest.mark.parametrize("digit", [-1, 10, 15, 300])
def test_only_digits_are_typed(digit: int) -> None:
    with pytest.raises(ValueError, match="not a digit"):
        Pin().add(digit)


@given(digits, digits)
def test_two_entries_are_the_same_or_not(first: list[int], second: list[int]) -> None:
    assert Pin(first).same_as(Pin(first))
    assert Pin(first).same_as(Pin(second)) is (first == second)


class Holding(msgspec.Struct):
    pin: Pin


LEAKS: list[Callable[[Pin], object]] = [pickle.dumps, copy.copy, copy.deepcopy, msgspec.json.encode, hash]


@pytest.mark.parametrize("leak", LEAKS)
def test_a_pin_is_not_stored_copied_or_compared(leak: Callable[[Pin], object]) -> None:
    pin = Pin([1, 2, 3, 4])
    with pytest.raises(TypeError):
        leak(pin)
    assert pin != Pin([1, 2, 3, 4])


def test_a_pin_does_not_print() -> None:
    pin = Pin([1, 2, 3, 4])
    assert {str(pin), repr(pin), f"{pin}"} == {"<Pin>"}
    assert repr(Holding(pin)) == "Holding(pin=<Pin>)"
