"""Where lines break: between Chinese characters, between Latin words, never before 。 or after （.

Lines are made even: the fewest lines that fit, then the narrowest width that still gives as few, so that no 行。
stands alone on a line of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

NOT_FIRST = frozenset("，。、；：？！）》」』”’…·％%,.;:?!)]}〕】～")
NOT_LAST = frozenset("（《「『“‘([{〔【")
_EVENING_STEPS = 12

Measure = Callable[[str], float]


def wrap(text: str, width: float, measure: Measure) -> list[str]:
    """Lines no wider than `width`, as `measure` has it.  A word wider than a line is broken where it must be."""
    return [line for paragraph in text.split("\n") for line in _even(_measured(paragraph, width, measure), width)]


class _Piece(NamedTuple):
    text: str
    full: float
    """With the space after it."""
    bare: float
    """As the last of a line."""


def _even(pieces: list[_Piece], width: float) -> list[str]:
    lines = _fill(pieces, width)
    low, high = max(piece.bare for piece in pieces), width
    for _ in range(_EVENING_STEPS if len(lines) > 1 else 0):
        middle = (low + high) / 2
        if len(_fill(pieces, middle)) > len(lines):
            low = middle
        else:
            high = middle
    return _fill(pieces, high)


def _fill(pieces: list[_Piece], width: float) -> list[str]:
    lines, used = [""], 0.0
    for piece in pieces:
        if lines[-1] and used + piece.bare > width:
            lines.append("")
            used = 0.0
        lines[-1] += piece.text
        used += piece.full
    return [line.rstrip() for line in lines]


def _measured(paragraph: str, width: float, measure: Measure) -> list[_Piece]:
    broken = [part for piece in _pieces(paragraph) for part in _broken(piece, width, measure)]
    return [_Piece(text, measure(text), measure(text.rstrip())) for text in broken]


def _broken(word: str, width: float, measure: Measure) -> list[str]:
    """A word in parts that fit on a line, at least one character each."""
    if len(word) < 2 or measure(word.rstrip()) <= width:
        return [word]
    head = next((count for count in range(len(word) - 1, 1, -1) if measure(word[:count]) <= width), 1)
    return [word[:head], *_broken(word[head:], width, measure)]


def _pieces(paragraph: str) -> list[str]:
    """What may not be broken: a Chinese character with its punctuation, a Latin word with its space."""
    pieces: list[str] = []
    for char in paragraph:
        if pieces and _joined(pieces[-1][-1], char):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces or [""]


def _joined(before: str, char: str) -> bool:
    if char in NOT_FIRST or char == " " or before in NOT_LAST:
        return True
    return before != " " and not _wide(before) and not _wide(char)


def _wide(char: str) -> bool:
    return ord(char) >= 0x2E80
