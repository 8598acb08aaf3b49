"""Those who can say what really became of a PIN: chip, centre and journal must agree."""

from __future__ import annotations

import msgspec

from drivers.virtual.demo.recorded import Recorded, require, wait
from drivers.virtual.people import Person
from kiosk.contract import ChipResult, Domain, Kind, Outcome, Signed
from kiosk.journal import View
from kiosk.journal.transaction import Stage
from kiosk.seal import from_text

WORK = """
    SELECT t.code, w.result FROM "transaction" t JOIN chip_work w ON w.transaction_id = t.id WHERE t.id = ?
"""
OUTCOMES = "SELECT signed FROM item WHERE transaction_id = ? AND domain = ? ORDER BY id"
NEWEST_PROOF = """
    SELECT r.given, r.spent FROM proof r JOIN person p ON p.id = r.person_id
    WHERE p.number = ? AND r.kind = ? ORDER BY r.sent_at DESC LIMIT 1
"""
EVENTS = """
    SELECT e.what FROM card_event e JOIN person p ON p.id = e.person_id WHERE p.number = ? ORDER BY e.id
"""

RESULTS = {Stage.DONE: ChipResult.DONE, Stage.NOT_DONE: ChipResult.NOT_DONE, Stage.IN_DOUBT: ChipResult.UNKNOWN}
CODES = {Stage.DONE: "done", Stage.NOT_DONE: "not_done", Stage.IN_DOUBT: "issued"}
"""The centre's last verdict on it."""
ENDED_IN_NOTHING = frozenset({Stage.NOT_DONE, Stage.VOID, Stage.REFUSED, Stage.CANCELLED})
HAPPENED = {Kind.RELOAD_PIN: "pin_reloaded", Kind.UNBLOCK_PIN: "pin_unblocked"}


class Chip(msgspec.Struct, frozen=True):
    """What the chip is to say."""

    tries: int
    """Before anybody asks; 0: blocked."""
    pin: str | None = None
    """The one that verifies; None: not to be tried."""


class PinWitnesses:
    """Asked after a story; `agree…` raises StoryFailed with a sentence when they do not."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded

    def agree(self, key: str, kind: Kind, stage: Stage, chip: Chip | None) -> View:
        """One piece of work on one chip came to this stage; `chip` None: still in doubt, nobody looks at it yet."""
        person = self._recorded.person(key)
        wait(  # a terminal that was killed says what it left behind once it is up again
            lambda: self._last(kind).state.stage is stage,
            f"the journal, which said {self._last(kind).state.stage}, does not come to {stage}",
        )
        view = self._last(kind)
        self._require_centre(person, view, stage)
        if chip is not None:
            self._recorded.require_chip(person, chip.tries, chip.pin)
        self._recorded.require_status(person, "1")
        self._recorded.require_whole_journal()
        return view

    def agree_on_nothing(self, key: str, chip: Chip) -> None:
        """No transaction anywhere."""
        new = self._recorded.new()
        require(not new, f"the journal has transactions nobody asked for: {[view.kind for view in new]}")
        self._recorded.require_chip(self._recorded.person(key), chip.tries, chip.pin)
        self._recorded.require_whole_journal()

    def agree_on_nothing_done(self, key: str, chip: Chip) -> None:
        """The chip is as it was; what there is of a transaction has ended so, here and at the centre."""
        wait(
            lambda: all(view.state.stage in ENDED_IN_NOTHING for view in self._recorded.new()),
            f"the journal does not say that nothing was done: {[view.state.stage for view in self._recorded.new()]}",
        )
        for view in self._recorded.new():
            codes = [code for code, _ in self._recorded.centre(WORK, view.id)]
            require(set(codes) <= {"void", "not_done"}, f"nothing was done, the centre says {codes}")
        self._recorded.require_chip(self._recorded.person(key), chip.tries, chip.pin)
        self._recorded.require_whole_journal()

    # --- the witnesses --------------------------------------------------------------------

    def _last(self, kind: Kind) -> View:
        """What it was before it must not matter any more."""
        new = [view for view in self._recorded.new() if view.kind is kind]
        require(bool(new), f"a {kind} was asked for, the journal has none")
        last, *earlier = new
        stages = [view.state.stage for view in earlier]
        require(set(stages) <= {Stage.MOOT}, f"one {kind} was asked for, the journal has others, too: {stages}")
        return last

    def _require_centre(self, person: Person, view: View, stage: Stage) -> None:
        wanted = (CODES[stage], RESULTS[stage].value)
        wait(
            lambda: self._recorded.centre(WORK, view.id) == [wanted],
            f"the journal says {stage}, the centre has not {wanted} but {self._recorded.centre(WORK, view.id)}",
        )
        told = self._outcomes(view)
        require(told[-1:] == [RESULTS[stage]], f"the last outcome item says {told}, the journal {stage}")
        proof = self._recorded.centre(NEWEST_PROOF, person.number, view.kind.value)
        require(proof == [(1, 1)], f"the phone's code should be given and spent, the centre has {proof}")
        events = [what for (what,) in self._recorded.centre(EVENTS, person.number)]
        happened = events.count(HAPPENED[view.kind])
        require(
            happened == (stage is Stage.DONE), f"the journal says {stage}, the card's history at the centre {events}"
        )

    def _outcomes(self, view: View) -> list[ChipResult]:
        """As the terminal signed them, in the order they arrived."""
        rows = self._recorded.centre(OUTCOMES, view.id, Domain.OUTCOME.value)
        signed = [msgspec.json.decode(str(row), type=Signed) for (row,) in rows]
        return [msgspec.json.decode(from_text(one.item), type=Outcome).result for one in signed]
