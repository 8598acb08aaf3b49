"""Fingers on the PIN pad that stands on the bench."""

from __future__ import annotations

from drivers.virtual.bench.hands import NotHere
from drivers.virtual.pin_pad import ServedPinPad


class Fingers:
    """None: the terminal has a pad of its own.  Safe to use from any thread."""

    def __init__(self, pad: ServedPinPad | None) -> None:
        self._pad = pad

    @property
    def have_pad(self) -> bool:
        return self._pad is not None

    @property
    def are_heard(self) -> bool:
        """The pad is on."""
        return self._pad is not None and self._pad.is_on

    def press(self, key: str) -> None:
        """One key; nothing happens while the pad is off.  Raises NotHere."""
        if self._pad is None:
            raise NotHere("the PIN pad is not the bench's: it is configured by path")
        try:
            self._pad.press(key)
        except KeyError:
            raise NotHere(f"a PIN pad has no key {key!r}") from None
