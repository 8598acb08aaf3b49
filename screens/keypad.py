"""A numeric keypad or a PIN pad: everything on every page without seeing it.  Knows no Kivy.

Figures choose what the voice has numbered, or type; the other keys do the same on every page.  One key, one action:
the gate that counts touches counts keys too.
"""

from __future__ import annotations

import enum
from typing import Protocol

import msgspec

from kiosk.prompts import Answer, Attract, Back, Touched
from kiosk.words import msg
from screens.gate import Gate
from screens.manner import LOUDEST, Manner
from screens.presenter import Presenter
from screens.speech.menu import Act, Sheet, menu
from screens.speech.narrator import Narrator
from screens.speech.telling import goes_back


class Key(enum.Enum):
    """All but the figures."""

    AGAIN = "enter"
    BACK = "*"
    HELP = "/"
    LOUDER = "+"
    SOFTER = "-"
    DELETE = "."
    CONFIRM = "确认"
    CANCEL = "取消"
    CLEAR = "清除"


TELL_THEMSELVES = {Key.CONFIRM, Key.CANCEL, Key.CLEAR}
"""Keys of a PIN pad whose names say what they do: nobody needs the voice for them."""


class Glass(Protocol):
    """What the keys work on, as a finger would."""

    @property
    def typing(self) -> bool:
        """A page that takes figures lies uppermost."""

    @property
    def takes_x(self) -> bool:
        """A number has come so far that its last character may be an X."""

    @property
    def sheet(self) -> Sheet | None:
        """What lies over the page."""

    def x(self) -> None: ...

    def figure(self, figure: int) -> None: ...

    def delete(self) -> None: ...

    def delete_all(self) -> None: ...

    def confirm(self) -> None:
        """What was typed is complete: give it away."""

    def answer(self, answer: Answer) -> None: ...

    def open_help(self) -> None: ...

    def close_sheet(self) -> None: ...

    def call_staff(self) -> None: ...


class Keypad:
    """Nothing of a key outlives its press: the figures of a PIN go straight into the page."""

    def __init__(self, presenter: Presenter, narrator: Narrator, glass: Glass, gate: Gate) -> None:
        self._presenter, self._narrator, self._glass, self._gate = presenter, narrator, glass, gate

    def press(self, key: Key | int) -> None:
        """A figure, or another key.  The first one of somebody who hears nothing yet turns the voice on."""
        self._presenter.touched()
        touch = object()
        if not self._gate.press(touch):
            return
        try:
            page = self._presenter.page
            if isinstance(page, Attract) and page.dim:
                self._wake()
            elif self._presenter.manner.spoken or self._glass.typing or key in TELL_THEMSELVES:
                self._do(key)
            else:
                self._wear(spoken=True)
        finally:
            self._gate.release(touch)

    def _wake(self) -> None:
        """As with a finger: what wakes the terminal presses nothing."""
        self._glass.answer(Touched())
        self._wear(spoken=True)
        self._narrator.again()

    def _do(self, key: Key | int) -> None:
        match key:
            case int() | Key.DELETE | Key.CLEAR | Key.CONFIRM if self._glass.typing:
                self._type(key)
            case int():
                self._choose(key)
            case Key.AGAIN:
                self._narrator.again()
            case Key.BACK | Key.CANCEL | Key.HELP if self._sheet is not None:
                self._glass.close_sheet()
            case Key.BACK | Key.CANCEL:
                self._go_back(key)
            case Key.HELP if self._presenter.warning is None:
                self._glass.open_help()
            case Key.LOUDER | Key.SOFTER:
                step = 1 if key is Key.LOUDER else -1
                self._wear(volume=min(max(self._presenter.manner.volume + step, 1), LOUDEST))
            case Key.DELETE | Key.CLEAR:
                self._narrator.hush()
            case Key.CONFIRM:
                pass  # meant for the page before, where the last figure was enough: it agrees to nothing
            case _:
                self._narrator.remark(msg("speech.no_choice"))

    def _go_back(self, key: Key) -> None:
        """Or, with the keypad's key, the one letter that a number can end with: on telephones it stands there."""
        if key is Key.BACK and self._glass.takes_x:
            self._glass.x()
        elif self._presenter.warning is None and goes_back(self._presenter.page):
            self._glass.answer(Back())
        else:
            self._narrator.remark(msg("speech.no_choice"))

    def _type(self, key: Key | int) -> None:
        match key:
            case int():
                self._glass.figure(key)
            case Key.DELETE:
                self._glass.delete()
            case Key.CLEAR if self._glass.takes_x:  # a pad's point: it has no star
                self._glass.x()
            case Key.CLEAR:
                self._glass.delete_all()
            case Key.CONFIRM:
                self._glass.confirm()

    def _choose(self, number: int) -> None:
        if self._sheet is not None:
            self._choose_on(self._sheet, number)
            return
        offered = self._narrator.offered
        if number not in offered:
            self._narrator.remark(msg("speech.no_choice"))
        elif (choice := offered[number]) is not None:
            self._glass.answer(choice.answer)
        elif self._gate.act():
            self._narrator.turn()
            self._gate.turn()

    @property
    def _sheet(self) -> Sheet | None:
        """What the figures choose from; the warning lies over sheets, too."""
        return self._glass.sheet if self._presenter.warning is None else None

    def _choose_on(self, sheet: Sheet, number: int) -> None:
        entries = menu(sheet, self._presenter.manner, self._narrator.call)
        if not 1 <= number <= len(entries):
            self._narrator.remark(msg("speech.no_choice"))
            return
        match entries[number - 1].does:
            case Act.CALL_STAFF:
                self._glass.call_staff()
            case Act.CLOSE:
                self._glass.close_sheet()
            case Manner() as manner:
                if sheet is Sheet.HELP:  # 大字 stays, as under a finger: its three switches are tried out
                    self._glass.close_sheet()
                self._presenter.switch(manner)

    def _wear(self, **changed: bool | int) -> None:
        self._presenter.switch(msgspec.structs.replace(self._presenter.manner, **changed))
