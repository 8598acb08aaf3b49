"""A citizen lays an ID card on a reader at the end of a real serial line."""

import datetime as dt
import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial
from structlog.testing import capture_logs

from drivers.id_card.device import STATUS_EVERY_S, IdCardDevice
from drivers.id_card.sam_v import CHUNK_S
from drivers.virtual.id_reader import IdDocument, RefindingIdReader, ServedIdReader
from drivers.virtual.id_reader.faults import (
    FIND,
    READ,
    SELECT,
    BadChecksum,
    Fault,
    HalfFrame,
    Lifted,
    Noise,
    SamFault,
    Silent,
)
from kiosk.devices import IdCardUnreadable, IdLiftedEarly, IdReaderFailed, OldIdCardLies, ReadIdCard
from kiosk.numbers import citizen_number_check
from kiosk.terms import (
    DeviceAbsent,
    DeviceFailing,
    DeviceOk,
    DocumentKind,
    Holder,
    OtherDocument,
    ResidentIdCard,
)


def document(serial_number: str = "001", **fields: object) -> IdDocument:
    body = "45990019000101" + serial_number
    person = {
        "name": "测试甲",
        "number": body + citizen_number_check(body),
        "birth": dt.date(1900, 1, 1),
        "address": "广西测试市示例路1号",
        "issuer": "测试市公安局",
        "valid_from": dt.date(2020, 1, 1),
    }
    return IdDocument(**(person | fields))


FIRST, SECOND = document("001"), document("002", name="测试乙")


class Clock:
    """The time of day as it passes; a test may let it leap."""

    def __init__(self) -> None:
        self.leapt = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.leapt


@pytest.fixture
def port(tmp_path: Path) -> Path:
    return tmp_path / "run" / "id-reader"


@pytest.fixture
def reader(port: Path) -> Iterator[ServedIdReader]:
    served = ServedIdReader(port)
    yield served
    served.close()


@pytest.fixture
def refinding(port: Path) -> Iterator[ServedIdReader]:
    """It goes on finding a card that it has read."""
    served = ServedIdReader(port, RefindingIdReader())
    yield served
    served.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def started(port: Path, clock: Clock) -> Iterator[IdCardDevice]:
    """It has not looked at its reader yet."""
    device = IdCardDevice(str(port), clock=clock, pause=lambda _: None)
    yield device
    device.close()


@pytest.fixture
def device(started: IdCardDevice, clock: Clock) -> IdCardDevice:
    """Nobody has come since it was started, and nothing lies on the reader."""
    idle(started, clock)
    return started


def idle(device: IdCardDevice, clock: Clock) -> None:
    """Long enough to ask how the reader is and what lies on it."""
    clock.leapt += STATUS_EVERY_S
    device.look()
    device.look()


class Citizen:
    """Does something each time the device asks whether anybody still waits, then leaves."""

    def __init__(self, *acts: Callable[[], object], patience: int = 40) -> None:
        self._acts = list(acts)
        self._patience = patience

    def __call__(self) -> bool:
        if self._acts:
            self._acts.pop(0)()
        self._patience -= 1
        return self._patience > 0


class Hurried:
    """Waits for ever, on a clock that makes eight of each silence on the line."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked = time.monotonic()

    def __call__(self) -> bool:
        silence, self._asked = time.monotonic() - self._asked, time.monotonic()
        if silence > CHUNK_S * 0.9:
            self._clock.leapt += 7 * CHUNK_S
        return True


def names(reading: object, laid: IdDocument) -> bool:
    return isinstance(reading, ResidentIdCard) and reading.holder == Holder(laid.number, laid.name)


def test_a_card_is_read_when_the_citizen_lays_it_on(reader: ServedIdReader, device: IdCardDevice) -> None:
    reading = device.answer(ReadIdCard(), Citizen(lambda: None, lambda: None, lambda: reader.lay(FIRST)))
    assert names(reading, FIRST)
    assert device.look().state == DeviceOk()


def test_waiting_ends_when_nobody_waits_any_more(reader: ServedIdReader, device: IdCardDevice, clock: Clock) -> None:
    assert device.answer(ReadIdCard(), Citizen(patience=5)) == IdLiftedEarly()
    idle(device, clock)
    reader.lay(FIRST)
    assert names(device.answer(ReadIdCard(), Citizen()), FIRST)


def test_the_last_citizens_card_is_not_read_for_the_next(reader: ServedIdReader, device: IdCardDevice) -> None:
    reader.lay(FIRST)
    device.answer(ReadIdCard(), Citizen())
    forgotten = device.answer(ReadIdCard(), Citizen(patience=10))
    assert forgotten == IdLiftedEarly()
    assert names(device.answer(ReadIdCard(), Citizen(lambda: reader.lay(SECOND))), SECOND)


def test_a_card_left_behind_is_told_of_once_and_waited_for(refinding: ServedIdReader, device: IdCardDevice) -> None:
    refinding.lay(FIRST)
    assert names(device.answer(ReadIdCard(), Citizen()), FIRST)
    assert device.answer(ReadIdCard(), Citizen()) == OldIdCardLies()
    swap = Citizen(*[lambda: None] * 10, refinding.lift, *[lambda: None] * 10, lambda: refinding.lay(SECOND))
    assert names(device.answer(ReadIdCard(), swap), SECOND)


def test_each_visitor_is_told_of_a_card_left_behind(
    refinding: ServedIdReader, device: IdCardDevice, clock: Clock
) -> None:
    refinding.lay(FIRST)
    device.answer(ReadIdCard(), Citizen())
    for _ in range(3):
        idle(device, clock)
        assert device.answer(ReadIdCard(), Citizen()) == OldIdCardLies()
        assert device.answer(ReadIdCard(), Citizen(patience=10)) == IdLiftedEarly()


def test_what_nobody_heard_is_said_again(refinding: ServedIdReader, device: IdCardDevice) -> None:
    refinding.lay(FIRST)
    device.answer(ReadIdCard(), Citizen())
    device.answer(ReadIdCard(), Citizen(patience=0))
    assert device.answer(ReadIdCard(), Citizen()) == OldIdCardLies()


def test_a_card_taken_away_between_two_visits_is_not_told_of(
    refinding: ServedIdReader, device: IdCardDevice, clock: Clock
) -> None:
    refinding.lay(FIRST)
    device.answer(ReadIdCard(), Citizen())
    refinding.lift()
    idle(device, clock)
    refinding.lay(SECOND)
    assert names(device.answer(ReadIdCard(), Citizen()), SECOND)


def test_a_card_that_lay_there_before_the_process_is_not_read(
    refinding: ServedIdReader, started: IdCardDevice, clock: Clock
) -> None:
    refinding.lay(FIRST)
    idle(started, clock)
    assert started.answer(ReadIdCard(), Citizen()) == OldIdCardLies()


def test_a_reader_that_was_without_power_does_not_give_the_last_citizens_card(
    reader: ServedIdReader, device: IdCardDevice, clock: Clock
) -> None:
    """It forgets that it has read the card, and finds it like a new one."""
    reader.lay(FIRST)
    assert names(device.answer(ReadIdCard(), Citizen()), FIRST)
    idle(device, clock)
    reader.spoil(SamFault(sw=0x60, times=1))
    idle(device, clock)
    reader.lay(FIRST)
    assert device.answer(ReadIdCard(), Citizen()) == OldIdCardLies()


def test_a_card_laid_on_as_its_owner_gives_up_is_not_read_for_the_next(
    reader: ServedIdReader, device: IdCardDevice
) -> None:
    acts = [lambda: None] * 9
    assert device.answer(ReadIdCard(), Citizen(*acts, lambda: reader.lay(FIRST), patience=10)) == IdLiftedEarly()
    assert device.answer(ReadIdCard(), Citizen()) == OldIdCardLies()


@pytest.mark.parametrize("moment", [FIND, SELECT])
def test_a_card_lifted_early_is_told_apart_and_read_the_second_time(
    reader: ServedIdReader, device: IdCardDevice, moment: bytes
) -> None:
    reader.lay(FIRST)
    reader.spoil(Lifted(command=moment, times=1))
    assert device.answer(ReadIdCard(), Citizen()) == IdLiftedEarly()
    assert names(device.answer(ReadIdCard(), Citizen(lambda: reader.lay(FIRST))), FIRST)


@pytest.mark.parametrize("fault", [0x81, 0x41, 0x47])
def test_a_card_that_slips_is_tried_three_times(
    reader: ServedIdReader, device: IdCardDevice, clock: Clock, fault: int
) -> None:
    reader.lay(FIRST)
    reader.spoil(SamFault(command=SELECT, sw=fault, times=2))
    assert names(device.answer(ReadIdCard(), Citizen()), FIRST)
    reader.lift()
    idle(device, clock)
    reader.lay(SECOND)
    reader.spoil(SamFault(command=SELECT, sw=fault, times=3))
    assert device.answer(ReadIdCard(), Citizen()) == IdLiftedEarly()
    assert device.answer(ReadIdCard(), Citizen()) == OldIdCardLies()


@pytest.mark.parametrize("fault", [BadChecksum, HalfFrame, Silent])
@pytest.mark.parametrize("command", [FIND, SELECT, READ])
def test_two_spoilt_answers_are_borne_and_a_third_is_the_readers_trouble(
    reader: ServedIdReader, device: IdCardDevice, clock: Clock, command: bytes, fault: type[Fault]
) -> None:
    patient = Hurried(clock)
    reader.lay(FIRST)
    reader.spoil(fault(command=command, times=2))
    assert names(device.answer(ReadIdCard(), patient), FIRST)
    reader.lift()
    idle(device, clock)
    reader.lay(SECOND)
    reader.spoil(fault(command=command, times=3))
    with capture_logs() as logs:
        assert isinstance(device.answer(ReadIdCard(), patient), IdReaderFailed)
    heard = "silent" if fault is Silent else "garbled"
    assert [line["attempt"] for line in logs if line["event"] == "id_reader_line" and line["heard"] == heard] == [
        1,
        2,
        3,
    ]


def test_a_card_is_read_through_a_noisy_line(reader: ServedIdReader, device: IdCardDevice) -> None:
    reader.lay(FIRST)
    reader.spoil(Noise())
    assert names(device.answer(ReadIdCard(), Citizen(patience=1000)), FIRST)


def test_other_documents_and_other_cards_are_told_apart(
    reader: ServedIdReader, device: IdCardDevice, clock: Clock
) -> None:
    reader.lay(document(flag="Y", english_name="TEST, PERSON", nation="XXA"))
    assert device.answer(ReadIdCard(), Citizen()) == OtherDocument(DocumentKind.FOREIGNER_2023)
    reader.lift()
    idle(device, clock)
    reader.lay(FIRST)
    reader.spoil(SamFault(command=SELECT, sw=0x40, times=1))  # a travel card
    assert device.answer(ReadIdCard(), Citizen()) == IdCardUnreadable()


@pytest.mark.parametrize(
    ("fault", "word"),
    [(Silent(), "没有应答"), (HalfFrame(), "干扰"), (SamFault(sw=0x66), "授权"), (SamFault(sw=0x60), "自检")],
)
def test_a_reader_in_trouble_says_what_to_do_and_comes_back(
    reader: ServedIdReader, device: IdCardDevice, clock: Clock, fault: Fault, word: str
) -> None:
    reader.spoil(fault)
    clock.leapt += STATUS_EVERY_S
    state = device.look().state
    assert isinstance(state, DeviceFailing)
    assert word in state.advice
    failed = device.answer(ReadIdCard(), Citizen(patience=1000))
    assert isinstance(failed, IdReaderFailed)
    assert word in failed.advice
    reader.recover()
    clock.leapt += STATUS_EVERY_S
    assert device.look().state == DeviceOk()


def test_a_reader_pulled_out_and_plugged_in_again(port: Path, started: IdCardDevice, clock: Clock) -> None:
    device = started
    first = ServedIdReader(port)
    assert device.look().state == DeviceOk()
    pulled = device.answer(ReadIdCard(), Citizen(lambda: None, first.close))
    assert isinstance(pulled, IdReaderFailed)
    assert isinstance(device.look().state, DeviceAbsent)
    assert isinstance(device.answer(ReadIdCard(), Citizen()), IdReaderFailed)
    again = ServedIdReader(port)
    clock.leapt += STATUS_EVERY_S
    assert device.look().state == DeviceOk()
    device.look()
    again.lay(FIRST)
    assert names(device.answer(ReadIdCard(), Citizen()), FIRST)
    again.close()


def test_a_port_in_other_hands_or_no_port_at_all(
    reader: ServedIdReader, started: IdCardDevice, port: Path, tmp_path: Path
) -> None:
    with serial.Serial(str(port), exclusive=True):
        taken = started.look().state
    assert isinstance(taken, DeviceFailing)
    assert "占用" in taken.advice
    (tmp_path / "file").write_bytes(b"")
    no_port = IdCardDevice(str(tmp_path / "file")).look().state
    assert isinstance(no_port, DeviceFailing)
    assert "串口" in no_port.advice


def test_waiting_gives_a_sign_of_life_in_every_step(reader: ServedIdReader, port: Path) -> None:
    signs: list[str] = []
    device = IdCardDevice(str(port), pause=lambda _: signs.append("pause"))
    device.answer(ReadIdCard(), lambda: signs.append("sign") or len(signs) < 20)
    device.close()
    assert not any(one == then == "pause" for one, then in itertools.pairwise(signs))
