"""What tests with a real pcscd and a virtual card do again and again."""

from __future__ import annotations

from smartcard import scard

from drivers.virtual.card import issue
from drivers.virtual.people import find, load_people
from kiosk.devices import CardIn
from sync.central.card_crypto import load_master_keys
from sync.central.hsm import SoftwareHsm

CHANGE_MS = 3000
"""pcscd looks at the virtual slot every 0.4 s."""


def wait_until(device, kind):
    """What the device sees once its slot is `kind`; it is woken by the reader, not by the clock."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    state = scard.SCARD_STATE_UNAWARE
    try:
        while True:
            name = scard.SCardListReaders(context, [])[1][0]
            result, [(_, state, _)] = scard.SCardGetStatusChange(context, CHANGE_MS, [(name, state)])
            seen = device.look()
            if isinstance(seen.slot, kind):
                return seen
            assert result == scard.SCARD_S_SUCCESS, f"the slot stays {seen.slot}"
    finally:
        scard.SCardReleaseContext(context)


def ask(device, call):
    return device.answer(call, lambda: True)


def insert(slot, reader, key, pull=None):
    chip = issue(find(load_people(), key))
    slot.insert(chip, pull)
    wait_until(reader, CardIn)
    return chip


def software_hsm():
    """With the test keys, and a memory for challenges."""

    class Spent(set):
        def spend(self, factor):
            return not (factor in self or self.add(factor))

    return SoftwareHsm(load_master_keys(), Spent())
