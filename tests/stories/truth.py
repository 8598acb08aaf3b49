"""What must hold after any interruption of a visit for a PIN: page, chip, journal and centre do not contradict each
other, and whoever comes back is served."""

from __future__ import annotations

import re

import msgspec

from kiosk.contract import Kind, PinChanged, Signed
from kiosk.journal import View
from kiosk.journal.transaction import Stage
from kiosk.seal import from_text
from sync.central import tables
from tests.stories.hall import Hall
from tests.stories.walk import Digits, Walk

LATER: Digits = (4, 0, 7, 2, 9, 5)

IT_IS_DONE = {
    *("新密码已生效", "新密码已写入", "已解锁，密码正确", "已解锁，密码不对", "已经解锁", "密码改好了"),
    *("已经挂失", "早已挂失", "已经解除挂失", "已经正式挂失", "社保卡已启用", "已经申请换卡"),
}
PREPARED = {"请到窗口办"}
"""A form, whose reference the office may hear of later."""
REGISTERED = {"已登记，尚未生效", "已登记，尚未确认生效"}
NOBODY_KNOWS = {"还不知道成没成"}
NOTHING_WAS_DONE = {
    "没有办成",
    "卡拔早了",
    "卡拔出来了",
    "连不上社保中心",
    "网络断了",
    "读卡器出了故障",
    "读卡器故障",
    "身份证读不了",
}

IN_NOTHING = {Stage.NOT_DONE, Stage.VOID}
AT_THE_CENTRE = {
    Stage.DONE: {"done", "already"},
    Stage.REFUSED: {"refused"},
    Stage.NOT_DONE: {"void"},
    Stage.VOID: {"void"},
    Stage.IN_DOUBT: {"issued"},
}
TOLD_OF_A_CHANGE = {Stage.DONE: "done", Stage.NOT_DONE: "not_done", Stage.IN_DOUBT: "unknown"}
"""A PIN change is not allowed or refused by anybody: the centre only hears of it."""

REPERTOIRE = re.compile(
    r"00A4000002.{4}|00A40400.*|00B2.{6}|00C00000.{2}|0084000008|0088000010.{32}|008200.{2}10.{32}"
    r"|0020000000|0020000003.{6}|805E010007.{14}|8424000004.{8}|842400010C.{24}|8424000114.{40}"
)
"""All that a chip ever hears, whole, header and length (SSC specification, S5); of secured commands only PIN
CHANGE/UNBLOCK, in its three sizes."""


def is_told_at_the_centre(hall: Hall, view: View) -> None:
    """The centre's record of what is on record here, once everything is delivered."""
    if view.kind is Kind.PIN_CHANGED:
        assert _told(hall, view.id) == TOLD_OF_A_CHANGE[view.state.stage]
    else:
        assert hall.outcome_on_record(view.id) in AT_THE_CENTRE[view.state.stage]


def _told(hall: Hall, id: str) -> str:
    """What the centre was told that the chip did."""
    with hall.centre.store.transaction():
        (item,) = tables.Item.select().where(tables.Item.transaction_id == id, tables.Item.domain == "transaction")
        signed = msgspec.json.decode(item.signed, type=Signed)
    return msgspec.json.decode(from_text(signed.item), type=PinChanged).result


def told_the_truth(words: str | None, done: bool, stage: Stage | None) -> None:
    """`words` None: the screen went dark before anything was said."""
    assert words in {None, *IT_IS_DONE, *NOBODY_KNOWS, *NOTHING_WAS_DONE}
    if words in IT_IS_DONE:
        assert done
        assert stage is Stage.DONE
    if words in NOBODY_KNOWS:
        assert stage is Stage.IN_DOUBT
    if words in NOTHING_WAS_DONE:
        assert not done


def told_the_truth_at_last(walk: Walk, stage: Stage | None) -> None:
    """`stage`: of what was begun, once everything is delivered."""
    match walk.result:
        case done if done in IT_IS_DONE:
            assert stage is Stage.DONE
            assert walk.on_record[0].state.stage is Stage.DONE, "already when it was said"
        case waits if waits in REGISTERED | PREPARED:
            assert stage in {Stage.DONE, Stage.REFUSED}
        case unknown if unknown in NOBODY_KNOWS:
            assert stage is not None
        case _:
            assert stage in {None, Stage.REFUSED, Stage.VOID, Stage.NOT_DONE}, f"{walk.last_words} was said"


def recorded_the_truth(hall: Hall, done: bool, stage: Stage | None) -> None:
    """Here and at the centre, once everything is delivered."""
    if stage is None:
        assert not done
        return
    if stage is not Stage.IN_DOUBT:
        assert done is (stage is Stage.DONE)
    for view in hall.journal_says():
        is_told_at_the_centre(hall, view)


async def is_served_later(hall: Hall, who: str, done: bool) -> None:
    """Another day's reset; the chip that is back settles what was in doubt."""
    walk = Walk(hall, "reset_pin", who, LATER)
    await walk.to_the_end()
    assert walk.last_words == "新密码已生效"
    await hall.delivered()
    newest, *earlier = [view.state.stage for view in hall.journal_says()]
    assert newest is Stage.DONE
    assert set(earlier) <= ({Stage.DONE} if done else {*IN_NOTHING, Stage.MOOT})


def the_chip_heard_nothing_else(hall: Hall) -> None:
    """Whatever the centre gave for it: never a command of somebody else's."""
    for apdu in hall.hardware.trace:
        assert REPERTOIRE.fullmatch(apdu.hex().upper()), apdu[:4].hex()


def stage_of_only(hall: Hall) -> Stage | None:
    views = hall.journal_says()
    assert len(views) <= 1, "one piece of work was asked for"
    return views[0].state.stage if views else None
