"""Visits for every service whose effect is at the centre, as data: one line a screen, and what can befall each.

A visit is the list of its pages with what a person does on each.  From it stories are generated: the visit as it
goes well, and the visit with one mishap at one of its pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import trio.testing

from kiosk.journal.transaction import Stage
from kiosk.pin import Pin
from kiosk.prompts import (
    Agreed,
    Attract,
    Chosen,
    Confirm,
    Done,
    Home,
    InsertCard,
    LayIdCard,
    PrivacyNotice,
    Prompt,
    Refusal,
    Result,
    TakeCards,
    Topics,
    TypeCode,
    Typed,
    TypedPin,
    TypePin,
)
from kiosk.terms import CardStatus
from tests.stories.hall import PEOPLE, Hall

Act = Callable[[Hall, str], None]
"""What a person, by their key, does on a page."""


def agrees(hall: Hall, _who: str) -> None:
    hall.citizen.presses(Agreed())


def lays_id_card(hall: Hall, who: str) -> None:
    hall.lays(who)


def inserts_card(hall: Hall, who: str) -> None:
    hall.inserts(who)


def types_code(hall: Hall, who: str) -> None:
    code = re.search(r"\d{6}", hall.phone_of(who))
    assert code is not None
    hall.citizen.presses(Typed(code.group()))


def types_own_pin(hall: Hall, who: str) -> None:
    card = PEOPLE[who].card
    assert card is not None
    hall.citizen.presses(TypedPin(Pin(int(digit) for digit in card.pin)))


def says(service: str) -> Act:
    """One of the tiles."""
    return lambda hall, _who: hall.citizen.presses(Chosen(service))


def becomes(status: CardStatus) -> Callable[[Hall, str], bool]:
    return lambda hall, who: hall.centre_status(who) == status


class Screen(NamedTuple):
    """One page, by its kind and the title it must have, and what is done on it."""

    page: type[Prompt]
    title: str
    act: Act


class Visit(NamedTuple):
    """One service, from the first page after the choice to the page that tells how it ended."""

    service: str
    who: str
    screens: tuple[Screen, ...]
    done: str
    """The last words when all went well."""
    happened: Callable[[Hall, str], bool]
    """The centre's own word on whether it has taken effect."""
    refused: dict[CardStatus, str]
    """The last words from each status from which the service is not legal."""
    holds_card: bool = True
    """It needs the card in the slot, if it was put in, until its end."""

    @property
    def name(self) -> str:
        return f"{self.service}-{self.who}"


VISITS = (
    Visit(
        service="release",
        who="temporarily_lost",
        screens=(
            Screen(PrivacyNotice, "要读您的身份证", agrees),
            Screen(LayIdCard, "请放身份证", lays_id_card),
            Screen(InsertCard, "请插入社保卡", inserts_card),
            Screen(Confirm, "解除挂失？", agrees),
            Screen(TypePin, "请输入密码", types_own_pin),
        ),
        done="已经解除挂失",
        happened=becomes(CardStatus.NORMAL),
        refused={
            CardStatus.SEALED: "卡还没有启用",
            CardStatus.NORMAL: "卡没有挂失",
            CardStatus.FORMALLY_LOST: "不能解除了",
            CardStatus.APPLICATION_LOCKED: "卡被社保局停用",
            CardStatus.CANCELLED: "卡已经注销",
        },
    ),
    *(
        Visit(
            service="formal_loss",
            who=who,
            screens=(
                Screen(PrivacyNotice, "要读您的身份证", agrees),
                Screen(LayIdCard, "请放身份证", lays_id_card),
                Screen(Confirm, "正式挂失并补卡？", agrees),
                Screen(TypeCode, "请输入验证码", types_code),
                Screen(Confirm, "最后确认一次", agrees),
            ),
            done="已经正式挂失",
            happened=becomes(CardStatus.FORMALLY_LOST),
            refused={
                CardStatus.SEALED: "卡还没有启用",
                CardStatus.FORMALLY_LOST: "已经正式挂失",
                CardStatus.APPLICATION_LOCKED: "卡被社保局停用",
                CardStatus.CANCELLED: "卡已经注销",
            },
        )
        for who in ("normal_v2", "temporarily_lost")
    ),
    Visit(
        service="activation",
        who="sealed",
        screens=(
            Screen(PrivacyNotice, "要读您的身份证", agrees),
            Screen(LayIdCard, "请放身份证", lays_id_card),
            Screen(InsertCard, "请插入社保卡", inserts_card),
            Screen(TypeCode, "请输入验证码", types_code),
            Screen(Confirm, "启用这张卡？", agrees),
        ),
        done="社保卡已启用",
        happened=becomes(CardStatus.NORMAL),
        refused={
            CardStatus.NORMAL: "卡早已启用",
            CardStatus.FORMALLY_LOST: "已经正式挂失",
            CardStatus.APPLICATION_LOCKED: "卡被社保局停用",
            CardStatus.TEMPORARILY_LOST: "卡已经挂失",
            CardStatus.CANCELLED: "卡已经注销",
        },
    ),
    Visit(
        service="replacement",
        who="normal_v2",
        screens=(
            Screen(PrivacyNotice, "要读您的身份证", agrees),
            Screen(LayIdCard, "请放身份证", lays_id_card),
            Screen(InsertCard, "请插入社保卡", inserts_card),
            Screen(Topics, "为什么换卡？", says("worn")),
            Screen(TypeCode, "请输入验证码", types_code),
            Screen(Confirm, "换一张新卡？", agrees),
        ),
        done="已经申请换卡",
        happened=Hall.replacement_filed,
        refused={
            CardStatus.SEALED: "卡还没有启用",
            CardStatus.FORMALLY_LOST: "已经正式挂失",
            CardStatus.APPLICATION_LOCKED: "卡被社保局停用",
            CardStatus.TEMPORARILY_LOST: "卡已经挂失",
            CardStatus.CANCELLED: "卡已经注销",
        },
        holds_card=False,
    ),
)

NOBODY_KNOWS = "还不知道成没成"


class Walked:
    """What a person saw, one line a screen, and the title on which the service ended."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.last_words: str | None = None


async def walk(hall: Hall, visit: Visit, at: int | None = None, mishap: Act | None = None) -> Walked:
    """The whole visit; on the page number `at` the mishap happens instead of what the person would do."""
    walked = Walked()
    turn = 0
    await hall.citizen.comes()
    answered: Prompt | None = None
    while True:
        await trio.testing.wait_all_tasks_blocked()
        eyes = hall.citizen.eyes
        page = eyes.page
        if page is answered:
            await eyes.new.wait()
            continue
        if isinstance(page, Attract):
            return walked
        answered = page
        walked.seen.append(f"{type(page).__name__} {hall.citizen.said(page) or ''}".strip())
        match page:
            case Home() if walked.last_words is None and turn == 0:
                hall.citizen.presses(Chosen(visit.service))
            case Refusal() | Result():
                if walked.last_words is None:
                    walked.last_words = hall.citizen.said(page)
                hall.citizen.presses(Done())
            case TakeCards():
                hall.hardware.pull()
            case _ if turn < len(visit.screens) and type(page) is visit.screens[turn].page:
                screen = visit.screens[turn]
                assert hall.citizen.said(page) == screen.title
                act = screen.act if mishap is None or turn != at else mishap
                turn += 1
                act(hall, visit.who)


def one_truth(hall: Hall, visit: Visit, walked: Walked) -> None:
    """The last words, the journal and the centre, once everything is delivered; the chip is as it was."""
    changed = visit.happened(hall, visit.who)
    stages = {view.state.stage for view in hall.journal_says() if view.kind == visit.service}
    assert len(stages) <= 1, "one piece of work was asked for"
    if walked.last_words == visit.done:
        assert changed
        assert stages == {Stage.DONE}
    elif walked.last_words != NOBODY_KNOWS:
        assert not changed
        assert stages <= {Stage.REFUSED, Stage.VOID}
    assert changed == (Stage.DONE in stages), "terminal and centre agree after everything is delivered"
    if hall.hardware.trace:
        card = PEOPLE[visit.who].card
        assert card is not None
        assert hall.tries_left() == card.tries_left
        assert hall.pin_is(tuple(int(digit) for digit in card.pin))
