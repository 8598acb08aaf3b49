"""Waiting after failures: bounded, jittered, and never shorter than the centre asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.backoff import ITEMS, PROBE, RETRY_AFTER_LIMIT_S, Backoff

policies = st.sampled_from([ITEMS, PROBE])
failures = st.integers(0, 10**6)
chances = st.floats(0, 1, exclude_max=True)


@given(policies, failures, chances)
def test_a_delay_lies_anywhere_below_a_bounded_ceiling(policy: Backoff, count: int, chance: float) -> None:
    assert 0 <= policy.delay_s(count, chance) <= policy.ceiling_s(count) <= policy.limit_s
    assert policy.delay_s(count, 0) == 0


@given(policies, failures)
def test_the_ceiling_doubles_until_the_limit(policy: Backoff, count: int) -> None:
    assert policy.ceiling_s(1) == policy.first_s
    assert policy.ceiling_s(count + 1) in {policy.ceiling_s(count), 2 * policy.ceiling_s(count), policy.limit_s}
    assert policy.ceiling_s(count + 1) >= policy.ceiling_s(count)


@given(policies, failures, chances, st.floats(0, RETRY_AFTER_LIMIT_S))
def test_the_centre_is_never_asked_before_the_time_it_named(
    policy: Backoff, count: int, chance: float, asked_s: float
) -> None:
    assert policy.delay_s(count, chance, asked_s) >= asked_s


def test_the_numbers_of_the_contract() -> None:
    assert (ITEMS.ceiling_s(1), ITEMS.ceiling_s(100)) == (1, 900)
    assert PROBE.ceiling_s(100) == 15


@given(st.floats(0, 1e300))
def test_a_centre_with_a_wrong_clock_does_not_silence_a_terminal_for_ever(asked_s: float) -> None:
    assert ITEMS.delay_s(1, 0.5, asked_s) <= RETRY_AFTER_LIMIT_S + 1
