"""Which PINs are refused as too easy, and what the policy of a region switches."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import read
from kiosk.contract import Kind, ProofKind
from kiosk.numbers import citizen_number_check
from kiosk.pin import Pin
from kiosk.policy import HERE, ChipService, Policy
from kiosk.policy.pin import is_weak
from kiosk.terms import Algorithm, CardVersion, Holder, ResidentIdCard, SocialSecurityCard

BODY = "45990019830714008"
PERSON = ResidentIdCard(
    holder=Holder(BODY + citizen_number_check(BODY), "测试甲"),
    birth=dt.date(1983, 7, 14),
    valid_from=dt.date(2020, 1, 1),
    valid_until=None,
)
CARD = SocialSecurityCard(
    identifier="459900D15600000500000042FFFFFFFF",
    number="T9052638X",
    version=CardVersion.V2,
    algorithm=Algorithm.DES,
    region="459900",
    reset_info="0011223344556677889900AABB",
    issued=None,
    expires=None,
)
DIGITS = st.tuples(*[st.integers(0, 9)] * 6)


def weak(digits: str | tuple[int, ...]) -> bool:
    with Pin(tuple(int(digit) for digit in digits)) as pin:
        return is_weak(pin, PERSON, CARD)


# --- PINs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "digits",
    [
        *("000000", "999999"),
        *("123456", "654321", "567890", "098765", "890123"),
        *("830714", "140783", "071483", "198307", "071498", "907140", "119832"),
        *("459900", "900198", "307140"),
        "905263",
    ],
)
def test_what_anybody_would_try_first_is_weak(digits: str) -> None:
    assert weak(digits)


@pytest.mark.parametrize("digits", ["274906", "135790", "112233", "520131"])
def test_what_is_not_on_the_list_is_taken(digits: str) -> None:
    assert not weak(digits)


@given(start=st.integers(0, 9), step=st.sampled_from([0, 1, 9]))
def test_every_row_up_or_down_round_the_nine_is_weak(start: int, step: int) -> None:
    assert weak(tuple((start + step * place) % 10 for place in range(6)))


@given(start=st.integers(0, 12))
def test_every_six_digits_of_the_citizens_number_are_weak(start: int) -> None:
    six = PERSON.holder.number[start : start + 6]
    if six.isdigit():
        assert weak(six)


@given(digits=DIGITS)
def test_a_pin_is_refused_only_for_a_reason_a_person_could_be_told(digits: tuple[int, ...]) -> None:
    text = "".join(map(str, digits))
    steps = {(b - a) % 10 for a, b in itertools.pairwise(digits)}
    reasons = (
        steps in ({0}, {1}, {9}),
        any(form in text for form in ("830714", "140783", "071483", "0714", "1983")),
        text in PERSON.holder.number,
        text in CARD.number,
    )
    assert weak(digits) == any(reasons)


@given(digits=DIGITS)
def test_judging_a_pin_leaves_it_as_it_is(digits: tuple[int, ...]) -> None:
    with Pin(digits) as pin:
        is_weak(pin, PERSON, CARD)
        assert tuple(pin) == digits


# --- switches ---------------------------------------------------------------------------------


def guangxi(**changes: Any) -> Policy:
    return msgspec.convert(read(HERE / "guangxi.toml") | changes, Policy)


def test_chip_services_are_off_until_somebody_switches_them_on() -> None:
    policy = guangxi()
    assert not policy.enabled("reset_pin")
    assert not policy.enabled("unblock_pin")
    assert policy.enabled("report_loss")
    assert policy.enabled("card_status")


@pytest.mark.parametrize("service", ["reset_pin", "unblock_pin"])
def test_each_is_switched_alone(service: str) -> None:
    policy = guangxi(**{service: {"enabled": True}})
    assert [name for name in ("reset_pin", "unblock_pin") if policy.enabled(name)] == [service]
    assert policy.proof_for(Kind.RELOAD_PIN) is policy.proof_for(Kind.UNBLOCK_PIN) is ProofKind.PHONE_CODE


@pytest.mark.parametrize("proof", [proof for proof in ProofKind if proof is not ProofKind.PHONE_CODE])
def test_without_a_further_proof_a_pin_is_never_changed(proof: ProofKind) -> None:
    with pytest.raises(ValueError, match=rf'proof = "{proof}": must be "phone_code"'):
        ChipService(enabled=True, proof=proof)


def test_a_bank_nobody_knows_has_no_hotline() -> None:
    policy = guangxi()
    bank = policy.bank("102")
    assert bank is not None
    assert bank.hotline == "95588"
    assert policy.bank("999") is None
    assert policy.bank(None) is None
