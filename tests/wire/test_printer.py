"""The printer driver on a real serial line, a virtual printer at its far end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.child import Child, Sighting
from drivers.printer.device import EscposPrinter
from drivers.printer.encoders import Gb18030Encoder, GbkEncoder
from drivers.printer.job import LOST, NOT_WANTED
from drivers.printer.status import SILENT
from drivers.virtual.printer import CHEAP, FULL, Printer, ServedPrinter, Voice
from kiosk.devices import NotPrinted, Printed, Printing, PrintSlip, PrintUnknown
from kiosk.frames import Answered, Asked, Frames, Message, Told, frame, raw
from kiosk.slips.lines import Centred, Emphasis, Field, Gap, Heading, Paragraph, QrCode, Rule, Slip
from kiosk.terms import DeviceAbsent, DeviceLow, DeviceOk, DeviceOut

BAUD = 19200
HURRY = 20
"""The driver's clock in tests runs so much faster: its patience is not what is tested."""

LOSS_RECEIPT = (
    Heading("临时挂失回执"),
    Centred("社会保障卡自助终端"),
    Rule(),
    Field("业务", "临时挂失（口头挂失）"),
    Field("持卡人", "韦*"),
    Field("身份证尾号", "0017"),
    Field("卡号尾号", "6789"),
    Field("受理时间", "2026-11-22 13:05"),
    Field("受理地点", "南宁市民中心一楼大厅 NN-0427"),
    Rule(),
    Field("结果", "已登记，尚未生效", strong=True),
    Emphasis("线路恢复后自动上报，请以12333查询结果为准。"),
    Paragraph("本次挂失只管社会保障账户。银行账户（金融账户）没有挂失，请另外联系发卡银行。"),
    Paragraph("补办新卡以前，可以凭本人身份证和社会保障卡解除挂失。"),
    Gap(),
    Field("业务编号", "01932f4e-7c1a-7b3e-9d52-6f0a8b7c1d2e"),
    QrCode("01932f4e-7c1a-7b3e-9d52-6f0a8b7c1d2e K7Q2-M9XD"),
    Centred("校验码 K7Q2-M9XD"),
    Rule(),
    Centred("咨询电话 12333（全天语音）"),
    Centred("请带好您的身份证和社会保障卡"),
)
SLIP = Slip(LOSS_RECEIPT)


def hurried() -> float:
    return time.monotonic() * HURRY


def wanted() -> bool:
    return True


class Counter:
    """One printer on the counter, and the driver at this end of its line."""

    def __init__(self, link: Path, twin: Printer) -> None:
        self.link = link
        self.twin = ServedPrinter(link, twin)
        self.driver = EscposPrinter(str(link), BAUD, 58, Gb18030Encoder(), clock=hurried)

    def print(self, slip: Slip = SLIP) -> Printing:
        return self.driver.answer(PrintSlip(slip), wanted)

    def close(self) -> None:
        self.driver.close()
        self.twin.close()


@pytest.fixture
def link(tmp_path) -> Path:
    return tmp_path / "printer"


@pytest.fixture
def counter(link) -> Iterator[Counter]:
    counter = Counter(link, Printer(58))
    yield counter
    counter.close()


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("width_mm", [58, 80])
def test_a_loss_receipt_comes_out_whole(link, width_mm, large):
    twin = ServedPrinter(link, Printer(width_mm))
    driver = EscposPrinter(str(link), BAUD, width_mm, Gb18030Encoder())
    assert driver.answer(PrintSlip(Slip(LOSS_RECEIPT, large)), wanted) == Printed()
    driver.close()
    twin.touch(everything_understood)
    slip = twin.tear_off()
    twin.close()
    assert slip is not None
    read = slip.text.replace("\n", "").replace(" ", "")
    for words in ("临时挂失回执", "持卡人韦*", "已登记，尚未生效", "银行账户（金融账户）没有挂失", "K7Q2-M9XD]"):
        assert words in read
    assert slip.text.startswith("临时挂失回执\n社会保障卡自助终端\n──")
    assert read.endswith("请带好您的身份证和社会保障卡")
    slip.save(link.parent / "slip.png")
    assert (link.parent / "slip.png").read_bytes().startswith(b"\x89PNG")


def everything_understood(printer: Printer) -> None:
    assert printer.errors == []
    assert not printer.remembers


def test_it_serves_its_child_process_and_says_so_while_it_prints(counter):
    ours, theirs = socket.socketpair()
    serving = threading.Thread(target=Child(theirs, counter.driver, (PrintSlip,)).run)
    serving.start()
    ours.sendall(frame(Asked(7, raw(PrintSlip(SLIP)))))
    heard = until_answered(ours)
    ours.close()
    serving.join()
    assert heard[-1] == Answered(7, raw(Printed()))
    assert sum(b"alive" in bytes(message.body) for message in heard if isinstance(message, Told)) > len(LOSS_RECEIPT)


def until_answered(wire: socket.socket) -> list[Message]:
    """All up to the answer; a sighting may come in the same breath after it."""
    frames, heard = Frames(), []
    while True:
        for message in frames.feed(wire.recv(65536)):
            heard.append(message)
            if isinstance(message, Answered):
                return heard


def test_without_paper_nothing_is_sent_and_the_technician_is_told(counter):
    counter.twin.touch(Printer.take_paper_out)
    assert counter.driver.look() == Sighting(DeviceOut("打印纸用完了，请换上新纸卷"), virtual=True)
    assert counter.print() == NotPrinted("打印纸用完了，请换上新纸卷")
    counter.twin.touch(Printer.load_paper)
    assert counter.twin.slips == ()
    assert counter.print() == Printed()
    assert len(counter.twin.slips) == 1


def test_paper_near_its_end_still_prints(counter):
    counter.twin.touch(Printer.run_low)
    assert counter.driver.look() == Sighting(DeviceLow("打印纸快用完了，请准备新纸卷"), virtual=True)
    assert counter.print() == Printed()


@pytest.mark.parametrize(
    ("fault", "repair"), [(Printer.take_paper_out, Printer.load_paper), (Printer.open_cover, Printer.close_cover)]
)
def test_a_slip_that_stops_in_the_middle_is_not_finished_for_the_next_person(counter, fault, repair):
    counter.twin.touch(lambda printer: printer.after_lines(6, lambda: fault(printer)))
    outcome = counter.print()
    assert isinstance(outcome, NotPrinted)
    assert "凭条没有打完" in outcome.advice
    counter.twin.touch(repair)
    assert counter.twin.slips == ()
    counter.twin.touch(everything_understood)
    assert counter.print(Slip((Paragraph("下一位"),))) == Printed()
    assert counter.twin.slips[-1].text.endswith("下一位")
    assert "12333" not in counter.twin.slips[-1].text


def test_with_the_cutter_stuck_the_slip_may_hang_there_whole(counter):
    counter.twin.touch(Printer.jam_cutter)
    outcome = counter.print()
    assert isinstance(outcome, PrintUnknown)
    assert "切纸刀" in outcome.advice
    assert "请带好您的身份证和社会保障卡" in counter.twin.hanging.text


@pytest.mark.parametrize(("voice", "slips"), [(Voice.MUTE, 1), (Voice.DEAD, 0)])
def test_a_silent_printer_leaves_it_open_whether_there_is_a_slip(counter, voice, slips):
    counter.twin.touch(lambda printer: printer.speak(voice))
    assert counter.driver.look() == Sighting(SILENT, virtual=True)
    assert counter.print() == PrintUnknown(SILENT.advice)
    assert len(counter.twin.slips) == slips


def test_a_printer_that_falls_silent_in_the_middle(counter):
    counter.twin.touch(lambda printer: printer.after_lines(6, lambda: printer.speak(Voice.MUTE)))
    assert counter.print() == PrintUnknown(SILENT.advice)


def test_a_power_cut_in_the_middle_is_no_success(counter):
    """It comes back well and empty, once nothing more is sent: only the missing answer tells that the slip was lost."""
    counter.twin.touch(lambda printer: printer.after_lines(6, lambda: printer.speak(Voice.DEAD)))
    assert isinstance(counter.print(), PrintUnknown)
    counter.twin.touch(lambda printer: (printer.power_cycle(), printer.speak(Voice.NORMAL)))
    assert counter.print() == Printed()


def test_what_a_printer_says_unasked_is_not_taken_for_an_answer(counter):
    counter.twin.touch(lambda printer: printer.feed(b"\x1da\xff"))
    counter.twin.touch(Printer.open_cover)
    counter.twin.touch(Printer.close_cover)
    assert counter.driver.look() == Sighting(DeviceOk(), virtual=True)
    assert counter.print() == Printed()


def test_a_cheap_printer_is_believed_when_it_stays_well(link):
    """It takes part of the questions it does not know for text; nothing of that may stand on the slip."""
    counter = Counter(link, Printer(58, CHEAP))
    assert counter.print() == Printed()
    assert counter.print() == Printed()
    assert counter.twin.slips[1].text.startswith("临时挂失回执\n")
    counter.close()


def test_a_printer_that_cannot_forget_is_to_be_switched_off(link):
    counter = Counter(link, Printer(58, CHEAP))
    counter.twin.touch(lambda printer: printer.after_lines(6, printer.take_paper_out))
    outcome = counter.print()
    assert isinstance(outcome, NotPrinted)
    assert "请关机再开机" in outcome.advice
    counter.close()


def test_a_rare_name_on_a_gbk_printer_shows_the_mark_of_a_missing_character(link):
    twin = ServedPrinter(link, Printer(58, CHEAP))
    driver = EscposPrinter(str(link), BAUD, 58, GbkEncoder(), clock=hurried)
    driver.answer(PrintSlip(Slip((Field("持卡人", "𠮷*"), Paragraph("业务完成")))), wanted)
    driver.close()
    slip = twin.tear_off()
    twin.close()
    assert slip is not None
    assert slip.text == "持卡人  〓*\n业务完成"


def test_a_printer_that_is_not_there_comes_back_by_itself(link):
    driver = EscposPrinter(str(link), BAUD, 58, Gb18030Encoder(), clock=hurried)
    absent = driver.look().state
    assert isinstance(absent, DeviceAbsent)
    assert driver.answer(PrintSlip(SLIP), wanted) == NotPrinted(absent.advice)
    twin = ServedPrinter(link, Printer(58))
    assert driver.answer(PrintSlip(SLIP), wanted) == Printed()
    twin.close()
    assert isinstance(driver.answer(PrintSlip(SLIP), wanted), NotPrinted)
    again = ServedPrinter(link, Printer(58, FULL))
    assert driver.answer(PrintSlip(SLIP), wanted) == Printed()
    driver.close()
    again.close()


def test_unplugged_in_the_middle_nobody_knows(counter):
    """The plug is pulled when half the slip has gone out."""
    signs = iter(range(1000))

    def pull_the_plug() -> bool:
        if next(signs) == 10:
            counter.twin.close()
        return True

    assert counter.driver.answer(PrintSlip(SLIP), pull_the_plug) == LOST
    assert isinstance(counter.driver.look().state, DeviceAbsent)


def test_nobody_waits_any_more_before_it_began(counter):
    assert counter.driver.answer(PrintSlip(SLIP), lambda: False) == NOT_WANTED
    assert counter.twin.hanging.text == ""


def test_once_begun_a_slip_is_finished_even_if_nobody_waits(counter):
    signs = iter([True])
    assert counter.driver.answer(PrintSlip(SLIP), lambda: next(signs, False)) == Printed()
    assert len(counter.twin.slips) == 1


def test_looking_asks_only_now_and_then(link):
    """Between two looks the printer is left alone, so that a change shows at the next one only."""
    now = 0.0
    twin = ServedPrinter(link, Printer(58))
    driver = EscposPrinter(str(link), BAUD, 58, Gb18030Encoder(), clock=lambda: now)
    assert driver.look() == Sighting(DeviceOk(), virtual=True)
    twin.touch(Printer.open_cover)
    assert driver.look() == Sighting(DeviceOk(), virtual=True)
    now = 2.0
    assert isinstance(driver.look().state, DeviceOut)
    driver.close()
    twin.close()
