"""办事指南: whoever only wants to know what to bring, with nothing but the screen if need be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import trio.testing

from drivers.virtual.printer import Printer, Voice
from kiosk.guide.leaflets import Group
from kiosk.guide.topics import Topic, topics
from kiosk.prompts import Advice, Agreed, Attract, Back, Chosen, Done, Home, Paper, TakeCards, Topics
from kiosk.words import CHINESE, language
from tests.stories.hall import Hall, Weather, opened, switched_on

UNDO = next(one for one in topics() if one.id == "undo_loss")


async def up_to_the_groups(hall: Hall) -> Topics:
    await hall.citizen.comes()
    await hall.citizen.sees(Home)
    hall.citizen.presses(Chosen("guide"))
    return await hall.citizen.sees(Topics, "您想问什么？")


async def opens(hall: Hall, topic: Topic) -> Advice:
    """From the groups to a topic's page."""
    hall.citizen.presses(Chosen(topic.group))
    await hall.citizen.sees(Topics, language(CHINESE).template(f"guide_group.{topic.group}.title"))
    hall.citizen.presses(Chosen(topic.id))
    return await hall.citizen.sees(Advice)


async def goes_back_to_the_groups(hall: Hall) -> None:
    hall.citizen.presses(Done())
    await hall.citizen.sees(Topics)
    hall.citizen.presses(Back())
    await hall.citizen.sees(Topics, "您想问什么？")


async def test_every_topic_opens_and_leads_back(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        groups = await up_to_the_groups(hall)
        assert [tile.service for tile in groups.tiles] == list(Group)
        for topic in topics():
            page = await opens(hall, topic)
            assert page.title == topic.title
            assert page.as_of is None
            assert "{" not in hall.citizen.words()
            await goes_back_to_the_groups(hall)
        hall.citizen.presses(Back())
        await hall.citizen.sees(Home)


async def test_every_topic_is_printed_with_a_box_at_each_point(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_groups(hall)
        for number, topic in enumerate(topics()):
            assert (await opens(hall, topic)).printable
            hall.citizen.presses(Agreed())
            await trio.testing.wait_all_tasks_blocked()
            page = await hall.citizen.sees(Advice)
            assert page.paper is Paper.PRINTED
            assert not page.printable, "it is printed once"
            slip = hall.hardware.slips[number]
            assert slip.count("□ ") == sum(topic.points)
            assert slip.rstrip().endswith("12333\n      工作日有人接听，其他时间是录音")
            await goes_back_to_the_groups(hall)


async def test_a_list_that_was_printed_is_not_left_behind(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_groups(hall)
        await opens(hall, UNDO)
        hall.citizen.presses(Agreed())
        assert (await hall.citizen.sees(TakeCards)).slip, "nobody touched the page any more"
        await hall.citizen.sees(Attract)


@pytest.mark.parametrize("topic", topics(), ids=lambda topic: topic.id)
async def test_a_topic_that_nobody_reads_any_more_closes(autojump_clock: object, tmp_path: Path, topic: Topic) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_groups(hall)
        await opens(hall, topic)
        await hall.citizen.warned()
        await hall.citizen.sees(Attract)


async def test_the_commonest_question_has_its_answer(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_groups(hall)
        await opens(hall, UNDO)
        assert hall.citizen.words().startswith("临时挂失能取消吗\n能。")


async def test_other_doors_of_the_office_can_be_read_by_a_phone(autojump_clock: object, tmp_path: Path) -> None:
    door = """
[[channels]]
name = { zh = "办事大厅", en = "Web hall" }
services = ["progress"]
address = "https://social.example.gov.cn/hall"
"""
    async with switched_on(Hall(tmp_path, site_rules=door)) as hall:
        await hall.citizen.online()
        await up_to_the_groups(hall)
        page = await opens(hall, next(one for one in topics() if one.id == "channels"))
        assert "办事大厅" in hall.citizen.words()
        assert [line.code for line in page.lines if line.code] == ["https://social.example.gov.cn/hall"]
        hall.citizen.presses(Agreed())
        await trio.testing.wait_all_tasks_blocked()
        assert "https" not in hall.hardware.slips[0]


async def test_it_needs_no_line_and_no_device(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.wire.weather = Weather.CUT
        await hall.citizen.online(False)
        hall.stop_devices()
        await up_to_the_groups(hall)
        await opens(hall, UNDO)


async def test_without_paper_there_is_nothing_to_print_on(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        hall.hardware.printer.take_paper_out()
        hall.hardware.tell()
        await up_to_the_groups(hall)
        assert not (await opens(hall, UNDO)).printable
        hall.citizen.presses(Agreed())
        await hall.citizen.sees(Topics)
        assert not hall.hardware.slips


@pytest.mark.parametrize(
    ("fails", "paper"),
    [(Printer.take_paper_out, Paper.NOT_PRINTED), (lambda printer: printer.speak(Voice.DEAD), Paper.UNKNOWN)],
    ids=["no-paper", "silent"],
)
async def test_a_list_that_does_not_come_is_not_promised(
    autojump_clock: object, tmp_path: Path, fails: Callable[[Printer], None], paper: Paper
) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_groups(hall)
        await opens(hall, UNDO)
        fails(hall.hardware.printer)
        hall.citizen.presses(Agreed())
        await trio.testing.wait_all_tasks_blocked()
        assert (await hall.citizen.sees(Advice)).paper is paper


async def test_a_page_out_of_date_says_so_and_the_operator_hears_of_it(autojump_clock: object, tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    hall.clock.wrong_by = dt.timedelta(days=800)
    hall.wire.weather = Weather.CUT
    async with switched_on(hall):
        await trio.testing.wait_all_tasks_blocked()
        await up_to_the_groups(hall)
        page = await opens(hall, UNDO)
        assert page.as_of is not None
        assert "资料截至2027年12月31日" in hall.citizen.words()
        hall.log.tells("guide_page_expired", topic="undo_loss", owner="cards", valid_until="2027-12-31")
        hall.citizen.presses(Agreed())
        await trio.testing.wait_all_tasks_blocked()
        assert "资料截至2027年12月31日" in hall.hardware.slips[0]
