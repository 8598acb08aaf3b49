"""Every sentence a person sees or hears: a message is an id and values, a catalog turns it into words.

Messages travel through prompts and slips without a language, so that the language can be switched on any
page without losing the visit.  Catalogs are gettext files in `locale/<language>/LC_MESSAGES/`:
`kiosk.po` for services, desk and slips, `screens.po` for the pages' own words.  The guide's words are its Markdown,
read when the first of them is said: whoever starts a terminal waits for its first page, and the guide is not on it.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import msgspec
import structlog

from kiosk.contract import Text

LOCALE = Path(__file__).parent / "locale"
GUIDE = Path(__file__).parent / "guide"
CHINESE = "zh_CN"
OF_BOTH = frozenset({"zh", "en"})
"""Values of `said` and `stated`, whose words are those of one language."""
SHOWN = 5
"""Ids in one log line."""

log = structlog.get_logger()


class Message(msgspec.Struct, frozen=True):
    """One sentence.  Values are inserted as {name}; a message as a value is said in the same language."""

    id: str
    values: dict[str, Any] = {}


def msg(id: str, /, **values: Any) -> Message:
    """A message; its id must stand in every catalog (held by a test)."""
    return Message(id, values)


def plain(text: str) -> Message:
    """Text that is the same in every language, and mostly a person's own: a masked name, a number."""
    return Message("plain", {"text": text})


def said(text: Text) -> Message:
    """Words of the centre, in both languages.  Nobody here knows whom they name: they are read, not called out."""
    return Message("said", {"zh": text.zh, "en": text.en})


def stated(text: Text) -> Message:
    """Words that the office has signed with its policy, or written into the configuration: the same for everybody."""
    return Message("stated", {"zh": text.zh, "en": text.en})


class Language:
    """One catalog."""

    def __init__(self, code: str) -> None:
        self.code = code
        self._strings = _strings(code)
        self.own: frozenset[str] = frozenset()
        """Ids of the sentences that a region says in its own words: nobody has recorded them by their ids."""

    def word(self, strings: Mapping[str, str]) -> None:
        """Say these in a region's own words, all others as the catalog has them."""
        self._strings = {**_strings(self.code), **strings}
        self.own = frozenset(strings)

    def say(self, message: Message) -> str:
        """Raises KeyError for an id that the catalog lacks: a programmer's mistake."""
        values = {name: self._value(value) for name, value in message.values.items()}
        return self.template(message.id).format(**values)

    def _value(self, value: Any) -> Any:
        match value:
            case Message():
                return self.say(value)
            case dt.datetime():
                return f"{_day(value, self.code)} {value:%H:%M}"
            case dt.date():
                return _day(value, self.code)
            case _:
                return value

    def template(self, id: str) -> str:
        """The sentence before its values are put in."""
        return self._strings[id] if id in self._strings else _guide(self.code)[id]

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self._strings) | _guide(self.code).keys()


@functools.cache
def language(code: str) -> Language:
    return Language(code)


def word_as_the_region(texts: Mapping[str, Text]) -> None:
    """Before anything is shown; by ids, which stand in the catalogs.  Other languages keep the catalog's sentence."""
    language(CHINESE).word({id: text.zh for id, text in texts.items()})
    language("en").word({id: text.en for id, text in texts.items()})


def languages() -> tuple[str, ...]:
    """Codes of the catalogs that were begun, Chinese first."""
    found = sorted({path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/*.po")})
    return tuple(sorted(found, key=lambda code: code != CHINESE))


@functools.cache
def complete() -> tuple[str, ...]:
    """Codes of the languages that can be chosen: they have every sentence the Chinese one has.  Chinese first."""
    return tuple(code for code in languages() if not lacking(code))


def lacking(code: str) -> frozenset[str]:
    """Ids of the sentences that it has not, or that want values which the Chinese ones do not have.

    Of the guide, the pages that it has not; `kiosk.guide.topics` refuses a page that tells other things.
    """
    chinese, other = _strings(CHINESE), _strings(code)
    strange = {id for id in chinese if id not in other or not _names(other[id]) <= _names(chinese[id]) | OF_BOTH}
    return frozenset(strange) | (_pages(CHINESE) - _pages(code))


def warn_of_incomplete() -> None:
    """A log line for each language that was begun and cannot be chosen yet."""
    for code in languages():
        if missing := sorted(lacking(code)):
            log.warning("language_incomplete", language=code, lacking=len(missing), first=missing[:SHOWN])


def _names(template: str) -> frozenset[str]:
    """Of its values; one that can be no value's where the braces are broken."""
    if "{" not in template and "}" not in template:
        return frozenset()
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)
    except ValueError:
        return frozenset([""])


def _day(day: dt.date, code: str) -> str:
    from babel.dates import format_date  # noqa: PLC0415 - no date stands on the first page, and it is slow to load

    return str(format_date(day, "long", code))


@functools.cache
def _strings(code: str) -> dict[str, str]:
    paths = sorted((LOCALE / code / "LC_MESSAGES").glob("*.po"))
    return dict(itertools.chain.from_iterable(read_catalog(path.read_text()) for path in paths))


ENTRY = re.compile(r'((?:^#.*\n)*)^msgid ((?:".*"\n)+)msgstr ((?:".*"(?:\n|$))+)', re.MULTILINE)
"""Comments, id and string of a gettext catalog (GNU gettext manual, "The Format of PO Files"): all that ours use."""
GUESSED = re.compile(r"^#,.*\bfuzzy\b", re.MULTILINE)
"""By a translator or a tool."""


def read_catalog(text: str) -> Iterator[tuple[str, str]]:
    """Ids and what is said, without the head and what is only guessed or empty.

    Read here because Babel takes a tenth of the time until the first page.
    """
    for comments, quoted, string in ENTRY.findall(text):
        id, words = _joined(quoted), _joined(string)
        if id and words and not GUESSED.search(comments):
            yield id, words


def _joined(lines: str) -> str:
    """C's strings, one a line; of their escapes JSON knows all that a catalog has."""
    text = lines.rstrip("\n")[1:-1].replace('"\n"', "")
    return str(json.loads(f'"{text}"', strict=False)) if "\\" in text else text


@functools.cache
def _guide(code: str) -> dict[str, str]:
    from kiosk.guide import leaflets  # noqa: PLC0415 - loads a reader of Markdown: not before the first page stands

    return dict(leaflets.strings(code))


def _pages(code: str) -> frozenset[str]:
    return frozenset(f"guide.{page.stem}" for page in (GUIDE / code).glob("*.md"))
