"""Every service as somebody walks through it when all goes well: one line a page, and what it comes to.

From these visits stories are generated: what can befall somebody is tried on each page and at each step.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import trio

from kiosk.contract import Audit, Kind, PaperSeen, Vouching, Whom
from kiosk.journal import View
from kiosk.journal.transaction import AFTER_ACTING, ON_THE_CHIP, InDoubt, Stage, State, Why
from kiosk.prompts import (
    Advice,
    CardReport,
    Choose,
    Confirm,
    InsertCard,
    LayIdCard,
    PrivacyNotice,
    Progress,
    Prompt,
    Result,
    Topics,
    TypeCode,
    TypeNumber,
    TypePin,
)
from kiosk.terms import CardStatus
from sync.central import tables
from tests.stories.clerk import CLERK, Clerk, audits, items, nobody_is_signed_in, opened
from tests.stories.hall import PEOPLE, Hall, Weather, switched_on
from tests.stories.truth import is_told_at_the_centre, told_the_truth_at_last
from tests.stories.walk import Act, Digits, Seen, Walk

OWN: Digits = (1, 2, 3, 4, 5, 6)
"""The PIN that every card here comes with."""
NEW: Digits = (3, 9, 4, 8, 5, 7)

MAX_TRIES = 6
CHANGES_THE_CHIP = ON_THE_CHIP | {Kind.PIN_CHANGED}
ANY_WORK = frozenset(Kind) - {Kind.AUDIT}
ENDS = frozenset({Stage.DONE, Stage.REFUSED, Stage.VOID, Stage.NOT_DONE, Stage.IN_DOUBT})

TO_THE_END = ("reset_pin", "unblock_pin", "release", "activation", "formal_loss", "replacement")
"""The office has turned everything on, for whoever comes alone."""
WITH_CLERKS = (*TO_THE_END, "assisted")

OPENING = (
    (PrivacyNotice, "要读您的身份证"),
    (LayIdCard, "请放身份证"),
)
SIGN_IN = (
    (TypeNumber, "工作人员编号"),
    (TypePin, "工作人员密码"),
    (TypeCode, "工作人员动态码"),
    (Choose, "替谁办理？"),
)
VOUCHES = (
    (Confirm, "请工作人员核对"),
    (Topics, "办什么？"),
)
WITH_CARD = (*OPENING, (InsertCard, "请插入社保卡"))

_WINDOW_ONLY = {
    CardStatus.FORMALLY_LOST: "已经正式挂失",
    CardStatus.APPLICATION_LOCKED: "卡被社保局停用",
    CardStatus.CANCELLED: "卡已经注销",
}
_NO_NEW_PIN = {
    **_WINDOW_ONLY,
    CardStatus.SEALED: "卡还没有启用",
    CardStatus.TEMPORARILY_LOST: "卡已经挂失",
    CardStatus.FORMALLY_LOST: "卡已经挂失",
}


def becomes(status: CardStatus) -> Callable[[Hall, str], bool]:
    return lambda hall, who: hall.centre_status(who) == status


def has_new_pin(hall: Hall, _who: str) -> bool:
    return hall.pin_is(NEW)


def has_tries(hall: Hall, _who: str) -> bool:
    return hall.tries_left() > 0


def form_on_record(hall: Hall, _who: str) -> bool:
    with hall.centre.store.transaction():
        return bool(tables.Transaction.select().where(tables.Transaction.kind == Kind.AUDIT.value).count())


def never(_hall: Hall, _who: str) -> bool:
    """Whoever only asks changes nothing."""
    return False


class Vouched(NamedTuple):
    """What a clerk says of who came."""

    word: Vouching
    comes_instead: str | None = None
    """Of the holder, who has stayed at home."""


class Visit(NamedTuple):
    """One service, from the first page after the choice to the page that tells how it ended."""

    service: str
    who: str
    lines: tuple[tuple[type[Prompt], str], ...]
    kind: Kind | None = None
    """Of what is in the journal then; None: nothing is."""
    happened: Callable[[Hall, str], bool] = never
    """The chip's or the centre's own word on whether it has taken effect."""
    pin: Digits = OWN
    """What is typed wherever the old one is not asked for."""
    wishes: tuple[str, ...] = ()
    otherwise: dict[CardStatus, str] = {}  # noqa: RUF012 - read only
    """The last words for a card of another status; none: the status does not matter."""
    holds_card: bool = True
    """It needs the card in the slot, if it was put in, until its end."""
    site: tuple[str, ...] = TO_THE_END
    offline: bool = False
    vouched: Vouched | None = None
    """A clerk opens it."""

    @property
    def pages(self) -> tuple[Seen, ...]:
        return tuple(Seen(*line) for line in self.lines)

    @property
    def done(self) -> str:
        """The last words when all went well."""
        return self.lines[-1][1]

    @property
    def name(self) -> str:
        way = ("offline",) if self.offline else () if self.site else ("form",)
        by = ("vouched",) if self.vouched else ()
        return "-".join((self.service, self.who, *by, *self.wishes, *way))


VISITS = (
    Visit(
        "release",
        "temporarily_lost",
        (
            *WITH_CARD,
            (Confirm, "解除挂失？"),
            (TypePin, "请输入密码"),
            (Result, "已经解除挂失"),
        ),
        kind=Kind.RELEASE,
        happened=becomes(CardStatus.NORMAL),
        otherwise={
            **_WINDOW_ONLY,
            CardStatus.SEALED: "卡还没有启用",
            CardStatus.NORMAL: "卡没有挂失",
            CardStatus.FORMALLY_LOST: "不能解除了",
        },
    ),
    *(
        Visit(
            "formal_loss",
            who,
            (
                *OPENING,
                (Confirm, "正式挂失并补卡？"),
                (TypeCode, "请输入验证码"),
                (Confirm, "旧卡作废，确定吗？"),
                (Result, "已经正式挂失"),
            ),
            kind=Kind.FORMAL_LOSS,
            happened=becomes(CardStatus.FORMALLY_LOST),
            otherwise={**_WINDOW_ONLY, CardStatus.SEALED: "卡还没有启用"},
        )
        for who in ("normal_v2", "temporarily_lost")
    ),
    Visit(
        "formal_loss",
        "normal_v2",
        (
            *OPENING,
            (Confirm, "打印补卡申请表？"),
            (Result, "请到窗口办"),
        ),
        kind=Kind.AUDIT,
        happened=form_on_record,
        site=(),
    ),
    Visit(
        "activation",
        "sealed",
        (
            *WITH_CARD,
            (TypeCode, "请输入验证码"),
            (Confirm, "启用这张卡？"),
            (Result, "社保卡已启用"),
        ),
        kind=Kind.ACTIVATION,
        happened=becomes(CardStatus.NORMAL),
        otherwise={**_WINDOW_ONLY, CardStatus.NORMAL: "卡早已启用", CardStatus.TEMPORARILY_LOST: "卡已经挂失"},
    ),
    Visit(
        "replacement",
        "normal_v2",
        (
            *WITH_CARD,
            (Topics, "为什么换卡？"),
            (TypeCode, "请输入验证码"),
            (Confirm, "换一张新卡？"),
            (Result, "已经申请换卡"),
        ),
        kind=Kind.REPLACEMENT,
        happened=Hall.replacement_filed,
        wishes=("worn",),
        otherwise={**_WINDOW_ONLY, CardStatus.SEALED: "卡还没有启用", CardStatus.TEMPORARILY_LOST: "卡已经挂失"},
        holds_card=False,
    ),
    Visit(
        "replacement",
        "normal_v2",
        (
            *WITH_CARD,
            (Topics, "为什么换卡？"),
            (Confirm, "打印换卡申请表？"),
            (Result, "请到窗口办"),
        ),
        kind=Kind.AUDIT,
        happened=form_on_record,
        holds_card=False,
        site=(),
    ),
    Visit(
        "reset_pin",
        "normal_v2",
        (
            *WITH_CARD,
            (TypeCode, "请输入验证码"),
            (Confirm, "重设社保密码？"),
            (TypePin, "请设新密码"),
            (TypePin, "请再输一次"),
            (Result, "新密码已生效"),
        ),
        kind=Kind.RELOAD_PIN,
        happened=has_new_pin,
        pin=NEW,
        otherwise=_NO_NEW_PIN,
    ),
    Visit(
        "unblock_pin",
        "pin_blocked",
        (
            *WITH_CARD,
            (Confirm, "记得原来的密码吗？"),
            (TypeCode, "请输入验证码"),
            (TypePin, "请输入密码"),
            (Result, "已解锁，密码正确"),
        ),
        kind=Kind.UNBLOCK_PIN,
        happened=has_tries,
        otherwise=_NO_NEW_PIN,
    ),
    *(
        Visit(
            "change_pin",
            "normal_v2",
            (
                *WITH_CARD,
                (Confirm, "修改社保密码？"),
                (TypePin, "请输入原密码"),
                (TypePin, "请设新密码"),
                (TypePin, "请再输一次"),
                (Result, "密码改好了"),
            ),
            kind=Kind.PIN_CHANGED,
            happened=has_new_pin,
            pin=NEW,
            otherwise=_NO_NEW_PIN,
            offline=offline,
        )
        for offline in (False, True)
    ),
    Visit(
        "report_loss",
        "normal_v2",
        (
            *OPENING,
            (Confirm, "挂失这张卡？"),
            (Result, "已经挂失"),
        ),
        kind=Kind.TEMPORARY_LOSS,
        happened=becomes(CardStatus.TEMPORARILY_LOST),
        otherwise={**_WINDOW_ONLY, CardStatus.SEALED: "卡还没有启用", CardStatus.TEMPORARILY_LOST: "已经挂失过了"},
    ),
    Visit(
        "report_loss",
        "normal_v2",
        (
            *OPENING,
            (Confirm, "登记挂失？"),
            (Result, "已登记，尚未生效"),
        ),
        kind=Kind.TEMPORARY_LOSS,
        happened=becomes(CardStatus.TEMPORARILY_LOST),
        offline=True,
    ),
    Visit(
        "card_status",
        "normal_v2",
        (
            *WITH_CARD,
            (CardReport, "卡可以使用"),
        ),
        otherwise={
            CardStatus.SEALED: "卡还没有启用",
            CardStatus.FORMALLY_LOST: "正在补办新卡",
            CardStatus.APPLICATION_LOCKED: "卡被停用了",
            CardStatus.TEMPORARILY_LOST: "卡已经挂失",
            CardStatus.CANCELLED: "卡已经注销",
        },
        holds_card=False,
    ),
    Visit(
        "progress",
        "on_order",
        (
            (Choose, "您想怎么查？"),
            *OPENING,
            (Progress, "新卡正在做"),
        ),
    ),
    Visit(
        "progress",
        "on_order",
        (
            (Choose, "您想怎么查？"),
            (PrivacyNotice, "要您输入号码"),
            (TypeNumber, "输身份证号码"),
            (TypeNumber, "输原卡号后4位"),
            (Progress, "新卡正在做"),
        ),
        wishes=("by_number",),
    ),
    Visit(
        "guide",
        "normal_v2",
        (
            (Topics, "您想问什么？"),
            (Topics, "卡丢了坏了"),
            (Advice, "卡丢了怎么办"),
        ),
    ),
    Visit(
        "report_loss",
        "normal_v3",
        (
            *SIGN_IN,
            (Topics, "看过什么证件？"),
            (PrivacyNotice, "要输入您的号码"),
            (TypeNumber, "输身份证号码"),
            *VOUCHES,
            (Confirm, "挂失这张卡？"),
            (Result, "已经挂失"),
        ),
        kind=Kind.TEMPORARY_LOSS,
        happened=becomes(CardStatus.TEMPORARILY_LOST),
        wishes=("present", "passport"),
        site=WITH_CLERKS,
        vouched=Vouched(Vouching(Whom.PRESENT, (PaperSeen.PASSPORT,))),
    ),
    Visit(
        "report_loss",
        "normal_v3",
        (
            *SIGN_IN,
            (Topics, "看过什么证件？"),
            (Topics, "还看过什么？"),
            (PrivacyNotice, "要读您的身份证"),
            (LayIdCard, "请放代办人身份证"),
            (LayIdCard, "请放本人身份证"),
            (TypeNumber, "输身份证号码"),
            *VOUCHES,
            (Confirm, "挂失这张卡？"),
            (Result, "已经挂失"),
        ),
        kind=Kind.TEMPORARY_LOSS,
        happened=becomes(CardStatus.TEMPORARILY_LOST),
        wishes=("proxy", "power_of_attorney", "all_seen"),
        site=WITH_CLERKS,
        vouched=Vouched(Vouching(Whom.PROXY, (PaperSeen.POWER_OF_ATTORNEY,)), comes_instead="normal_v2"),
    ),
    Visit(
        "reset_pin",
        "normal_v2",
        (
            *SIGN_IN,
            (Topics, "看过什么证件？"),
            (PrivacyNotice, "要读您的身份证"),
            (LayIdCard, "请放本人身份证"),
            *VOUCHES,
            (InsertCard, "请插入社保卡"),
            (Confirm, "重设社保密码？"),
            (TypePin, "请设新密码"),
            (TypePin, "请再输一次"),
            (Result, "新密码已生效"),
        ),
        kind=Kind.RELOAD_PIN,
        happened=has_new_pin,
        pin=NEW,
        wishes=("present", "resident_id"),
        site=WITH_CLERKS,
        vouched=Vouched(Vouching(Whom.PRESENT, (PaperSeen.RESIDENT_ID,))),
    ),
)


@asynccontextmanager
async def hall_for(visit: Visit, folder: Path) -> AsyncIterator[Hall]:
    """The person has come with the card, to a terminal where the visit is offered."""
    async with switched_on(Hall(folder, site_switches=visit.site)) as hall:
        await hall.citizen.online()
        hall.carries(PEOPLE[visit.who])
        if visit.offline:
            hall.wire.weather = Weather.CUT
            await hall.citizen.online(False)
        yield hall


async def walked(
    hall: Hall, visit: Visit, *, before: dict[int, Act] | None = None, instead: dict[int, Act] | None = None
) -> Walk:
    vouched = visit.vouched
    walk = Walk(
        hall,
        visit.service,
        visit.who,
        visit.pin,
        OWN,
        wishes=visit.wishes,
        clerk=Clerk(hall) if vouched else None,
        comes_instead=vouched.comes_instead if vouched else None,
        before=before,
        instead=instead,
    )
    await walk.to_the_end()
    return walk


def works(hall: Hall, visit: Visit) -> list[View]:
    """What the person asked for that is in the journal, the newest first; not that a clerk looked somebody up."""
    return [view for view in hall.journal_says() if view.kind in {visit.kind, *ANY_WORK}]


async def truth_comes_back(hall: Hall) -> None:
    """The line is good again, and everything is delivered; a doubt about a chip may stay."""
    hall.wire.weather = Weather.FINE
    with trio.fail_after(3600):
        await hall.citizen.online()
        while any(ends_by_itself(view.state) for view in hall.journal_says()):
            await trio.sleep(30)
        await hall.delivered()


def ends_by_itself(state: State) -> bool:
    """A doubt that the centre's answer to the void ends."""
    return isinstance(state, InDoubt) and state.why not in AFTER_ACTING | {Why.ISSUED}


def one_truth(hall: Hall, visit: Visit, walk: Walk) -> None:
    """What was said at last, the journal, the centre and the chip, once everything is delivered."""
    told_the_truth_at_last(walk, the_three_agree(hall, visit))
    the_clerk_has_gone(hall)


def the_three_agree(hall: Hall, visit: Visit) -> Stage | None:
    """Journal, centre and chip, once everything is delivered, on what became of the work; None: nothing was begun."""
    happened = visit.happened(hall, visit.who)
    views = works(hall, visit)
    assert len(views) <= 1, "one piece of work was asked for"
    stage = views[0].state.stage if views else None
    assert stage in {None, *ENDS}
    if stage is not Stage.IN_DOUBT:
        assert happened is (stage is Stage.DONE), "terminal and what was changed agree"
    for view in views:
        assert view.kind is visit.kind
        is_told_at_the_centre(hall, view)
        assert view.clerk == (CLERK if visit.vouched else None)
    if visit.vouched:
        the_clerks_word_is_on_record(hall, visit.vouched, visit.who, views)
    the_chip_is_as_it_must(hall, visit, happened)
    return stage


def the_clerks_word_is_on_record(hall: Hall, vouched: Vouched, who: str, views: list[View]) -> None:
    """Here and at the centre: both people with all that was done, or looked up."""
    instead = PEOPLE[vouched.comes_instead] if vouched.comes_instead else None
    for view in views:
        assert (view.stand_in and view.stand_in.last4) == (instead and instead.number[-4:])
    events = [event for event, _ in audits(hall)]
    ours = [item for item in items(hall) if item.id in {view.id for view in views}]
    looked_up = [item for item in items(hall) if isinstance(item, Audit) and item.event == "clerk_looked_up"]
    for item in (*ours, *looked_up):
        personal = opened(hall, item)
        assert personal.holder_number == PEOPLE[who].number
        assert personal.stand_in_number == (instead and instead.number)
        assert item.evidence.clerk == CLERK
    for item in ours:
        assert item.evidence.vouching == vouched.word
        assert {"clerk_signed_in", "clerk_looked_up", "clerk_vouched"} <= set(events), "before anything was done"


def the_clerk_has_gone(hall: Hall) -> None:
    """With the visit; of one during which the terminal died, the centre hears no more, and the sign-in lapses there."""
    events = [event for event, _ in audits(hall)]
    if "clerk_signed_in" in events:
        assert events[-1] == "clerk_signed_out"
        assert nobody_is_signed_in(hall)


def the_chip_is_as_it_must(hall: Hall, visit: Visit, happened: bool) -> None:
    """No try is lost and no other PIN is on it, whatever came to nothing."""
    card = PEOPLE[visit.who].card
    assert card is not None
    changed = happened and visit.kind in CHANGES_THE_CHIP
    assert hall.tries_left() == (MAX_TRIES if changed else card.tries_left)
    assert hall.pin_is(visit.pin if changed else OWN) or hall.tries_left() == 0
