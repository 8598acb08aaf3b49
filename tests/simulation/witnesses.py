"""Chip, centre and journal, asked apart from each other, when everything is delivered."""

from __future__ import annotations

import contextlib
import sqlite3

import msgspec

from kiosk.contract import Kind, Signed, Verdict, VerdictOutcome
from kiosk.journal import reading
from kiosk.journal.transaction import Stage
from kiosk.seal import from_text
from kiosk.terms import CardStatus
from sync.central import tables
from tests.stories.hall import PEOPLE, Hall
from tests.stories.moves import MOVES, ORDERS
from tests.stories.truth import is_told_at_the_centre
from tests.stories.visits import ENDS

ACKNOWLEDGED = """
    SELECT journal.journal_id, item.seq, item.sha256 FROM item JOIN journal ON journal.number = item.journal
    WHERE item.delivery = 'acknowledged' AND NOT (item.domain = 'transaction' AND EXISTS (
        SELECT * FROM item AS void WHERE void.transaction_id = item.transaction_id AND void.domain = 'void'))
"""
"""A burnt item need never have come: its void did."""


def status(hall: Hall, who: str) -> CardStatus:
    return CardStatus(hall.centre_status(who))


def journal_and_centre_agree(hall: Hall) -> None:
    """The chain is whole, and the centre has every record that it acknowledged, and no work of anybody else's."""
    hall.journal_says()
    views = reading.newest(hall.journal_file, limit=10_000)
    for view in views:
        assert view.state.stage in {*ENDS, Stage.MOOT}, view.kind
        if view.kind is not Kind.AUDIT and view.state.stage is not Stage.MOOT:
            is_told_at_the_centre(hall, view)
    with contextlib.closing(sqlite3.connect(hall.journal_file)) as journal, hall.centre.store.transaction():
        row = tables.Item
        there = {(one.journal_id, one.seq, one.sha256) for one in row.select().where(row.terminal == hall.name)}
        acknowledged = set(journal.execute(ACKNOWLEDGED))
        assert acknowledged <= there, "what the centre has acknowledged, it has"
        assert not journal.execute("SELECT * FROM item WHERE delivery = 'quarantined'").fetchall()
        done = tables.Transaction.select().where(tables.Transaction.terminal == hall.name)
        assert {one.id for one in done} <= {view.id for view in views}, "nobody else works in this terminal's name"


def moved_legally(hall: Hall, who: str) -> None:
    """From the first status over everything that the centre did, once each and in order, to the one it has now."""
    person = PEOPLE[who]
    assert person.card is not None
    now, on_order = person.card.status, person.card.replacement_filed
    with hall.centre.store.transaction():
        owner = tables.Person.get(tables.Person.number == person.number)
        mine = {row.id: row.kind for row in tables.Transaction.select().where(tables.Transaction.person == owner)}
        items = list(tables.Item.select().where(tables.Item.domain == "transaction").order_by(tables.Item.id))
    for item in items:
        if item.transaction_id in mine and _outcome(item.verdict) is VerdictOutcome.DONE:
            kind = Kind(mine[item.transaction_id])
            if kind in MOVES:
                sources, after = MOVES[kind]
                assert now in sources
                now = after
            on_order = on_order or kind in ORDERS
    assert hall.centre_status(who) == now
    assert hall.replacement_filed(who) is on_order


def _outcome(verdict: str) -> VerdictOutcome:
    signed = msgspec.json.decode(verdict, type=Signed)
    return msgspec.json.decode(from_text(signed.item), type=Verdict).outcome
