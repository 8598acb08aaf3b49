"""The hands at the virtual devices: put a card in, lay an ID card on, tear off the slip, take the paper out."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from drivers.virtual.bench.documents import document_of
from drivers.virtual.bench.tripwire import Tripwire
from drivers.virtual.card import ForeignChip, MuteCard, VirtualCard, issue
from drivers.virtual.id_reader import ServedIdReader
from drivers.virtual.id_reader.faults import Fault
from drivers.virtual.people import Person, find
from drivers.virtual.pin_pad import ServedPinPad
from drivers.virtual.printer import PrintedSlip, Printer, ServedPrinter, Voice
from drivers.virtual.vpcd import Pull, Slot

FOREIGN, WRONG_WAY = "foreign", "wrong_way"
"""What can be put in besides people's cards: a bank card, and any card with its chip outside."""


class NotHere(LookupError):
    """This device belongs to somebody else, or there is nobody of that name; the text says which."""


class Hands:
    """The devices that stand on the bench; None where the terminal has one of its own.

    Safe to use from any thread.  Every card lives in `pockets` and remembers what was done to it.
    """

    def __init__(
        self,
        people: tuple[Person, ...],
        pockets: Path,
        *,
        slot: Slot | None,
        tripwire: Tripwire,
        id_reader: ServedIdReader | None,
        printer: ServedPrinter | None,
    ) -> None:
        self.people = people
        self.slot_of: str | None = None
        """Whose card was put in last."""
        self.glass_of: str | None = None
        self.tripwire = tripwire
        """In the slot."""
        self.torn: list[PrintedSlip] = []
        """The slips people took with them, the oldest first."""
        self.has_paper, self.cover_open, self.voice = True, False, Voice.NORMAL
        self._pockets = pockets
        self._slot, self._id_reader, self._printer = slot, id_reader, printer
        self._lock = threading.RLock()

    # --- the card reader ------------------------------------------------------------

    @property
    def has_slot(self) -> bool:
        return self._slot is not None

    @property
    def in_slot(self) -> str | None:
        """Whose card is in the slot now."""
        with self._lock:
            return self.slot_of if self._slot and self._slot.card else None

    def put_in(self, key: str, pull: Pull | None = None) -> None:
        """Push a person's card into the slot; with `pull` it comes out again by itself.  Raises NotHere."""
        slot = self._slot_here()
        with self._lock:
            slot.insert(self._card(key), pull)
            self.slot_of = key

    def pull_out(self) -> None:
        slot = self._slot_here()
        with self._lock:
            slot.pull()

    def _card(self, key: str) -> VirtualCard:
        match key:
            case _ if key == FOREIGN:
                return ForeignChip()
            case _ if key == WRONG_WAY:
                return MuteCard()
        try:
            return issue(self._person(key), self._pockets)
        except ValueError as error:
            raise NotHere(str(error)) from None

    # --- the ID reader ----------------------------------------------------------------

    @property
    def has_id_reader(self) -> bool:
        return self._id_reader is not None

    @property
    def on_glass(self) -> str | None:
        """Whose ID card lies on the reader."""
        with self._lock:
            return self.glass_of if self._id_reader and self._id_reader.document else None

    def lay(self, key: str) -> None:
        """Lay a person's ID card on.  Raises NotHere."""
        reader = self._id_reader_here()
        try:
            document = document_of(self._person(key))
        except ValueError as error:
            raise NotHere(str(error)) from None
        with self._lock:
            reader.lay(document)
            self.glass_of = key

    def lift(self) -> None:
        self._id_reader_here().lift()

    def spoil_reading(self, fault: Fault) -> None:
        """The next reading goes wrong in this way."""
        self._id_reader_here().spoil(fault)

    # --- the printer --------------------------------------------------------------------

    @property
    def has_printer(self) -> bool:
        return self._printer is not None

    @property
    def slips(self) -> tuple[PrintedSlip, ...]:
        """What hangs out of the printer, cut off, the oldest first."""
        return self._printer.slips if self._printer else ()

    def tear_off(self) -> PrintedSlip | None:
        """Take the oldest slip; None when none hangs out."""
        with self._lock:
            slip = self._printer_here().tear_off()
            if slip is not None:
                self.torn.append(slip)
        return slip

    def take_paper_out(self) -> None:
        self._printer_here().touch(Printer.take_paper_out)
        self.has_paper = False

    def load_paper(self) -> None:
        self._printer_here().touch(Printer.load_paper)
        self.has_paper = True

    def open_cover(self) -> None:
        self._printer_here().touch(Printer.open_cover)
        self.cover_open = True

    def close_cover(self) -> None:
        self._printer_here().touch(Printer.close_cover)
        self.cover_open = False

    def silence(self, voice: Voice) -> None:
        """MUTE: prints without a word; DEAD: switched off; NORMAL: as it should be."""
        self._printer_here().touch(lambda printer: printer.speak(voice))
        self.voice = voice

    # --- who is here ----------------------------------------------------------------------

    @property
    def served(self) -> Person | None:
        """Whose ID card lies on the reader, or else whose card is in the slot."""
        key = self.on_glass or self.in_slot
        return next((person for person in self.people if person.key == key), None)

    def _person(self, key: str) -> Person:
        try:
            return find(self.people, key)
        except KeyError as error:
            raise NotHere(str(error.args[0])) from None

    def _slot_here(self) -> Slot:
        if self._slot is None:
            raise NotHere("the card reader is not the bench's: it is configured by name")
        return self._slot

    def _id_reader_here(self) -> ServedIdReader:
        if self._id_reader is None:
            raise NotHere("the ID reader is not the bench's: it is configured by path")
        return self._id_reader

    def _printer_here(self) -> ServedPrinter:
        if self._printer is None:
            raise NotHere("the printer is not the bench's: it is configured by path")
        return self._printer


@contextlib.contextmanager
def closing(device: ServedIdReader | ServedPrinter | ServedPinPad) -> Iterator[None]:
    """Its plug is pulled at the end."""
    try:
        yield
    finally:
        device.close()
