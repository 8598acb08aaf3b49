"""Those who can say what really became of what the centre does to a card, or is told of: all three must agree."""

from __future__ import annotations

from drivers.virtual.demo.recorded import Recorded, require, wait
from drivers.virtual.people import Person
from kiosk.contract import Kind
from kiosk.journal import View
from kiosk.journal.transaction import Acknowledged, Stage

AT_THE_CENTRE = """
    SELECT t.id, t.outcome FROM "transaction" t JOIN person p ON p.id = t.person_id
    WHERE p.number = ? AND t.kind = ? ORDER BY t.decided_at
"""
EVENTS = """
    SELECT e.what FROM card_event e JOIN person p ON p.id = e.person_id WHERE p.number = ? ORDER BY e.id
"""
ORDERS = """
    SELECT o.reason FROM replacement_order o JOIN card c ON c.id = o.card_id JOIN person p ON p.id = c.person_id
    WHERE p.number = ?
"""

HAPPENED = {
    Kind.RELEASE: "released",
    Kind.FORMAL_LOSS: "formal_loss",
    Kind.ACTIVATION: "activated",
    Kind.REPLACEMENT: "replacement_ordered",
    Kind.PIN_CHANGED: "pin_changed",
}
"""As the card's history at the centre has it."""
TRIES = 6


class ServiceWitnesses:
    """Asked after a story; `agree…` raises StoryFailed with a sentence when they do not."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded

    def agree(self, key: str, kind: Kind, *, status: str, pin: str) -> View:
        """Done once and delivered, here and at the centre; the card has this status there, the chip this PIN."""
        person = self._recorded.person(key)
        wait(lambda: self._delivered(kind), f"the journal's {kind} was not delivered")
        view = self._only(kind)
        require(view.state.stage is Stage.DONE, f"the journal says {view.state.stage}, not done")
        self._require_centre(person, view)
        self._recorded.require_status(person, status)
        self._recorded.require_chip(person, TRIES, pin)
        self._recorded.require_whole_journal()
        return view

    def agree_on_order(self, key: str, reason: str) -> None:
        """The centre makes one new card, for this reason."""
        orders = [why for (why,) in self._recorded.centre(ORDERS, self._recorded.person(key).number)]
        require(orders == [reason], f"one card was to be ordered as {reason}, the centre has {orders}")

    def agree_on_a_form(self, key: str) -> View:
        """It is on record at the centre that a form was prepared, and nothing was ordered."""
        person = self._recorded.person(key)
        wait(lambda: self._delivered(Kind.AUDIT), "that a form was prepared was not delivered")
        orders = self._recorded.centre(ORDERS, person.number)
        require(orders == [], f"only a form was printed, the centre has orders: {orders}")
        self._recorded.require_status(person, "1")
        self._recorded.require_whole_journal()
        prepared = [view for view in self._of(Kind.AUDIT) if view.holder_last4 == person.number[-4:]]
        require(len(prepared) == 1, f"one form was prepared, the journal has {len(prepared)}")
        return prepared[0]

    # --- the witnesses --------------------------------------------------------------------

    def _only(self, kind: Kind) -> View:
        new = self._of(kind)
        require(len(new) == 1, f"one {kind} was asked for, the journal has {len(new)}")
        return new[0]

    def _of(self, kind: Kind) -> list[View]:
        return [view for view in self._recorded.new() if view.kind is kind]

    def _delivered(self, kind: Kind) -> bool:
        views = self._of(kind)
        return bool(views) and all(isinstance(view.delivery, Acknowledged) for view in views)

    def _require_centre(self, person: Person, view: View) -> None:
        found = self._recorded.centre(AT_THE_CENTRE, person.number, view.kind.value)
        require(found == [(view.id, "done")], f"the centre has {found}, the journal one done {view.kind} {view.id}")
        events = [what for (what,) in self._recorded.centre(EVENTS, person.number)]
        happened = events.count(HAPPENED[view.kind])
        require(happened == 1, f"the card's history at the centre has {events}, the journal one {view.kind}")
