"""Which sentences a region may say in its own words: what things are called, and where people are sent.

What is said of a card's state, of an outcome or of a PIN stays as it is: those are the promises the product is tested
for.  Own words are no longer than the longest sentence of their kind, which fits its place on the smallest panel.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter
from typing import Any

from kiosk.contract import Text
from kiosk.faults import Fault, Path, joined
from kiosk.words import CHINESE, Language, language

KINDS = tuple(
    re.compile(rf"{pattern}\Z")
    for pattern in (
        r"tile\.\w+\.title",
        r"tile\.\w+\.subtitle",
        r"refusal\.\w+\.where",
        r"closed\.\w+\.instead(_but_loss)?",
    )
)
"""Of ids, by the place where their sentences stand."""

CODES = {"zh": CHINESE, "en": "en"}


def unsayable(policy: dict[str, Any]) -> Iterator[Fault]:
    """What [texts] wants to say and must not, or cannot."""
    texts = policy.get("texts")
    for id, text in (texts if isinstance(texts, dict) else {}).items():
        path = ("texts", id)
        kind = next((kind for kind in KINDS if kind.match(id)), None)
        if kind is None or id not in language(CHINESE).ids:
            said = Text("没有这句话，或者不能改", "there is no such sentence, or it is not a region's to word")
            yield _fault(path, said)
            continue
        for key, code in CODES.items():
            words = text.get(key) if isinstance(text, dict) else None
            if isinstance(words, str):
                yield from (_fault((*path, key), why) for why in _troubles(id, words, kind, language(code)))


def _fault(path: Path, why: Text) -> Fault:
    return Fault(path, Text(f"{joined(path)}：{why.zh}", f"{joined(path)}: {why.en}"))


def _troubles(id: str, words: str, kind: re.Pattern[str], catalog: Language) -> Iterator[Text]:
    if not words.strip():
        yield Text("不能为空", "must not be empty")
        return
    try:
        values = _values(words)
    except ValueError:
        yield Text("花括号不成对", "a brace has no other")
        return
    known = _values(catalog.template(id))
    if strange := values - known:
        may = ", ".join(f"{{{name}}}" for name in sorted(known))
        named = ", ".join(f"{{{name}}}" for name in sorted(strange))
        zh = f"这句话没有 {named} 这个值；可以用的是 {may or '（无）'}"
        yield Text(zh, f"has no value {named}; there is {may or 'none'}")
    longest = max(len(catalog.template(other)) for other in catalog.ids if kind.match(other))
    if len(words) > longest:
        yield Text(
            f"有 {len(words)} 个字，这里最多放得下 {longest} 个",
            f"has {len(words)} characters, its place takes {longest}",
        )


def _values(template: str) -> set[str]:
    """Names in braces; a conversion or a format is no name."""
    return {
        name if not (spec or conversion) else f"{name}!{conversion}:{spec}"
        for _, name, spec, conversion in Formatter().parse(template)
        if name is not None
    }
