"""What a page lets a person choose: each choice's name, its words and the answer it gives.

The pages draw exactly these as buttons (held by a test).  Knows no Kivy: a finger is only one way to choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from kiosk import prompts
from kiosk.prompts import Answer, Prompt
from kiosk.words import Message, msg

KEYS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)
"""The figure that stands for each choice, in their order."""

OTHERS = KEYS[-1]
"""Where there are more choices than figures: leads to the next ones, after the last to the first again."""

T = TypeVar("T")


class Choice(msgspec.Struct, frozen=True):
    """One of the things that can be pressed."""

    name: str
    words: Message
    answer: Answer


def choices(prompt: Prompt) -> tuple[Choice, ...]:  # noqa: PLR0911 - one case a page
    """In the order a clerk would read them out; empty where nothing but digits or a card is waited for."""
    match prompt:
        case prompts.Home(tiles=tiles) | prompts.Topics(tiles=tiles) | prompts.Choose(options=tiles):
            return tuple(Choice(f"tile-{tile.service}", tile.title, prompts.Chosen(tile.service)) for tile in tiles)
        case prompts.Advice(printable=printable):
            paper = (Choice("print", msg("screens.advice_print"), prompts.Agreed()),) if printable else ()
            return (*paper, Choice("done", msg("screens.understood"), prompts.Done()))
        case prompts.TakeCards(strangers=strangers):
            return (Choice("done", msg("screens.take_go_on" if strangers else "screens.take_done"), prompts.Done()),)
        case prompts.Present(without=Message() as words):
            return (Choice("without", words, prompts.Without()),)
        case prompts.Confirm(act=act, decline=decline):
            return (Choice("act", act, prompts.Agreed()), Choice("decline", decline, prompts.Declined()))
        case prompts.Result(again=again, next=tiles, goes_on=goes_on):
            done = Choice("done", goes_on, prompts.Done()) if goes_on else _DONE
            return (*_following(tiles), done, *((_AGAIN,) if again else ()))
        case prompts.CardReport(next=tiles):
            return (*_following(tiles), _DONE)
    return _FIXED.get(type(prompt), ())


_DONE = Choice("done", msg("screens.done"), prompts.Done())
_AGAIN = Choice("again", msg("screens.print_again"), prompts.Agreed())
"""Last, since it comes late: the others keep their figures."""

_FIXED: dict[type[Prompt], tuple[Choice, ...]] = {
    prompts.Attract: (Choice("start", msg("screens.attract_start"), prompts.Touched()),),
    prompts.PrivacyNotice: (
        Choice("agree", msg("screens.agree"), prompts.Agreed()),
        Choice("decline", msg("screens.decline"), prompts.Declined()),
    ),
    prompts.Progress: (_DONE,),
    prompts.Refusal: (Choice("done", msg("screens.understood"), prompts.Done()),),
    prompts.StillThere: (Choice("continue", msg("screens.still_continue"), prompts.Continue()),),
}
"""Pages whose choices are always the same."""


def parts(offered: Sequence[T]) -> list[Sequence[T]]:
    """As many at a time as there are figures for; one figure less where there are others."""
    if len(offered) <= len(KEYS):
        return [offered]
    each = len(KEYS) - 1
    return [offered[first : first + each] for first in range(0, len(offered), each)]


def _following(tiles: tuple[prompts.Tile, ...]) -> tuple[Choice, ...]:
    """Closed ones are left out: they would only tease."""
    return tuple(
        Choice(f"next-{tile.service}", tile.title, prompts.Chosen(tile.service)) for tile in tiles if not tile.closed
    )
