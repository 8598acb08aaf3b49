"""What hangs in the gallery: every page in every look, reach, size and language; and what every test run sees of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

import msgspec

from kiosk.prompts import Call, Prompt
from kiosk.words import CHINESE, complete
from screens.gallery.samples import samples
from screens.gallery.written import written
from screens.manner import Manner
from screens.theme import LOOKS, SMALL, STANDARD, TALL, WIDE

PANELS = {"small": SMALL, "wide": WIDE, "tall": TALL}


class Scene(NamedTuple):
    """A page, and what befell it."""

    page: str
    online: bool = True
    key: str | None = None
    """Of the foot, that was pressed."""
    call: Call = Call.NONE
    digits: int = 0
    """So many were typed."""
    seconds: int = 0
    """So long it took already."""


SCENES = {
    "look": Scene("home", key="look"),
    "help": Scene("home", key="help"),
    "help-staff": Scene("home-staff", key="help"),
    "help-staff-unreached": Scene("home-staff", key="help", call=Call.UNREACHED),
    **{f"help-{call.value}": Scene("home", key="help", call=call) for call in Call if call is not Call.NONE},
    "home-offline": Scene("home-four", online=False),
    "sound": Scene("home", key="speech"),
    "type-code-half": Scene("type-code", digits=3),
    "type-pin-half": Scene("type-pin", digits=3),
    "working-still": Scene("working", seconds=4),
    "working-longer": Scene("working", seconds=9),
}
"""What no prompt alone shows."""

TELLING = (
    *("home-six", "confirm", "type-pin-weak", "topics-seven", "advice"),
    *("result", "refusal", "take-cards", "still-there"),
)
"""Pages on which a look breaks first."""


class Case(msgspec.Struct, frozen=True):
    """One picture."""

    panel: str
    language: str
    look: str
    low: bool
    page: str
    leaf: int = 1
    """What does not fit on one leaf turns."""

    @property
    def manner(self) -> Manner:
        return Manner(language=self.language, look=self.look, low=self.low)

    @property
    def dress(self) -> str:
        """The look and the reach in one word."""
        return f"{self.look}-low" if self.low else self.look

    @property
    def file(self) -> str:
        return f"{self.panel}/{self.language}/{self.dress}/{self.name}.png"

    @property
    def name(self) -> str:
        """Of the page and its leaf."""
        return self.page if self.leaf == 1 else f"{self.page}-{self.leaf}"

    @property
    def following(self) -> Case:
        """The next leaf."""
        return msgspec.structs.replace(self, leaf=self.leaf + 1)

    def __str__(self) -> str:
        return f"{self.panel} {self.language} {self.dress} {self.name}"


@cache
def pages(language: str) -> dict[str, Prompt]:
    """Every page that a prompt can show, by its name."""
    return samples(language) | written(language)


LOW_LOOKS = ("standard", "large")
"""A reach does not change colours: those that differ only in them need it once."""


def dresses() -> list[tuple[str, bool]]:
    """Looks, and whether low."""
    return [(look, low) for look, low in product(LOOKS, (False, True)) if not low or look in LOW_LOOKS]


def everything(panel: str, language: str) -> Iterator[Case]:
    """Look by look, because each is built once."""
    names = [*pages(language), *SCENES]
    for look, low in dresses():
        yield from (Case(panel, language, look, low, page) for page in names)


def fixed(panel: str, language: str) -> Iterator[Case]:
    """All samples in Chinese and on the smallest panel, the telling ones everywhere and there in every look.

    Each Chinese sentence hangs on the smallest panel.
    """
    first = [*samples(language), *SCENES] if language == CHINESE or panel == "small" else [*TELLING]
    if (panel, language) == ("small", CHINESE):
        first += written(language)
    for page in first:
        yield Case(panel, language, STANDARD.name, low=False, page=page)
    for look, low in dresses():
        if (
            (look, low) != (STANDARD.name, False)
            and not (low and panel == "wide")
            and (language == CHINESE or panel == "small")
        ):
            yield from (Case(panel, language, look, low, page) for page in TELLING)


EXTENTS: dict[str, Callable[[str, str], Iterator[Case]]] = {"everything": everything, "fixed": fixed}


def walls() -> list[tuple[str, str]]:
    """Panel and language: what one window after the other shows."""
    return list(product(PANELS, complete()))
