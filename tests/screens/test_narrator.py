"""What is heard while pages change: on virtual time, without a window and without a sound."""

from __future__ import annotations

import gc
import itertools

import msgspec
import pytest
import trio
import trio.lowlevel
from hypothesis import given
from hypothesis import strategies as st
from trio.testing import MockClock

from kiosk.prompts import (
    Call,
    Done,
    Home,
    InsertCard,
    OutOfService,
    Paper,
    Prompt,
    Result,
    StillThere,
    TakeCards,
    TypePin,
    Working,
)
from kiosk.words import CHINESE, language, msg, plain
from screens.gallery.cases import pages
from screens.gallery.samples import LANGUAGES, samples
from screens.manner import Manner, Speed
from screens.presenter import Presenter
from screens.speech.jack import Plug
from screens.speech.menu import Sheet
from screens.speech.narrator import REMIND_S, Narrator
from screens.theme import LOOKS
from tests.screens.listening import BEEP, Blank, Ears

SPOKEN = Manner(spoken=True)
PAGES = samples(CHINESE)
RESULT = PAGES["result"]
NAME = "韦某 · 卡号尾号 2314"


class Booth:
    """A terminal for the ears."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self.ears = Ears()
        self.narrator = Narrator(Blank(), self.ears, "12333", SPOKEN)
        self.presenter = Presenter(self.narrator, SPOKEN, self.ears)
        self.presenter.forget()
        nursery.start_soon(self.narrator.run)

    def show(self, prompt: Prompt) -> None:
        self.presenter.show(prompt)

    def manner(self, **changed: object) -> None:
        self.presenter.switch(msgspec.structs.replace(self.presenter.manner, **changed))

    async def hears(self, seconds: float = 120) -> list[str]:
        """Everything from now on, to its end."""
        self.ears.forget()
        await trio.sleep(seconds)
        return list(self.ears.heard)


@pytest.fixture
async def booth(nursery: trio.Nursery) -> Booth:
    return Booth(nursery)


def insert(trouble: str | None = None) -> InsertCard:
    return InsertCard(
        title=msg("ssc.title"), body=msg("ssc.body"), trouble=msg(trouble) if trouble else None, seconds=30
    )


async def test_a_page_is_read_from_its_title_to_its_last_choice(autojump_clock: object, booth: Booth) -> None:
    booth.show(PAGES["confirm"])
    heard = await booth.hears()
    assert heard[0] == "挂失这张卡？"
    assert heard[-1] == "按星号键，返回。"


async def test_the_next_page_breaks_into_the_one_before(autojump_clock: object, booth: Booth) -> None:
    booth.show(PAGES["confirm"])
    await trio.sleep(0.3)
    booth.show(PAGES["refusal"])
    heard = await booth.hears()
    assert heard[0] == "这张身份证过期了"
    assert "按 1，确认挂失。" not in heard


async def test_who_asks_for_silence_reads_in_silence(autojump_clock: object, booth: Booth) -> None:
    booth.manner(spoken=False)
    booth.show(PAGES["confirm"])
    assert await booth.hears() == []


async def test_the_voice_that_is_turned_off_stops_in_its_sentence(autojump_clock: object, booth: Booth) -> None:
    booth.show(PAGES["confirm"])
    await trio.sleep(0.1)
    booth.manner(spoken=False)
    assert await booth.hears() == []


async def test_turning_the_voice_on_reads_the_page_that_is_there(autojump_clock: object, booth: Booth) -> None:
    booth.manner(spoken=False)
    booth.show(PAGES["confirm"])
    booth.manner(spoken=True)
    assert (await booth.hears())[0] == "挂失这张卡？"


async def test_a_newer_state_of_a_page_says_only_what_is_new(
    autojump_clock: object, booth: Booth, nursery: trio.Nursery
) -> None:
    assert isinstance(RESULT, Result)
    printing = msgspec.structs.replace(RESULT, paper=Paper.PRINTING)
    nursery.start_soon(booth.presenter.ask, printing)
    await trio.sleep(0.1)
    booth.show(msgspec.structs.replace(RESULT, paper=Paper.PRINTED))
    heard = await booth.hears()
    assert heard[-1] == "请取走回执"
    assert heard.count("已经挂失") == 1


async def test_what_went_wrong_is_said_without_the_rest(autojump_clock: object, booth: Booth) -> None:
    booth.show(insert())
    await booth.hears()
    booth.show(insert("ssc.pulled"))
    assert await booth.hears() == ["卡拔早了，请再插一次。"]


async def test_what_went_wrong_twice_is_said_twice(autojump_clock: object, booth: Booth) -> None:
    booth.show(insert("ssc.pulled"))
    await booth.hears()
    booth.show(insert("ssc.pulled"))
    assert "卡拔早了，请再插一次。" in await booth.hears()


async def test_again_reads_it_from_the_beginning(autojump_clock: object, booth: Booth) -> None:
    booth.show(PAGES["confirm"])
    first = await booth.hears()
    booth.narrator.again()
    assert await booth.hears() == first


async def test_the_other_language_reads_the_page_anew(autojump_clock: object, booth: Booth) -> None:
    booth.show(PAGES["still-there"])
    booth.show(insert())
    await booth.hears()
    booth.manner(language="en")
    assert (await booth.hears())[0] == "Insert your card"


async def test_the_warning_breaks_in_and_the_page_comes_again_after_it(autojump_clock: object, booth: Booth) -> None:
    booth.show(insert())
    await booth.hears()
    booth.show(StillThere(seconds=20))
    assert await booth.hears() == [
        "您还在吗？",
        "还有20秒。",
        "时间到了会自动退出，不留您的信息。",
        "按 1，我还在，继续。",
    ]
    booth.show(insert())
    assert (await booth.hears())[0] == "请插入社保卡"


async def test_help_says_where_staff_is_and_what_can_be_set(autojump_clock: object, booth: Booth) -> None:
    booth.show(insert())
    await booth.hears()
    booth.narrator.lies_over(Sheet.HELP)
    heard = await booth.hears()
    assert heard[0] == "需要帮忙吗？"
    assert "按 1，返回办理。" in heard
    assert any("画面" in line for line in heard)
    booth.narrator.lies_over(None)
    assert (await booth.hears())[0] == "请插入社保卡"


async def test_the_sheet_for_the_look_is_read_and_each_switch_says_how_it_stands(
    autojump_clock: object, booth: Booth
) -> None:
    booth.show(insert())
    await booth.hears()
    booth.narrator.lies_over(Sheet.LOOK)
    assert await booth.hears() == [
        "看得更清楚",
        "按 1，好了。",
        "按 2，大字，现在关着。",
        "按 3，高对比，现在关着。",
        "按 4，低位，现在关着。",
    ]
    booth.manner(look="large")
    assert await booth.hears() == ["按 2，大字，现在开着。"]
    booth.narrator.lies_over(None)
    assert (await booth.hears())[0] == "请插入社保卡"


async def test_the_sheet_for_the_sound_says_what_can_be_set(autojump_clock: object, booth: Booth) -> None:
    booth.show(insert())
    await booth.hears()
    booth.narrator.lies_over(Sheet.SOUND)
    assert await booth.hears() == [
        "听得更清楚",
        "按 1，好了。",
        "按 2，语音，现在开着。",
        "按 3，音量改成4。",
        "按 4，语速改成快速。",
    ]
    booth.manner(volume=4)
    assert await booth.hears() == ["音量4", "按 3，音量改成5。"]


async def test_what_became_of_a_call_for_staff_is_said(autojump_clock: object, booth: Booth) -> None:
    booth.show(insert())
    booth.narrator.lies_over(Sheet.HELP)
    await booth.hears()
    booth.presenter.call_staff()
    assert language(CHINESE).template("screens.call_calling") in await booth.hears()
    booth.presenter.tell_call(Call.TOLD)
    assert language(CHINESE).template("screens.call_told") in await booth.hears()


async def test_work_that_takes_long_is_not_silent(autojump_clock: object, booth: Booth) -> None:
    booth.show(Working(doing=msg("loss.working"), about_s=30))
    heard = await booth.hears(REMIND_S * 3)
    assert "还在办，请再等一下。" in heard
    booth.show(PAGES["refusal"])
    assert "还在办，请再等一下。" not in await booth.hears()


async def test_louder_is_told_and_heard_at_once_and_the_sentence_goes_on(autojump_clock: object, booth: Booth) -> None:
    booth.show(insert())
    await trio.sleep(0.1)
    booth.manner(volume=4, speed=Speed.FAST)
    heard = await booth.hears()
    assert heard[:2] == ["音量4", "请插入社保卡"]
    assert booth.ears.manners[-1] == (4, Speed.FAST)


async def test_of_volumes_that_are_pressed_through_only_the_last_is_told(autojump_clock: object, booth: Booth) -> None:
    booth.show(insert())
    await trio.sleep(0.1)
    for level in (4, 5, 4, 3):
        booth.manner(volume=level)
        await trio.sleep(0.05)
    heard = await booth.hears()
    assert heard[:2] == ["音量3", "请插入社保卡"]
    assert [line for line in heard if line.startswith("音量")] == ["音量3"]


@given(
    levels=st.lists(st.integers(1, 5), min_size=1, max_size=12),
    gap=st.sampled_from([0, 0.05, 0.2]),
)
def test_however_the_volume_is_pressed_the_last_is_told_last_and_the_page_goes_on(
    levels: list[int], gap: float
) -> None:
    async def press_through() -> None:
        async with trio.open_nursery() as nursery:
            booth = Booth(nursery)
            booth.show(insert())
            await trio.sleep(0.1)
            for level in levels:
                booth.manner(volume=level)
                await trio.sleep(gap)
            await trio.sleep(60)
            told = [line for line in booth.ears.heard if line.startswith("音量")]
            changed = [new for old, new in itertools.pairwise([SPOKEN.volume, *levels]) if new != old]
            assert told[-1:] == [f"音量{level}" for level in changed[-1:]]
            assert booth.ears.heard.count("请插入社保卡") == 1
            nursery.cancel_scope.cancel()

    trio.run(press_through, clock=MockClock(autojump_threshold=0))


# --- what is left behind ---------------------------------------------------------------------

LEFT = TakeCards(id_card=True, ssc=True, slip=True)


@pytest.mark.parametrize("spoken", [True, False])
async def test_what_is_left_behind_is_said_to_everybody(autojump_clock: object, booth: Booth, spoken: bool) -> None:
    booth.manner(spoken=spoken)
    booth.show(LEFT)
    heard = await booth.hears()
    assert heard[:4] == ["请取走身份证", "请取走社保卡", "请取走回执", "回执拿了吗？不要落下东西。谢谢您！"]
    assert ("按 1，都拿好了。" in heard) is spoken


@pytest.mark.parametrize("spoken", [True, False])
async def test_a_card_that_stays_is_asked_for_again_by_voice(
    autojump_clock: object, booth: Booth, nursery: trio.Nursery, spoken: bool
) -> None:
    booth.manner(spoken=spoken)
    nursery.start_soon(booth.presenter.ask, LEFT)
    await booth.hears()
    for _ in range(3):
        booth.show(LEFT)
        assert "请取走社保卡" in await booth.hears()


async def test_whose_card_lies_there_is_said_to_whoever_listens_and_not_to_the_hall(
    autojump_clock: object, booth: Booth
) -> None:
    strangers = TakeCards(id_card=False, ssc=True, slip=False, strangers=True)
    booth.manner(spoken=False)
    booth.show(strangers)
    assert await booth.hears() == []
    booth.manner(spoken=True)
    assert await booth.hears() == ["有人把社保卡落在这里", "请取出来，交给工作人员。谢谢您！", "按 1，我要办事。"]


# --- a PIN -----------------------------------------------------------------------------------


async def test_every_key_of_a_pin_beeps_and_stops_the_reading(autojump_clock: object, booth: Booth) -> None:
    booth.show(TypePin(title=msg("pin.new.title"), body=msg("pin.body"), digits=6))
    await trio.sleep(0.1)
    for _ in range(6):
        booth.narrator.beep()
    assert await booth.hears() == [BEEP] * 6


async def test_keys_of_a_pin_beep_for_everybody(autojump_clock: object, booth: Booth) -> None:
    booth.manner(spoken=False)
    booth.show(TypePin(title=msg("pin.new.title"), body=msg("pin.body"), digits=6))
    booth.narrator.beep()
    assert await booth.hears() == [BEEP]


async def test_figures_of_a_code_are_said_into_headphones_only(autojump_clock: object, booth: Booth) -> None:
    booth.show(PAGES["type-code"])
    await booth.hears()
    booth.narrator.figure(7)
    assert await booth.hears() == [BEEP]
    booth.narrator.plugged(Plug.PLUGGED)
    await booth.hears()
    booth.narrator.figure(7)
    assert await booth.hears() == ["7"]


# --- headphones ---------------------------------------------------------------------------------


@pytest.mark.parametrize("plug", [Plug.UNKNOWN, Plug.UNPLUGGED])
async def test_what_is_private_waits_for_a_headphone(autojump_clock: object, booth: Booth, plug: Plug) -> None:
    booth.narrator.plugged(plug)
    booth.show(PAGES["confirm"])
    assert NAME not in await booth.hears()
    booth.narrator.plugged(Plug.PLUGGED)
    assert NAME in await booth.hears()


async def test_a_headphone_pulled_out_takes_the_sentence_with_it(autojump_clock: object, booth: Booth) -> None:
    booth.narrator.plugged(Plug.PLUGGED)
    booth.show(PAGES["confirm"])
    while NAME not in booth.ears.begun:
        await trio.sleep(0.05)
    booth.narrator.plugged(Plug.UNPLUGGED)
    heard = await booth.hears()
    assert heard == ["耳机拔出来了，个人信息不再念。"]
    booth.narrator.again()
    assert NAME not in await booth.hears()


async def test_an_empty_hall_is_not_talked_to(autojump_clock: object, booth: Booth) -> None:
    booth.show(PAGES["refusal"])
    booth.presenter.forget()
    assert await booth.hears() == []


async def test_whoever_listens_on_at_the_first_page_hears_all_that_it_tells(
    autojump_clock: object, booth: Booth
) -> None:
    booth.presenter.forget()
    booth.narrator.again()
    heard = await booth.hears()
    begin = heard.index("按 1，开始办理。")
    assert all(heard.index(fact) > begin for fact in ("小心来电骗人", "卡要好好放", "挂失只管社保账户"))
    assert "马上在这里临时挂失，着急请拨 1 2 3 3 3 。" in heard


async def test_a_headphone_that_is_left_there_greets_whoever_comes_next(autojump_clock: object, booth: Booth) -> None:
    booth.narrator.plugged(Plug.PLUGGED)
    booth.show(PAGES["refusal"])
    booth.presenter.forget()
    assert "按 1，开始办理。" in await booth.hears()


# --- the end of a visit ----------------------------------------------------------------------------


async def test_after_the_visit_nothing_of_it_is_said_or_kept(autojump_clock: object, booth: Booth) -> None:
    booth.narrator.plugged(Plug.PLUGGED)
    assert isinstance(RESULT, Result)
    booth.show(msgspec.structs.replace(RESULT, title=plain("只此一人"), paper=Paper.PRINTED))
    await trio.sleep(0.2)
    booth.manner(volume=5, speed=Speed.FAST, dark=True)
    booth.presenter.forget()
    heard = await booth.hears()
    assert not [line for line in heard if "只此一人" in line or "7 K" in line]
    assert booth.presenter.manner == SPOKEN
    booth.ears.forget()
    gc.collect()
    sought = "只此" + "一人"
    holders = {
        type(thing).__name__
        for thing in gc.get_objects()
        if isinstance(thing, msgspec.Struct | dict | list) and any(one == sought for one in _texts(thing))
    }
    assert holders == set()


def _texts(thing: object) -> list[str]:
    return [value for value in gc.get_referents(thing) if type(value) is str]


async def test_a_mistake_in_what_is_said_leaves_the_page_alone_and_sends_to_staff(
    autojump_clock: object, booth: Booth, capsys: pytest.CaptureFixture[str]
) -> None:
    booth.show(OutOfService(why=msg("no.such.sentence"), hotline="12333"))
    assert await booth.hears() == ["这一页念不出来。请叫工作人员来帮您。"]
    assert "speech_failed" in capsys.readouterr().out
    booth.narrator.again()
    booth.narrator.plugged(Plug.PLUGGED)
    assert "这一页念不出来。请叫工作人员来帮您。" in await booth.hears()
    booth.show(PAGES["refusal"])
    assert (await booth.hears())[0] == "这张身份证过期了"


@pytest.mark.parametrize("code", LANGUAGES)
async def test_every_page_can_be_told_to_whoever_comes(
    booth: Booth, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every page and sheet, in every look, to headphones, to the hall, and to whoever only reads."""
    manners = [
        Manner(language=code, look=look, low=low, spoken=spoken, dark=dark)
        for look, low, spoken, dark in itertools.product(LOOKS, (True, False), (True, False), (True, False))
    ]
    for page, spoken in itertools.product(pages(code).values(), (True, False)):
        booth.manner(language=code, spoken=spoken)
        booth.show(page)
        for plug in Plug:
            booth.narrator.plugged(plug)
    for sheet, manner, call in itertools.product(Sheet, manners, Call):
        booth.presenter.switch(manner)
        booth.narrator.tell_call(call, manner)
        booth.narrator.lies_over(sheet)
    assert "speech_failed" not in capsys.readouterr().out


async def test_the_last_page_is_said_and_nothing_after_it(autojump_clock: object, booth: Booth) -> None:
    booth.show(PAGES["confirm"])
    booth.narrator.ends_with(OutOfService(why=msg("screens.fault"), hotline="12333"))
    heard = await booth.hears()
    assert heard[0] == language(CHINESE).template("screens.closed_title")
    assert heard[-1].endswith("1 2 3 3 3")
    booth.show(PAGES["refusal"])
    assert await booth.hears() == []


async def test_a_question_is_answered_as_ever(autojump_clock: object, booth: Booth, nursery: trio.Nursery) -> None:
    answers = []

    async def ask() -> None:
        answers.append(await booth.presenter.ask(PAGES["refusal"]))

    nursery.start_soon(ask)
    await trio.sleep(1)
    booth.presenter.answer(Done())
    await trio.sleep(1)
    assert answers == [Done()]


async def test_a_home_page_whose_services_change_is_read_anew(autojump_clock: object, booth: Booth) -> None:
    home = PAGES["home-four"]
    assert isinstance(home, Home)
    booth.show(home)
    await booth.hears()
    booth.show(Home(tiles=home.tiles[1:]))
    assert "按 1，忘了密码，重新设一个。" in await booth.hears()
