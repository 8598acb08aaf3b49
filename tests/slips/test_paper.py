"""Slips as they come out of the printer: word for word, and what must or must not stand on any of them."""

from __future__ import annotations

import pytest

from kiosk.words import CHINESE, languages
from tests.slips.paper import HOLDER, PAPERS, golden, printed, slips

ALL = [
    pytest.param(name, width, code, id=f"{name}-{width}-{code}")
    for code in languages()
    for name in slips(code)
    for width in PAPERS
]


@pytest.mark.parametrize(("name", "width", "code"), ALL)
def test_a_slip_is_as_it_was_looked_at(name: str, width: int, code: str) -> None:
    assert printed(slips(code)[name], width) == golden(name, width, code).read_text()


@pytest.mark.parametrize(("name", "width", "code"), ALL)
def test_whom_to_ask_and_what_to_name_stands_on_every_slip(name: str, width: int, code: str) -> None:
    text = printed(slips(code)[name], width)
    assert "7K3Q-92MF" in text
    assert "4f1c·a07e" in text
    assert "12333" in text


@pytest.mark.parametrize(("name", "width", "code"), ALL)
def test_only_the_form_has_the_full_name_and_number(name: str, width: int, code: str) -> None:
    text = printed(slips(code)[name], width).replace("\n", "")
    of_form = name.startswith("form_")
    assert (HOLDER.number in text.replace(" ", "")) is of_form
    assert (HOLDER.name in text) is of_form


def test_no_golden_text_is_left_over() -> None:
    wanted = {golden(name, width, code) for code in languages() for name in slips(CHINESE) for width in PAPERS}
    assert set(golden("x", 80, CHINESE).parent.glob("*.txt")) == wanted
