"""Visits with a PIN pad beside the glass: typed there and nowhere else, pulled out in the middle, silent."""

from __future__ import annotations

from pathlib import Path

import trio
import trio.testing

from kiosk.contract import DeviceReport
from kiosk.journal.transaction import Done
from kiosk.pin import Pin
from kiosk.prompts import (
    Answer,
    Confirm,
    Result,
    TypeCode,
    Typed,
    TypedPin,
    TypePin,
)
from screens.gate import Gate
from screens.keypad import Keypad
from screens.keys import PadKeys
from screens.manner import Manner
from screens.speech.menu import Sheet
from screens.speech.narrator import Narrator
from tests.screens.listening import Blank, Ears
from tests.stories.hall import Hall, opened
from tests.stories.steps import up_to_the_slot
from tests.stories.test_chip_services import NEW, up_to_the_new_pin
from tests.stories.test_heartbeat import devices

FIGURES = "394857"


class Page:
    """The glass without glass: what was typed goes with the prompt it was typed for, as on the page itself."""

    def __init__(self, hall: Hall, gate: Gate) -> None:
        self._hall, self._gate = hall, gate
        self._prompt: object = None
        self._pin = Pin()
        self.dots: list[int] = []
        """How many there were after each key."""

    @property
    def typing(self) -> bool:
        return isinstance(self._hall.citizen.eyes.page, TypePin | TypeCode)

    @property
    def takes_x(self) -> bool:
        return False

    @property
    def sheet(self) -> Sheet | None:
        return None

    def figure(self, figure: int) -> None:
        if self._gate.act():
            page = self._page()
            self._pin.add(figure)
            self.dots.append(len(self._pin))
            if len(self._pin) == page.digits:
                self.answer(self._typed(page))

    def delete(self) -> None:
        if self._gate.act():
            self._page()
            self._pin.take_back()
            self.dots.append(len(self._pin))

    def delete_all(self) -> None:
        if self._gate.act():
            self._page()
            self._pin.wipe()
            self.dots.append(len(self._pin))

    def confirm(self) -> None:
        pass

    def answer(self, answer: Answer) -> None:
        if isinstance(answer, Typed | TypedPin) or self._gate.act():
            self._hall.citizen.presses(answer)

    def open_help(self) -> None:
        pass

    def close_sheet(self) -> None:
        pass

    def call_staff(self) -> None:
        pass

    def _page(self) -> TypePin | TypeCode:
        """What is typed for: another prompt begins anew."""
        page = self._hall.citizen.eyes.page
        assert isinstance(page, TypePin | TypeCode)
        if page is not self._prompt:
            self._prompt = page
            self._pin.wipe()
        return page

    def _typed(self, page: TypePin | TypeCode) -> Answer:
        pin, self._pin = self._pin, Pin()
        if isinstance(page, TypePin):
            return TypedPin(pin)
        with pin:
            return Typed("".join(map(str, pin)))


def with_pad(hall: Hall) -> Page:
    """The pad is plugged in, and the window takes its keys."""
    gate = Gate(trio.current_time)
    page = Page(hall, gate)
    keypad = Keypad(hall.presenter, Narrator(Blank(), Ears(), "12333", Manner()), page, gate)

    def fail(fault: Exception) -> None:
        raise fault

    hall.presenter.serve_keys(PadKeys(keypad, fail).press)
    hall.hardware.plug_in_pad()
    return page


async def types(hall: Hall, keys: list[str]) -> None:
    """One after the other, as fast as the terminal takes them."""
    await trio.testing.wait_all_tasks_blocked()
    for key in keys:
        hall.hardware.press(key)
        await trio.testing.wait_all_tasks_blocked()


async def test_a_pin_is_typed_on_the_pad_alone(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        page = with_pad(hall)
        hall.secrets |= {FIGURES, Pin(NEW).bcd.hex()}
        await up_to_the_new_pin(hall, "normal_v3")
        page.dots.clear()
        await types(hall, ["1", "2", "point", "3", "9", "4", "0", "delete", "8", "5", "7"])
        assert page.dots == [1, 2, 0, 1, 2, 3, 4, 3, 4, 5, 6]
        await hall.citizen.sees(TypePin, "请再输一次")
        await types(hall, list(FIGURES))
        await hall.citizen.sees(Result, "新密码已生效")
        await hall.delivered()
        assert hall.pin_is(NEW)
        assert isinstance(hall.work().state, Done)
        assert hall.citizen.manner == Manner()


async def test_the_code_is_typed_on_the_pad_and_confirming_it_agrees_to_nothing(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        with_pad(hall)
        await up_to_the_slot(hall, "reset_pin", "normal_v2")
        hall.inserts("normal_v2")
        await hall.citizen.sees(TypeCode)
        await types(hall, [*hall.code_on_phone_of("normal_v2"), "confirm", "confirm"])
        await hall.citizen.sees(Confirm)
        await types(hall, ["confirm"])
        assert isinstance(hall.citizen.eyes.page, Confirm)


async def test_the_pad_is_on_only_where_somebody_is_asked(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        with_pad(hall)
        await up_to_the_new_pin(hall, "normal_v2")
        await trio.testing.wait_all_tasks_blocked()
        assert hall.hardware.pad.press("3"), "a page asks for figures"
        on_while_working: list[bool] = []
        hall.hardware.at_command(0x24, "before", lambda: on_while_working.append(bool(hall.hardware.pad.press("3"))))
        hall.citizen.presses(TypedPin(Pin(NEW)))
        await hall.citizen.sees(TypePin, "请再输一次")
        hall.citizen.presses(TypedPin(Pin(NEW)))
        await hall.citizen.sees(Result)
        assert on_while_working == [False]


async def test_a_pad_unplugged_in_the_middle_leaves_the_glass(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        page = with_pad(hall)
        await up_to_the_new_pin(hall, "normal_v2")
        page.dots.clear()
        await types(hall, ["3", "9"])
        hall.hardware.unplug_pad()
        await types(hall, ["4", "8"])
        assert page.dots == [1, 2]
        hall.citizen.presses(TypedPin(Pin(NEW)))
        await hall.citizen.sees(TypePin, "请再输一次")
        hall.hardware.plug_in_pad()
        await types(hall, list(FIGURES))
        await hall.citizen.sees(Result, "新密码已生效")
        assert hall.pin_is(NEW)


async def test_without_a_pad_the_devices_are_asked_for_no_key(autojump_clock: object, tmp_path: Path) -> None:
    async with opened(tmp_path) as hall:
        await up_to_the_new_pin(hall, "normal_v2")
        assert hall.hardware.pad.press("3") == b""


async def test_the_office_is_told_how_a_pad_is_and_of_none_where_there_is_none(
    autojump_clock: object, tmp_path: Path
) -> None:
    async with opened(tmp_path) as hall:
        assert "pin_pad" not in await devices(hall)
        hall.hardware.plug_in_pad()
        assert (await devices(hall))["pin_pad"] == DeviceReport("ok")
        hall.hardware.unplug_pad()
        assert (await devices(hall))["pin_pad"] == DeviceReport("absent", "unplugged")
