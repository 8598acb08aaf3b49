"""One topic in one language: a Markdown file with front matter in TOML between two lines of `+++`.

A leaflet has sentences (paragraphs) and points (list items), one after another: a point can be done or brought,
and is printed behind a box to tick.  Values such as {hotline} come from the policy.
"""

from __future__ import annotations

import datetime as dt
import enum
import functools
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Annotated

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

from kiosk.config import BadConfig, convert, parse

FOLDER = Path(__file__).parent
FENCE = "+++\n"

VALUES = frozenset(
    {
        *("hotline", "hours", "channels", "elsewhere", "days", "fee", "validity", "initial"),
        *("loss_at", "formal_loss_at", "replacement_at", "release_at", "reset_at", "change_at", "clerk_at"),
    }
)
"""What a leaflet may leave to the policy."""

MOST_LINES = 7
MOST_COLUMNS = 100
"""Of one line; a Chinese character takes two columns.  More than this nobody reads standing."""
ASCII = 128

BLOCKS = frozenset({"paragraph_open", "paragraph_close", "bullet_list_open", "bullet_list_close", "inline"})
ITEM_OPEN, ITEM_CLOSE = "list_item_open", "list_item_close"
WORDS = {"text": "", "softbreak": " "}
MARKDOWN = MarkdownIt("commonmark")


class Group(enum.StrEnum):
    """The tiles that a person chooses from first."""

    LOSS = "loss"
    PIN = "pin"
    CARD = "card"
    INSURANCE = "insurance"
    WINDOW = "window"


class Owner(enum.StrEnum):
    """Which part of the office keeps a page true: a role, never a person."""

    CARDS = "cards"
    ENROLMENT = "enrolment"
    MEDICAL = "medical"


Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z]+(_[a-z]+)*\Z", description='small letters, e.g. "undo_loss"')]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=40, description="1 to 40 characters in quotes")]
Day = Annotated[dt.date, msgspec.Meta(description="a date without quotes, e.g. 2027-12-31")]


class Front(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands before the text."""

    topic: Id
    group: Group
    order: int
    """Among the topics of its group."""
    owner: Owner
    valid_until: Day
    """The last day on which the owner answers for it."""
    title: Words
    tile: Words
    """The need, in a person's words."""
    under: Words
    """Under it, what the page tells."""


class Line(msgspec.Struct, frozen=True):
    text: str
    point: bool
    """Something to bring or to do."""


class Leaflet(msgspec.Struct, frozen=True):
    front: Front
    lines: tuple[Line, ...]


@functools.cache
def leaflets(code: str, folder: Path = FOLDER) -> tuple[Leaflet, ...]:
    """All of a language, by their group and order.  Raises BadConfig for a file that cannot be shown as it is."""
    found = [read_leaflet(path) for path in sorted((folder / code).glob("*.md"))]
    groups = list(Group)
    return tuple(sorted(found, key=lambda one: (groups.index(one.front.group), one.front.order)))


def strings(code: str) -> Iterator[tuple[str, str]]:
    """A language's leaflets as messages: `guide.<topic>.title`, `.tile`, `.under`, `.1`, `.2` …"""
    for leaflet in leaflets(code):
        front = leaflet.front
        yield from ((f"guide.{front.topic}.{name}", getattr(front, name)) for name in ("title", "tile", "under"))
        yield from ((f"guide.{front.topic}.{number}", line.text) for number, line in enumerate(leaflet.lines, 1))


def read_leaflet(path: Path) -> Leaflet:
    """Raises BadConfig, which names the file and what is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except ValueError as error:
        raise BadConfig(f"{path}: not UTF-8: {error}") from None
    nothing, fence, rest = text.partition(FENCE)
    head, closed, body = rest.partition(FENCE)
    if nothing or not fence or not closed:
        raise BadConfig(f"{path}: must begin with front matter between two lines of +++")
    front = convert(path, "", parse(path, head.encode()), Front)
    if front.topic != path.stem:
        raise BadConfig(f'{path}: topic = "{front.topic}": must be "{path.stem}", as the file is called')
    lines = tuple(_lines(path, body, text.count("\n") - body.count("\n")))
    if not 1 <= len(lines) <= MOST_LINES:
        raise BadConfig(f"{path}: {len(lines)} sentences and points: must be 1 to {MOST_LINES}")
    if not any(line.point for line in lines):
        raise BadConfig(f"{path}: no list: a page must have something to tick when it is printed")
    return Leaflet(front, lines)


def _lines(path: Path, body: str, above: int) -> Iterator[Line]:
    """`above`: lines of the file before the body."""
    items = 0
    for token in MARKDOWN.parse(body):
        place = f"{path}:{above + token.map[0] + 1}" if token.map else str(path)
        items += (token.type == ITEM_OPEN) - (token.type == ITEM_CLOSE)
        if token.type not in BLOCKS | {ITEM_OPEN, ITEM_CLOSE} or items > 1:
            raise BadConfig(f"{place}: {token.type}: only paragraphs and one level of list can be shown")
        if token.type == "inline":
            yield Line(_text(place, token), point=items == 1)


def _text(place: str, token: Token) -> str:
    for child in token.children or ():
        if child.type not in WORDS:
            raise BadConfig(f"{place}: {child.type}: only words can be shown, without links, emphasis or HTML")
    text = "".join(WORDS[child.type] or child.content for child in token.children or ())
    try:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise BadConfig(f"{place}: {error}") from None
    if strange := names - VALUES:
        raise BadConfig(f"{place}: {{{min(strange)}}}: no such value; there is {', '.join(sorted(VALUES))}")
    columns = sum(1 if ord(sign) < ASCII else 2 for sign in text)
    if columns > MOST_COLUMNS:
        raise BadConfig(f"{place}: {columns} columns long: must be at most {MOST_COLUMNS}")
    return text
