"""What must have been seen of a person before anything is changed for them: the floor that no office can lower."""

from __future__ import annotations

import enum
from collections.abc import Callable

from kiosk.contract import Evidence, Kind, ProofKind


class Need(enum.StrEnum):
    ID_CARD = "id_card"
    """Or the word of a clerk who signed in."""
    SSC = "ssc"
    """The social security card, in the slot."""
    CHIP_PIN = "chip_pin"
    """The chip took the PIN they typed."""
    FURTHER_PROOF = "further_proof"
    """Beyond the cards: the policy says which."""


BOTH_CARDS = frozenset({Need.ID_CARD, Need.SSC})

NEEDED: dict[Kind, frozenset[Need]] = {
    Kind.TEMPORARY_LOSS: frozenset({Need.ID_CARD}),
    Kind.FORMAL_LOSS: frozenset({Need.ID_CARD, Need.FURTHER_PROOF}),
    Kind.REPLACEMENT: frozenset({Need.ID_CARD, Need.FURTHER_PROOF}),
    Kind.RELEASE: BOTH_CARDS | {Need.CHIP_PIN},
    Kind.ACTIVATION: BOTH_CARDS | {Need.FURTHER_PROOF},
    Kind.RELOAD_PIN: BOTH_CARDS | {Need.FURTHER_PROOF},
    Kind.UNBLOCK_PIN: BOTH_CARDS | {Need.FURTHER_PROOF},
    Kind.PIN_CHANGED: BOTH_CARDS,  # the chip itself asks for the old PIN, after this is on record
    Kind.AUDIT: frozenset(),
}

_SEEN: dict[Need, Callable[[Evidence], bool]] = {
    Need.ID_CARD: lambda shown: shown.id_card is not None or shown.vouching is not None,
    Need.SSC: lambda shown: shown.ssc is not None,
    Need.CHIP_PIN: lambda shown: shown.chip_pin_verified,
    Need.FURTHER_PROOF: lambda shown: shown.proof.kind is not ProofKind.NONE,
}


def require(kind: Kind, shown: Evidence) -> None:
    """Raises AssertionError for a service that skipped a step: nothing is put on record then."""
    lacking = sorted(need for need in NEEDED[kind] if not _SEEN[need](shown))
    if lacking:
        raise AssertionError(f"{kind} without {', '.join(lacking)}")
    if shown.vouching is not None and not (shown.clerk and shown.vouching.opens(kind)):
        raise AssertionError(f"{kind} is not opened by what a clerk saw")
