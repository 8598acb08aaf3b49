"""The virtual printer must be as unforgiving as a real one: what it forgives, no test finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from drivers.virtual.printer import CHEAP, FULL, GBK_ONLY, Printer, Voice
from drivers.virtual.printer.rom import GARBAGE

START = b"\x1b@\x1c&"
CUT = b"\x1dVB\x00"
LOST = "挂失".encode("gb18030")


def printed(data: bytes, printer: Printer) -> str:
    printer.feed(data + CUT)
    return printer.slips[-1].text


def ink(image: Image.Image) -> tuple[int, int]:
    """Width and height of what is black."""
    left, top, right, bottom = image.point(lambda level: 255 - level).getbbox() or (0, 0, 0, 0)
    return right - left, bottom - top


def test_chinese_without_chinese_mode_is_gibberish():
    assert printed(b"\x1b@" + LOST + b"\n", Printer(58)) == "╣╥╩º"
    assert printed(START + LOST + b"\n", Printer(58)) == "挂失"


def test_a_stray_byte_swallows_the_next_character():
    """What python-escpos's `text()` does with a dash: one byte of a code page in the middle of Chinese."""
    assert printed(START + LOST + b"\x97" + LOST + b"\n", Printer(58)) != "挂失—挂失"


def test_a_broken_lead_byte_does_not_swallow_the_line_feed():
    assert printed(START + LOST + b"\xb9\n12333\n", Printer(58)) == f"挂失{GARBAGE}\n12333"


def test_four_byte_characters_come_out_wrong_on_a_gbk_printer():
    rare = START + "𠮷".encode("gb18030") + b"\n"
    assert printed(rare, Printer(58, FULL)) == "𠮷"
    assert GARBAGE in printed(rare, Printer(58, GBK_ONLY))


def test_a_line_too_long_goes_on_below():
    assert printed(START + b"0123456789" * 4 + b"\n", Printer(58)) == "01234567890123456789012345678901\n23456789"


def test_esc_mode_sizes_ascii_only_and_gs_sizes_both():
    plain = ink_of(LOST)
    assert ink_of(b"\x1b!\x30" + LOST) == plain
    assert ink_of(b"\x1d!\x11" + LOST) == (plain[0] * 2, plain[1] * 2)
    assert ink_of(b"\x1c!\x0c" + LOST) == (plain[0] * 2, plain[1] * 2)
    assert ink_of(b"\x1d!\x01" + LOST) == (plain[0], plain[1] * 2)


def ink_of(data: bytes) -> tuple[int, int]:
    printer = Printer(58)
    printed(START + data + b"\n", printer)
    return ink(printer.slips[0].image)


@pytest.mark.parametrize("style", [b"", b"\x1bE\x01", b"\x1d!\x01"], ids=["plain", "bold", "tall"])
def test_a_letter_keeps_its_foot(style):
    """The lower bowl of a g is closed only at its very bottom."""
    printer = Printer(58)
    printed(START + style + b"g\n\n", printer)
    assert white_areas(printer.slips[0].image) == 3, "round the letter, and in its two bowls"


def white_areas(image: Image.Image) -> int:
    """How many parts of the paper are not joined."""
    paper, areas = image.copy(), 0
    while (at := paper.tobytes().find(255)) >= 0:
        ImageDraw.floodfill(paper, (at % paper.width, at // paper.width), 128)
        areas += 1
    return areas


@pytest.mark.parametrize(("width_mm", "dots"), [(58, 464), (80, 640)])
def test_a_slip_is_as_wide_as_its_paper_and_stays_on_it(width_mm, dots):
    printer = Printer(width_mm)
    printed(START + b"\x1ba\x01" + "社".encode("gb18030") * 100 + b"\n", printer)
    assert printer.slips[0].image.width == dots
    assert ink(printer.slips[0].image)[0] <= {58: 384, 80: 576}[width_mm]


def test_what_is_cut_without_feeding_stays_behind():
    printer = Printer(58)
    printer.feed(START + LOST + b"\n\x1dV\x00")
    assert printer.slips[0].text == ""
    assert printed(b"", printer) == "挂失"


def test_a_qr_code_is_drawn_where_it_is_printed():
    data = b"1P0ref 42"
    printer = Printer(58)
    text = printed(START + b"\x1d(k\x03\x001C\x05" + b"\x1d(k\x09\x00" + data + b"\x1d(k\x03\x001Q0", printer)
    assert text == "[QR ref 42]"
    assert ink(printer.slips[0].image) == (21 * 5, 21 * 5)


def test_a_raster_image_is_drawn_bit_by_bit():
    printer = Printer(58)
    assert printed(START + b"\x1dv0\x00\x01\x00\x02\x00\xff\x81", printer) == "[image]"
    assert ink(printer.slips[0].image) == (8, 2)


def test_commands_it_does_not_know_are_remembered():
    printer = Printer(58)
    printer.feed(b"\x1b\x7a\x07")
    assert printer.errors == ["unknown command 1b 7a", "unknown command 07"]


@given(st.binary(max_size=300), st.integers(1, 7))
def test_it_survives_any_bytes_in_any_portions(noise, portion):
    whole, pieces = Printer(58), Printer(58)
    whole.feed(noise)
    for at in range(0, len(noise), portion):
        pieces.feed(noise[at : at + portion])
    assert (whole.hanging.text, whole.errors) == (pieces.hanging.text, pieces.errors)


def test_off_line_it_answers_keeps_what_it_gets_and_prints_it_later():
    """Why a driver has to clear the buffer: the next person would tear off somebody else's slip."""
    printer = Printer(58)
    printer.take_paper_out()
    assert printer.feed(START + LOST + b"\n" + CUT + b"\x10\x04\x01\x1dr\x01") == b"\x1a"
    assert printer.slips == []
    printer.load_paper()
    assert printer.feed(b"") == b"\x00"
    assert printer.slips[0].text == "挂失"


def test_cleared_off_line_it_forgets():
    printer = Printer(58)
    printer.open_cover()
    assert printer.feed(START + LOST + b"\n\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08") == b"\x37\x25\x00"
    printer.close_cover()
    assert printed(b"", printer) == ""


def test_paper_can_end_in_the_middle():
    printer = Printer(58)
    printer.after_lines(2, printer.take_paper_out)
    printer.feed(START + b"1\n2\n3\n")
    assert printer.hanging.text == "1\n2"
    assert printer.feed(b"\x10\x04\x04") == b"\x7e"


def test_a_stuck_cutter_is_found_at_the_cut():
    printer = Printer(58)
    printer.jam_cutter()
    assert printer.feed(b"\x10\x04\x03") == b"\x12"
    assert printer.feed(START + LOST + b"\n" + CUT + b"\x10\x04\x03") == b"\x12"
    assert printer.feed(b"\x10\x04\x03") == b"\x1a"
    assert printer.slips == []


def test_changes_are_told_unasked_once_switched_on():
    printer = Printer(58)
    printer.open_cover()
    printer.close_cover()
    assert printer.feed(b"") == b""
    printer.feed(b"\x1da\xff")
    printer.open_cover()
    assert printer.feed(b"") == b"\x38\x00\x00\x00"


def test_a_mute_printer_prints_and_a_dead_one_does_not():
    printer = Printer(58)
    printer.speak(Voice.MUTE)
    assert printer.feed(START + LOST + b"\n" + CUT + b"\x10\x04\x01") == b""
    assert printer.slips[0].text == "挂失"
    printer.speak(Voice.DEAD)
    assert printer.feed(START + LOST + b"\n" + CUT + b"\x10\x04\x01") == b""
    assert len(printer.slips) == 1


def test_after_a_power_cut_chinese_mode_and_half_a_line_are_gone():
    printer = Printer(58)
    printer.feed(START + LOST)
    printer.power_cycle()
    assert printed(LOST + b"\n", printer) == "╣╥╩º"


def test_a_cheap_printer_answers_only_what_it_knows():
    printer = Printer(58, CHEAP)
    assert printer.feed(b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04\x1dr\x01") == b"\x12\x12"
    assert printed(b"\n", printer) == "r"
