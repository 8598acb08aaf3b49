"""kill -9 in the middle of a reset or an unblock: chip, centre and journal say the same afterwards, and the screen said
no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from drivers.virtual.demo import crowd
from drivers.virtual.demo.pin_witnesses import Chip
from drivers.virtual.demo.stories.kills import RESTART_S, RESULT_S, VICTIMS, kill
from drivers.virtual.demo.stories.pin_visit import (
    CHALLENGE,
    PUK_AUTHENTICATION,
    SECURE_MESSAGE,
    TRIES,
    VERIFY,
    chooses,
    dies_at,
    goes_in_again,
    looks_at_status,
    pin_of,
    takes_true_slip,
    up_to_the_new_pin,
    up_to_the_remembered_pin,
)
from drivers.virtual.demo.stories.reset_pin import BLOCKED, new_pin_works, with_new_pin
from drivers.virtual.demo.stories.scene import Scene
from kiosk.contract import Kind
from kiosk.journal import View
from kiosk.journal.transaction import Stage
from kiosk.words import msg

S = TypeVar("S")

ONLINE_S = 60.0
"""After a restart the terminal hears from the centre."""
FIRST = 6
"""Of the crowd: the kills of losses take it up to here."""

MOMENTS = {
    "challenged": CHALLENGE,
    "between-steps": PUK_AUTHENTICATION,
    "on-chip": SECURE_MESSAGE,
    "verified": VERIFY,
}
"""What the chip has just carried out when a process dies."""
BEFORE = frozenset({"challenged", "between-steps"})
"""Nothing that changes the chip was sent."""


class Work(msgspec.Struct, frozen=True):
    """A service that does something to the chip."""

    name: str
    kind: Kind
    up_to_the_pin: Callable[[Scene, str], None]
    types: Callable[[Scene, str], None]
    """The PIN, to its last digit: from here on nothing is asked any more."""
    done: Callable[[Scene, str], Chip]
    word: str
    """On page and slip, if all went well."""


RESET = Work(
    "reset",
    Kind.RELOAD_PIN,
    up_to_the_new_pin,
    lambda scene, _: chooses(scene),
    lambda scene, _: with_new_pin(scene),
    "reset",
)
UNBLOCK = Work(
    name="unblock",
    kind=Kind.UNBLOCK_PIN,
    up_to_the_pin=up_to_the_remembered_pin,
    types=lambda scene, key: scene.citizen.types(pin_of(scene, key), "输入原来的密码"),
    done=lambda scene, key: Chip(TRIES, pin_of(scene, key)),
    word="unblocked",
)


class Ending(msgspec.Struct, frozen=True):
    """What must have become of it when the last page is read."""

    stage: Stage
    word: str | None
    """Of a result, on page and slip."""
    refusal: str | None = None
    """Instead of a result."""


def ending(work: Work, victim: str, moment: str) -> Ending:
    if moment in BEFORE:
        return Ending(Stage.NOT_DONE, None, "live_line" if victim == "sync" else "live_reader")
    if victim == "sync":
        return Ending(Stage.DONE, work.word)
    if (victim, moment) == ("devices", "verified"):
        return Ending(Stage.DONE, f"{work.word}_unchecked")  # 84 24 was answered, VERIFY was not
    return Ending(Stage.IN_DOUBT, "doubt")


def stories(story: Callable[[str, Callable[[Scene], None]], S]) -> tuple[S, ...]:
    return tuple(story(name, play) for name, play in _all())


def _all() -> Iterator[tuple[str, Callable[[Scene], None]]]:
    choosing = (devices_while_choosing, sync_while_choosing, terminal_while_choosing)
    blocked = (crowd.blocked_key(version, number) for number in range(crowd.EACH) for version in "231")
    for victim, tell, version in zip(VICTIMS, choosing, "231", strict=True):
        yield f"kill-{victim}-reset-choosing", _play(tell, crowd.key(version, FIRST))
        for work in (RESET, UNBLOCK):
            for moment in MOMENTS:
                yield f"kill-{victim}-{work.name}-{moment}", _play(on_the_way, next(blocked), work, victim, moment)


def _play(tell: Callable[..., None], *how: object) -> Callable[[Scene], None]:
    return lambda scene: tell(scene, *how)


# --- while the person still decides -----------------------------------------------------------


def devices_while_choosing(scene: Scene, key: str) -> None:
    """With the card's power the work so far is gone, and nothing was done: the person begins again."""
    citizen = scene.citizen
    _chooses_once(scene, key)
    kill(scene, "devices")
    citizen.sees("Refusal", within_s=RESULT_S)
    citizen.pulls_out()
    scene.pin_witnesses.agree_on_nothing(key, Chip(TRIES, pin_of(scene, key)))
    goes_in_again(scene, key)
    chooses(scene)
    new_pin_works(scene, key)


def sync_while_choosing(scene: Scene, key: str) -> None:
    """It may be back in time for the centre's word, or not: either way the last page is true."""
    _chooses_once(scene, key)
    kill(scene, "sync")
    scene.citizen.types(scene.cast.new_pin, "再输一次")
    if _hears_that_it_worked(scene):
        scene.pin_witnesses.agree(key, Kind.RELOAD_PIN, Stage.DONE, with_new_pin(scene))
    else:
        scene.pin_witnesses.agree_on_nothing_done(key, Chip(TRIES, pin_of(scene, key)))


def terminal_while_choosing(scene: Scene, key: str) -> None:
    """The PIN dies with the process."""
    _chooses_once(scene, key)
    kill(scene, "terminal")
    scene.pin_witnesses.agree_on_nothing(key, Chip(TRIES, pin_of(scene, key)))


# --- while the chip is worked on --------------------------------------------------------------


def on_the_way(scene: Scene, key: str, work: Work, victim: str, moment: str) -> None:
    """Who needs the answer that died with the process is in doubt, until the chip is back and tells."""
    end = ending(work, victim, moment)
    work.up_to_the_pin(scene, key)
    dies_at(scene, victim, MOMENTS[moment], lambda: work.types(scene, key))
    if victim == "terminal":
        _finds_a_fresh_terminal(scene)
    else:
        _reads(scene, end)
    chip = {Stage.DONE: work.done(scene, key), Stage.NOT_DONE: BLOCKED}.get(end.stage)
    view = scene.pin_witnesses.agree(key, work.kind, end.stage, chip)
    _has_only_a_true_slip(scene, view, end)
    if end.stage is Stage.IN_DOUBT:
        scene.citizen.waits_for_line("Attract", online=True, within_s=ONLINE_S)
        looks_at_status(scene, key)
        scene.pin_witnesses.agree(key, work.kind, Stage.DONE, work.done(scene, key))


def _reads(scene: Scene, end: Ending) -> None:
    """The last page, word for word, and leaves."""
    citizen = scene.citizen
    if end.refusal is not None:
        citizen.sees("Refusal", saying=msg(f"refusal.{end.refusal}.title"), within_s=RESULT_S)
    else:
        citizen.sees("Result", saying=msg(f"pin_result.{end.word}.title"), within_s=RESULT_S)
    citizen.presses("done", "看完了")
    citizen.leaves()


def _finds_a_fresh_terminal(scene: Scene) -> None:
    citizen = scene.citizen
    citizen.forgets_the_glass()
    citizen.sees("Attract", within_s=RESTART_S)
    citizen.lifts()
    citizen.pulls_out()


def _has_only_a_true_slip(scene: Scene, view: View, end: Ending) -> None:
    """There may be none: the printer died with the devices, or the terminal before it came to that."""
    if scene.bench.hands.slips and end.word is not None:
        takes_true_slip(scene, view, saying=msg(f"slip.pin.{end.word}"), never=scene.cast.new_pin)


# --- their parts ------------------------------------------------------------------------------


def _chooses_once(scene: Scene, key: str) -> None:
    citizen = scene.citizen
    up_to_the_new_pin(scene, key)
    citizen.types(scene.cast.new_pin, "设新密码")
    citizen.waits_for("TypePin", saying=msg("pin.again.title"))


def _hears_that_it_worked(scene: Scene) -> bool:
    """Reads the last page and leaves; whether it said so."""
    citizen = scene.citizen
    last = citizen.sees("Result", "Refusal", within_s=RESULT_S)
    citizen.presses("done", "看完了")
    citizen.leaves()
    if scene.bench.hands.slips:
        citizen.takes_slip()
    return last.page == "Result"
