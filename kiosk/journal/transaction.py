"""A transaction's life: its states, and the moves between them that are legal.  Pure."""

from __future__ import annotations

import enum
from typing import ClassVar

import msgspec

from kiosk.contract import MAY_WAIT, Kind, Problem, Verdict, VerdictOutcome

ON_THE_CHIP = frozenset({Kind.RELOAD_PIN, Kind.UNBLOCK_PIN})
"""Kinds whose effect is on the card: the centre authorises, the chip decides, an outcome tells the centre."""

SETS_THE_PIN = frozenset({Kind.RELOAD_PIN, Kind.PIN_CHANGED})
"""Once such a one is done, whatever was in doubt about the card before does not matter any more."""


class Stage(enum.StrEnum):
    """The name of a state, for indexes and lists."""

    DRAFTED = "drafted"
    CANCELLED = "cancelled"
    REGISTERED = "registered"
    AUTHORISED = "authorised"
    ACTING = "acting"
    DONE = "done"
    NOT_DONE = "not_done"
    REFUSED = "refused"
    VOID = "void"
    IN_DOUBT = "in_doubt"
    MOOT = "moot"
    UNRESOLVABLE = "unresolvable"


class StateBase(msgspec.Struct, frozen=True, tag_field="stage"):
    stage: ClassVar[Stage]


class Drafted(StateBase, frozen=True, tag="drafted"):
    """The intent is on the disk; nobody has decided yet."""

    stage: ClassVar = Stage.DRAFTED


class Cancelled(StateBase, frozen=True, tag="cancelled"):
    """Given up before anything could have happened."""

    stage: ClassVar = Stage.CANCELLED


class Registered(StateBase, frozen=True, tag="registered"):
    """Will reach the centre; no verdict came while the citizen waited."""

    stage: ClassVar = Stage.REGISTERED
    handed: bool
    """False: 已登记，尚未生效, it never left the terminal.  True: 已登记，尚未确认生效, the centre may have it."""


class Authorised(StateBase, frozen=True, tag="authorised"):
    """The centre allows it; the chip has not been touched."""

    stage: ClassVar = Stage.AUTHORISED
    verdict: Verdict


class Acting(StateBase, frozen=True, tag="acting"):
    """The command that changes the chip is on its way."""

    stage: ClassVar = Stage.ACTING
    tries_before: int | None


class Done(StateBase, frozen=True, tag="done"):
    """By the centre's signed word (`already` included), or by the chip's."""

    stage: ClassVar = Stage.DONE
    verdict: Verdict | None


class Untouched(enum.StrEnum):
    """Why the chip is as it was."""

    LINE = "line"
    """The centre gave no authentication, or no secure message."""
    LATE = "late"
    """It all took too long to begin."""
    CARD_PULLED = "card_pulled"
    """Before the command went out."""
    CARD = "card"
    """It does not answer as it should."""
    READER = "reader"
    """No answer from the reader, or from the process that holds it."""
    PIN_WRONG = "pin_wrong"
    """What was typed as the old PIN is not the card's; one try is gone."""
    ANOTHER_CARD = "another_card"
    """Not the one that was read in this visit."""
    PUK_REFUSED = "puk_refused"
    PUK_LOCKED = "puk_locked"
    MAC_REFUSED = "mac_refused"
    """Of the secure message, after the PUK had fitted: the centre's key for it is not the card's."""
    MESSAGE_REFUSED = "message_refused"
    """The card answered that it did not do it."""
    MESSAGE_WRONG = "message_wrong"
    """Not of the length the function demands: it was not sent."""
    RESTARTED = "restarted"
    """The terminal went down after the verdict and before the command."""
    NOT_TAKEN = "not_taken"
    """The centre could not take the item: 400, 409 or 422."""
    NEVER_ACTED = "never_acted"
    """The centre allowed it when nobody waited for it any more."""


WEARS_OUT_CARDS = frozenset({Untouched.PUK_REFUSED, Untouched.MAC_REFUSED})
"""What the card counts, or may count, on its way to being locked for ever; it would be the same with the next card."""


class NotDone(StateBase, frozen=True, tag="not_done"):
    """The chip is as it was."""

    stage: ClassVar = Stage.NOT_DONE
    why: Untouched


class Refused(StateBase, frozen=True, tag="refused"):
    stage: ClassVar = Stage.REFUSED
    verdict: Verdict


class Void(StateBase, frozen=True, tag="void"):
    """The centre has burnt it: nothing was done and nothing will be."""

    stage: ClassVar = Stage.VOID
    verdict: Verdict


class Why(enum.StrEnum):
    NO_ANSWER = "no_answer"
    """No verdict in time; a void is on its way."""
    RESTARTED = "restarted"
    """The terminal went down before a verdict came."""
    QUARANTINED = "quarantined"
    """The centre could not take the item."""
    ISSUED = "issued"
    """A secure message had already left the centre."""
    CARD_GONE = "card_gone"
    """Pulled while the command was on its way."""
    CHIP_SILENT = "chip_silent"
    """The command went out; card, reader or driver gave no usable answer."""
    INTERRUPTED = "interrupted"
    """The terminal went down while the command was on its way."""
    RESTORED = "restored"
    """This file is older than what happened: the terminal may have acted on it since."""


AFTER_ACTING = frozenset({Why.CARD_GONE, Why.CHIP_SILENT, Why.INTERRUPTED})


class InDoubt(StateBase, frozen=True, tag="in_doubt"):
    """Nobody here knows whether it happened."""

    stage: ClassVar = Stage.IN_DOUBT
    why: Why
    tries_before: int | None = None
    """Read from the chip before the command went out; None: not known, or no command went out."""


class Moot(StateBase, frozen=True, tag="moot"):
    """A later completed reset or PIN change of the same card, the transaction `of`."""

    stage: ClassVar = Stage.MOOT
    of: str


class Unresolvable(StateBase, frozen=True, tag="unresolvable"):
    """A named operator gave it up."""

    stage: ClassVar = Stage.UNRESOLVABLE
    operator: str


State = (
    Drafted
    | Cancelled
    | Registered
    | Authorised
    | Acting
    | Done
    | NotDone
    | Refused
    | Void
    | InDoubt
    | Moot
    | Unresolvable
)

LEGAL: dict[Stage, frozenset[Stage]] = {
    Stage.DRAFTED: frozenset(
        {
            Stage.CANCELLED,
            Stage.REGISTERED,
            Stage.AUTHORISED,
            Stage.ACTING,  # a PIN change, for which nobody is asked
            Stage.DONE,
            Stage.REFUSED,
            Stage.VOID,
            Stage.NOT_DONE,
            Stage.IN_DOUBT,
        }
    ),
    Stage.REGISTERED: frozenset({Stage.DONE, Stage.REFUSED}),
    # In doubt only when the file was restored: what was authorised in it may have been acted on since.
    Stage.AUTHORISED: frozenset({Stage.ACTING, Stage.NOT_DONE, Stage.VOID, Stage.IN_DOUBT}),
    Stage.ACTING: frozenset({Stage.DONE, Stage.NOT_DONE, Stage.IN_DOUBT}),
    Stage.IN_DOUBT: frozenset({Stage.DONE, Stage.REFUSED, Stage.NOT_DONE, Stage.VOID, Stage.MOOT, Stage.UNRESOLVABLE}),
}


def may_move(old: Stage, new: Stage) -> bool:
    return new in LEGAL.get(old, frozenset())


class IllegalMove(Exception):
    """A programmer's mistake: the table of moves forbids it."""


def state_by(verdict: Verdict) -> State:
    """What the centre's word makes of a transaction."""
    match verdict.outcome:
        case VerdictOutcome.DONE | VerdictOutcome.ALREADY:
            return Done(verdict)
        case VerdictOutcome.AUTHORISED:
            return Authorised(verdict)
        case VerdictOutcome.REFUSED:
            return Refused(verdict)
        case VerdictOutcome.VOID:
            return Void(verdict)
        case VerdictOutcome.ISSUED:
            return InDoubt(Why.ISSUED)


def may_wait(kind: Kind) -> bool:
    return kind in MAY_WAIT


# --- delivery: apart from the state -----------------------------------------------------


class Pending(msgspec.Struct, frozen=True, tag="pending"):
    """On the terminal's disk, never handed to the line, or handed back untouched."""


class Sent(msgspec.Struct, frozen=True, tag="sent"):
    """Handed to the line; no answer yet."""


class Acknowledged(msgspec.Struct, frozen=True, tag="acknowledged"):
    """The centre signed that it has it."""


class Quarantined(msgspec.Struct, frozen=True, tag="quarantined"):
    """The centre will never take it; an operator must look."""

    problem: Problem


class Unsigned(msgspec.Struct, frozen=True, tag="unsigned"):
    """Drafted, and nothing signed yet."""


Delivery = Pending | Sent | Acknowledged | Quarantined | Unsigned
