"""The devices of one terminal on the virtual clock: the drivers' own code, with memory where a wire would be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import trio

from drivers.card.device import CardReader
from drivers.card.pcsc import Look
from drivers.card.transport import Exchange, Gone, Response
from drivers.id_card.documents import parse
from drivers.pin_pad.device import press_of
from drivers.pin_pad.frames import Incoming
from drivers.pin_pad.kmy350 import OFF, ON
from drivers.printer import commands
from drivers.printer.encoders import Gb18030Encoder
from drivers.printer.layout import lay_out
from drivers.printer.rows import Paper
from drivers.printer.status import QUERIES, state
from drivers.virtual.card import VirtualCard
from drivers.virtual.id_reader import IdDocument, text_block
from drivers.virtual.pin_pad import PinPad
from drivers.virtual.printer import Printer
from kiosk.devices import (
    ApplySecureMessage,
    AuthenticatePuk,
    CardIn,
    CardMute,
    CardPulled,
    ChallengeCard,
    ChallengePin,
    ChangePin,
    CloseCard,
    DeviceNews,
    IdCardReading,
    IdLiftedEarly,
    MuteCard,
    NoCard,
    NotPrinted,
    OpenCard,
    PadPress,
    PinPadFailed,
    Printed,
    Printing,
    PrintSlip,
    PrintUnknown,
    ReadHolder,
    ReadIdCard,
    ReadPadKey,
    SlotState,
    VerifyPin,
)
from kiosk.link import Call
from kiosk.slips.samples import slips
from kiosk.sockets import Server
from kiosk.terms import DeviceAbsent, DeviceFailing, DeviceOk, DeviceOut, DeviceState, DeviceUnknown
from kiosk.words import CHINESE
from tests.stories.fate import Instant, fortune

SAMPLES = {slip.name for slip in slips(CHINESE).values()}


class PoweredChip:
    """A chip whose contacts are this object."""

    def __init__(self, bench: Hardware, card: VirtualCard, slot: SlotState) -> None:
        assert card.atr is not None
        self.atr = card.atr
        self.slot = slot
        self._bench = bench
        self._card = card
        card.power_on()

    def transmit(self, apdu: bytes) -> Exchange:
        if self._bench.fate(Instant.BEFORE_COMMAND):
            return Gone()
        answer = self._answer(apdu)
        return Gone() if self._bench.fate(Instant.AFTER_COMMAND) else answer

    def _answer(self, apdu: bytes) -> Exchange:
        bench = self._bench
        if bench.pull_before_apdu == 0 or bench.pull_before_ins == apdu[1]:
            bench.pull()
        if bench.pull_before_apdu is not None:
            bench.pull_before_apdu -= 1
        if bench.card is not self._card:
            return Gone()
        bench.trace.append(bytes(apdu))
        if bench.hook == (apdu[1], "before"):
            bench.act()
            return Gone()
        if bench.answers_instead and bench.answers_instead[0] == apdu[1] and apdu[3] != 0x0A:
            return Response(b"", int.from_bytes(bench.answers_instead[1], "big"))
        answer = self._card.transmit(apdu)
        if bench.answers_afterwards and bench.answers_afterwards[0] == apdu[1]:
            return Response(b"", int.from_bytes(bench.answers_afterwards[1], "big"))
        if bench.hook == (apdu[1], "after"):
            bench.act()
        if bench.pull_after_ins == apdu[1] or bench.pull_after_apdu == 0:
            bench.pull()
            bench.pull_after_apdu = None
            return Gone()
        if bench.pull_after_apdu is not None:
            bench.pull_after_apdu -= 1
        return Response(answer[:-2], int.from_bytes(answer[-2:], "big"))

    def power_off(self) -> None:
        self._card.power_off()

    def becomes(self, card: VirtualCard) -> None:
        """Another card touches the contacts, and they were never dead for it."""
        self._card = self._bench.card = card
        card.power_on()


class Contacts:
    """A reader without PC/SC."""

    def __init__(self, bench: Hardware) -> None:
        self._bench = bench
        self.powered: PoweredChip | None = None

    def look(self) -> Look:
        return Look(self._bench.card_reader, self._bench.slot, virtual=self._bench.virtual)

    def power(self) -> PoweredChip | CardPulled | CardMute:
        card = self._bench.card
        if card is None:
            return CardPulled()
        if card.atr is None:
            return CardMute()
        self.powered = PoweredChip(self._bench, card, self._bench.slot)
        return self.powered

    def close(self) -> None:
        pass


class Hardware:
    """What lies on the plate, is in the slot, and hangs out of the printer."""

    def __init__(self) -> None:
        self.card: VirtualCard | None = None
        self.printer = Printer(80)
        self.id_reader: DeviceState = DeviceOk()
        self.card_reader: DeviceState = DeviceOk()
        self.pin_pad: DeviceState | None = None
        """None: this terminal has none."""
        self.pad = PinPad()
        self.lifted_early = 0
        self.printing_takes_s = 0.0
        self.as_a_slip_comes: Callable[[Printer], None] = lambda _printer: None
        self.virtual = False
        self.pull_before_apdu: int | None = None
        """The card leaves before the APDU after so many more."""
        self.pull_after_apdu: int | None = None
        """The card carries out the APDU after so many more, and is gone before it can tell."""
        self.pull_before_ins: int | None = None
        self.pull_after_ins: int | None = None
        """The card does what the command says, and is gone before it can tell."""
        self.answers_instead: tuple[int, bytes] | None = None
        """A card that refuses this command and does nothing."""
        self.answers_afterwards: tuple[int, bytes] | None = None
        """A card that does it and answers something else."""
        self.puk_takes_s = 0.0
        """How slowly the card answers the unblock key."""
        self.fate = fortune
        self.hook: tuple[int, str] | None = None
        self.act: Callable[[], None] = lambda: None
        self.trace: list[bytes] = []
        """Every APDU that reached a chip."""
        self._document: IdDocument | None = None
        self._insertions = 0
        self._contacts = Contacts(self)
        self._reader = CardReader(self._contacts)
        self._laid = trio.Event()
        self._from_pad = Incoming()
        self._pad_turned = trio.Event()
        self.server = Server(
            {
                ReadIdCard: self._read_id_card,
                OpenCard: self._step,
                ChallengeCard: self._step,
                ReadHolder: self._step,
                CloseCard: self._step,
                ChallengePin: self._step,
                AuthenticatePuk: self._authenticate_puk,
                ApplySecureMessage: self._step,
                VerifyPin: self._step,
                ChangePin: self._step,
                PrintSlip: self._print,
                ReadPadKey: self._read_pad_key,
            }
        )
        self.tell()

    def at_command(self, ins: int, when: str, act: Callable[[], None]) -> None:
        """Once, before the chip gets this command or after it has carried it out."""

        def once() -> None:
            self.hook = None
            act()

        self.hook, self.act = (ins, when), once

    # --- what a person does ------------------------------------------------------------

    def lay(self, document: IdDocument) -> None:
        self._document = document
        self._laid.set()
        self._laid = trio.Event()

    def lift(self) -> None:
        self._document = None

    def insert(self, card: VirtualCard) -> None:
        self.card = card
        self._insertions += 1
        self.tell()

    def pull(self) -> None:
        self.card = None
        self.tell()

    def press(self, key: str) -> None:
        """On the PIN pad; one that is off says nothing."""
        self._from_pad.feed(self.pad.press(key))
        self._pad_turns()

    def plug_in_pad(self) -> None:
        self.pin_pad = DeviceOk()
        self.tell()

    def unplug_pad(self) -> None:
        self.pin_pad = DeviceAbsent("unplugged")
        self.pad.lose_power()
        self._pad_turns()
        self.tell()

    def _pad_turns(self) -> None:
        self._pad_turned.set()
        self._pad_turned = trio.Event()

    def swap_unnoticed(self, card: VirtualCard) -> None:
        """A slot whose switch is worn out: another card, and the reader tells nothing."""
        assert self._contacts.powered
        self._contacts.powered.becomes(card)

    def tell(self) -> None:
        """What `kiosk devices` sees and publishes."""
        seen = self._reader.look()
        printer = self._printer_state()
        self.server.publish(DeviceNews(seen.state, self.id_reader, printer, seen.slot, seen.virtual, self.pin_pad))

    def _printer_state(self) -> DeviceState:
        answers = {n: self.printer.feed(commands.ask_status(n)) for n in QUERIES}
        return state({n: answer[0] if answer else None for n, answer in answers.items()})

    @property
    def slot(self) -> SlotState:
        if self.card is None:
            return NoCard()
        return CardIn(self._insertions) if self.card.atr else MuteCard(self._insertions)

    # --- what the terminal asks -----------------------------------------------------------

    async def _read_id_card(self, _call: ReadIdCard) -> IdCardReading:
        while self._document is None:
            await self._laid.wait()
        document, self._document = self._document, None
        if self.lifted_early:
            self.lifted_early -= 1
            return IdLiftedEarly()
        return parse(text_block(document))

    async def _read_pad_key(self, _call: ReadPadKey) -> PadPress:
        self._from_pad.feed(self.pad.feed(ON))
        try:
            while not self._from_pad.keys:
                await self._pad_turned.wait()
                if isinstance(self.pin_pad, DeviceAbsent):
                    return PinPadFailed(self.pin_pad.advice)
            return press_of(self._from_pad.next_key())
        finally:
            self._from_pad.feed(self.pad.feed(OFF))

    async def _step(self, call: Call[Any]) -> msgspec.Struct:
        return self._reader.answer(call, lambda: True)

    async def _authenticate_puk(self, call: AuthenticatePuk) -> msgspec.Struct:
        answer = self._reader.answer(call, lambda: True)
        await trio.sleep(self.puk_takes_s)
        return answer

    def power_off(self) -> None:
        """The card in the slot, by the death of the process that held it; the next one knows nothing of it."""
        self._reader.close()
        self._reader = CardReader(self._contacts)

    async def _print(self, call: PrintSlip) -> Printing:
        assert call.slip.name in SAMPLES, "nobody has looked at this kind of slip"
        await trio.sleep(self.printing_takes_s)
        if isinstance(was := self._printer_state(), DeviceOut | DeviceFailing):
            return NotPrinted(was.advice)
        self.as_a_slip_comes(self.printer)
        before = len(self.printer.slips)
        for piece in commands.slip(lay_out(call.slip, Paper.MM_80), Gb18030Encoder()):
            self.printer.feed(piece)
        self.tell()
        match self._printer_state():
            case DeviceOut(advice):
                self.printer.feed(commands.CLEAR_BUFFERS)
                return NotPrinted(advice)
            case DeviceFailing(advice) | DeviceUnknown(advice):
                self.printer.feed(commands.CLEAR_BUFFERS)
                return PrintUnknown(advice)
        return Printed() if len(self.printer.slips) > before else NotPrinted("no slip")

    @property
    def slips(self) -> list[str]:
        return [slip.text for slip in self.printer.slips]
