"""Receipts: what a person takes home as proof, and what a clerk or 12333 needs to find it again."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from kiosk.contract import CardFacts, Kind, Text
from kiosk.endings import Reason
from kiosk.guide.topics import Topic
from kiosk.journal import View
from kiosk.policy import Bank
from kiosk.prompts import Progress, Refusal
from kiosk.slips.lines import Centred, Emphasis, Field, Gap, Heading, Item, Line, Paragraph, QrCode, Rule, Slip
from kiosk.slips.new_card import NewCard, told_of
from kiosk.terms import Holder, Private
from kiosk.words import CHINESE, Message, language, msg, said


class Stationery(msgspec.Struct, frozen=True):
    """What stands on every slip of this terminal."""

    place: Text
    terminal: str
    hotline: str
    hotline_hours: Text | None
    """When a person answers there."""
    language: str
    """The language the person chose; a clerk's line in Chinese is always there."""
    large: bool
    """The person reads large type."""
    demo: bool
    now: dt.datetime
    clerk: str | None = None
    """Number of the clerk who vouched."""
    stand_in: str | None = None
    """Masked name of whoever came for the holder."""


class LossWord(enum.StrEnum):
    """What can be said of a loss that was reported."""

    DONE = "done"
    ALREADY = "already"
    REGISTERED = "registered"
    """It has not left the terminal."""
    HELD = "held"
    """Nor can it, until somebody acts: the centre does not accept this terminal."""
    UNCONFIRMED = "unconfirmed"
    """It left, and no answer came."""
    IN_DOUBT = "in_doubt"
    """The centre could not take it, and nobody here knows whether an earlier copy counts."""


class Loss(Private, frozen=True):
    """What a loss receipt tells."""

    view: View
    word: LossWord
    holder: Holder
    card: CardFacts | None
    bank: Bank | None
    """Of the card's financial account; None when the centre did not tell."""
    until: dt.datetime | None
    """When it lapses; None when the centre did not tell."""


def loss(paper: Stationery, told: Loss) -> Slip:
    """临时挂失回执."""
    say = language(paper.language).say
    lines: list[Line] = [
        *head(paper, msg("slip.loss.title")),
        Field(say(msg("row.holder")), told.holder.masked_name),
        Field(say(msg("row.id_number")), say(msg("row.last4", last4=told.holder.last4))),
    ]
    if told.card is not None:
        lines.append(Field(say(msg("row.card")), say(msg("row.last4", last4=told.card.card_last4))))
    lines.append(Field(say(msg("row.time")), f"{told.view.drafted_at:%Y-%m-%d %H:%M}"))
    if told.until is not None:
        lines.append(Field(say(msg("row.loss_expires")), f"{told.until:%Y-%m-%d %H:%M}", strong=True))
    lines += [
        Gap(),
        Emphasis(say(msg(f"slip.loss.{told.word}"))),
        Emphasis(say(_bank(told.bank))),
        Rule(),
        Paragraph(say(msg(f"slip.loss.{told.word}.more", hotline=paper.hotline))),
        Paragraph(say(msg("slip.loss.undo"))),
        *foot(paper, told.view),
    ]
    return Slip(tuple(lines), large=paper.large, name=f"loss_{told.word}")


class PinWord(enum.StrEnum):
    """What can be said of a PIN that was reset or changed, or of its tries."""

    RESET = "reset"
    RESET_UNVERIFIED = "reset_unverified"
    """The chip took it, and does not know it."""
    RESET_UNCHECKED = "reset_unchecked"
    UNBLOCKED = "unblocked"
    UNBLOCKED_WRONG = "unblocked_wrong"
    """There are tries again, and what was typed is not the PIN."""
    UNBLOCKED_UNCHECKED = "unblocked_unchecked"
    LOCKED = "locked"
    """For ever."""
    DOUBT = "doubt"
    """The tries on the chip will tell."""
    DOUBT_AGAIN = "doubt_again"
    """Only another reset will."""
    CHANGED = "changed"
    CHANGED_UNCHECKED = "changed_unchecked"
    """Offline: nobody asked for the card's status."""
    CHANGE_DOUBT = "change_doubt"
    CHANGE_DOUBT_UNCHECKED = "change_doubt_unchecked"


class PinReceipt(Private, frozen=True):
    """What a receipt of reset, unblock or change tells; never anything of the PIN."""

    view: View
    word: PinWord
    holder: Holder
    values: dict[str, Any]
    """The page's: both name the same places."""


def pin(paper: Stationery, told: PinReceipt) -> Slip:
    """密码业务回执."""
    say = language(paper.language).say
    lines: list[Line] = [
        *head(paper, msg("slip.pin.title")),
        Field(say(msg("row.holder")), told.holder.masked_name),
        Field(say(msg("row.card")), say(msg("row.last4", last4=told.view.card_last4))),
        Field(say(msg("row.service")), say(msg(f"kind.{told.view.kind}"))),
        Field(say(msg("row.time")), f"{told.view.drafted_at:%Y-%m-%d %H:%M}"),
        Gap(),
        Emphasis(say(msg(f"slip.pin.{told.word}"))),
        Rule(),
        Paragraph(say(msg(f"slip.pin.{told.word}.more", **told.values))),
        Paragraph(say(msg("slip.pin.bank"))),
        *foot(paper, told.view),
    ]
    return Slip(tuple(lines), large=paper.large, name=f"pin_{told.word}")


class CentreReceipt(Private, frozen=True):
    """What a receipt of something that only the centre does tells."""

    view: View
    word: str
    """done | already | in_doubt"""
    holder: Holder
    card: CardFacts
    bank: Message
    """What it does not cover, and whom to ask for that."""
    values: dict[str, Any]
    """The page's: both say the same."""
    new_card: NewCard | None = None
    """One is being made."""


def at_the_centre(paper: Stationery, told: CentreReceipt) -> Slip:
    """解除挂失、正式挂失、换卡、启用: 回执."""
    say = language(paper.language).say
    kind = told.view.kind
    lines: list[Line] = [
        *head(paper, msg(f"slip.{kind}.title")),
        Field(say(msg("row.holder")), told.holder.masked_name),
        Field(say(msg("row.id_number")), say(msg("row.last4", last4=told.holder.last4))),
        Field(say(msg("row.card")), say(msg("row.last4", last4=told.card.card_last4))),
        Field(say(msg("row.time")), f"{told.view.drafted_at:%Y-%m-%d %H:%M}"),
        Field(say(msg("row.result")), say(msg(_result(told))), strong=True),
        Gap(),
        Emphasis(say(msg(f"{kind}.{told.word}.title", **told.values))),
        Paragraph(say(msg(f"{kind}.{told.word}.sentence", **told.values))),
        Emphasis(say(told.bank)),
        Rule(),
        Paragraph(say(msg(f"slip.{kind}.{told.word}.more", **told.values))),
        *(told_of(told.new_card, paper.language, paper.hotline) if told.new_card else ()),
        *foot(paper, told.view),
    ]
    return Slip(tuple(lines), large=paper.large, name=f"{kind}_{told.word}")


def _result(told: CentreReceipt) -> str:
    """An order has no effect yet: the old card works until the new one is handed over."""
    return "slip.ordered" if (told.view.kind, told.word) == (Kind.REPLACEMENT, "done") else f"slip.{told.word}"


def to_the_window(
    paper: Stationery, reason: Reason, page: Refusal, about: View | None, bring: Iterable[Message]
) -> Slip:
    """请到人工窗口: what was wanted, why not here, what to do and to bring; nothing about the person.

    `about`: the transaction that came to nothing, if there was one.
    """
    say = language(paper.language).say
    lines: list[Line] = [
        *head(paper, msg("slip.window.title")),
        Emphasis(say(page.title)),
        Paragraph(say(page.why)),
        Paragraph(say(page.where), strong=True),
        Rule(),
        Paragraph(say(msg("slip.window.bring")), strong=True),
        *(Item(say(thing)) for thing in bring),
        *_mark(paper, about),
    ]
    return Slip(tuple(lines), large=paper.large, name=f"window_{reason}")


def checklist(paper: Stationery, topic: Topic, values: dict[str, Any], as_of: Message | None) -> Slip:
    """办事清单: a topic of the guide with a box at every point.  `as_of`: since when nobody answers for it."""
    say = language(paper.language).say
    lines = [*head(paper, topic.title), *_told(paper, topic.lines(values))]
    if as_of is not None:
        lines.append(Paragraph(say(as_of)))
    lines += _mark(paper)
    return Slip(tuple(lines), large=paper.large, name=f"guide_{topic.id}")


def progress(paper: Stationery, page: Progress) -> Slip:
    """制卡进度: what the page says, to be taken along to where the card waits."""
    say = language(paper.language).say
    lines: list[Line] = [
        *head(paper, msg("slip.progress.title")),
        *(Field(say(row.label), say(row.value)) for row in page.rows),
        Rule(),
        *(Field(say(row.label), say(row.value), strong=True) for row in page.first),
        *(Field(say(stage.label), say(stage.note)) for stage in page.stages),
        Rule(),
        Emphasis(say(page.title)),
        Paragraph(say(page.sentence), strong=True),
        *_mark(paper),
    ]
    return Slip(tuple(lines), large=paper.large, name="progress")


def _told(paper: Stationery, lines: Iterable[tuple[Message, bool]]) -> Iterator[Line]:
    """Points stand behind a box."""
    say = language(paper.language).say
    for text, point in lines:
        yield Item(say(text)) if point else Paragraph(say(text))


def _bank(bank: Bank | None) -> Message:
    """The half of the loss that this slip does not cover, and whom to call for it."""
    return msg("slip.loss.any_bank") if bank is None else msg("slip.loss.bank", bank=bank.name, hotline=bank.hotline)


def head(paper: Stationery, title: Message) -> list[Line]:
    say = language(paper.language).say
    lines: list[Line] = [Centred(language(CHINESE).say(msg("slip.demo")))] if paper.demo else []
    lines += [Heading(say(title))]
    if paper.language != CHINESE:
        lines.append(Centred(language(CHINESE).say(title)))
    place = paper.place.zh if paper.language == CHINESE else paper.place.en
    return [*lines, Centred(say(msg("slip.kiosk"))), Centred(place), Rule()]


def copy(paper: Stationery, slip: Slip) -> Slip:
    """重印件: the same once more, when the first did not surely come; it says so before anything else."""
    say, chinese = language(paper.language).say, language(CHINESE).say
    lines: list[Line] = [Heading(say(msg("slip.copy")))]
    if paper.language != CHINESE:
        lines.append(Centred(chinese(msg("slip.copy"))))
    lines += [Centred(say(msg("slip.copy.more"))), Rule()]
    return msgspec.structs.replace(slip, lines=(*lines, *slip.lines))


def _mark(paper: Stationery, about: View | None = None) -> list[Line]:
    """The end of a slip that tells only of now: when and where it was printed, and whom to call."""
    say = language(paper.language).say
    return [
        Rule(),
        *(_number(paper, about) if about else ()),
        Field(say(msg("row.time")), f"{paper.now:%Y-%m-%d %H:%M}"),
        *_whom_to_ask(paper),
        *(_code(about) if about else ()),
    ]


def foot(paper: Stationery, view: View) -> list[Line]:
    """The end of a receipt: by what a clerk or 12333 finds the transaction."""
    return [Rule(), *_number(paper, view), *_whom_to_ask(paper), *_code(view)]


def _number(paper: Stationery, view: View) -> Iterator[Line]:
    say = language(paper.language).say
    yield Field(say(msg("row.reference")), view.reference, strong=True)
    yield Field(say(msg("row.chain_code")), view.chain_code)


def _whom_to_ask(paper: Stationery) -> Iterator[Line]:
    say = language(paper.language).say
    if paper.clerk is not None:
        yield Field(say(msg("slip.assisted")), paper.clerk, strong=True)
    if paper.stand_in is not None:
        yield Field(say(msg("slip.stand_in")), paper.stand_in, strong=True)
    yield Field(say(msg("row.terminal")), paper.terminal)
    yield from whom_to_call(paper, paper.language)


def whom_to_call(paper: Stationery, code: str) -> Iterator[Line]:
    """12333, and when a person answers there."""
    say = language(code).say
    yield Field(say(msg("row.hotline")), paper.hotline, strong=True)
    if paper.hotline_hours is not None:
        yield Field("", say(said(paper.hotline_hours)))


def _code(view: View) -> Iterator[Line]:
    yield QrCode(f"{view.reference} {view.chain_code}")
