"""Everything on the bench: the devices and the hands on them, the line, and the terminal's processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from drivers.virtual.bench.hands import Hands, NotHere
from drivers.virtual.bench.pad import Fingers
from drivers.virtual.bench.phone import Phones
from drivers.virtual.bench.processes import Condition, Process
from drivers.virtual.line import Cut, LosesAnswers, Mode, NetworkLine, Open, Stalled
from drivers.virtual.people import Person
from drivers.virtual.printer import PrintedSlip, Voice

T = TypeVar("T")

MODES: dict[str, Mode] = {"open": Open(), "cut": Cut(), "stalled": Stalled(), "loses_answers": LosesAnswers()}


class Passer(msgspec.Struct, frozen=True):
    """A person as the page shows them."""

    key: str
    name: str
    about: str
    id_card: bool
    card: str | None
    """Version; None: has none."""


class Devices(msgspec.Struct, frozen=True):
    has_slot: bool
    in_slot: str | None
    has_id_reader: bool
    on_glass: str | None
    has_printer: bool
    paper: bool
    cover_open: bool
    voice: str
    has_pin_pad: bool
    pin_pad_is_on: bool


class Running(msgspec.Struct, frozen=True):
    name: str
    pid: int | None
    condition: Condition
    starts: int


class PhoneScreen(msgspec.Struct, frozen=True):
    """The newest message on the phone of whoever stands at the terminal."""

    key: str
    last2: str
    text: str | None
    """None: nothing has come."""


class State(msgspec.Struct, frozen=True):
    """What the page shows."""

    devices: Devices
    phone: PhoneScreen | None
    """None: nobody's card is in use."""
    line: str
    processes: tuple[Running, ...]
    torn: int
    hanging: int


class Bench:
    """Verbs for people and for the citizen who plays stories; safe to use from any thread."""

    def __init__(
        self,
        hands: Hands,
        fingers: Fingers,
        line: NetworkLine,
        processes: Mapping[str, Process],
        phones: Phones,
    ) -> None:
        self.hands = hands
        self.fingers = fingers
        self.line = line
        self.processes = processes
        self.phones = phones
        self._verbs: dict[str, Callable[[str], object]] = {
            "put_in": hands.put_in,
            "pull_out": lambda _: hands.pull_out(),
            "lay": hands.lay,
            "lift": lambda _: hands.lift(),
            "tear_off": lambda _: hands.tear_off(),
            "take_paper_out": lambda _: hands.take_paper_out(),
            "load_paper": lambda _: hands.load_paper(),
            "open_cover": lambda _: hands.open_cover(),
            "close_cover": lambda _: hands.close_cover(),
            "press": fingers.press,
            "silence": lambda voice: hands.silence(_one_of(Voice.__members__, voice)),
            "put_line": lambda mode: line.put(_one_of(MODES, mode)),
            "kill": lambda name: self._process(name).kill(),
            "stop": lambda name: self._process(name).stop(),
            "go_on": lambda name: self._process(name).go_on(),
        }

    def do(self, verb: str, what: str = "") -> None:
        """One act by name.  Raises NotHere, also for a verb or a thing that does not exist."""
        _one_of(self._verbs, verb)(what)

    def _process(self, name: str) -> Process:
        return _one_of(self.processes, name)

    @property
    def passers(self) -> tuple[Passer, ...]:
        return tuple(_passer(person) for person in self.hands.people)

    @property
    def state(self) -> State:
        hands = self.hands
        return State(
            devices=Devices(
                has_slot=hands.has_slot,
                in_slot=hands.in_slot,
                has_id_reader=hands.has_id_reader,
                on_glass=hands.on_glass,
                has_printer=hands.has_printer,
                paper=hands.has_paper,
                cover_open=hands.cover_open,
                voice=hands.voice.name,
                has_pin_pad=self.fingers.have_pad,
                pin_pad_is_on=self.fingers.are_heard,
            ),
            phone=self._phone,
            line=str(self.line.mode.__struct_config__.tag),
            processes=tuple(Running(p.name, p.pid, p.condition, p.starts) for p in self.processes.values()),
            torn=len(hands.torn),
            hanging=len(hands.slips),
        )

    @property
    def _phone(self) -> PhoneScreen | None:
        person = self.hands.served
        if person is None:
            return None
        newest = self.phones.newest(person)
        return PhoneScreen(person.key, person.phone_last2, newest.text if newest else None)

    def slip(self, number: int) -> PrintedSlip:
        """Slips are counted from the first of the day: torn ones, then those that hang out.  Raises NotHere."""
        slips = (*self.hands.torn, *self.hands.slips)
        if number >= len(slips):
            raise NotHere(f"there are {len(slips)} slips")
        return slips[number]


def _one_of(choices: Mapping[str, T], name: str) -> T:
    if name not in choices:
        raise NotHere(f"{name!r} is none of {', '.join(choices)}")
    return choices[name]


def _passer(person: Person) -> Passer:
    return Passer(
        key=person.key,
        name=person.name,
        about=person.about,
        id_card=person.id_card is not None,
        card=person.card.version if person.card else None,
    )
