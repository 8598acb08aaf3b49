"""Where lines break: between words, never before 。 or after （.

As few lines as fit; among those, the breaks a person would choose: after punctuation rather than in the middle of a
phrase, and lines of about the same length.  A word is whole, whatever lines that takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kiosk.unbroken import unbroken

NOT_FIRST = frozenset("，。、；：？！）》」』”’…·･％%,.;:?!)]}〕】～")
NOT_LAST = frozenset("（《「『“‘([{〔【")
PAUSES = frozenset("，。、；：？！,.;:?!")

COST_LINE = 100.0
COST_BREAK = 0.35
"""Of a break that is not after punctuation or a space."""
COST_OVERFULL = 10_000.0

Measure = Callable[[str], float]


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Lines no wider than `width`, as `measure` has it.  A word wider than a line is broken where it must be."""
    return [line for paragraph in text.split("\n") for line in _best(_measured(paragraph, width, measure), width)]


class _Piece(NamedTuple):
    text: str
    full: float
    """With the space after it."""
    bare: float
    """As the last of a line."""
    cost: float
    """Of breaking after it."""


def _best(pieces: list[_Piece], width: float) -> list[str]:
    """Shortest path over the breaks: `best[n]` is the cost of the first n pieces and where their last line begins."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(pieces) + 1):
        best.append(min((best[start][0] + _cost(pieces[start:end], width), start) for start in range(end)))
    lines, end = [], len(pieces)
    while end:
        start = best[end][1]
        lines.append("".join(piece.text for piece in pieces[start:end]).rstrip())
        end = start
    return lines[::-1] or [""]


def _cost(line: list[_Piece], width: float) -> float:
    used = sum(piece.full for piece in line[:-1]) + line[-1].bare
    if used > width and len(line) > 1:
        return COST_OVERFULL
    return COST_LINE + ((width - used) / width) ** 2 + line[-1].cost


def _measured(paragraph: str, width: float, measure: Measure) -> list[_Piece]:
    texts = _pieces(paragraph, width, measure, most=len(paragraph))
    costs = [0 if text.rstrip()[-1:] in PAUSES or text != text.rstrip() else COST_BREAK for text in texts[:-1]]
    return [
        _Piece(text, measure(text), measure(text.rstrip()), cost) for text, cost in zip(texts, [*costs, 0], strict=True)
    ]


def _pieces(text: str, width: float, measure: Measure, *, most: int) -> list[str]:
    """Words of at most `most` characters with the punctuation and spaces that stay with them."""
    words = [(start, end) for start, end in unbroken(text) if 1 < end - start <= most]
    inside = {at for start, end in words for at in range(start + 1, end)}
    pieces = [text[:1]]
    for at, char in enumerate(text[1:], start=1):
        if at in inside or _joined(pieces[-1][-1], char):
            pieces[-1] += char
        else:
            pieces.append(char)
    longest = max((end - start for start, end in words), default=1)
    return [part for piece in pieces for part in _fitting(piece, width, measure, most=longest - 1)]


def _fitting(piece: str, width: float, measure: Measure, *, most: int) -> list[str]:
    """What is wider than a line falls into the words it is made of, in the end into characters."""
    if measure(piece.rstrip()) <= width:
        return [piece]
    return _pieces(piece, width, measure, most=most) if most else _broken(piece, width, measure)


def _broken(word: str, width: float, measure: Measure) -> list[str]:
    """In parts that fit on a line, at least one character each."""
    if len(word) < 2 or measure(word.rstrip()) <= width:
        return [word]
    head = next((count for count in range(len(word) - 1, 1, -1) if measure(word[:count]) <= width), 1)
    return [word[:head], *_broken(word[head:], width, measure)]


def _joined(before: str, char: str) -> bool:
    if char in NOT_FIRST or char == " " or before in NOT_LAST:
        return True
    return before != " " and not _wide(before) and not _wide(char)


def _wide(char: str) -> bool:
    return ord(char) >= 0x2E80
