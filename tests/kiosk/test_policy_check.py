"""`kiosk policy check`: every mistake in a region's file, with its line, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from kiosk.__main__ import main
from kiosk.config import BadConfig, parse
from kiosk.policy import checked
from kiosk.policy.checking import mistakes
from kiosk.quotas import Quotas
from tests.kiosk.region import BOTH, GUANGXI, OTHER


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """The command sets up its process's logs; here it is only a guest."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


PLANTED = [
    ('region = "45"', 'region = "广西"', "应为行政区划代码", "must be two digits of GB/T 2260"),
    ("minimum_age = 16", "minimum_age = 15", "应为整数，不小于 16", "must be a whole number, at least 16"),
    ('hotline = "95588"', "", "缺少 banks.102.hotline：应为引号内的电话号码", "banks.102.hotline is missing"),
    ("2026-02-14, ", "2026-02-13, ", "2026-02-13 不是周末", "2026-02-13 is no weekend"),
    ('code = "4501"', 'code = "4501"\ncolour = 1', "areas.nanning.colour = 1：没有这个项", "no such key"),
]
"""What stands in Guangxi's file, what a clerk made of it, what the clerk is told in Chinese, and in English."""

FIVE = GUANGXI.read_text()
for old, new, _, _ in PLANTED:
    assert FIVE.count(old) == 1
    FIVE = FIVE.replace(old, new)


def line_with(words: str) -> int:
    return next(number for number, line in enumerate(FIVE.split("\n"), 1) if words in line)


LINES = [
    line_with('region = "广西"'),
    line_with("minimum_age"),
    line_with("colour"),
    line_with("[banks.102]"),
    line_with("make_up_days"),
]


def test_five_planted_mistakes_are_named_with_their_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "region.toml"
    file.write_text(FIVE)
    assert main(["policy", "check", str(file)]) == 1
    printed = capsys.readouterr().out
    told = printed.splitlines()
    assert [line.partition("：")[0] for line in told[:-1:2]] == [f"{file}:{line}: 第 {line} 行" for line in LINES]
    assert told[-1] == "5 处错误 · 5 mistakes"
    for _, _, zh, en in PLANTED:
        assert zh in printed
        assert en in printed


@pytest.mark.parametrize("region", BOTH, ids=lambda file: file.stem)
def test_a_file_without_mistakes(region: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check", str(region)]) == 0
    assert capsys.readouterr().out == f"{region}：没有错误 · no mistakes\n"


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "check", str(tmp_path / "none.toml")]) == 1
    assert "none.toml: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b'version = "1"\nregion = \n', 2, "not TOML"),
        (b'version = "1"\n\nversion = "2"\n', 3, "not TOML"),
        (b'version = "1"\n# \xff\n', 2, "not UTF-8"),
        (b"a = " + b"[" * 20_000, 1, "not TOML"),
    ],
)
def test_what_cannot_be_read_is_named_where_it_begins(content: bytes, line: int, said: str) -> None:
    (only,) = mistakes(content)
    assert only.line == line
    assert said in only.said.en


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("full = true", "enabled = false\nfull = true", "full = true", "formal_loss.full: the service is switched off"),
        ('initial = "00112233"', 'initial = "001122"', "initial", "pin.initial: it has 6 figures, but PINs have 8"),
        ('area = "east"', 'area = "west"', "west", "there is no [areas.west] in the file; there is east"),
        ("last = 2031-02-05", "last = 2031-02-01", "测试节", "ends on 2031-02-01, before 2031-02-03"),
        ("[calendar.2031]", "[calendar.31]", "[calendar.31]", "its name must be a year, e.g. 2026"),
        ("valid_hours = 72", "valid_hours = 72.5", "valid_hours", "must be a whole number from 24 to 8784"),
        ('fee_yuan = "12.50"', "fee_yuan = 12.5", "fee_yuan", 'yuan in quotes, e.g. "20" or "12.50"'),
        ('services = ["progress"]', 'services = ["tea"]', "tea", 'channels[1].services[1] = "tea": must be'),
        ("tile.report_loss.title", "tile.tea.title", "tile.tea.title", '"tile.tea.title": there is no such'),
        ("losses_per_person_a_day = 2", "losses_per_person_a_day = 0", "losses", "must be a whole number from 1 to"),
        ("losses_per_person_a_day = 2", "losses_a_week = 2", "losses_a_week", "quotas.losses_a_week = 2: no such"),
        ('proxy = ["report_loss"]', 'present = ["activation"]', "present", "activation takes change_pin with it"),
        ('pick_up = "instant_issue"', "pick_up = 1", "pick_up", '"branch", "courier" or "instant_issue"'),
    ],
)
def test_what_else_can_be_wrong(old: str, new: str, line: str, said: str) -> None:
    text = OTHER.read_text()
    assert text.count(old) == 1 or old == "[calendar.2031]"
    text = text.replace(old, new)
    found = mistakes(text.encode())
    assert [mistake for mistake in found if said in mistake.said.en], found
    where = next(mistake.line for mistake in found if said in mistake.said.en)
    assert line in text.split("\n")[where - 1]


LINE = st.sampled_from(sorted({line for region in BOTH for line in region.read_text().split("\n")}))


@given(st.lists(LINE, max_size=12))
def test_what_is_not_named_can_be_loaded(written: list[str]) -> None:
    content = "\n".join(written).encode()
    found = mistakes(content)
    try:
        checked(Path("region.toml"), parse(Path("region.toml"), content))
    except BadConfig as error:
        told = str(error)
        assert found
        assert "not TOML" in told or any(mistake.said.en in told for mistake in found)
    else:
        assert not found


@pytest.mark.parametrize("quota", Quotas.__struct_fields__)
def test_no_office_lifts_a_quota_out_of_the_way(quota: str) -> None:
    text = OTHER.read_text().replace("[quotas]", f"[quotas]\n{quota} = 10_000").replace(f"\n{quota} = 2", "")
    (found,) = mistakes(text.replace(f"\n{quota} = 1\n", "\n").encode())
    assert f"quotas.{quota} = 10000: must be a whole number from 1 to" in found.said.en


def test_a_card_is_unblocked_once_a_day_wherever_it_is() -> None:
    text = OTHER.read_text().replace("[quotas]", "[quotas]\nunblocks_per_card_a_day = 2")
    assert [found.said.en for found in mistakes(text.encode())] == [
        "quotas.unblocks_per_card_a_day = 2: must be a whole number from 1 to 1"
    ]
