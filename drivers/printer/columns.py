"""Columns of a printer: how wide text is, and where a line may end."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.unbroken import unbroken

CLOSING = frozenset("，。、；：！？）》〉」』】〕”’…·％,.;:!?)]}%*")
"""May not begin a line (GB/T 15834 for the Chinese ones); the star closes a masked name."""

OPENING = frozenset("（《〈「『【〔“‘￥([{")
"""May not end a line."""

ORPHAN = 4
"""Columns: one character and its full stop look lost on a last line; they get company,"""

NEAR = 2
"""if these few characters less make the line before no ragged one."""


def width(text: str) -> int:
    """Columns `text` takes at normal width: ASCII one, everything else two."""
    return sum(1 if _is_ascii(c) else 2 for c in text)


def pad(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


def wrap(text: str, columns: int) -> Iterator[str]:
    """Lines of at most `columns` (at least 2).  Words stay whole where they fit, Chinese ones too."""
    for paragraph in text.split("\n"):
        rest = paragraph.strip(" ")
        while width(rest) > columns:
            cut = _cut(rest, columns)
            yield rest[:cut].rstrip(" ")
            rest = rest[cut:].lstrip(" ")
        yield rest


def _cut(text: str, columns: int) -> int:
    """Where to break: between words, else after a hyphen, else anywhere that keeps punctuation in its place."""
    fits = _fitting(text, columns)
    seemly = [at for at in range(fits, 0, -1) if _keeps_punctuation(text, at)]
    inside = {at for start, end in unbroken(text) for at in range(start + 1, end)}
    between = [at for at in seemly if at not in inside and not _splits_latin(text, at)]
    joints = [at for at in seemly if text[at - 1] in "-/"]
    company = [at for at in between if at >= fits - NEAR and width(text[at:]) > ORPHAN]
    return [*(company or between or joints or seemly), fits][0]


def _fitting(text: str, columns: int) -> int:
    used = 0
    for count, character in enumerate(text):
        used += width(character)
        if used > columns:
            return count
    return len(text)


def _splits_latin(text: str, at: int) -> bool:
    """Letters, digits and what joins them, as in a reference."""
    return _is_word(text[at - 1]) and _is_word(text[at])


def _keeps_punctuation(text: str, at: int) -> bool:
    return text[at:].lstrip(" ")[:1] not in CLOSING and text[:at].rstrip(" ")[-1:] not in OPENING


def _is_word(character: str) -> bool:
    return _is_ascii(character) and character != " "


def _is_ascii(character: str) -> bool:
    return " " <= character <= "~"
