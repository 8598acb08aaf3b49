"""A sentence as it is spoken: pieces, each of which can be a recording.

A message without values is one piece, called by its id.  In one with values the words between them are pieces, called
`<id>.1`, `<id>.2` …; a number is `number.<n>`, figures and letters that are spelled out are `digit.<d>` and
`letter.<L>`, and what only a policy, the centre or a card knows is `text.<the words>`.  See docs/speech.md.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from string import Formatter
from typing import Any

import msgspec

from kiosk.words import CHINESE, Message, language, msg

SPELLED = re.compile(r"(?=.*\d)[0-9A-Za-z-]+")
"""A hotline, the end of a number, a reference: nobody reads them as one number."""
HAN = re.compile(r"[㐀-鿿豈-﫿𠀀-𲎯]")
MASK = "*"
ENDS, JOINS = "。？！.?!", "：，；:,;"
"""Signs after which a sentence is over, and those that lead on."""
LONGEST_NAME = 60
"""Characters of a recording's name; longer words come from the centre and are nobody's to record."""


class Piece(msgspec.Struct, frozen=True):
    """The smallest thing that can be recorded."""

    clip: str
    """Name of its recording; "" for what is only a pause."""
    text: str
    language: str
    """Of these words: a Chinese name stays Chinese in English."""


class Utterance(msgspec.Struct, frozen=True):
    """Said in one breath."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def utterance(message: Message, code: str) -> Utterance:
    """A sentence within a sentence brings its own full stop: one is enough."""
    said: list[Piece] = []
    for piece in _pieces(message, code):
        ended = bool(said) and said[-1].text.rstrip().endswith(tuple(ENDS))
        words = piece.text.lstrip(ENDS + JOINS) if ended else piece.text
        if words:
            said.append(msgspec.structs.replace(piece, text=words))
    return Utterance(tuple(said))


def fields(message: Message, code: str) -> frozenset[str]:
    """Names of the values that its sentence really speaks."""
    return frozenset(name for _, name, _, _ in Formatter().parse(language(code).template(message.id)) if name)


def fixed(id: str, code: str) -> Iterator[Piece]:
    """The pieces of a sentence that are the same whatever its values are."""
    parts = list(Formatter().parse(language(code).template(id)))
    whole = all(name is None for _, name, _, _ in parts)
    own = id in language(code).own
    number = 0
    for words, _, _, _ in parts:
        if _is_said(words):
            number += 1
            yield Piece(_text_clip(words) if own else id if whole else f"{id}.{number}", words, code)


def _pieces(message: Message, code: str) -> Iterator[Piece]:
    recorded = fixed(message.id, code)
    for words, name, _, _ in Formatter().parse(language(code).template(message.id)):
        if _is_said(words):
            yield next(recorded)
        elif words:
            yield Piece("", words, code)
        if name is not None:
            yield from _value(message.values[name], code)


def _value(value: Any, code: str) -> Iterator[Piece]:
    match value:
        case Message():
            yield from _pieces(value, code)
        case dt.datetime():
            moment = msg("speech.moment", date=value.date(), hour=value.hour, minute=value.minute)
            yield from _pieces(moment, code)
        case dt.date():
            month = msg(f"speech.month.{value.month}")
            yield from _pieces(msg("speech.date", year=str(value.year), month=month, day=value.day), code)
        case int():
            yield Piece(f"number.{value}", f"{value}", code)
        case str() if SPELLED.fullmatch(value):
            yield from (_spelled(sign, code) for sign in value.upper() if sign != "-")
        case _:
            yield from _words(str(value), code)


def _spelled(sign: str, code: str) -> Piece:
    return Piece(f"{'digit' if sign.isdecimal() else 'letter'}.{sign}", f"{sign} ", code)


def _words(text: str, code: str) -> Iterator[Piece]:
    """韦* is said 韦某."""
    for part in re.split(rf"({re.escape(MASK)})", text):
        spoken = CHINESE if HAN.search(part) else code
        if part == MASK:
            yield from _pieces(msg("speech.masked"), CHINESE)
        elif _is_said(part):
            yield Piece(_text_clip(part), part, spoken)
        elif part:
            yield Piece("", part, code)


def _text_clip(words: str) -> str:
    return f"text.{words}" if len(words) <= LONGEST_NAME and "/" not in words else ""


def _is_said(words: str) -> bool:
    return any(sign.isalnum() for sign in words)
