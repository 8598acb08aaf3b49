"""Slips as they come out of the printer: word for word, and what must or must not stand on any of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from drivers.printer.rows import Paper
from drivers.virtual.printer.preview import preview
from kiosk.__main__ import main
from kiosk.slips.samples import HOLDER, slips
from kiosk.words import CHINESE, languages
from tests.slips.paper import golden


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """The command sets up its process's logs; here it is only a guest."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


ALL = [
    pytest.param(name, paper, code, id=f"{name}-{paper.width_mm}-{code}")
    for code in languages()
    for name in slips(code)
    for paper in Paper
]


def printed(name: str, paper: Paper, code: str) -> str:
    return preview(slips(code)[name], paper).text + "\n"


@pytest.mark.parametrize(("name", "paper", "code"), ALL)
def test_a_slip_is_as_it_was_looked_at(name: str, paper: Paper, code: str) -> None:
    assert printed(name, paper, code) == golden(name, paper, code).read_text()


@pytest.mark.parametrize(("name", "paper", "code"), ALL)
def test_whom_to_ask_and_what_to_name_stands_on_every_slip(name: str, paper: Paper, code: str) -> None:
    text = printed(name, paper, code)
    assert "7K3Q-92MF" in text
    assert "4f1c·a07e" in text
    assert "12333" in text


@pytest.mark.parametrize(("name", "paper", "code"), ALL)
def test_only_the_form_has_the_full_name_and_number(name: str, paper: Paper, code: str) -> None:
    text = printed(name, paper, code).replace("\n", "")
    of_form = name.startswith("form_")
    assert (HOLDER.number in text.replace(" ", "")) is of_form
    assert (HOLDER.name in text) is of_form


def test_no_golden_text_is_left_over() -> None:
    wanted = {golden(name, paper, code) for code in languages() for name in slips(CHINESE) for paper in Paper}
    assert set(golden("x", Paper.MM_80, CHINESE).parent.glob("*.txt")) == wanted


def test_a_slip_is_drawn_for_whoever_asks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "release.png"
    words = ["release_done", "--width", "58", "--language", "en", "--png", str(picture)]
    assert main(["slips", "preview", *words]) == 0
    assert capsys.readouterr().out == golden("release_done", Paper.MM_58, "en").read_text()
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_slip_that_there_is_not_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slips", "preview", "relase"]) == 1
    told = capsys.readouterr().err
    for name in slips(CHINESE):
        assert name in told
