"""What stands on a card is read as the standard and the field have it."""

from __future__ import annotations

import datetime as dt
import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.card import records
from drivers.card.records import BadRecord, HolderName, HolderNameExtension, Record, full_name
from drivers.card.reset import algorithm, historical_bytes
from kiosk.terms import Algorithm

KINDS = [
    kind for _, kind in inspect.getmembers(records, inspect.isclass) if issubclass(kind, Record) and kind is not Record
]
VECTORS = [(kind, raw, meaning) for kind in KINDS for raw, meaning in kind.vectors]


@pytest.mark.parametrize(("kind", "raw", "meaning"), VECTORS)
def test_each_record_reads_as_its_vectors_say(kind, raw, meaning):
    record = bytes.fromhex(raw)
    if meaning is BadRecord:
        with pytest.raises(BadRecord):
            kind.decode(kind.value(record))
    else:
        assert kind.decode(kind.value(record)) == meaning


def test_every_kind_of_record_has_vectors():
    assert {kind.tag for kind in KINDS} == {0x01, 0x03, 0x05, 0x06, 0x07, 0x08, 0x09, 0x4E}
    assert all(kind.vectors for kind in KINDS)


@given(st.sampled_from(KINDS), st.binary(max_size=64))
def test_no_content_of_a_record_does_anything_but_read_or_be_refused(kind, value):
    try:
        assert not isinstance(kind.decode(value), BadRecord)
    except BadRecord as refused:
        assert str(refused) == kind.__name__


@given(st.binary(max_size=40), st.binary(max_size=24))
def test_any_bytes_are_a_name_or_none(name, extension):
    try:
        read = full_name(name, extension)
    except BadRecord:
        return
    assert read
    assert read == read.strip()


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=15)
PADDING = st.sampled_from([b"\x00", b"\x20", b"\xff"])


@given(HAN, PADDING)
def test_a_name_padded_any_way_comes_back(name, padding):
    value = name.encode("gb18030").ljust(30, padding)
    assert full_name(value, bytes(20)) == name


LONG = st.text(st.sampled_from("买买提·吐尔逊江阿布都热合曼A𠮷"), min_size=16, max_size=40).filter(
    lambda text: 30 < len(text.encode("gb18030")) <= 50
)


@given(LONG)
def test_a_name_longer_than_thirty_bytes_is_joined_even_inside_a_character(name):
    raw = name.encode("gb18030")
    first = HolderName.decode(HolderName.value(b"\x09\x1e" + raw[:30]))
    rest = HolderNameExtension.decode(HolderNameExtension.value(b"\x4e\x14" + raw[30:].ljust(20, b"\x00")))
    assert full_name(first, rest) == name


def test_a_name_cut_inside_a_character_keeps_what_is_whole():
    raw = ("A" + "测" * 15).encode("gb18030")[:30]
    assert full_name(raw, b"") == "A" + "测" * 14


@pytest.mark.parametrize(
    ("atr", "expected"),
    [
        ("3B6D000000814A444686605199000001AC", "00814A444686605199000001AC"),
        ("3B6D0000008148424286535119000A671A", "008148424286535119000A671A"),
        ("3B7D96000000814E43238697159900BF7C7A", "00814E43238697159900BF7C7A"),
        ("3BFD9600008131FE4500814E43238697159900BF7C7A55", "00814E43238697159900BF7C7A"),
        ("3B", ""),
        ("3B6D", ""),
    ],
)
def test_reset_information_is_the_historical_bytes_of_any_vendor(atr, expected):
    found = historical_bytes(bytes.fromhex(atr)).hex().upper()
    assert found == expected


@pytest.mark.parametrize(
    ("fci", "region", "expected"),
    [
        ("6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C03860103", "459900", Algorithm.SM4),
        ("6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C03860101", "110000", Algorithm.DES),
        ("6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388010B", "459900", Algorithm.DES),
        ("6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388010B", "110000", Algorithm.SSF33),
        ("6F1C840F7378312E73682EC9E7BBE1B1A3D5CFA50988011E9F0C03860107", "459900", None),
        ("", "459900", Algorithm.DES),
    ],
)
def test_algorithm_is_named_by_the_card_or_else_by_the_region(fci, region, expected):
    assert algorithm(bytes.fromhex(fci), region) is expected


@given(st.binary(max_size=40), st.binary(max_size=60))
def test_no_answer_to_reset_or_selection_is_too_odd_to_read(atr, fci):
    assert len(historical_bytes(atr)) <= 15
    assert algorithm(fci, "459900") in {None, *Algorithm}


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2099, 12, 31)))
def test_dates_come_back(day):
    assert records.IssueDate.decode(bytes.fromhex(f"{day:%Y%m%d}")) == day
