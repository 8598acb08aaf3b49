"""工作人员协助办理: a clerk signs in and vouches; chip, centre, journal and last words tell one truth of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio
import trio.testing

from kiosk import contract as c
from kiosk.journal import View
from kiosk.journal.transaction import Registered, Stage
from kiosk.pin import Pin
from kiosk.prompts import (
    Agreed,
    Attract,
    Back,
    Choose,
    Chosen,
    Confirm,
    Done,
    Home,
    InsertCard,
    LayIdCard,
    PrivacyNotice,
    Refusal,
    Result,
    TakeCards,
    Topics,
    TypeCode,
    Typed,
    TypedPin,
    TypeNumber,
    TypePin,
    Without,
)
from kiosk.terms import CardStatus
from sync.central import serving
from sync.central.rules.clerks import STEP_S
from tests.stories.clerk import CLERK, Clerk, audits, items, nobody_is_signed_in, opened
from tests.stories.hall import PEOPLE, Hall, Weather, switched_on

CHILD, MOTHER = "under_16", "normal_v1"
HOLDER, PROXY = "normal_v3", "normal_v2"
SEALED = "sealed"
SWITCHES = ("assisted", "formal_loss", "replacement", "activation", "release", "reset_pin", "unblock_pin")


class Counter(Clerk):
    """A clerk who stands beside the citizen, and the papers on the desk."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.citizen = hall.citizen

    async def opens(self) -> None:
        """The key on the help sheet, which is there with the home page alone."""
        await self.citizen.comes()
        home = await self.citizen.sees(Home)
        assert home.staff is not None
        self.citizen.presses(Chosen(home.staff))

    async def types(self, *, password: str | None = None, code: str | None = None) -> None:
        page = await self.citizen.sees(TypeNumber, "工作人员编号")
        assert page.figures_only, "no clerk's number has an X"
        self.citizen.presses(Typed(self.given.number))
        await self.citizen.sees(TypePin, "工作人员密码")
        self.citizen.presses(TypedPin(Pin(map(int, password or self.given.password))))
        await self.citizen.sees(TypeCode, "工作人员动态码")
        self.citizen.presses(Typed(code or self.code))
        await trio.testing.wait_all_tasks_blocked()

    async def signs_in(self) -> None:
        await self.opens()
        await self.types()
        await self.citizen.sees(Choose, "替谁办理？")

    async def says(self, whom: str, *papers: str) -> None:
        self.citizen.presses(Chosen(whom))
        for paper in papers:
            await self.citizen.sees(Topics)
            self.citizen.presses(Chosen(paper))
            await trio.testing.wait_all_tasks_blocked()

    async def agrees_to_notice(self) -> None:
        await self.citizen.sees(PrivacyNotice)
        self.citizen.presses(Agreed())

    async def lays(self, title: str, who: str) -> None:
        await self.citizen.sees(LayIdCard, title)
        self.hall.lays(who)
        await trio.testing.wait_all_tasks_blocked()

    async def types_number(self, who: str) -> None:
        await self.citizen.sees(TypeNumber)
        self.citizen.presses(Typed(PEOPLE[who].number))

    async def vouches(self) -> None:
        await self.citizen.sees(Confirm, "请工作人员核对")
        self.citizen.presses(Agreed())
        await self.citizen.sees(Topics, "办什么？")

    async def leaves(self) -> None:
        """Whatever the last page is."""
        self.citizen.presses(Done())
        while not isinstance(self.citizen.eyes.page, Attract):
            if isinstance(self.citizen.eyes.page, TakeCards):
                self.hall.hardware.pull()
                self.citizen.presses(Done())
            await self.citizen.eyes.new.wait()


@asynccontextmanager
async def counter(folder: Path, *switches: str) -> AsyncIterator[Counter]:
    async with switched_on(Hall(folder, site_switches=switches or SWITCHES)) as hall:
        await hall.citizen.online()
        yield Counter(hall)


def vouched_by_clerk(view: View) -> None:
    assert view.clerk == CLERK


async def up_to_the_vouching_for_a_child(clerk: Counter) -> None:
    await clerk.signs_in()
    await clerk.says("guardian", "household_booklet", "all_seen")
    await clerk.agrees_to_notice()
    await clerk.lays("请放监护人身份证", MOTHER)
    await clerk.lays("请放本人身份证", CHILD)
    await clerk.vouches()


async def up_to_the_proxys_services(clerk: Counter, *papers: str) -> None:
    await clerk.signs_in()
    await clerk.says("proxy", *papers)
    await clerk.agrees_to_notice()
    await clerk.lays("请放代办人身份证", PROXY)
    await clerk.citizen.sees(LayIdCard, "请放本人身份证")
    clerk.citizen.presses(Without())
    await clerk.types_number(HOLDER)
    await clerk.vouches()


async def loses(clerk: Counter) -> None:
    clerk.citizen.presses(Chosen("report_loss"))
    await clerk.citizen.sees(Confirm)
    clerk.citizen.presses(Agreed())


# --- goes well ----------------------------------------------------------------------------------


async def test_a_mother_gets_a_new_card_for_her_child(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        hall, citizen = clerk.hall, clerk.citizen
        await up_to_the_vouching_for_a_child(clerk)
        citizen.presses(Chosen("formal_loss"))
        for title in ("正式挂失并补卡？", "旧卡作废，确定吗？"):
            await citizen.sees(Confirm, title)
            citizen.presses(Agreed())
        await citizen.sees(Result, "已经正式挂失")
        await clerk.leaves()
        await hall.delivered()
        assert hall.centre_status(CHILD) == CardStatus.FORMALLY_LOST
        assert hall.codes_sent() == set(), "the clerk looked at the face: no code was asked for"
        work = hall.work()
        assert work.state.stage is Stage.DONE
        vouched_by_clerk(work)
        assert work.stand_in is not None
        assert work.stand_in.last4 == PEOPLE[MOTHER].number[-4:]
        for secret in (PEOPLE[MOTHER].number, PEOPLE[MOTHER].name, PEOPLE[CHILD].number, PEOPLE[CHILD].name):
            assert secret.encode() not in hall.journal_file.read_bytes()
        slip = hall.hardware.slips[-1]
        assert "工作人员协助办理" in slip
        assert clerk.given.number in slip


async def test_a_proxy_reports_a_loss_and_both_are_on_record(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        hall = clerk.hall
        await up_to_the_proxys_services(clerk, "power_of_attorney", "all_seen")
        assert [tile.service for tile in clerk.citizen.eyes.page.tiles] == ["report_loss"]  # type: ignore[attr-defined]
        await loses(clerk)
        page = await clerk.citizen.sees(Result, "已经挂失")
        assert page.next == (), "a new card takes the holder's ID card"
        await clerk.leaves()
        await hall.delivered()
        assert hall.centre_status(HOLDER) == CardStatus.TEMPORARILY_LOST
        assert audits(clerk.hall) == [
            ("clerk_signed_in", {"clerk": CLERK}),
            ("clerk_looked_up", {"whom": "proxy", "papers": "power_of_attorney"}),
            ("clerk_vouched", {"whom": "proxy", "papers": "power_of_attorney"}),
            ("clerk_signed_out", {"clerk": CLERK}),
        ]
        (loss,) = [item for item in items(clerk.hall) if isinstance(item, c.TemporaryLoss)]
        assert loss.evidence.clerk == CLERK
        assert loss.evidence.id_card is None, "nobody laid the holder's on"
        assert loss.evidence.vouching == c.Vouching(c.Whom.PROXY, (c.PaperSeen.POWER_OF_ATTORNEY,))
        personal = opened(clerk.hall, loss)
        assert (personal.stand_in_number, personal.stand_in_name) == (PEOPLE[PROXY].number, PEOPLE[PROXY].name)
        assert (personal.holder_number, personal.name) == (PEOPLE[HOLDER].number, None)


async def test_a_traveller_with_a_passport_is_shown_whom_the_centre_knows(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with counter(tmp_path) as clerk:
        await clerk.signs_in()
        await clerk.says("present", "passport")
        await clerk.agrees_to_notice()
        await clerk.types_number(HOLDER)
        await clerk.citizen.sees(Confirm)
        assert f"持卡人{PEOPLE[HOLDER].name[0]}*" in clerk.citizen.words()
        assert PEOPLE[HOLDER].name not in clerk.citizen.words()
        await clerk.vouches()
        await loses(clerk)
        await clerk.citizen.sees(Result, "已经挂失")
        await clerk.leaves()
        await clerk.hall.delivered()
        assert clerk.hall.centre_status(HOLDER) == CardStatus.TEMPORARILY_LOST
        vouched_by_clerk(clerk.hall.work())


async def test_who_has_no_telephone_gets_a_new_pin_on_the_clerks_word(autojump_clock: object, tmp_path: Path) -> None:
    new = (4, 0, 8, 1, 7, 3)
    async with counter(tmp_path) as clerk:
        hall, citizen = clerk.hall, clerk.citizen
        await clerk.signs_in()
        await clerk.says("present", "resident_id")
        await clerk.agrees_to_notice()
        await clerk.lays("请放本人身份证", HOLDER)
        await clerk.vouches()
        citizen.presses(Chosen("reset_pin"))
        await citizen.sees(InsertCard)
        hall.inserts(HOLDER)
        await citizen.sees(Confirm)
        citizen.presses(Agreed())
        for title in ("请设新密码", "请再输一次"):
            await citizen.sees(TypePin, title)
            citizen.presses(TypedPin(Pin(new)))
        await citizen.sees(Result)
        await clerk.leaves()
        await hall.delivered()
        assert hall.codes_sent() == set()
        assert hall.pin_is(new)
        assert hall.work().state.stage is Stage.DONE
        vouched_by_clerk(hall.work())


async def test_a_card_that_a_clerk_starts_does_not_go_home_with_the_first_pin(
    autojump_clock: object, tmp_path: Path
) -> None:
    new = (4, 0, 8, 1, 7, 3)
    async with counter(tmp_path) as clerk:
        hall, citizen = clerk.hall, clerk.citizen
        await clerk.signs_in()
        await clerk.says("present", "resident_id")
        await clerk.agrees_to_notice()
        await clerk.lays("请放本人身份证", SEALED)
        await clerk.vouches()
        citizen.presses(Chosen("activation"))
        await citizen.sees(InsertCard)
        hall.inserts(SEALED)
        await citizen.sees(Confirm)
        citizen.presses(Agreed())
        await citizen.sees(Result, "社保卡已启用")
        citizen.presses(Done())
        await citizen.sees(Confirm, "修改社保密码？")
        citizen.presses(Agreed())
        for digits in ((1, 2, 3, 4, 5, 6), new, new):
            await citizen.sees(TypePin)
            citizen.presses(TypedPin(Pin(digits)))
            await trio.testing.wait_all_tasks_blocked()
        await citizen.sees(Result)
        await clerk.leaves()
        await hall.delivered()
        assert hall.centre_status(SEALED) == CardStatus.NORMAL
        assert hall.pin_is(new)
        assert {view.clerk for view in hall.journal_says() if view.kind is not c.Kind.AUDIT} == {CLERK}
        assert audits(clerk.hall)[-1] == ("clerk_signed_out", {"clerk": CLERK})


async def test_whoever_is_only_looked_up_is_on_record_too(autojump_clock: object, tmp_path: Path) -> None:
    """Name and card stand on the page: a clerk who types numbers out of curiosity is found."""
    async with counter(tmp_path) as clerk:
        await clerk.signs_in()
        await clerk.says("present", "passport")
        await clerk.agrees_to_notice()
        await clerk.types_number(HOLDER)
        await clerk.citizen.sees(Confirm)
        assert f"持卡人{PEOPLE[HOLDER].name[0]}*" in clerk.citizen.words()
        clerk.citizen.presses(Back())
        await clerk.citizen.sees(Attract)
        await clerk.hall.delivered()
        (looked,) = [
            item for item in items(clerk.hall) if isinstance(item, c.Audit) and item.event == "clerk_looked_up"
        ]
        assert looked.evidence.clerk == CLERK
        assert opened(clerk.hall, looked).holder_number == PEOPLE[HOLDER].number
        assert not any(item.evidence.vouching for item in items(clerk.hall)), "nobody vouched"
        assert PEOPLE[HOLDER].number.encode() not in clerk.hall.journal_file.read_bytes()


# --- who may not --------------------------------------------------------------------------------


async def test_whoever_comes_for_another_finds_no_pin_service(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        await up_to_the_vouching_for_a_child(clerk)
        page = await clerk.citizen.sees(Topics)
        assert {tile.service for tile in page.tiles} == {"report_loss", "formal_loss", "replacement"}


async def test_a_household_booklet_has_no_face_and_opens_no_pin(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        await clerk.signs_in()
        await clerk.says("present", "household_booklet")
        await clerk.agrees_to_notice()
        await clerk.types_number(HOLDER)
        await clerk.vouches()
        page = await clerk.citizen.sees(Topics)
        assert {tile.service for tile in page.tiles} == {"report_loss", "formal_loss", "replacement"}


async def test_an_id_card_that_a_clerk_says_to_have_is_laid_on_the_reader(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with counter(tmp_path) as clerk:
        await clerk.signs_in()
        await clerk.says("proxy", "power_of_attorney", "resident_id")
        await clerk.agrees_to_notice()
        await clerk.lays("请放代办人身份证", PROXY)
        page = await clerk.citizen.sees(LayIdCard, "请放本人身份证")
        assert page.without is None, "no number is typed instead"
        clerk.hall.lays(HOLDER)
        await clerk.vouches()
        clerk.citizen.presses(Chosen("formal_loss"))
        for title in ("正式挂失并补卡？", "旧卡作废，确定吗？"):
            await clerk.citizen.sees(Confirm, title)
            clerk.citizen.presses(Agreed())
        await clerk.citizen.sees(Result, "已经正式挂失")
        await clerk.leaves()
        await clerk.hall.delivered()
        (lost,) = [item for item in items(clerk.hall) if isinstance(item, c.FormalLoss)]
        assert lost.evidence.id_card is not None


@pytest.mark.parametrize("typed", [False, True], ids=["their ID card is laid on", "their number is typed"])
async def test_a_household_booklet_makes_nobody_the_guardian_of_an_adult(
    autojump_clock: object, tmp_path: Path, typed: bool
) -> None:
    async with counter(tmp_path) as clerk:
        await clerk.signs_in()
        await clerk.says("guardian", "household_booklet", "all_seen")
        await clerk.agrees_to_notice()
        await clerk.lays("请放监护人身份证", PROXY)
        if typed:
            await clerk.citizen.sees(LayIdCard, "请放本人身份证")
            clerk.citizen.presses(Without())
            await clerk.types_number(HOLDER)
        else:
            await clerk.lays("请放本人身份证", HOLDER)
        await clerk.citizen.sees(Refusal, "不能由监护人代办")
        await clerk.leaves()
        await clerk.hall.delivered()
        assert not any(item.evidence.vouching for item in items(clerk.hall))


async def test_the_guardian_of_a_ward_comes_with_the_paper_that_says_so(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        await clerk.signs_in()
        await clerk.says("guardian", "guardianship", "all_seen")
        await clerk.agrees_to_notice()
        await clerk.lays("请放监护人身份证", PROXY)
        await clerk.lays("请放本人身份证", HOLDER)
        await clerk.vouches()
        await loses(clerk)
        await clerk.citizen.sees(Result, "已经挂失")
        await clerk.leaves()
        await clerk.hall.delivered()
        assert clerk.hall.centre_status(HOLDER) == CardStatus.TEMPORARILY_LOST


async def test_what_the_office_keeps_for_the_window_is_not_opened(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path, "assisted") as clerk:
        await up_to_the_vouching_for_a_child(clerk)
        page = await clerk.citizen.sees(Topics)
        assert [tile.service for tile in page.tiles] == ["report_loss"]


async def test_where_the_office_has_not_turned_it_on_there_is_no_key(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path, "reset_pin") as clerk:
        await clerk.citizen.comes()
        assert (await clerk.citizen.sees(Home)).staff is None


async def test_a_child_sends_nobody(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        await clerk.signs_in()
        await clerk.says("proxy", "power_of_attorney", "all_seen")
        await clerk.agrees_to_notice()
        await clerk.lays("请放代办人身份证", PROXY)
        await clerk.lays("请放本人身份证", CHILD)
        await clerk.citizen.sees(Refusal, "请家长到窗口")


async def test_nobody_comes_for_themselves(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        await clerk.signs_in()
        await clerk.says("proxy", "power_of_attorney", "all_seen")
        await clerk.agrees_to_notice()
        await clerk.lays("请放代办人身份证", PROXY)
        await clerk.citizen.sees(LayIdCard)
        clerk.citizen.presses(Without())
        await clerk.types_number(PROXY)
        await clerk.citizen.sees(Refusal, "是同一个人")


async def test_without_the_power_of_attorney_nothing_is_asked_further(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        await clerk.signs_in()
        await clerk.says("proxy", "resident_id", "all_seen")
        await clerk.citizen.sees(Refusal, "证件不齐")


# --- signing in ---------------------------------------------------------------------------------


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 10**6:06}"


async def test_a_wrong_code_is_said_without_a_hint_and_the_right_one_still_works(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with counter(tmp_path) as clerk:
        await clerk.opens()
        told = []
        for password, code in ((None, wrong(clerk.code)), (wrong(clerk.given.password), None)):
            await clerk.types(password=password, code=code)
            page = await clerk.citizen.sees(TypeNumber)
            told.append(page.trouble)
            await trio.sleep(STEP_S)
        assert told[0] == told[1] is not None
        await clerk.types()
        await clerk.citizen.sees(Choose, "替谁办理？")
        await clerk.hall.delivered()
        refused: tuple[str, dict[str, str]] = ("clerk_refused", {})
        assert audits(clerk.hall) == [refused, refused, ("clerk_signed_in", {"clerk": CLERK})]


async def test_who_guesses_is_locked_out_even_with_everything_right(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        await clerk.opens()
        for _ in range(3):
            await clerk.types(password=wrong(clerk.given.password))
        await clerk.citizen.sees(Refusal, "没有登录")
        clerk.citizen.presses(Done())
        await clerk.opens()
        for _ in range(2):
            await clerk.types(password=wrong(clerk.given.password))
        await clerk.types()
        await clerk.citizen.sees(Refusal, "暂时不能登录")
        await clerk.leaves()
        await clerk.hall.delivered()
        assert audits(clerk.hall) == [("clerk_refused", {})] * 5 + [("clerk_locked", {})], "not what was typed"
        assert not any(item.evidence.clerk for item in items(clerk.hall))


async def test_a_clerk_whom_the_office_suspended_is_nobody(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        serving.withdraw_clerk(clerk.hall.centre, CLERK)
        await clerk.opens()
        await clerk.types()
        await clerk.citizen.sees(TypeNumber)
        assert clerk.citizen.eyes.page.trouble is not None  # type: ignore[attr-defined]


async def test_suspended_in_the_middle_of_a_visit_nothing_is_done(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        await up_to_the_proxys_services(clerk, "power_of_attorney", "all_seen")
        serving.withdraw_clerk(clerk.hall.centre, CLERK)
        await loses(clerk)
        await clerk.citizen.sees(Refusal)
        assert "担保的工作人员没有登记" in clerk.citizen.words()
        await clerk.leaves()
        await clerk.hall.delivered()
        assert clerk.hall.centre_status(HOLDER) == CardStatus.NORMAL
        assert clerk.hall.work().state.stage is Stage.REFUSED


# --- the line -----------------------------------------------------------------------------------


@pytest.mark.parametrize("weather", [Weather.CUT, Weather.SILENT])
async def test_nobody_signs_in_without_a_line(autojump_clock: object, tmp_path: Path, weather: Weather) -> None:
    async with counter(tmp_path) as clerk:
        await clerk.opens()
        clerk.hall.wire.weather = weather
        await clerk.types()
        await clerk.citizen.sees(Refusal, "连不上社保中心")


async def test_a_loss_vouched_for_waits_for_the_line_like_any_other(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        await up_to_the_proxys_services(clerk, "power_of_attorney", "all_seen")
        clerk.citizen.presses(Chosen("report_loss"))
        await clerk.citizen.sees(Confirm)
        clerk.hall.wire.weather = Weather.CUT
        clerk.citizen.presses(Agreed())
        await clerk.citizen.sees(Result)
        assert isinstance(clerk.hall.work().state, Registered)
        await clerk.leaves()
        clerk.hall.wire.weather = Weather.FINE
        await clerk.hall.delivered()
        assert clerk.hall.centre_status(HOLDER) == CardStatus.TEMPORARILY_LOST


async def test_a_loss_counts_though_the_clerk_is_withdrawn_before_the_line_is_back(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with counter(tmp_path) as clerk:
        await up_to_the_proxys_services(clerk, "power_of_attorney", "all_seen")
        clerk.citizen.presses(Chosen("report_loss"))
        await clerk.citizen.sees(Confirm)
        clerk.hall.wire.weather = Weather.CUT
        clerk.citizen.presses(Agreed())
        await clerk.citizen.sees(Result)
        await clerk.leaves()
        serving.withdraw_clerk(clerk.hall.centre, CLERK)
        clerk.hall.wire.weather = Weather.FINE
        await clerk.hall.delivered()
        assert clerk.hall.centre_status(HOLDER) == CardStatus.TEMPORARILY_LOST


# --- signed out, always -------------------------------------------------------------------------


async def nobody_answers(clerk: Counter) -> None:
    await clerk.citizen.sees(Attract)


async def goes_back(clerk: Counter) -> None:
    """Not to the home page, where whoever stands there could go on with the clerk's word."""
    clerk.citizen.presses(Back())
    await trio.testing.wait_all_tasks_blocked()
    assert isinstance(clerk.citizen.eyes.page, TakeCards)
    clerk.citizen.presses(Done())
    await clerk.citizen.sees(Attract)


@pytest.mark.parametrize("leaving", [nobody_answers, goes_back])
async def test_the_clerk_is_signed_out_with_the_visit(
    autojump_clock: object, tmp_path: Path, leaving: Callable[[Counter], object]
) -> None:
    async with counter(tmp_path) as clerk:
        await up_to_the_proxys_services(clerk, "power_of_attorney", "all_seen")
        await leaving(clerk)  # type: ignore[misc]
        await clerk.hall.delivered()
        assert audits(clerk.hall)[-1] == ("clerk_signed_out", {"clerk": CLERK})
        assert nobody_is_signed_in(clerk.hall), "at the centre neither"
        await clerk.citizen.comes()
        await clerk.citizen.sees(Home)
        clerk.citizen.presses(Chosen("report_loss"))
        await clerk.citizen.sees(PrivacyNotice)


async def test_a_plug_that_was_pulled_leaves_nobody_signed_in(autojump_clock: object, tmp_path: Path) -> None:
    async with counter(tmp_path) as clerk:
        hall = clerk.hall
        await up_to_the_proxys_services(clerk, "power_of_attorney", "all_seen")
        await hall.restart_terminal()
        await hall.citizen.comes()
        await hall.citizen.sees(Home)
        hall.citizen.presses(Chosen("formal_loss"))
        await hall.citizen.sees(PrivacyNotice)
        await hall.delivered()
        assert ("clerk_vouched", {"whom": "proxy", "papers": "power_of_attorney"}) in audits(clerk.hall)
