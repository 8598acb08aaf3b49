"""Where lines break: between Chinese characters, between Latin words, never before 。 or after （.

As few lines as fit; among those, the breaks a person would choose: after punctuation rather than in the middle of a
phrase, never inside a word of the trade, and lines of about the same length.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

NOT_FIRST = frozenset("，。、；：？！）》」』”’…·･％%,.;:?!)]}〕】～")
NOT_LAST = frozenset("（《「『“‘([{〔【")
PAUSES = frozenset("，。、；：？！,.;:?!")

WORDS = (
    *("社会保障卡", "社会保障", "社保卡", "社保账户", "社保中心", "社保密码", "身份证", "银行账户", "发卡银行"),
    *("银行", "账户", "挂失", "解除", "密码", "窗口", "人工", "回执", "编号", "芯片", "尾号", "工作人员", "感应区"),
    *("自助", "服务", "办理", "打印", "使用", "生效", "登记", "选择", "确认", "机器", "东西", "信息"),
    *("自己", "没有", "现在", "可以", "请先", "马上", "以前", "以后", "什么", "不是", "不一样", "想不起来", "这张"),
    *(
        "启用",
        "状态",
        "本机",
        "微信",
        "公众号",
        "新密码",
        "银行密码",
        "好猜",
        "临时挂失",
        "正式挂失",
        "有效",
        "永久",
        "锁定",
    ),
)
"""Kept whole where the line allows it."""

COST_LINE = 100.0
COST_BREAK = 0.35
"""Of a break that is not after punctuation or a space."""
COST_IN_WORD = 1.5
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
    broken = [part for piece in _pieces(paragraph) for part in _broken(piece, width, measure)]
    inside, pieces, at = _inside_words(paragraph), [], 0
    for text in broken:
        at += len(text)
        cost = (
            COST_IN_WORD if at in inside else 0 if text.rstrip()[-1:] in PAUSES or text != text.rstrip() else COST_BREAK
        )
        pieces.append(_Piece(text, measure(text), measure(text.rstrip()), 0 if at == len(paragraph) else cost))
    return pieces


def _inside_words(paragraph: str) -> set[int]:
    """Positions where a break would cut a word."""
    inside: set[int] = set()
    for word in WORDS:
        at = paragraph.find(word)
        while at >= 0:
            inside |= set(range(at + 1, at + len(word)))
            at = paragraph.find(word, at + 1)
    return inside


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
