"""Status bytes: every one of them means something definite, and silence is never taken for paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.printer.answers import InOrder, RealTime, Sorter, Unasked
from drivers.printer.status import NO_PAPER_REPORT, SILENT, state
from drivers.virtual.printer.mechanism import Mechanism
from kiosk.terms import DeviceFailing, DeviceLow, DeviceOk, DeviceOut, DeviceUnknown

WELL = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
FAULT_BITS = {1: 0x68, 2: 0x6C, 3: 0x6C, 4: 0x6C}
"""Bits that are not fixed, and not the drawer's (n = 1, bit 2) nor a reserved one."""


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_every_byte_is_decided(n):
    """With the fixed bits right, no fault bit leaves the printer well and any fault bit shows; noise is silence."""
    for byte in range(256):
        found = state({**WELL, n: byte})
        if byte & 0x93 != 0x12:
            assert found == {1: SILENT, 2: DeviceOk(), 3: DeviceOk(), 4: NO_PAPER_REPORT}[n]
        elif byte & FAULT_BITS[n]:
            assert isinstance(found, DeviceOut | DeviceFailing | DeviceLow)
            assert found.advice
        else:
            assert found == DeviceOk()


@given(st.fixed_dictionaries({n: st.one_of(st.none(), st.integers(0, 255)) for n in (1, 2, 3, 4)}))
def test_a_printer_is_well_only_if_it_says_so(answers):
    if state(answers).usable:
        assert answers[1] is not None
        assert answers[4] is not None
        assert not (answers[1] & 0x08 or answers[4] & 0x60)


@pytest.mark.parametrize(
    ("mechanism", "found"),
    [
        (Mechanism(), DeviceOk()),
        (Mechanism(near_end=True), DeviceLow("打印纸快用完了，请准备新纸卷")),
        (Mechanism(paper_out=True), DeviceOut("打印纸用完了，请换上新纸卷")),
        (Mechanism(cover_open=True, paper_out=True), DeviceOut("打印机上盖没有合好，请放好纸卷后合上")),
        (Mechanism(head_hot=True), DeviceOut("打印头过热，请等几分钟，它会自己恢复")),
        (
            Mechanism(cutter_jammed=True),
            DeviceFailing("切纸刀卡住了，请打开上盖取出碎纸，合上后重新开机"),
        ),
    ],
)
def test_the_technician_is_told_the_cause_not_its_consequences(mechanism, found):
    assert state({n: mechanism.real_time(n) for n in (1, 2, 3, 4)}) == found


def test_no_answer_is_unknown():
    assert state({}) == SILENT
    assert isinstance(SILENT, DeviceUnknown)
    assert not SILENT.usable


def test_a_printer_that_knows_only_1_and_4_is_believed():
    assert state({1: 0x12, 4: 0x12, 2: None, 3: None}) == DeviceOk()


@given(st.lists(st.builds(Mechanism, st.booleans(), st.booleans(), st.booleans(), st.booleans()), max_size=4))
def test_automatic_status_is_never_taken_for_an_answer(mechanisms):
    """However many changes a printer reports unasked, the answer that follows is the one heard."""
    sorter = Sorter()
    unasked = [sorter.feed(byte) for mechanism in mechanisms for byte in mechanism.automatic()]
    assert all(isinstance(answer, Unasked) for answer in unasked)
    assert sorter.feed(0x1A) == RealTime(0x1A)
    assert sorter.feed(0x03) == InOrder(0x03)


def test_an_answer_in_the_middle_of_noise_is_still_heard():
    sorter = Sorter()
    assert [sorter.feed(byte) for byte in (0x10, 0x12, 0x00)] == [Unasked(0x10), RealTime(0x12), InOrder(0x00)]
