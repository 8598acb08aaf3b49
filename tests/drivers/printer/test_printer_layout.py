"""A slip has to fit its paper, keep its words, and stay in Chinese mode, whatever the centre puts into it."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import ImageOps

from drivers.printer import commands
from drivers.printer.columns import CLOSING, width, wrap
from drivers.printer.encoders import GETA, Encoder, Gb18030Encoder, GbkEncoder
from drivers.printer.layout import INDENT, lay_out
from drivers.printer.rows import Paper, QrRow, Row, Size, TextRow
from drivers.virtual.printer import FULL, GBK_ONLY, Model, Printer
from kiosk.slips.lines import Centred, Emphasis, Field, Gap, Heading, Item, Paragraph, QrCode, Rule, Slip
from kiosk.unbroken import cut

WORDS = st.text("abcXYZ0123456789-:", min_size=1, max_size=40)
CHINESE = st.text("社会保障卡挂失银行账户韦", min_size=1, max_size=30)
PUNCTUATION = st.sampled_from(["，", "。", "：", "！", "？", "）》", "（", "《", "*", " ", "\n", "　"])
ANYTHING = st.text(st.characters(exclude_characters="\ufffd"), max_size=8)
"""Names and addresses bring control codes and characters no ROM has.  U+FFFD is what the twin shows for garbage."""

SENTENCES = st.lists(st.one_of(WORDS, CHINESE, PUNCTUATION, ANYTHING), max_size=8).map("".join)

LINES = st.one_of(
    st.builds(Heading, SENTENCES),
    st.builds(Centred, SENTENCES),
    st.builds(Paragraph, SENTENCES, st.booleans()),
    st.builds(Field, SENTENCES, SENTENCES, st.booleans()),
    st.builds(Field, CHINESE, SENTENCES),
    st.builds(Item, SENTENCES),
    st.builds(Emphasis, SENTENCES),
    st.just(Rule()),
    st.just(Gap()),
    st.builds(QrCode, st.text("0123456789abcdef- ", min_size=1, max_size=80)),
)
SLIPS = st.builds(Slip, st.lists(LINES, max_size=8).map(tuple), st.booleans())
PAPERS = st.sampled_from(Paper)


def written(slip: Slip) -> str:
    """All words of a slip, without white space."""
    parts = []
    for line in slip.lines:
        match line:
            case Heading(text) | Centred(text) | Paragraph(text) | Emphasis(text):
                parts.append(text)
            case Item(text):
                parts.append(f"□{text}")
            case Field(label, value):
                parts.append(label + value)
            case _:
                pass
    return squeezed("".join(parts))


def squeezed(text: str) -> str:
    return text.replace(" ", "").replace("\n", "")


def set_texts(rows: tuple[Row, ...]) -> list[str]:
    return [row.text for row in rows if isinstance(row, TextRow)]


@given(SLIPS, PAPERS)
@example(Slip((Paragraph("韦\udcc5"),)), Paper.MM_58)
def test_every_word_of_a_slip_is_set(slip, paper):
    rows = [text for text in set_texts(lay_out(slip, paper)) if set(text) != {"─"}]
    assert squeezed("".join(rows)) == written(slip)


@given(SLIPS, PAPERS)
def test_no_row_is_wider_than_the_paper(slip, paper):
    for row in lay_out(slip, paper):
        if isinstance(row, TextRow):
            assert width(row.text) * row.size.across <= paper.columns
        if isinstance(row, QrRow):
            assert row.module >= 1


@given(SLIPS, PAPERS, st.sampled_from([(Gb18030Encoder(), FULL), (GbkEncoder(), GBK_ONLY)]))
def test_a_printer_prints_row_for_row_what_was_laid_out(slip, paper, kind):
    """The printer breaks no line of its own, takes no byte of a name for a command, and never leaves Chinese mode."""
    encoder, model = kind
    rows = lay_out(slip, paper)
    printer = printed(rows, paper, encoder, model)
    expected = [
        encoder.printable(row.text) if isinstance(row, TextRow) else f"[QR {row.text}]"
        for row in rows
        if isinstance(row, TextRow | QrRow)
    ]
    assert printer.slips[0].text.split("\n") == (expected or [""])
    assert printer.errors == []
    assert not printer.remembers


def printed(rows: tuple[Row, ...], paper: Paper, encoder: Encoder, model: Model) -> Printer:
    printer = Printer(paper.width_mm, model)
    printer.feed(b"".join(commands.slip(rows, encoder)))
    return printer


@given(st.lists(st.one_of(WORDS, CHINESE, st.sampled_from("，。；：！？）》"))).map("".join), st.integers(16, 48))
def test_no_line_begins_with_closing_punctuation(text, columns):
    """Unless the text itself does, or a row of it leaves no other place."""
    for first, line in zip(wrap(text, columns), list(wrap(text, columns))[1:], strict=False):
        assert line[0] not in CLOSING or all(c in CLOSING for c in first[1:])


@given(st.lists(st.text("abc0123456789", min_size=1, max_size=14), min_size=1), st.integers(16, 48))
def test_words_and_numbers_that_fit_a_line_with_their_punctuation_stay_whole(words, columns):
    text = "，请记住".join(words)
    lines = list(wrap(text, columns))
    assert all(any(word in line for line in lines) for word in words)


SAID = st.sampled_from([word + after for word in ("挂失", "身份证", "建设银行", "密码") for after in ("", "，")])


@given(st.lists(SAID, min_size=1, max_size=12).map("".join))
def test_a_chinese_word_stands_on_one_line(text: str) -> None:
    assert cut(text, list(wrap(text, 16))) == []


@given(st.integers(10, 40))
def test_a_chinese_name_in_an_english_sentence_stands_on_one_line(columns: int) -> None:
    lines = list(wrap("Delivered only if you chose it when you applied (12333 or WeChat 广西人社).", columns))
    assert any("广西人社" in line for line in lines), lines


@given(st.integers(16, 40))
def test_the_end_of_a_number_stands_beside_what_it_is_of(columns: int) -> None:
    lines = list(wrap("持卡人欧阳*，证件尾号5530，卡尾号2314", columns))
    assert all(any(whole in line for line in lines) for whole in ("证件尾号5530", "卡尾号2314")), lines


def test_values_stand_in_one_column_and_hang_under_it():
    fields = (Field("持卡人", "韦*"), Field("受理地点", "南宁市民族大道一百号社会保障大厅"))
    assert set_texts(lay_out(Slip(fields), Paper.MM_58)) == [
        "持卡人    韦*",
        "受理地点  南宁市民族大道一百号",
        "          社会保障大厅",
    ]


def test_the_words_of_an_item_hang_beside_its_box() -> None:
    item = Item("《社会保障卡补办（挂失）申请表》")
    assert set_texts(lay_out(Slip((item,)), Paper.MM_58)) == ["□ 《社会保障卡补办（挂失）", "   申请表》"]


def test_the_last_character_of_a_sentence_is_not_left_alone():
    sentence = "凭本人身份证和社会保障卡解除挂失。"
    assert list(wrap(sentence, 32)) == ["凭本人身份证和社会保障卡解除", "挂失。"]


def test_a_long_number_breaks_after_a_hyphen():
    field = Field("业务编号", "01932f4e-7c1a-7b3e-9d52-6f0a8b7c1d2e")
    assert set_texts(lay_out(Slip((field,)), Paper.MM_58)) == [
        "业务编号  01932f4e-7c1a-7b3e-",
        "          9d52-6f0a8b7c1d2e",
    ]


@given(st.lists(st.builds(Field, CHINESE, WORDS), max_size=6).map(tuple), st.booleans(), PAPERS)
def test_a_number_that_fits_the_paper_is_never_cut(fields, large, paper):
    """Beside its label or below it: a reference, an ID number, a hotline."""
    rows = lay_out(Slip(fields, large), paper)
    columns = paper.columns // rows[0].size.across if rows else 0
    set_words = [word for text in set_texts(rows) for word in re.findall("[!-~]+", text)]
    for field in fields:
        for word in re.findall("[!-~]+", field.value):
            assert word in set_words or len(word) > columns - INDENT


@given(SLIPS, PAPERS)
def test_large_slips_are_at_least_double_height(slip, paper):
    large = Slip(slip.lines, large=True)
    for row in lay_out(large, paper):
        assert not isinstance(row, TextRow) or set(row.text) == {"─"} or row.size is not Size.NORMAL


@pytest.mark.parametrize(
    ("line", "large", "paper", "dots"),
    [
        (Paragraph("国"), False, Paper.MM_58, (1, 1)),
        (Emphasis("国"), False, Paper.MM_58, (2, 2)),
        (Heading("国"), False, Paper.MM_58, (2, 2)),
        (Paragraph("国"), True, Paper.MM_58, (1, 2)),
        (Paragraph("国"), True, Paper.MM_80, (2, 2)),
        (Emphasis("国"), True, Paper.MM_58, (2, 2)),
    ],
)
def test_chinese_comes_out_in_the_size_meant(line, large, paper, dots):
    """Not only ASCII: that is what ESC ! would do."""
    rows = lay_out(Slip((line,), large), paper)
    image = printed(rows, paper, Gb18030Encoder(), FULL).slips[0].image
    left, top, right, bottom = ImageOps.invert(image).getbbox()
    assert (round((right - left) / 20), round((bottom - top) / 20)) == dots


def test_what_gbk_does_not_have_is_marked_and_never_sent_as_four_bytes():
    assert GbkEncoder().encode("韦𠮷㐂") == f"韦{GETA}{GETA}".encode("gbk")
    assert Gb18030Encoder().encode("𠮷") == bytes.fromhex("9534b235")
