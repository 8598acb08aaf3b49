"""Those who can say what really became of a loss, or that nothing happened: chip, centre and journal must agree."""

from __future__ import annotations

from drivers.virtual.demo.citizen import StoryFailed
from drivers.virtual.demo.recorded import Recorded, require, wait
from drivers.virtual.people import Person
from kiosk.contract import Kind
from kiosk.journal import View
from kiosk.journal.transaction import Acknowledged, Stage

AT_THE_CENTRE = """
    SELECT t.id, t.outcome FROM "transaction" t JOIN person p ON p.id = t.person_id
    WHERE p.number = ? AND t.kind = 'temporary_loss' ORDER BY t.decided_at
"""


class Witnesses:
    """Asked after a story; `agree…` raises StoryFailed with a sentence when they do not."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded

    def agree_on_loss(self, key: str) -> View:
        """Reported once, in effect at the centre, delivered and done in the journal; the chip is untouched."""
        person = self._recorded.person(key)
        wait(lambda: self._new_loss() is not None and self._delivered(), "the journal's loss was not delivered")
        view = self._new_loss()
        assert view is not None, "waited for"  # noqa: S101
        require(view.state.stage is Stage.DONE, f"the journal says {view.state.stage}, not done")
        at_centre = self._at_centre(person)
        require(at_centre == [(view.id, "done")], f"the centre has {at_centre}, the journal one done loss {view.id}")
        self._recorded.require_status(person, "4")
        self._require_chip_untouched(person)
        self._recorded.require_whole_journal()
        return view

    def agree_on_clerk(self, view: View, clerk: str, came: Person) -> None:
        """The journal names the clerk who vouched, and whoever came, masked."""
        require(view.clerk == clerk, f"{clerk} vouched, the journal has {view.clerk}")
        last4 = view.stand_in.last4 if view.stand_in else None
        require(last4 == came.number[-4:], "the journal does not have whoever came for the holder")
        signed_in = self._recorded.new_sign_ins()
        require(signed_in == [clerk], f"the centre has {signed_in}, the story one sign-in of {clerk}")

    def wait_for_the_centre(self, key: str) -> None:
        """Until it has a loss of this person, whatever the terminal knows of that."""
        person = self._recorded.person(key)
        wait(lambda: bool(self._at_centre(person)), "the loss did not reach the centre")

    def agree_on_waiting(self, key: str) -> View:
        """Registered in the journal, unknown to the centre."""
        view = self._new_loss()
        if view is None:
            raise StoryFailed("the journal has no loss, but the screen said it was registered")
        require(view.state.stage is Stage.REGISTERED, f"the journal says {view.state.stage}, not registered")
        at_centre = self._at_centre(self._recorded.person(key))
        require(at_centre == [], f"the line was cut, but the centre has {at_centre}")
        return view

    def agree_on_nothing(self, key: str, *, status: str | None) -> None:
        """No transaction anywhere; the card has the status it had, None: there is no card."""
        person, new = self._recorded.person(key), self._recorded.new()
        require(not new, f"the journal has transactions nobody asked for: {new}")
        self._recorded.require_status(person, status)
        self._require_chip_untouched(person)
        self._recorded.require_whole_journal()

    # --- the witnesses --------------------------------------------------------------------

    def _at_centre(self, person: Person) -> list[tuple[str, str]]:
        return [(str(id), str(outcome)) for id, outcome in self._recorded.centre(AT_THE_CENTRE, person.number)]

    def _require_chip_untouched(self, person: Person) -> None:
        """A loss and a question change nothing on the chip."""
        says = self._recorded.ask_chip(person)
        if says is None or person.card is None:
            return
        wanted = f"63C{person.card.tries_left:X}" if person.card.tries_left else "6983"
        wanted = wanted if person.card.pin else "9000"
        require(says.pin == wanted, f"the chip's PIN counter says {says.pin}, not {wanted}: somebody tried a PIN")

    def _new_loss(self) -> View | None:
        losses = [view for view in self._recorded.new() if view.kind is Kind.TEMPORARY_LOSS]
        if len(losses) > 1:
            raise StoryFailed(f"one loss was reported, the journal has {len(losses)}")
        return losses[0] if losses else None

    def _delivered(self) -> bool:
        losses = [view for view in self._recorded.new() if view.kind is Kind.TEMPORARY_LOSS]
        return all(isinstance(view.delivery, Acknowledged) for view in losses)
