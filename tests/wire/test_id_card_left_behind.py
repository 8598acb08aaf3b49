"""Nobody gets another person's ID card read, whoever left one behind and whatever restarted meanwhile."""

import datetime as dt
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from drivers.id_card.device import STATUS_EVERY_S, IdCardDevice
from drivers.virtual.id_reader import IdDocument, IdReader, RefindingIdReader, ServedIdReader
from drivers.virtual.id_reader.faults import FIND, READ, SELECT, Lifted, SamFault
from kiosk.devices import IdCardReading, OldIdCardLies, ReadIdCard
from kiosk.numbers import citizen_number_check
from kiosk.terms import ResidentIdCard

kinds_of_reader = st.sampled_from([IdReader, RefindingIdReader])
acts = st.lists(st.sampled_from(["nothing", "nothing", "nothing", "lay", "lift"]), min_size=1, max_size=9)
"""What a person does while the page asks for the card: one act for each step of the wait, then out of patience."""
faults = st.builds(Lifted, command=st.sampled_from([FIND, SELECT, READ]), times=st.just(1)) | st.builds(
    SamFault, command=st.sampled_from([SELECT, READ]), sw=st.sampled_from([0x41, 0x81]), times=st.integers(1, 4)
)


class Visits(RuleBasedStateMachine):
    """Every card that is laid on is another person's, numbered in the order in which they were laid."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.port = Path(self.folder.name) / "id-reader"
        self.leapt = 0.0
        self.laid = 0
        self.old = 0
        """Cards up to this one were laid on before an answer, or before the process started."""
        self.told = False
        self.acts: list[str] = []

    @initialize(kind=kinds_of_reader)
    def open_in_the_morning(self, kind: type[IdReader]) -> None:
        self.kind = kind
        self.reader = ServedIdReader(self.port, kind())
        self.device = self.new_process()

    def teardown(self) -> None:
        self.device.close()
        self.reader.close()
        self.folder.cleanup()

    # --- what happens

    @rule()
    def lay(self) -> None:
        self.laid += 1
        self.reader.lay(card(self.laid))

    @rule()
    def lift(self) -> None:
        self.reader.lift()

    @rule(fault=faults)
    def spoil(self, fault: Lifted | SamFault) -> None:
        self.reader.spoil(fault)

    @rule()
    def stand_idle(self) -> None:
        self.leapt += STATUS_EVERY_S
        self.device.look()
        self.device.look()

    @rule()
    def restart_the_process(self) -> None:
        self.device.close()
        self.device = self.new_process()
        self.old, self.told = self.laid, False

    @rule()
    def unplug_the_reader_and_plug_it_in(self) -> None:
        """It forgets what it has read; what lies on it stays."""
        lying = self.reader.document
        self.reader.close()
        self.stand_idle()
        self.reader = ServedIdReader(self.port, self.kind())
        if lying is not None:
            self.reader.lay(lying)

    # --- what must be

    @rule(acts=acts)
    def ask_for_a_card(self, acts: list[str]) -> None:
        reading = self.ask(acts)
        if isinstance(reading, ResidentIdCard):
            assert lay_of(reading) > self.old
        assert not (self.told and reading == OldIdCardLies())
        self.old, self.told = self.laid, reading == OldIdCardLies()

    @rule()
    def take_away_what_lies_there_and_lay_ones_own(self) -> None:
        self.reader.recover()
        self.reader.lift()
        reading = self.ask(["nothing"] * 5 + ["lay"] + ["nothing"] * 5)
        assert isinstance(reading, ResidentIdCard)
        assert lay_of(reading) == self.laid
        self.old, self.told = self.laid, False

    @precondition(lambda self: self.kind is RefindingIdReader and self.old_card_lies() and not self.told)
    @rule()
    def find_an_old_card_there(self) -> None:
        assert self.ask(["nothing"]) == OldIdCardLies()
        self.old, self.told = self.laid, True

    # --- how

    def new_process(self) -> IdCardDevice:
        return IdCardDevice(str(self.port), clock=self.clock, pause=self.step)

    def clock(self) -> float:
        return time.monotonic() + self.leapt

    def ask(self, acts: list[str]) -> IdCardReading:
        self.acts = acts.copy()
        return self.device.answer(ReadIdCard(), lambda: bool(self.acts))

    def step(self, _seconds: float) -> None:
        does: dict[str, Callable[[], None]] = {"lay": self.lay, "lift": self.lift, "nothing": lambda: None}
        does[self.acts.pop(0)]()

    def old_card_lies(self) -> bool:
        lying = self.reader.document
        return lying is not None and lying.number in {card(lay).number for lay in range(1, self.old + 1)}


def card(lay: int) -> IdDocument:
    body = f"45990019000101{lay:03}"
    number = body + citizen_number_check(body)
    return IdDocument("测试甲", number, dt.date(1900, 1, 1), valid_from=dt.date(2020, 1, 1))


def lay_of(read: ResidentIdCard) -> int:
    return int(read.holder.number[14:17])


TestVisits = Visits.TestCase
TestVisits.settings = settings(max_examples=250, stateful_step_count=40)
