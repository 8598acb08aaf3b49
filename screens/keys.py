"""The keypad's keys as the window gets them, and those of a PIN pad.

A USB keypad is a keyboard to the display server; a PIN pad's keys come from the desk's side.  Nothing but the held
keys is remembered, so that a key that repeats by itself counts once.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.terms import PadKey
from screens.keypad import Key, Keypad

KEYS: dict[int, Key | int] = {
    **{256 + figure: figure for figure in range(10)},
    **{48 + figure: figure for figure in range(10)},
    13: Key.AGAIN,
    271: Key.AGAIN,
    268: Key.BACK,
    267: Key.HELP,
    270: Key.LOUDER,
    269: Key.SOFTER,
    266: Key.DELETE,
    8: Key.DELETE,
}
"""Kivy's numbers: the keypad's own keys, with NumLock or without, and those that some keypads send instead."""


PAD: dict[PadKey, Key] = {
    PadKey.CONFIRM: Key.CONFIRM,
    PadKey.CANCEL: Key.CANCEL,
    PadKey.DELETE: Key.DELETE,
    PadKey.CLEAR: Key.CLEAR,
}


class PadKeys:
    """Takes what `Presenter.press` passes on.  A mistake in a page is the window's, not the desk's."""

    def __init__(self, keypad: Keypad, fail: Callable[[Exception], None]) -> None:
        self._keypad, self._fail = keypad, fail

    def press(self, key: PadKey | int) -> None:
        try:
            self._keypad.press(PAD[key] if isinstance(key, PadKey) else key)
        except Exception as fault:  # noqa: BLE001 - the window's edge, as for a touch
            self._fail(fault)


class Keys:
    """Bound to the window's `on_key_down` and `on_key_up`."""

    def __init__(self, keypad: Keypad) -> None:
        self._keypad = keypad
        self._held: set[int] = set()

    def down(self, _window: object, code: int, *_: object) -> bool:
        key = KEYS.get(code)
        if key is not None and code not in self._held:
            self._held.add(code)
            self._keypad.press(key)
        return key is not None

    def up(self, _window: object, code: int, *_: object) -> bool:
        self._held.discard(code)
        return code in KEYS
