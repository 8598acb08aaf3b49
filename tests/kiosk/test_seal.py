"""What is sealed can be opened by one key for one purpose only; what is signed cannot be changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.contract import CentreTime, Domain, Personal, Sealed, SecureFunction, Signed
from kiosk.seal import (
    OpenKey,
    Rejected,
    SealKey,
    SigningKey,
    VerifyKey,
    canonical,
    from_text,
    info,
    open_personal,
    open_pin,
    pin_info,
    seal_personal,
    seal_pin,
    to_text,
)

CENTRE, OTHER = OpenKey.generate(), OpenKey.generate()
SIGNER = SigningKey.generate()
VERIFIER = VerifyKey(SIGNER.public)
PERSON = Personal(holder_number="45990019000101001X", name="测试甲")
ROUNDS = settings(max_examples=50)


def flipped(text: str, at: int) -> str:
    data = bytearray(from_text(text))
    data[at % len(data)] ^= 1
    return to_text(bytes(data))


# --- text and bytes -------------------------------------------------------------------------


@given(data=st.binary(max_size=100))
def test_base64url_comes_back_and_needs_no_padding(data: bytes) -> None:
    assert "=" not in to_text(data)
    assert from_text(to_text(data)) == data


@given(text=st.text(max_size=30))
def test_what_is_not_base64url_is_a_value_error_and_nothing_else(text: str) -> None:
    try:
        assert isinstance(from_text(text), bytes)
    except ValueError as error:
        assert str(error) == "not base64url", "the text names no content"


PARTS = st.lists(st.text(max_size=5), max_size=4)


@given(one=PARTS, other=PARTS)
def test_two_lists_of_parts_never_read_the_same(one: list[str], other: list[str]) -> None:
    assert (info(*one) == info(*other)) == (one == other)


# --- sealing ----------------------------------------------------------------------------------


def test_personal_data_open_for_the_same_terminal_and_transaction_only() -> None:
    sealed = seal_personal(SealKey(CENTRE.public), PERSON, "T-1", "a")
    assert open_personal(CENTRE, sealed, "T-1", "a") == PERSON
    for key, terminal, bound_to in ((OTHER, "T-1", "a"), (CENTRE, "T-2", "a"), (CENTRE, "T-1", "b")):
        assert isinstance(open_personal(key, sealed, terminal, bound_to), Rejected)


@ROUNDS
@given(at=st.integers(0, 1000), part=st.sampled_from(["enc", "ct"]))
def test_one_changed_bit_of_what_is_sealed_is_rejected_without_naming_content(at: int, part: str) -> None:
    sealed = seal_personal(SealKey(CENTRE.public), PERSON, "T-1", "a")
    changed = Sealed(
        sealed.key_id,
        flipped(sealed.enc, at) if part == "enc" else sealed.enc,
        flipped(sealed.ct, at) if part == "ct" else sealed.ct,
    )
    opened = open_personal(CENTRE, changed, "T-1", "a")
    assert isinstance(opened, Rejected)
    assert PERSON.name is not None
    assert PERSON.name not in opened.why


@ROUNDS
@given(enc=st.text(max_size=100), ct=st.text(max_size=100))
def test_whatever_claims_to_be_sealed_is_rejected_not_an_exception(enc: str, ct: str) -> None:
    assert isinstance(CENTRE.open(Sealed("0" * 16, enc, ct), b""), Rejected)


BOUND = {
    "terminal": "T-1",
    "transaction": "t",
    "card_identifier": "459900D1",
    "factor": "00ff",
    "function": SecureFunction.RELOAD,
}
OTHERWISE = [
    {"terminal": "T-2"},
    {"transaction": "u"},
    {"card_identifier": "459900D2"},
    {"factor": "00fe"},
    {"function": SecureFunction.UNBLOCK},
]


@pytest.mark.parametrize("difference", OTHERWISE, ids=lambda change: next(iter(change)))
def test_a_pin_opens_for_one_command_on_one_card_only(difference: dict[str, str]) -> None:
    sealed = seal_pin(SealKey(CENTRE.public), bytearray(b"\x24\x68\x13"), pin_info(**BOUND))  # type: ignore[arg-type]
    assert open_pin(CENTRE, sealed, pin_info(**BOUND)) == bytearray(b"\x24\x68\x13")  # type: ignore[arg-type]
    assert isinstance(open_pin(CENTRE, sealed, pin_info(**(BOUND | difference))), Rejected)  # type: ignore[arg-type]


def test_two_seals_of_the_same_pin_have_nothing_in_common() -> None:
    one, other = (seal_pin(SealKey(CENTRE.public), bytearray(b"\x24\x68\x13"), b"") for _ in range(2))
    assert (one.enc, one.ct) != (other.enc, other.ct)
    assert one.ct != other.ct


# --- signing ------------------------------------------------------------------------------------


@given(item=st.binary(max_size=50), domain=st.sampled_from(list(Domain)), other=st.sampled_from(list(Domain)))
def test_a_signature_counts_in_its_domain_only(item: bytes, domain: Domain, other: Domain) -> None:
    signed = SIGNER.sign(domain, item)
    assert VERIFIER.verify(domain, signed) == item
    assert (VERIFIER.verify(other, signed) == item) == (domain is other)


@given(item=st.binary(min_size=1, max_size=50), at=st.integers(0, 1000), part=st.sampled_from(["item", "signature"]))
def test_one_changed_bit_is_rejected(item: bytes, at: int, part: str) -> None:
    signed = SIGNER.sign(Domain.TIME, item)
    changed = Signed(
        flipped(signed.item, at) if part == "item" else signed.item,
        signed.key_id,
        flipped(signed.signature, at) if part == "signature" else signed.signature,
    )
    assert VERIFIER.verify(Domain.TIME, changed) == Rejected("wrong signature")


def test_another_key_is_called_another_key() -> None:
    signed = SigningKey.generate().sign(Domain.TIME, b"{}")
    assert VERIFIER.verify(Domain.TIME, signed) == Rejected("signed with another key")


@given(item=st.binary(max_size=60), signature=st.text(max_size=90))
def test_whatever_claims_to_be_signed_is_rejected_not_an_exception(item: bytes, signature: str) -> None:
    claimed = Signed(to_text(item), VERIFIER.id, signature)
    assert isinstance(VERIFIER.verify(Domain.TIME, claimed), Rejected)


@given(item=st.binary(max_size=60))
def test_what_is_signed_but_no_such_thing_is_rejected(item: bytes) -> None:
    read = VERIFIER.read(Domain.TIME, SIGNER.sign(Domain.TIME, item), CentreTime)
    assert read == Rejected("not a CentreTime")


@given(values=st.dictionaries(st.text(max_size=5), st.integers(0, 9), max_size=6))
def test_there_is_one_json_form_whatever_the_order(values: dict[str, int]) -> None:
    assert canonical(values) == canonical(dict(reversed(values.items())))
