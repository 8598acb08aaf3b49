"""The guide's files: what they may hold, and that every language tells the same."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import msgspec
import pytest

from kiosk.config import BadConfig, convert, read
from kiosk.guide.leaflets import FOLDER, VALUES, leaflets, read_leaflet
from kiosk.guide.topics import topic, topics
from kiosk.guide.values import values
from kiosk.policy import HERE, Policy
from kiosk.words import CHINESE, complete, language

GOOD = """\
+++
topic = "sample"
group = "card"
order = 10
owner = "cards"
valid_until = 2027-12-31
title = "标题"
tile = "要办"
under = "带什么"
+++

一句话。

- 身份证
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "sample.md"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("code", complete())
def test_every_language_tells_every_topic(code: str) -> None:
    assert {leaflet.front.topic for leaflet in leaflets(code)} == {one.id for one in topics()}
    assert {path.stem for path in (FOLDER / code).glob("*.md")} == {one.id for one in topics()}


def test_sentences_and_points_are_told_apart(tmp_path: Path) -> None:
    leaflet = read_leaflet(written(tmp_path, GOOD))
    assert [(line.text, line.point) for line in leaflet.lines] == [("一句话。", False), ("身份证", True)]
    assert leaflet.front.valid_until == dt.date(2027, 12, 31)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("+++\ntopic", "topic", "front matter"),
        ('topic = "sample"', 'topic = "other"', 'must be "sample"'),
        ('owner = "cards"', 'owner = "Mr Wei"', 'owner = "Mr Wei": must be "cards"'),
        ("valid_until = 2027-12-31", 'valid_until = "soon"', "must be a date without quotes"),
        ("valid_until = 2027-12-31\n", "", "valid_until is missing"),
        ("order = 10", "order = 10\nurl = 1", "url = 1: no such key"),
        ("一句话。", "<b>一句话。</b>", "sample.md:12: html_inline"),
        ("一句话。", "<div>一句话。</div>", "sample.md:12: html_block"),
        ("一句话。", "[一句话](https://a.example)", "sample.md:12: link_open"),
        ("一句话。", "一**句**话。", "sample.md:12: strong_open"),
        ("一句话。", "# 一句话", "sample.md:12: heading_open"),
        (
            "一句话。",
            "{price}元。",
            "sample.md:12: {price}: no such value; there is change_at, channels,",
        ),
        ("一句话。", "{0。", "sample.md:12:"),
        ("一句话。", "长" * 51, "sample.md:12: 102 columns long"),
        ("- 身份证", "- 身份证\n  - 原件", "sample.md:15: list_item_open"),
        ("- 身份证", "身份证", "no list"),
        ("- 身份证", "- 身份证\n" * 7, "8 sentences and points"),
    ],
)
def test_a_file_that_cannot_be_shown_as_it_is_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in GOOD
    with pytest.raises(BadConfig, match=re.escape(said)):
        read_leaflet(written(tmp_path, GOOD.replace(old, new)))


@pytest.mark.parametrize("one", topics(), ids=lambda one: one.id)
@pytest.mark.parametrize("code", complete())
def test_every_word_of_a_topic_is_in_the_catalog(code: str, one: object) -> None:
    say = language(code).say
    found = topic(getattr(one, "id", ""))
    assert found is not None
    given = dict.fromkeys(VALUES, "7")
    assert all(say(message) for message, _ in found.lines(given))
    assert say(found.title)


def test_the_questions_people_ask_most_have_pages_of_their_own() -> None:
    assert topic("undo_loss") is not None
    assert topic("electronic") is not None


@pytest.mark.parametrize(("yuan", "fee"), [(None, "补卡收费：请到窗口问。"), ("12.50", "补卡收费：12.50元。")])
def test_the_fee_is_the_policys_or_the_windows_to_tell(yuan: str | None, fee: str) -> None:
    policy = convert(HERE / "guangxi.toml", "", read(HERE / "guangxi.toml"), Policy)
    policy = msgspec.structs.replace(policy, production=msgspec.structs.replace(policy.production, fee_yuan=yuan))
    replacement = topic("replacement")
    assert replacement is not None
    said = [language(CHINESE).say(text) for text, _ in replacement.lines(values(policy))]
    assert any(fee in line for line in said)
    assert any("办理时间：约20个工作日。" in line for line in said)


@pytest.mark.parametrize(("hours", "said"), [(None, "没有规定多久失效"), (72, "3天内有效"), (36, "36小时内有效")])
def test_how_long_a_loss_holds_is_the_policys_to_tell(hours: int | None, said: str) -> None:
    policy = convert(HERE / "guangxi.toml", "", read(HERE / "guangxi.toml"), Policy)
    policy = msgspec.structs.replace(policy, loss=msgspec.structs.replace(policy.loss, valid_hours=hours))
    assert language(CHINESE).say(values(policy)["validity"]) == said


def test_a_policy_without_channels_leaves_them_to_the_window() -> None:
    policy = convert(HERE / "guangxi.toml", "", read(HERE / "guangxi.toml"), Policy)
    assert "微信“广西人社”" in language(CHINESE).say(values(policy)["elsewhere"])
    bare = msgspec.structs.replace(policy, channels=[])
    assert language(CHINESE).say(values(bare)["elsewhere"]) == "请到窗口问"


def test_a_page_is_good_on_its_last_day() -> None:
    one = topics()[0]
    assert not one.expired_on(one.valid_until)
    assert one.expired_on(one.valid_until + dt.timedelta(days=1))
