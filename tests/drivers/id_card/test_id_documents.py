"""What stands on a document's chip is what the terminal knows of its holder, or nothing."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.id_card.documents import parse
from drivers.virtual.id_reader import IdDocument, text_block
from kiosk.devices import IdCardUnreadable
from kiosk.numbers import citizen_number_check
from kiosk.terms import DocumentKind, Holder, OtherDocument, ResidentIdCard

han = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
rare_han = st.characters(min_codepoint=0x20000, max_codepoint=0x2A6DF)
days = st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31))


def number(birth: dt.date, region: int = 459900, sequence: int = 1) -> str:
    body = f"{region}{birth:%Y%m%d}{sequence:03}"
    return body + citizen_number_check(body)


@st.composite
def residents(draw: st.DrawFn) -> IdDocument:
    birth = draw(days)
    valid_from = draw(st.dates(birth, dt.date(2100, 1, 1)))
    return IdDocument(
        name=draw(
            st.text(han, min_size=2, max_size=15) | st.text(han | rare_han | st.just("·"), min_size=1, max_size=7)
        ),
        number=number(birth, draw(st.integers(110000, 999999)), draw(st.integers(0, 999))),
        birth=birth,
        sex=draw(st.sampled_from("0129")),
        nation=draw(st.sampled_from(["01", "08", "97"])),
        address=draw(st.text(han, max_size=35)),
        issuer=draw(st.text(han, max_size=15)),
        valid_from=valid_from,
        valid_until=draw(st.none() | st.dates(valid_from, dt.date(2150, 1, 1))),
    )


def resident(**fields: object) -> IdDocument:
    birth = dt.date(1900, 1, 1)
    person = {"name": "测试甲", "number": number(birth), "birth": birth, "valid_from": dt.date(2020, 1, 1)}
    return IdDocument(**(person | fields))


@given(residents())
def test_a_resident_id_card_is_read_as_it_was_written(document: IdDocument) -> None:
    assert parse(text_block(document)) == ResidentIdCard(
        Holder(document.number, document.name), document.birth, document.valid_from, document.valid_until
    )


@given(residents(), st.sampled_from(["J", "I", "Y"]))
def test_other_documents_are_only_told_apart(document: IdDocument, flag: str) -> None:
    fields = {name: getattr(document, name) for name in ("name", "birth", "valid_from", "valid_until")}
    other = IdDocument(**fields, number="XXA159900010101"[:15], nation="XXA", english_name="TEST", flag=flag)
    assert parse(text_block(other)) == OtherDocument(DocumentKind(flag))


@given(st.binary(min_size=256, max_size=256) | st.binary(max_size=300))
def test_any_bytes_are_a_document_or_unreadable(text: bytes) -> None:
    assert isinstance(parse(text), OtherDocument | IdCardUnreadable)


@pytest.mark.parametrize(
    ("offset", "characters"),
    [
        pytest.param(0, " " * 15, id="no name"),
        pytest.param(36, "19000230", id="no such day of birth"),
        pytest.param(36, "19000102", id="another birthday than in the number"),
        pytest.param(122, number(dt.date(1900, 1, 1))[:17] + "*", id="no check character"),
        pytest.param(122, "１", id="a full-width digit"),
        pytest.param(188, "20201301", id="no such month of issue"),
        pytest.param(188, "18991231", id="issued before birth"),
        pytest.param(204, "20191231", id="ends before it begins"),
        pytest.param(204, "长久", id="an end that is no date"),
        pytest.param(248, "Q", id="a kind of document nobody knows"),
    ],
)
def test_a_document_that_cannot_be_is_unreadable(offset: int, characters: str) -> None:
    text = bytearray(text_block(resident()))
    encoded = characters.encode("utf-16-le")
    text[offset : offset + len(encoded)] = encoded
    assert parse(bytes(text)) == IdCardUnreadable()


def test_half_a_character_in_the_name_is_unreadable() -> None:
    text = bytearray(text_block(resident()))
    text[2:4] = b"\x00\xd8"
    assert parse(bytes(text)) == IdCardUnreadable()


def test_a_small_x_on_the_chip_is_a_capital_one() -> None:
    birth = dt.date(1900, 1, 1)
    ends_in_x = next(n for n in (number(birth, sequence=i) for i in range(1000)) if n.endswith("X"))
    reading = parse(text_block(resident(number=ends_in_x.lower())))
    assert isinstance(reading, ResidentIdCard)
    assert reading.holder.number == ends_in_x


def test_a_reading_never_prints_its_holder(capsys: pytest.CaptureFixture[str]) -> None:
    document = resident(valid_until=dt.date(2019, 1, 1))
    parse(text_block(document))
    assert document.number not in repr(document) + repr(parse(text_block(resident()))) + capsys.readouterr().out


def test_a_field_too_long_for_its_place_is_refused() -> None:
    with pytest.raises(ValueError, match="byte 0 takes 15 characters, not 16"):
        text_block(resident(name="测" * 16))
