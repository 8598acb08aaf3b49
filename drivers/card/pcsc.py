"""A reader behind PC/SC, through pyscard's C-level calls alone.

pyscard's own monitors live in threads that die or deadlock without a word (pyscard issues 82, 128, 167, 220), so
nothing here waits for an event: whoever wants to know looks.  pcscd may restart and the reader may be unplugged
at any time; the next look finds them again.
"""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from smartcard import scard

from drivers.card.transport import Exchange, Gone, Lost, Response
from kiosk.devices import CardIn, CardMute, CardProblem, CardPulled, MuteCard, NoCard, ReaderFailed, SlotState
from kiosk.terms import DeviceAbsent, DeviceFailing, DeviceOk, DeviceState

SETTLE_MS = 1000
"""How long a failed command waits to learn whether the card was pulled: pcscd itself looks every 400 ms."""

POWER_UPS = 3
"""pcscd may be switching the contacts off in the moment somebody connects, and then calls the card unpowered; and a
card with worn contacts often answers the second reset."""

_PULLED = {
    scard.SCARD_W_REMOVED_CARD,
    scard.SCARD_E_NO_SMARTCARD,
    scard.SCARD_W_RESET_CARD,  # nobody else may reset a card that is exclusively ours: it left and came back
}
_MUTE = {scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_W_UNPOWERED_CARD, scard.SCARD_W_UNSUPPORTED_CARD}
_NO_READER = {scard.SCARD_E_NO_READERS_AVAILABLE, scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_READER_UNAVAILABLE}

_log = structlog.get_logger()


VIRTUAL_READER = "Virtual PCD"
"""How pcscd names vpcd's slots."""


class Look(msgspec.Struct, frozen=True):
    """The reader and its slot at one moment."""

    state: DeviceState
    slot: SlotState = NoCard()
    virtual: bool = False
    """vsmartcard's reader, which has no contacts."""


class Reader:
    """The first reader whose PC/SC name begins with `prefix`; "" takes the first there is."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._context: Any = None
        self._contexts = 0

    def look(self) -> Look:
        """Without touching the card.  Also where a lost pcscd or reader is found again."""
        name = self._find()
        if not isinstance(name, str):
            return Look(name)
        flags = self._flags(name)
        if not isinstance(flags, int):
            return Look(flags)
        return Look(DeviceOk(), self._slot(flags), virtual=name.startswith(VIRTUAL_READER))

    def settle(self) -> Look:
        """A look once the slot has changed, or SETTLE_MS later."""
        name = self._find()
        flags = self._flags(name) if isinstance(name, str) else name
        if isinstance(flags, int):
            scard.SCardGetStatusChange(self._context, SETTLE_MS, [(name, flags)])
        return self.look()

    def power(self) -> PcscCard | CardProblem:
        """Connect exclusively and power the card in the slot."""
        name = self._find()
        if not isinstance(name, str):
            return ReaderFailed(name.advice)
        # T=0 is the standard's (S2); dual-interface cards may offer T=1 as well
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        for _ in range(POWER_UPS):
            code, handle, protocol = scard.SCardConnect(self._context, name, scard.SCARD_SHARE_EXCLUSIVE, protocols)
            if code not in _MUTE:
                break
        if code != scard.SCARD_S_SUCCESS:
            return _not_connected(code)
        code, _, _, _, atr = scard.SCardStatus(handle)
        flags = self._flags(name)
        if code != scard.SCARD_S_SUCCESS or not isinstance(flags, int):
            scard.SCardDisconnect(handle, scard.SCARD_UNPOWER_CARD)
            return _not_connected(code)
        return PcscCard(self, self._slot(flags), handle, protocol, bytes(atr))

    def close(self) -> None:
        """Let go of pcscd; a later look connects again."""
        if self._context is not None:
            scard.SCardReleaseContext(self._context)
            self._context = None

    def _find(self) -> str | DeviceAbsent | DeviceFailing:
        """The reader's full PC/SC name."""
        if self._context is None:
            code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
            if code != scard.SCARD_S_SUCCESS:
                return DeviceFailing(f"PC/SC 服务（pcscd）没有运行或不允许访问：{_said(code)}")
            self._context = context
            self._contexts += 1
        code, names = scard.SCardListReaders(self._context, [])
        if code not in (scard.SCARD_S_SUCCESS, *_NO_READER):
            return self._broken(code)
        fitting = [name for name in names or [] if name.startswith(self._prefix)]
        return fitting[0] if fitting else DeviceAbsent(_absent_advice(self._prefix, names or []))

    def _flags(self, name: str) -> int | DeviceAbsent | DeviceFailing:
        """SCARD_STATE_* of the slot, and above them the number of insertions and removals so far."""
        code, states = scard.SCardGetStatusChange(self._context, 0, [(name, scard.SCARD_STATE_UNAWARE)])
        if code in _NO_READER:
            return DeviceAbsent(_absent_advice(self._prefix, []))
        if code != scard.SCARD_S_SUCCESS:
            return self._broken(code)
        flags = int(states[0][1])
        if flags & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE):
            return DeviceAbsent(_absent_advice(self._prefix, []))
        return flags

    def _slot(self, flags: int) -> SlotState:
        if not flags & scard.SCARD_STATE_PRESENT:
            return NoCard()
        # a restarted pcscd counts from zero: our own count of contexts keeps the numbers apart
        insertion = self._contexts << 16 | _events(flags)
        return MuteCard(insertion) if flags & scard.SCARD_STATE_MUTE else CardIn(insertion)

    def _broken(self, code: int) -> DeviceFailing:
        """The context is worth nothing any more (pcscd restarted): drop it, the next look makes another."""
        _log.warning("pcsc_context_lost", code=f"{code:#x}")
        self.close()
        return DeviceFailing(f"PC/SC 服务（pcscd）中断：{_said(code)}")


class PcscCard:
    """The card in the slot, powered and exclusively ours."""

    def __init__(self, reader: Reader, slot: SlotState, handle: Any, protocol: int, atr: bytes) -> None:
        self.slot = slot
        self.atr = atr
        self._reader = reader
        self._handle = handle
        self._protocol = scard.SCARD_PCI_T1 if protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0

    def transmit(self, apdu: bytes | bytearray) -> Exchange:
        # pyscard takes nothing but a list, and copies it into memory that nobody wipes: after a PIN went through
        # here the whole process is replaced (drivers.host).
        code, answer = scard.SCardTransmit(self._handle, self._protocol, list(apdu))
        if code in _PULLED:
            return Gone()
        if code == scard.SCARD_S_SUCCESS and len(answer) >= 2:
            return Response(bytes(answer[:-2]), answer[-2] << 8 | answer[-1])
        return self._failed(code or scard.SCARD_F_COMM_ERROR)

    def power_off(self) -> None:
        scard.SCardDisconnect(self._handle, scard.SCARD_UNPOWER_CARD)

    def _failed(self, code: int) -> Gone | Lost:
        """Readers report a card that leaves in the middle of a command as a failed command first."""
        seen = self._reader.look()
        if seen.slot == self.slot:
            seen = self._reader.settle()
        match seen.state:
            case DeviceAbsent(advice=advice) | DeviceFailing(advice=advice):
                return Lost(advice)
        return Gone() if seen.slot != self.slot else Lost(f"读卡器与卡片通信失败：{_said(code)}")


def _events(flags: int) -> int:
    """pcsc-lite counts insertions and removals in the upper 16 bits, so a quick swap shows."""
    return flags >> 16 & 0xFFFF


def _not_connected(code: int) -> CardProblem:
    if code in _PULLED:
        return CardPulled()
    if code in _MUTE:
        return CardMute()
    if code == scard.SCARD_E_SHARING_VIOLATION:
        return ReaderFailed("读卡器正被另一个程序占用")
    return ReaderFailed(f"读卡器不能给卡片上电：{_said(code)}")


def _absent_advice(prefix: str, names: list[str]) -> str:
    if prefix and names:
        return f"没有找到名称以“{prefix}”开头的读卡器；已连接：{'、'.join(names)}"
    return "没有找到读卡器：请检查 USB 线和驱动"


def _said(code: int) -> str:
    return str(scard.SCardGetErrorMessage(code))
