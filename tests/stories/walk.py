"""One visit for a PIN, walked by somebody who does what each page asks, whatever comes when."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
import trio.testing

from drivers.virtual.people import Person
from kiosk.pin import Pin
from kiosk.prompts import (
    Agreed,
    Attract,
    Chosen,
    Confirm,
    Done,
    Home,
    InsertCard,
    LayIdCard,
    PrivacyNotice,
    Prompt,
    Refusal,
    Result,
    TakeCards,
    TypeCode,
    Typed,
    TypedPin,
    TypePin,
)
from tests.stories.hall import PEOPLE, Hall

Digits = tuple[int, ...]


def blocked(key: str) -> Person:
    """The person with a card whose tries are used up."""
    person = PEOPLE[key]
    assert person.card is not None
    return msgspec.structs.replace(person, card=msgspec.structs.replace(person.card, tries_left=0))


class Walk:
    """From the first touch until the terminal turns to the next person."""

    def __init__(self, hall: Hall, service: str, who: str, pin: Digits, old: Digits | None = None) -> None:
        """`pin`: on every page that asks for one, but `old` where the old one is asked for."""
        self._hall = hall
        self._service = service
        self._who = who
        self._pin = pin
        self._old = old
        self.last_words: str | None = None
        """The title of the page on which the service ended; None: the terminal died before it."""
        self._acts: dict[type[Prompt], Callable[[], None]] = {
            PrivacyNotice: self._agree,
            Confirm: self._agree,
            LayIdCard: lambda: hall.lays(who),
            InsertCard: self._insert,
            TypeCode: self._type_code,
            TypePin: self._type_pin,
            Home: self._choose,
            Refusal: self._read_the_end,
            Result: self._read_the_end,
            TakeCards: hall.hardware.pull,
        }

    async def to_the_end(self) -> None:
        await self._hall.citizen.comes()
        answered: Prompt | None = None
        while True:
            await trio.testing.wait_all_tasks_blocked()
            eyes = self._hall.citizen.eyes
            if eyes.page is answered:
                await eyes.new.wait()
            elif isinstance(eyes.page, Attract):
                return
            else:
                answered = eyes.page
                self._acts.get(type(answered), _nothing)()

    def _agree(self) -> None:
        self._hall.citizen.presses(Agreed())

    def _choose(self) -> None:
        """Once; who has heard how it ended goes away."""
        if self.last_words is None:
            self._hall.citizen.presses(Chosen(self._service))

    def _insert(self) -> None:
        self._hall.hardware.pull()
        self._hall.hardware.insert(self._hall.carried)

    def _type_code(self) -> None:
        code = re.search(r"\d{6}", self._hall.phone_of(self._who))
        assert code is not None
        self._hall.citizen.presses(Typed(code.group()))

    def _type_pin(self) -> None:
        citizen = self._hall.citizen
        old = self._old if citizen.said(citizen.eyes.page) == "请输入原密码" else None
        citizen.presses(TypedPin(Pin(old or self._pin)))

    def _read_the_end(self) -> None:
        citizen = self._hall.citizen
        if self.last_words is None:
            self.last_words = citizen.said(citizen.eyes.page)
        citizen.presses(Done())


def _nothing() -> None:
    """It passes by itself."""
