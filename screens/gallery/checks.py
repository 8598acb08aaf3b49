"""What is wrong with the page on the glass, measured on its picture and its widgets.

The promises are in millimetres and contrast ratios; a theme that breaks one is found like a page that does.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from kivy.app import App
from PIL import Image

from kiosk.unbroken import cut
from screens.gallery import tree
from screens.gallery.ink import Ink, code, ink
from screens.gallery.outlines import Outlines, Span
from screens.gallery.tree import Box
from screens.parts.surface import Surface
from screens.parts.text import Text
from screens.theme import MM_PER_INCH, Panel


class Promise(msgspec.Struct, frozen=True):
    """What a look owes to eyes."""

    capital_mm: float = 4.8
    contrast: float = 4.5


PROMISES = {
    "standard": Promise(),
    "large": Promise(capital_mm=7.3, contrast=7),
    "contrast": Promise(contrast=7),
    "large-contrast": Promise(capital_mm=7.3, contrast=7),
}
"""By the look's name."""

LEAST_MM = {
    "TileButton": (55, 28),
    "ActButton": (45, 20),
    "TurnButton": (45, 20),
    "Toggle": (40, 35),
    "Dial": (40, 35),
    "HugeButton": (55, 40),
    "FootKey": (22, 20),
    "PadKey": (22, 20),
}
"""Width and height of what is touched; secondary acts may be narrower than the primary."""
FINGER_MM = (20, 20)
"""Of anything else that is touched."""
GAP_MM = 3

UPRIGHT = 2 / 3
"""On upright glass everything to touch is in this lower part of it."""
LOW_LYING_MM, LOW_UPRIGHT_MM = 125, 240
"""From where the glass begins, for a seated person."""

ROUNDING_PX = 0.6
"""By which the ink of a line may be lower than its type, drawn on whole pixels."""
RAGGED_PX = 3.5
"""By which ink may be wider or higher than its outlines, or less."""
STEP_PX = 0.15
"""By which each glyph may add to that in width: it is drawn on whole pixels."""
FLAT_EM = 0.3
"""Ink lower than this is too little to measure type by."""


class Line(NamedTuple):
    """One line of a text as it stands on the glass."""

    text: Text
    words: str
    span: Span
    wide: float
    high: float
    """Of its ink, in pixels, as it was drawn."""
    room: Box
    """As high as its outlines: no ink of the lines above and under it, no edge of what it stands on."""


def faults(picture: Image.Image, look: str, *, low: bool) -> list[str]:
    """One sentence for each, with what was measured.  `picture`: of the glass, as it is now."""
    if tree.dark():
        return []
    promise = PROMISES[look]
    inks: list[tuple[Any, Box]] = []
    found: list[str] = []
    for text in tree.texts():
        lines = list(_lines(text))
        for line in lines:
            seen = _seen(picture, line.room)
            if seen is None:
                found.append(f"{line.words!r} is not to be seen")
                continue
            inks.append((text, _on_glass(seen, line.room)))
            found += _type(line, seen, promise)
        found += [f"{word!r} is broken in two" for word in cut(text.text, [line.words for line in lines])]
    return [*found, *_rooms(), *_targets(low=low), *_overlaps(inks)]


# --- type ----------------------------------------------------------------------------------


def _lines(text: Text) -> Iterator[Line]:
    outlines = _outlines(bold=text.bold)
    for place, words in zip(tree.drawn(text), text.lines(text.width, text.level), strict=True):
        span = outlines.span(words)
        if span is not None:
            base, em = place.lower + outlines.under * place.height, place.height / outlines.line
            lower, upper = base + span.lower * em - 1, base + span.upper * em + 1
            wide, high = place.width - span.beside * em, span.high * em
            yield Line(text, words, span, wide, high, Box(place.left, lower, place.right, upper))


def _seen(picture: Image.Image, room: Box) -> Ink | None:
    """The ink within a box; edges count from the box's upper left corner."""
    left, right = max(0, round(room.left)), min(picture.width, round(room.right))
    upper, lower = max(0, round(picture.height - room.upper)), min(picture.height, round(picture.height - room.lower))
    return ink(picture.crop((left, upper, right, lower))) if left < right and upper < lower else None


def _on_glass(seen: Ink, room: Box) -> Box:
    left, upper = max(0, round(room.left)), round(room.upper)
    return Box(left + seen.left, upper - seen.lower, left + seen.right, upper - seen.upper)


def _type(line: Line, seen: Ink, promise: Promise) -> Iterator[str]:
    if seen.contrast < promise.contrast:
        yield (
            f"{line.words!r}: contrast {seen.contrast:.1f} is less than {promise.contrast:g} "
            f"({code(seen.colour)} on {code(seen.ground)})"
        )
    outlines, span = _outlines(bold=line.text.bold), line.span
    if span.high > FLAT_EM:
        capital_mm = (seen.height + ROUNDING_PX) / span.high * outlines.capital / tree.panel().ppi * MM_PER_INCH
        if capital_mm < promise.capital_mm:
            yield f"{line.words!r}: capitals of {capital_mm:.1f} mm are lower than {promise.capital_mm:g} mm"
    if abs(seen.width - line.wide) > RAGGED_PX + STEP_PX * len(line.words) or abs(seen.height - line.high) > RAGGED_PX:
        measured = f"{seen.width:.0f}×{seen.height:.0f} px are seen of {line.wide:.0f}×{line.high:.0f}"
        yield f"{line.words!r}: cut off or covered, {measured}"


def _outlines(*, bold: bool) -> Outlines:
    font = App.get_running_app().font
    return _read(font.bold if bold else font.regular)


@functools.cache
def _read(file: Path) -> Outlines:
    return Outlines(file)


# --- room ----------------------------------------------------------------------------------


def _rooms() -> Iterator[str]:
    for widget in tree.visible():
        if not isinstance(widget, Text | Surface):
            continue
        where, room = tree.room(widget)
        for box in _extent(widget):
            if not box.inside(room) or not box.inside(tree.glass()):
                yield f"{tree.name(widget)}: outside {where}"
                break


def _extent(widget: Any) -> list[Box]:
    if not isinstance(widget, Text):
        return [tree.box(widget)]
    return [line.room for line in _lines(widget)] if widget.text else []


def _targets(*, low: bool) -> Iterator[str]:
    panel, targets = tree.panel(), tree.targets()
    for widget in targets:
        box, (wide, high) = tree.box(widget), LEAST_MM.get(type(widget).__name__, FINGER_MM)
        if box.width + tree.HAIR < panel.px(wide) or box.height + tree.HAIR < panel.px(high):
            measured = f"{_mm(box.width):.1f}×{_mm(box.height):.1f} mm"
            yield f"{tree.name(widget)}: {measured} is less than {wide}×{high} mm"
        if _mm(box.upper - tree.HAIR) > _reach_mm(panel, low=low):
            yield f"{tree.name(widget)}: {_mm(box.upper):.0f} mm up, out of reach"
    for one, other in itertools.combinations(targets, 2):
        if tree.box(one).overlaps(tree.box(other), gap=panel.px(GAP_MM) - tree.HAIR):
            yield f"{tree.name(one)} is nearer than {GAP_MM} mm to {tree.name(other)}"


def _reach_mm(panel: Panel, *, low: bool) -> float:
    if low:
        return LOW_UPRIGHT_MM if panel.portrait else LOW_LYING_MM
    return panel.height_mm * (UPRIGHT if panel.portrait else 1)


def _mm(px: float) -> float:
    return px / tree.panel().ppi * MM_PER_INCH


def _overlaps(inks: list[tuple[Any, Box]]) -> Iterator[str]:
    """Nothing lies over anything but what it belongs to."""
    things = list(inks)
    for widget in tree.visible():
        if isinstance(widget, Surface):
            things.append((widget, tree.box(widget)))
        elif not isinstance(widget, Text):
            things += [(widget, box) for box in tree.drawn(widget)]
    for (one, its), (other, others) in itertools.combinations(things, 2):
        if its.overlaps(others) and not _belong(one, other):
            yield f"{tree.name(one)} lies over {tree.name(other)}"


def _belong(one: Any, other: Any) -> bool:
    return one is other or one in tree.ancestors(other) or other in tree.ancestors(one)
