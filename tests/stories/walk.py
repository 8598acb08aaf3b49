"""One visit, walked by somebody who does what each page asks, whatever comes when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec
import trio.testing

from drivers.virtual.people import Person
from kiosk.journal import View
from kiosk.pin import Pin
from kiosk.prompts import (
    Advice,
    Agreed,
    Answer,
    Attract,
    Back,
    CardReport,
    Choose,
    Chosen,
    Confirm,
    Done,
    Home,
    InsertCard,
    LayIdCard,
    PrivacyNotice,
    Progress,
    Prompt,
    Refusal,
    Result,
    TakeCards,
    Tile,
    Topics,
    TypeCode,
    Typed,
    TypedPin,
    TypeNumber,
    TypePin,
    Without,
)
from kiosk.words import Message
from tests.stories.clerk import Clerk
from tests.stories.hall import PEOPLE, Hall, card_of

Digits = tuple[int, ...]

Act = Callable[[Hall], None]

OF_CLERKS: dict[str, Callable[[Clerk], Answer]] = {
    "工作人员编号": lambda clerk: Typed(clerk.given.number),
    "工作人员密码": lambda clerk: TypedPin(Pin(map(int, clerk.given.password))),
    "工作人员动态码": lambda clerk: Typed(clerk.code),
}
OF_WHO_COMES_INSTEAD = ("请放代办人身份证", "请放监护人身份证")

END = (Refusal, Result, CardReport, Progress, Advice)
"""What a service says at its end."""


class Seen(NamedTuple):
    """One page: its kind, and its title in Chinese."""

    kind: type[Prompt]
    title: str | None


def blocked(key: str) -> Person:
    """The person with a card whose tries are used up."""
    person = PEOPLE[key]
    assert person.card is not None
    return msgspec.structs.replace(person, card=msgspec.structs.replace(person.card, tries_left=0))


class Walk:
    """From the first touch until the terminal turns to the next person."""

    def __init__(
        self,
        hall: Hall,
        service: str,
        who: str,
        pin: Digits,
        old: Digits | None = None,
        *,
        wishes: tuple[str, ...] = (),
        clerk: Clerk | None = None,
        comes_instead: str | None = None,
        before: Mapping[int, Act] | None = None,
        instead: Mapping[int, Act] | None = None,
    ) -> None:
        """`pin`: on every page that asks for one, but `old` where the old one is asked for.  `wishes`: the tiles that
        are chosen, where it is not the first.  `clerk`: who opens the visit; `comes_instead`: of the one
        who stays at home.  `before`: what happens as soon as the page of this number is there.
        `instead`: what the person does on it and not what it asks.
        """
        self._hall = hall
        self._service = service
        self._who = who
        self._pin = pin
        self._old = old
        self._wishes = (*wishes, service)
        self._clerk = clerk
        self._comes_instead = comes_instead
        self._before = before or {}
        self._instead = instead or {}
        self.pages: list[Seen] = []
        """Every page of the service, from the first one to the one on which it ended."""
        self.last_words: str | None = None
        """The title of the page on which the service ended; None: it did not, or the terminal died before it."""
        self.turned_away = False
        """What the clerk opened the visit for was not on the page of what can be done."""
        self.on_record: list[View] = []
        """The journal when that was said, the newest first."""

    @property
    def result(self) -> str | None:
        """The last words, where they tell what became of something that was begun; a refusal may have the same."""
        return self.last_words if self.last_words and self.pages[-1].kind is Result else None

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
                self._stands_before(eyes.page)

    def _stands_before(self, page: Prompt) -> None:
        match page:
            case TakeCards():
                self._hall.hardware.pull()
            case Home(staff=staff) if not self.pages:
                self._hall.citizen.presses(Chosen(staff if staff and self._clerk else self._service))
            case _ if self.last_words is not None:
                self._leaves(page)
            case _ if hasattr(page, "title"):
                self._goes_on(page)

    def _goes_on(self, page: Prompt) -> None:
        number = len(self.pages)
        self.pages.append(Seen(type(page), self._hall.citizen.said(page)))
        self._before.get(number, _nothing)(self._hall)
        if isinstance(page, END):
            self.last_words = self._hall.citizen.said(page)
            self.on_record = self._hall.journal_says()
        if number in self._instead:
            self._instead[number](self._hall)
        else:
            self._does(page)

    def _leaves(self, page: Prompt) -> None:
        """Who has heard how it ended; what comes of itself passes by itself."""
        if isinstance(page, END):
            self._hall.citizen.presses(Done())
        if isinstance(page, Topics):
            self._hall.citizen.presses(Back())

    def _does(self, page: Prompt) -> None:
        match page:
            case LayIdCard() if self._comes_instead and self._hall.citizen.said(page) in OF_WHO_COMES_INSTEAD:
                self._hall.lays(self._comes_instead)
            case LayIdCard(without=Message()) if self._clerk:
                self._hall.citizen.presses(Without())
            case LayIdCard():
                self._hall.lays(self._who)
            case InsertCard():
                self._hall.hardware.pull()
                self._hall.hardware.insert(self._hall.carried)
            case _:
                self._hall.citizen.presses(self._answer(page))

    def _answer(self, page: Prompt) -> Answer:
        match page:
            case PrivacyNotice() | Confirm() | Advice(printable=True):
                return Agreed()
            case Topics(tiles=tiles) | Choose(options=tiles):
                return self._chooses(tiles)
            case TypeCode() | TypeNumber() | TypePin():
                return self._types(page, self._hall.citizen.said(page))
            case _:
                return Done()

    def _types(self, page: TypeCode | TypeNumber | TypePin, title: str | None) -> Answer:
        if self._clerk and title in OF_CLERKS:
            return OF_CLERKS[title](self._clerk)
        match page:
            case TypeCode():
                return Typed(self._hall.code_on_phone_of(self._who) if self._hall.wrote_to(self._who) else "000000")
            case TypeNumber():
                return Typed(self._number(page.digits))
            case TypePin():
                old = self._old if title == "请输入原密码" else None
                return TypedPin(Pin(old or self._pin))

    def _chooses(self, tiles: tuple[Tile, ...]) -> Chosen | Back:
        offered = [tile.service for tile in tiles]
        wished = next((wish for wish in self._wishes if wish in offered), None)
        self.turned_away = self._clerk is not None and wished is None
        return Back() if self.turned_away else Chosen(wished or offered[0])

    def _number(self, digits: int) -> str:
        """The person's own, or the end of their card's."""
        number = PEOPLE[self._who].number
        return number if digits == len(number) else card_of(PEOPLE[self._who])[-digits:]


def _nothing(_hall: Hall) -> None:
    """Nothing befalls anybody."""
