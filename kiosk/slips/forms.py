"""Paper for the window: the application form, filled in as far as the terminal knows, and what to bring with it.

The form is the office's, so it is in Chinese whatever the person reads.  It alone carries the full name and number,
and is printed only for who asked for it.
"""

from __future__ import annotations

from typing import Any

from kiosk.contract import CardFacts
from kiosk.journal import View
from kiosk.policy import Bank
from kiosk.slips.lines import Centred, Emphasis, Field, Gap, Heading, Item, Line, Paragraph, QrCode, Rule, Slip
from kiosk.slips.new_card import NewCard, told_of
from kiosk.slips.receipts import Stationery, foot, head, whom_to_call
from kiosk.terms import Holder, Private
from kiosk.words import CHINESE, Message, language, msg


class Application(Private, frozen=True):
    """What a person applies for."""

    view: View
    service: str
    """formal_loss | replacement"""
    holder: Holder
    card: CardFacts
    bank: Bank | None
    reason: Message


def application(paper: Stationery, told: Application) -> Slip:
    """社会保障卡补办（挂失）申请表."""
    say = language(CHINESE).say
    blank = say(msg("form.blank"))
    lines: list[Line] = [Centred(say(msg("slip.demo")))] if paper.demo else []
    lines += [
        Heading(say(msg("form.title"))),
        Centred(paper.place.zh),
        Rule(),
        Field(say(msg("form.name")), told.holder.name),
        Field(say(msg("form.number")), told.holder.number),
        Field(say(msg("row.card")), say(msg("row.last4", last4=told.card.card_last4))),
        Field(say(msg("form.bank")), told.bank.name if told.bank else say(msg("form.bank.unknown"))),
        Field(say(msg("form.wish")), say(msg(f"form.wish.{told.service}")), strong=True),
        Field(say(msg("form.reason")), say(told.reason)),
        Field(say(msg("form.phone")), blank),
        Rule(),
        Paragraph(say(msg("form.declaration"))),
        Gap(),
        Field(say(msg("form.signature")), blank),
        Gap(),
        Field(say(msg("form.date")), blank),
        Gap(),
        Field(say(msg("form.clerk")), blank),
        Rule(),
        Field(say(msg("row.reference")), told.view.reference, strong=True),
        Field(say(msg("row.chain_code")), told.view.chain_code),
        Field(say(msg("row.time")), f"{told.view.drafted_at:%Y-%m-%d %H:%M}"),
        Field(say(msg("row.terminal")), paper.terminal),
        *whom_to_call(paper, CHINESE),
        QrCode(f"{told.view.reference} {told.view.chain_code}"),
        Paragraph(say(msg("form.private"))),
    ]
    return Slip(tuple(lines), large=paper.large, name=f"form_{told.service}")


class Checklist(Private, frozen=True):
    """What to bring to the window, and what is not done yet."""

    view: View
    service: str
    bring: tuple[Message, ...]
    bank: Message
    values: dict[str, Any]
    """The policy's: days, fee."""
    new_card: NewCard


def checklist(paper: Stationery, told: Checklist) -> Slip:
    """材料单: nothing about the person."""
    say = language(paper.language).say
    lines: list[Line] = [
        *head(paper, msg(f"checklist.{told.service}.title")),
        Emphasis(say(msg(f"checklist.{told.service}.not_yet"))),
        Paragraph(say(msg("slip.window.bring")), strong=True),
        *(Item(say(what)) for what in told.bring),
        Rule(),
        Paragraph(say(msg(f"checklist.{told.service}.more", **told.values))),
        Emphasis(say(told.bank)),
        *told_of(told.new_card, paper.language, paper.hotline),
        *foot(paper, told.view),
    ]
    return Slip(tuple(lines), large=paper.large, name=f"checklist_{told.service}")
