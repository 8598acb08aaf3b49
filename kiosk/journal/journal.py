"""The journal as the rest of the terminal sees it: every call is on the disk when it returns."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import trio

from kiosk.clock import TrustedClock
from kiosk.contract import ItemAnswer, ItemEnvelope
from kiosk.devices import Printing
from kiosk.journal import names, opening, paper, recovery, retention, witness
from kiosk.journal.archive import View
from kiosk.journal.conclusions import CentreSays, ChipEvidence, Conclusion
from kiosk.journal.drafts import Draft, Event, Note, Report, SlipIntent
from kiosk.journal.errors import told_plainly
from kiosk.journal.identity import Identity
from kiosk.journal.ledger import Head
from kiosk.journal.opening import Works
from kiosk.journal.records import Noted
from kiosk.journal.runner import Runner
from kiosk.terms import SocialSecurityCard

T = TypeVar("T")

Commit = Callable[[], contextlib.AbstractContextManager[None]]


class Counts(msgspec.Struct, frozen=True):
    queue_depth: int
    """Items without an answer."""
    unsent: int
    """Of these, never handed to the line."""
    oldest_age_s: int | None
    quarantined: int
    doubts: int
    rejected: int
    """Answers since the start that were not the centre's word."""


class Journal:
    """Owned by `kiosk terminal` alone.  Methods raise JournalFull or JournalBroken: the terminal is out of service."""

    def __init__(self, works: Works, head: Head, puk_off: bool, runner: Runner, identity: Identity) -> None:
        self._works = works
        self._runner = runner
        self._identity = identity
        self._changed = trio.Event()
        self.head = head
        """The last record on the disk."""
        self.puk_off = puk_off
        """Reset and unblock are off on this terminal, until a named operator clears it."""

    @classmethod
    async def open(
        cls, path: Path, identity: Identity, clock: TrustedClock, runner: Runner, random: names.RandomBytes = os.urandom
    ) -> Journal:
        """Open or create, check the chain's tail, recover.  The caller keeps the runner until `close`."""

        def call() -> tuple[Works, Head, bool]:
            with told_plainly():
                works = opening.open_works(path, identity, clock, random)
                return works, works.ledger.head(), works.chip.breaker.off()

        return cls(*await runner.run(call), runner, identity)

    async def close(self) -> None:
        await self._runner.run(self._works.store.close)
        self._runner.close()

    # --- a transaction ---------------------------------------------------------------------

    async def submit(self, draft: Draft) -> View:
        """Intent, sealed data and signed item in one commit.  From here on it may happen."""

        def call() -> View:
            return self._works.archive.view(self._works.drafter.submit(draft))

        return await self._write(call)

    async def settled(self, id: str) -> View:
        """Wait until everything that was sent about it has been answered."""
        while True:
            changed = self._changed
            if not await self._read(lambda: self._works.outbox.waits(id)):
                return await self.view(id)
            await changed.wait()

    async def register(self, id: str) -> View:
        """No verdict in time for a kind that may wait: it will reach the centre."""

        def call() -> View:
            recovery.register(self._works.ledger, id)
            return self._works.archive.view(id)

        return await self._write(call)

    async def void(self, id: str) -> View:
        """No verdict in time for a kind that may not wait: in doubt until the centre has answered the void.

        One that was authorised in the last moment is concluded as not done: nothing may follow it on the chip.
        """

        def call() -> View:
            recovery.give_up(self._works.ledger, self._works.outbox, self._works.chip, id)
            return self._works.archive.view(id)

        return await self._write(call)

    async def view(self, id: str) -> View:
        """Raises KeyError for an id this journal never drafted."""
        return await self._read(lambda: self._works.archive.view(id))

    # --- on the chip -------------------------------------------------------------------------
    #
    # submit → settled → Authorised → puk → act → conclude; in doubt later: open_doubt → settle.
    # A PIN change: begin_change → conclude.
    # All of them raise IllegalMove when it is not their turn.

    async def puk(self, id: str) -> None:
        """Just before EXTERNAL AUTHENTICATE with the card's unblock key: once a transaction."""
        await self._write(lambda: self._works.chip.puk(id))

    async def act(self, id: str, tries_before: int | None) -> View:
        """Just before the secure message goes to the card.  `tries_before` as read from the chip; None: not known."""

        def call() -> View:
            self._works.chip.act(id, tries_before)
            return self._works.archive.view(id)

        return await self._write(call)

    async def begin_change(self, draft: Draft, tries_before: int | None) -> View:
        """Just before CHANGE PIN: the draft of a `pin_changed`, acting.  Its item is signed by `conclude`."""

        def call() -> View:
            return self._works.archive.view(self._works.chip.begin_change(draft, tries_before))

        return await self._write(call)

    async def conclude(self, id: str, conclusion: Conclusion) -> View:
        """How it ended, and what the centre is told, in one commit.  A refused unblock key sets `puk_off`."""

        def call() -> tuple[View, bool]:
            self._works.chip.conclude(id, conclusion)
            return self._works.archive.view(id), self._works.chip.breaker.off()

        view, self.puk_off = await self._write(call)
        return view

    async def open_doubt(self, card: SocialSecurityCard) -> View | None:
        """Whether it is unknown what a command did to this very card; the newest, if there are several."""
        card_ref = names.card_ref(self._identity.recognition_key, card.identifier)
        return await self._read(lambda: self._works.doubts.newest(card_ref))

    async def to_ask_about(self, after: str, limit: int) -> tuple[str, ...]:
        """Doubts that the centre's record may end: at most `limit` ids beyond `after`, in order."""
        return await self._read(lambda: self._works.doubts.to_ask_about(after, limit))

    async def settle(self, id: str, evidence: ChipEvidence) -> View:
        """End a doubt.  Evidence that proves nothing leaves it in doubt; TooEarly is raised for giving up too early.

        The centre's word on a doubt that has ended meanwhile changes nothing; other evidence raises IllegalMove.
        """

        def call() -> View:
            if isinstance(evidence, CentreSays):
                self._works.answers.hear(id, evidence.signed)
            else:
                self._works.doubts.settle(id, evidence)
            return self._works.archive.view(id)

        return await self._write(call)

    async def puk_breaker_off(self, by_transaction: str) -> None:
        """A card refused the unblock key: the next one must not lose a try to it.  The office is told."""
        await self._switch(lambda: self._works.chip.switch_off(by_transaction))

    async def puk_cleared(self, by: str) -> None:
        """A named operator answers for the key."""
        await self._switch(lambda: self._works.chip.switch_on(by))

    async def _switch(self, switch: Callable[[], None]) -> None:
        def call() -> bool:
            switch()
            return self._works.chip.breaker.off()

        self.puk_off = await self._write(call)

    # --- the line -----------------------------------------------------------------------------

    async def take(self, limit: int) -> tuple[ItemEnvelope, ...]:
        """Wait for items to deliver; they count as handed to the line.

        Whoever takes again has lost or finished what it had: everything without an answer is given again.
        """
        while True:
            changed = self._changed
            items = await self._write(lambda: self._works.outbox.hand_over(limit))
            if items:
                return items
            rest_s = await self._read(self._works.outbox.rests_for_s)
            with trio.move_on_after(rest_s or math.inf):
                await changed.wait()

    async def keep(self, ids: tuple[str, ...]) -> None:
        """Not a byte of them left the terminal."""
        await self._write(lambda: self._works.outbox.keep(ids))

    async def answer(self, ids: tuple[str, ...], answers: tuple[ItemAnswer, ...]) -> None:
        """The centre's answers, in the order of the items they belong to."""

        def call() -> None:
            for id, answer in zip(ids, answers, strict=True):
                self._works.answers.take_in(id, answer)

        await self._write(call)
        await self._read(self._works.store.wipe_log)

    async def counts(self) -> Counts:
        def call() -> Counts:
            tally, oldest = self._works.outbox.tally(), self._works.outbox.oldest()
            age = None if oldest is None else (self._works.ledger.clock.now() - oldest).total_seconds()
            return Counts(
                queue_depth=tally["pending"] + tally["sent"],
                unsent=tally["pending"],
                oldest_age_s=None if age is None else max(0, int(age)),
                quarantined=tally["quarantined"],
                doubts=tally["in_doubt"],
                rejected=self._works.answers.rejected,
            )

        return await self._read(call)

    # --- notes and paper ---------------------------------------------------------------------

    async def note(self, note: Note) -> None:
        """A `Report` goes to the office as well.  Nothing personal."""

        def call() -> None:
            works = self._works
            works.ledger.append(Noted(note.event, note.visit, note.details), note.transaction)
            if isinstance(note, Report):
                details = note.details | {"transaction": note.transaction} if note.transaction else note.details
                works.drafter.report(note.visit or works.ledger.boot, Event(note.event, details))

        await self._write(call)

    async def printing(self, intent: SlipIntent) -> str:
        """Before the first byte goes to the printer; returns the slip's id."""
        return await self._write(lambda: paper.begin(self._works.ledger, intent, self._works.random))

    async def printed(self, slip: str, result: Printing) -> None:
        await self._write(lambda: paper.end(self._works.ledger, slip, result))

    # --- old records -------------------------------------------------------------------------

    async def prune(self, keep: dt.timedelta) -> int:
        """Delete the oldest records that are over, one bounded piece.  → how many; 0: nothing more is.

        The write-ahead log is emptied in any case: somebody may have read it when the last answer came.
        Raises ValueError for less than half a year.
        """
        works, identity = self._works, self._identity
        pruned = await self._write(lambda: retention.prune(works.ledger, identity, keep), works.store.pruning)
        await self._read(works.store.wipe_log)
        return pruned

    # --- how calls are run --------------------------------------------------------------------

    async def _write(self, call: Callable[[], T], commit_as: Commit | None = None) -> T:
        """One commit; whoever waits looks again."""

        def commit() -> tuple[T, Head]:
            with told_plainly(), (commit_as or self._works.store.commit)():
                result, head = call(), self._works.ledger.head()
            witness.write(self._identity.head_file, head)
            return result, head

        result, head = await self._runner.run(commit)
        if head != self.head:
            self.head = head
            self._changed.set()
            self._changed = trio.Event()
        return result

    async def _read(self, call: Callable[[], T]) -> T:
        def read() -> T:
            with told_plainly():
                return call()

        return await self._runner.run(read)
