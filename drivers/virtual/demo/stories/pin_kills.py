"""kill -9 in the middle of a reset: chip, centre and journal say the same afterwards, and the screen said no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from drivers.virtual.bench.tripwire import Command
from drivers.virtual.demo import crowd
from drivers.virtual.demo.pin_witnesses import Chip
from drivers.virtual.demo.stories.kills import RESTART_S, RESULT_S, VICTIMS, kill
from drivers.virtual.demo.stories.pin_visit import (
    NEW_PIN,
    PUK_AUTHENTICATION,
    SECURE_MESSAGE,
    TRIES,
    chooses,
    chooses_and_kills,
    goes_in_again,
    looks_at_status,
    pin_of,
    up_to_the_new_pin,
)
from drivers.virtual.demo.stories.reset_pin import BLOCKED, NEW, new_pin_works
from drivers.virtual.demo.stories.scene import Scene
from kiosk.contract import Kind
from kiosk.journal.transaction import Stage
from kiosk.words import msg

S = TypeVar("S")

ONLINE_S = 60.0
"""After a restart the terminal hears from the centre."""
FIRST = 6
"""Of the crowd: the kills of losses take it up to here."""


def stories(story: Callable[[str, Callable[[Scene], None]], S]) -> tuple[S, ...]:
    return tuple(story(name, play) for name, play in _all())


def _all() -> Iterator[tuple[str, Callable[[Scene], None]]]:
    choosing = (devices_while_choosing, sync_while_choosing, terminal_while_choosing)
    for number, (victim, tell, version) in enumerate(zip(VICTIMS, choosing, "231", strict=True)):
        yield f"kill-{victim}-reset-choosing", _play(tell, crowd.key(version, FIRST))
        blocked = crowd.blocked_key("231"[number - 1], number), crowd.blocked_key("231"[number - 2], number)
        yield f"kill-{victim}-reset-between-steps", _play(between_the_steps, blocked[0], victim)
        yield f"kill-{victim}-reset-on-chip", _play(on_the_chip, blocked[1], victim)


def _play(tell: Callable[..., None], *who: str) -> Callable[[Scene], None]:
    return lambda scene: tell(scene, *who)


# --- the three moments ------------------------------------------------------------------------


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
    scene.citizen.types(NEW_PIN, "再输一次")
    if _hears_that_it_worked(scene):
        scene.pin_witnesses.agree(key, Kind.RELOAD_PIN, Stage.DONE, NEW)
    else:
        scene.pin_witnesses.agree_on_nothing_done(key, Chip(TRIES, pin_of(scene, key)))


def terminal_while_choosing(scene: Scene, key: str) -> None:
    """The PIN dies with the process."""
    _chooses_once(scene, key)
    kill(scene, "terminal")
    scene.pin_witnesses.agree_on_nothing(key, Chip(TRIES, pin_of(scene, key)))


def between_the_steps(scene: Scene, key: str, victim: str) -> None:
    """The chip has accepted the unblock key, and nothing more went out."""
    _dies_at(scene, key, victim, PUK_AUTHENTICATION)
    scene.pin_witnesses.agree(key, Kind.RELOAD_PIN, Stage.NOT_DONE, BLOCKED)


def on_the_chip(scene: Scene, key: str, victim: str) -> None:
    """The chip has the new PIN, and its answer is still on its way.  Who needs that answer is in doubt without it."""
    _dies_at(scene, key, victim, SECURE_MESSAGE)
    if victim != "sync":
        scene.pin_witnesses.agree(key, Kind.RELOAD_PIN, Stage.IN_DOUBT, None)
        scene.citizen.waits_for("Attract", saying=msg("screens.online"), within_s=ONLINE_S)
        looks_at_status(scene, key)
    scene.pin_witnesses.agree(key, Kind.RELOAD_PIN, Stage.DONE, NEW)


# --- their parts ------------------------------------------------------------------------------


def _chooses_once(scene: Scene, key: str) -> None:
    citizen = scene.citizen
    up_to_the_new_pin(scene, key)
    citizen.types(NEW_PIN, "设新密码")
    citizen.waits_for("TypePin", saying=msg("pin.again.title"))


def _dies_at(scene: Scene, key: str, victim: str, command: Command) -> None:
    citizen = scene.citizen
    up_to_the_new_pin(scene, key)
    chooses_and_kills(scene, victim, command)
    if victim != "terminal":
        _hears_that_it_worked(scene)
        return
    citizen.forgets_the_glass()
    citizen.sees("Attract", within_s=RESTART_S)
    citizen.lifts()
    citizen.pulls_out()


def _hears_that_it_worked(scene: Scene) -> bool:
    """Reads the last page and leaves; whether it said so."""
    citizen = scene.citizen
    last = citizen.sees("Result", "Refusal", within_s=RESULT_S)
    citizen.presses("done", "看完了")
    citizen.leaves()
    if scene.bench.hands.slips:
        citizen.takes_slip()
    return last.page == "Result"
