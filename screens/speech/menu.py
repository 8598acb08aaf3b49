"""What can be chosen by ear while a sheet lies over the page."""

from __future__ import annotations

import enum

import msgspec

from kiosk.prompts import Call
from kiosk.words import Message, language, msg
from screens.manner import Manner
from screens.presenter import next_language
from screens.theme import LOOKS, look_with


class Sheet(enum.Enum):
    """None is a prompt: the visit does not notice them."""

    HELP = "help"
    LOOK = "look"
    SOUND = "sound"


class Act(enum.Enum):
    CLOSE = "close"
    CALL_STAFF = "call_staff"


class Entry(msgspec.Struct, frozen=True):
    """A manner is chosen, too."""

    words: Message
    does: Act | Manner


def menu(sheet: Sheet, manner: Manner, call: Call) -> tuple[Entry, ...]:
    """In the order it is read out."""
    match sheet:
        case Sheet.HELP:
            return _help(manner, call)
        case Sheet.LOOK:
            return _look(manner)
        case Sheet.SOUND:
            return _sound(manner)


def _help(manner: Manner, call: Call) -> tuple[Entry, ...]:
    """A call for staff is offered as on the sheet: not again once it got through."""
    replace, other = msgspec.structs.replace, next_language(manner.language)
    faster, dark = manner.speed.next, not manner.dark
    staff = (Entry(msg("screens.call_staff"), Act.CALL_STAFF),) if call in {Call.NONE, Call.UNREACHED} else ()
    return (
        Entry(msg("screens.help_close"), Act.CLOSE),
        *staff,
        Entry(msg("speech.speed", speed=msg(f"speech.speed.{faster}")), replace(manner, speed=faster)),
        Entry(
            msg("speech.language", tongue=language(other).template("screens.language")),
            replace(manner, language=other),
        ),
        Entry(msg("speech.dark" if dark else "speech.light"), replace(manner, dark=dark)),
    )


def _look(manner: Manner) -> tuple[Entry, ...]:
    """Three switches, and how each stands."""
    replace, look = msgspec.structs.replace, LOOKS[manner.look]
    large = look_with(large=not look.large, contrasted=look.contrasted).name
    contrast = look_with(large=look.large, contrasted=not look.contrasted).name
    return (
        Entry(msg("screens.look_close"), Act.CLOSE),
        Entry(_switch("look_large", on=look.large), replace(manner, look=large)),
        Entry(_switch("look_contrast", on=look.contrasted), replace(manner, look=contrast)),
        Entry(_switch("look_low", on=manner.low), replace(manner, low=not manner.low)),
    )


def _sound(manner: Manner) -> tuple[Entry, ...]:
    """The voice itself, and what it would become."""
    replace, louder, faster = msgspec.structs.replace, manner.louder, manner.speed.next
    return (
        Entry(msg("screens.look_close"), Act.CLOSE),
        Entry(_switch("sound_voice", on=manner.spoken), replace(manner, spoken=not manner.spoken)),
        Entry(msg("speech.volume_to", level=louder), replace(manner, volume=louder)),
        Entry(msg("speech.speed", speed=msg(f"speech.speed.{faster}")), replace(manner, speed=faster)),
    )


def _switch(name: str, *, on: bool) -> Message:
    return msg(f"speech.switch_{'on' if on else 'off'}", label=msg(f"screens.{name}"))
