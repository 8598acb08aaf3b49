"""The font a Chinese reader expects, and a clear word when it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection

from screens.fonts import FACE, Font, FontMissing, find_font
from screens.theme import CAP_HEIGHT_EM


@pytest.fixture(scope="module")
def font(tmp_path_factory: pytest.TempPathFactory) -> Font:
    return find_font(tmp_path_factory.mktemp("fonts"))


def test_the_first_face_draws_simplified_chinese_and_not_japanese_forms(font: Font) -> None:
    for path in (font.regular, font.bold):
        with TTCollection(path, lazy=True) as collection:
            assert collection[0]["name"].getDebugName(1) == FACE


def test_capitals_are_as_high_as_the_theme_believes(font: Font) -> None:
    with TTCollection(font.regular, lazy=True) as collection:
        face = collection[0]
        assert face["OS/2"].sCapHeight / face["head"].unitsPerEm == CAP_HEIGHT_EM


def test_names_with_rare_characters_are_drawn(font: Font) -> None:
    assert font.drawable("䶮𠮷欧阳*") == "䶮𠮷欧阳*"


def test_a_middle_dot_takes_no_more_than_half_a_character(font: Font) -> None:
    with TTCollection(font.regular, lazy=True) as collection:
        face = collection[0]
        widths = [face["hmtx"][face.getBestCmap()[ord(char)]][0] for char in font.drawable("阳·买")]
    assert widths == [1000, 500, 1000]


def test_what_the_font_lacks_becomes_a_sign_and_never_nothing(font: Font) -> None:
    assert font.drawable("\U000323b0\n王") == "〓\n王"


def test_a_missing_font_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match="fonts-noto-cjk"):
        find_font(tmp_path / "cache", tmp_path)


def test_a_second_start_does_not_write_the_faces_again(tmp_path: Path) -> None:
    first = find_font(tmp_path).regular.stat().st_mtime_ns
    assert find_font(tmp_path).regular.stat().st_mtime_ns == first


def test_the_characters_are_those_of_both_faces(font: Font) -> None:
    known = []
    for path in (font.regular, font.bold):
        with TTCollection(path, lazy=True) as collection:
            known.append(set(collection[0].getBestCmap()))
    assert {code for code in range(0x110000) if font.draws(chr(code))} == known[0] & known[1]
