"""One terminal's journal and its centre, with synthetic people."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path

from kiosk.clock import TrustedClock
from kiosk.contract import Consent, Evidence, IdCardEvidence, Kind, Personal, SscEvidence
from kiosk.journal import Conclusion, Draft, Happened, Identity, InlineRunner, Journal, Runner, View
from kiosk.numbers import citizen_number_check
from kiosk.seal import SealKey, SigningKey, VerifyKey
from kiosk.terms import Algorithm, CardVersion, Holder, SocialSecurityCard
from tests.journal.centre import Centre

TERMINAL = "NN-0001"
START = dt.datetime(2026, 1, 5, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))


class HandClock:
    """Moves when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> dt.datetime:
        return START + dt.timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


def person(number: int) -> Holder:
    body = f"45990019000101{number:03d}"
    return Holder(body + citizen_number_check(body), f"测试{'甲乙丙丁戊己庚辛壬癸'[number % 10]}")


class Office:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.hand = HandClock()
        self.signing = SigningKey.generate()
        self.centre = Centre(self.signing.public)
        self.random: Callable[[int], bytes] = os.urandom

    @property
    def path(self) -> Path:
        return self.folder / "journal.db"

    @property
    def head_file(self) -> Path:
        return self.folder / "keys.head"

    @property
    def identity(self) -> Identity:
        return Identity(
            terminal=TERMINAL,
            signing=self.signing,
            seal=SealKey(self.centre.opening.public),
            verdicts=VerifyKey(self.centre.signing.public),
            recognition_key=b"k" * 32,
            head_file=self.head_file,
        )

    async def open(self, runner: Runner | None = None) -> Journal:
        clock = TrustedClock(self.hand, has_rtc=True)
        return await Journal.open(self.path, self.identity, clock, runner or InlineRunner(), self.random)

    def back_up(self) -> Path:
        """A copy of the journal's file as it is now, beside the running terminal."""
        backup = self.folder / "backup.db"
        backup.unlink(missing_ok=True)
        running, copy = sqlite3.connect(self.path), sqlite3.connect(backup)
        with contextlib.closing(running), contextlib.closing(copy):
            running.backup(copy)
        return backup

    async def restore(self, journal: Journal, backup: Path) -> Journal:
        """The file is put back; what lies beside the keys is not."""
        await journal.close()
        shutil.copy(backup, self.path)
        return await self.open()

    async def deliver(self, journal: Journal, limit: int = 500) -> None:
        """One round: the centre gets what is waiting, and its answers come back."""
        items = await journal.take(limit)
        await journal.answer(tuple(i.id for i in items), tuple(self.centre.receive(i) for i in items))


def loss(who: Holder, kind: Kind = Kind.TEMPORARY_LOSS) -> Draft:
    return Draft(
        kind=kind,
        visit=str(uuid.uuid4()),
        holder=who,
        personal=Personal(holder_number=who.number, name=who.name),
        evidence=Evidence(id_card=IdCardEvidence("0501", START)),
        consent=Consent("2026-01", START),
    )


def card(number: int) -> SocialSecurityCard:
    return SocialSecurityCard(
        identifier=f"459900D156000005{number:08d}FFFFFFFF",
        number=f"T{number:07d}X",
        version=CardVersion.V2,
        algorithm=Algorithm.DES,
        region="459900",
        reset_info="0011223344556677889900AABB",
        issued=None,
        expires=None,
    )


def chip_draft(kind: Kind, number: int) -> Draft:
    who, its_card = person(number), card(number)
    return Draft(
        kind=kind,
        visit=str(uuid.uuid4()),
        holder=who,
        card=its_card,
        personal=Personal(who.number, who.name, its_card.number, its_card.identifier),
        evidence=Evidence(ssc=SscEvidence(True), id_card=IdCardEvidence("0501", START)),
        consent=Consent("2026-01", START),
    )


CHANGED = Happened(sw="9000", tries_before=6, tries_after=None, pin_verified=None)


async def change_pin(journal: Journal, draft: Draft, conclusion: Conclusion = CHANGED) -> View:
    """From CHANGE PIN to its result in the outbox."""
    begun = await journal.begin_change(draft, 6)
    return await journal.conclude(begun.id, conclusion)


async def queued(journal: Journal, draft: Draft) -> View:
    """In the outbox, whatever it is."""
    return await (change_pin(journal, draft) if draft.kind is Kind.PIN_CHANGED else journal.submit(draft))
