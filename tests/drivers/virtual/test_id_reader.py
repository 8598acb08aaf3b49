"""The virtual ID reader goes through its states as a real SAM_V does (GA/T 467)."""

import datetime as dt
from pathlib import Path

import msgspec
import pytest
import serial

from drivers.virtual.id_reader import IdDocument, IdReader, RefindingIdReader, ServedIdReader, text_block
from drivers.virtual.id_reader.faults import BadChecksum, HalfFrame, SamFault, Silent

STATUS = bytes.fromhex("AAAAAA9669 0003 11FF ED")
FIND = bytes.fromhex("AAAAAA9669 0003 2001 22")
SELECT = bytes.fromhex("AAAAAA9669 0003 2002 21")
READ = bytes.fromhex("AAAAAA9669 0003 3001 32")
ADDRESS = bytes.fromhex("AAAAAA9669 0003 3003 30")

READY = bytes.fromhex("AAAAAA9669 0004 000090 94")
FOUND = bytes.fromhex("AAAAAA9669 0008 00009F 00000000 97")
NOT_FOUND = bytes.fromhex("AAAAAA9669 0004 000080 84")
SELECTED = bytes.fromhex("AAAAAA9669 000C 000090 0000000000000000 9C")
NOT_SELECTED = bytes.fromhex("AAAAAA9669 0004 000081 85")
NOT_READ = bytes.fromhex("AAAAAA9669 0004 000041 45")

CARD = IdDocument(name="测试甲", number="459900190001010018", birth=dt.date(1900, 1, 1), valid_from=dt.date(2020, 1, 1))


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def reader() -> IdReader:
    return IdReader()


def test_a_card_is_found_selected_read_and_not_found_again_before_it_was_lifted(reader: IdReader) -> None:
    assert reader.feed(STATUS) == READY
    assert reader.feed(FIND) == NOT_FOUND
    reader.lay(CARD)
    assert reader.feed(FIND) == FOUND
    assert reader.feed(SELECT) == SELECTED
    answer = reader.feed(READ)
    assert len(answer) == 1295
    assert answer.startswith(bytes.fromhex("AAAAAA9669 0508 000090 0100 0400") + text_block(CARD))
    assert reader.feed(FIND) == NOT_FOUND
    reader.lift()
    reader.lay(CARD)
    assert reader.feed(FIND) == FOUND


def test_other_readers_find_a_card_again_and_again() -> None:
    reader = RefindingIdReader()
    reader.lay(CARD)
    first, second = reader.feed(FIND + SELECT + READ), reader.feed(FIND + SELECT + READ)
    assert first == second
    assert first.startswith(FOUND + SELECTED)
    reader.lift()
    assert reader.feed(FIND) == NOT_FOUND


def test_no_step_goes_without_the_one_before(reader: IdReader) -> None:
    reader.lay(CARD)
    assert reader.feed(SELECT) == NOT_SELECTED
    assert reader.feed(FIND + READ) == FOUND + NOT_READ


def test_a_card_lifted_is_gone_from_each_step(reader: IdReader) -> None:
    reader.lay(CARD)
    reader.feed(FIND)
    reader.lift()
    assert reader.feed(SELECT) == NOT_SELECTED
    reader.lay(CARD)
    reader.feed(FIND + SELECT)
    reader.lift()
    assert reader.feed(READ) == NOT_READ


def test_a_document_that_cannot_be_written_is_refused_when_it_is_laid_on(reader: IdReader) -> None:
    for impossible in ({"name": "测" * 16}, {"flag": "Q"}):
        with pytest.raises(ValueError, match=r"byte 0 takes 15|flag is empty"):
            reader.lay(msgspec.structs.replace(CARD, **impossible))
    assert reader.document is None
    assert reader.feed(FIND) == NOT_FOUND


def test_a_command_it_does_not_know(reader: IdReader) -> None:
    assert reader.feed(ADDRESS) == bytes.fromhex("AAAAAA9669 0004 000021 25")


def test_faults_spoil_what_they_say_as_often_as_they_say(reader: IdReader) -> None:
    reader.spoil(Silent(command=STATUS[7:9], times=1))
    assert [reader.feed(FIND), reader.feed(STATUS), reader.feed(STATUS)] == [NOT_FOUND, b"", READY]
    reader.spoil(HalfFrame())
    assert reader.feed(STATUS) == READY[:5]
    reader.spoil(BadChecksum(times=1))
    assert reader.feed(STATUS) not in (READY, b"")
    reader.spoil(SamFault(sw=0x66))
    assert reader.feed(FIND) == bytes.fromhex("AAAAAA9669 0004 000066 62")
    reader.recover()
    assert reader.feed(FIND) == NOT_FOUND


def test_its_port_outlives_the_programs_that_open_it(tmp_path: Path) -> None:
    port = tmp_path / "run" / "id-reader"
    served = ServedIdReader(port)
    for _ in range(3):
        with serial.Serial(str(port), timeout=5) as line:
            line.write(STATUS)
            assert line.read(len(READY)) == READY
    served.close()
    assert not port.is_symlink()


def test_pulling_the_plug_twice_or_after_a_new_one_came_leaves_the_new_one(tmp_path: Path) -> None:
    port = tmp_path / "id-reader"
    old, new = ServedIdReader(port), ServedIdReader(port)
    before = open_files()
    old.close()
    old.close()
    assert before - open_files() == 4
    with serial.Serial(str(port), timeout=5) as line:
        line.write(FIND)
        assert line.read(len(NOT_FOUND)) == NOT_FOUND
    new.close()
