"""The floor of evidence: nothing is put on record on less, whatever a service forgot."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract import (
    Evidence,
    IdCardEvidence,
    Kind,
    PaperSeen,
    Proof,
    ProofKind,
    SscEvidence,
    Vouching,
    Whom,
)
from kiosk.policy.evidence import NEEDED, Need, require

ID_CARD = IdCardEvidence(sam_id=None, read_at=dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC))


def shown(*seen: Need) -> Evidence:
    return Evidence(
        ssc=SscEvidence(authenticated=True) if Need.SSC in seen else None,
        id_card=ID_CARD if Need.ID_CARD in seen else None,
        chip_pin_verified=Need.CHIP_PIN in seen,
        proof=Proof(ProofKind.PHONE_CODE if Need.FURTHER_PROOF in seen else ProofKind.NONE),
    )


def test_every_kind_has_its_floor() -> None:
    assert NEEDED.keys() == set(Kind)


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.AUDIT])
def test_nothing_is_done_for_nobody(kind: Kind) -> None:
    with pytest.raises(AssertionError, match=f"{kind} without .*id_card"):
        require(kind, shown())


@given(
    kind=st.sampled_from([kind for kind in Kind if kind is not Kind.AUDIT]),
    whom=st.sampled_from(Whom),
    papers=st.lists(st.sampled_from(PaperSeen), unique=True),
    clerk=st.sampled_from([None, "窗口3号"]),
)
def test_a_clerk_opens_what_the_contract_lets_a_clerk_open(
    kind: Kind, whom: Whom, papers: list[PaperSeen], clerk: str | None
) -> None:
    vouching = Vouching(whom, tuple(papers))
    everything = msgspec.structs.replace(shown(*Need), id_card=None, clerk=clerk, vouching=vouching)
    if clerk and vouching.opens(kind):
        require(kind, everything)
        return
    with pytest.raises(AssertionError, match="not opened by what a clerk saw"):
        require(kind, everything)


@given(kind=st.sampled_from(Kind), seen=st.sets(st.sampled_from(Need)))
def test_what_is_lacking_is_named_and_more_is_never_wrong(kind: Kind, seen: set[Need]) -> None:
    lacking = NEEDED[kind] - seen
    if not lacking:
        require(kind, shown(*seen))
        return
    with pytest.raises(AssertionError) as caught:
        require(kind, shown(*seen))
    assert str(caught.value) == f"{kind} without {', '.join(sorted(lacking))}"
