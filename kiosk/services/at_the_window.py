"""Prepared here, finished at the window: the filled form, what to bring, and a reference a clerk can look up."""

from __future__ import annotations

from kiosk.contract import CardFacts, Kind
from kiosk.desk import Desk
from kiosk.endings import Broken, Reason
from kiosk.guide.values import values
from kiosk.journal import Draft, Event
from kiosk.policy.eligibility import FORMAL_LOSS, REPLACEMENT
from kiosk.prompts import Paper, Result, Tile, Tone
from kiosk.services.at_the_centre import bank_side
from kiosk.slips import forms
from kiosk.slips.new_card import new_card
from kiosk.words import Message, msg


async def prepare(
    desk: Desk,
    service: str,
    card: CardFacts,
    *,
    reason: Message,
    following: tuple[Tile, ...] = (),
) -> None:
    """Form and checklist, with the reference of a record at the office; nothing at the centre changes."""
    assert desk.person is not None  # noqa: S101 - these services began with the ID card
    terminal, holder = desk.terminal, desk.person.holder
    prepared = Draft(
        kind=Kind.AUDIT,
        visit=desk.visit,
        holder=holder,
        consent=desk.consent,
        matter=Event("form_prepared", {"service": service}),
    )
    view = await desk.on_record(lambda: terminal.journal.submit(prepared), failed=Broken(Reason.NOT_RECORDED))
    bank = bank_side(desk, card, f"{service}.bank")
    new = new_card(terminal.policy, card, ordered=None)
    papers = forms.Checklist(view, service, what_to_bring(service), bank, values(terminal.policy), new)
    await desk.hand_over(
        view,
        Result(
            tone=Tone.WAITING,
            title=msg(f"{service}.prepared.title"),
            sentence=msg(f"{service}.prepared.sentence"),
            warning=bank,
            reference=view.reference,
            hotline=terminal.policy.hotline,
            slip=forms.checklist(desk.stationery, papers),
            paper=Paper.PRINTING,
            next=following,
        ),
        form=forms.application(
            desk.stationery, forms.Application(view, service, holder, card, desk.bank_of(card), reason)
        ),
    )


PAPERS = {
    FORMAL_LOSS: ("id_card", "photo", "form"),
    REPLACEMENT: ("id_card", "photo", "form", "old_card"),
}
"""What the window asks for; the form has just been printed."""


def what_to_bring(service: str) -> tuple[Message, ...]:
    return tuple(msg(f"bring.{paper}") for paper in PAPERS[service])
