"""What can be chosen by ear while the help sheet lies over the page."""

from __future__ import annotations

import enum

import msgspec

from kiosk.prompts import Call
from kiosk.words import Message, language, msg
from screens.manner import Manner
from screens.presenter import next_language


class Help(enum.Enum):
    CLOSE = "close"
    CALL_STAFF = "call_staff"


class Entry(msgspec.Struct, frozen=True):
    """A manner is chosen, too."""

    words: Message
    does: Help | Manner


def help_menu(manner: Manner, call: Call) -> tuple[Entry, ...]:
    """A call for staff is offered as on the sheet: not again once it got through."""
    replace, other = msgspec.structs.replace, next_language(manner.language)
    faster, dark = manner.speed.next, not manner.dark
    staff = (Entry(msg("screens.call_staff"), Help.CALL_STAFF),) if call in {Call.NONE, Call.UNREACHED} else ()
    return (
        Entry(msg("screens.help_close"), Help.CLOSE),
        *staff,
        Entry(msg("speech.speed", speed=msg(f"speech.speed.{faster}")), replace(manner, speed=faster)),
        Entry(
            msg("speech.language", tongue=msg("plain", text=language(other).template("screens.language"))),
            replace(manner, language=other),
        ),
        Entry(msg("speech.dark" if dark else "speech.light"), replace(manner, dark=dark)),
    )
