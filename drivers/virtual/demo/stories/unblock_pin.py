"""密码锁了: the tries come back, for those who remember their PIN."""

from __future__ import annotations

from drivers.virtual.demo.pin_witnesses import Chip
from drivers.virtual.demo.stories import reset_pin
from drivers.virtual.demo.stories.pin_visit import (
    TRIES,
    agrees_to_reset,
    chooses,
    is_told,
    leaves_with_slip,
    pin_of,
    types_the_code,
    up_to_the_remembered_pin,
    up_to_the_slot,
)
from drivers.virtual.demo.stories.scene import Scene
from kiosk.contract import Kind
from kiosk.journal.transaction import Stage
from kiosk.words import msg


def remembered(scene: Scene, key: str) -> None:
    unblock(scene, key, pin_of(scene, key), "pin_result.unblocked.title", tries=TRIES)


def remembered_wrongly(scene: Scene, key: str) -> None:
    """Unblocked all the same; one try is used up, and the page says so."""
    unblock(scene, key, scene.cast.other_pin, "pin_result.unblocked_wrong.title", tries=TRIES - 1)


def forgotten_after_all(scene: Scene, key: str) -> None:
    """Asked whether they remember it, the person is led to the other service with both cards where they are."""
    citizen = scene.citizen
    up_to_the_slot(scene, "unblock_pin", key)
    citizen.puts_in(key)
    citizen.sees("Confirm", saying=msg("unblock.confirm.title"))
    citizen.presses("decline", "按“忘了”")
    types_the_code(scene, key)
    agrees_to_reset(scene)
    chooses(scene)
    reset_pin.new_pin_works(scene, key)


def unblock(scene: Scene, key: str, typed: str, title: str, *, tries: int) -> None:
    citizen = scene.citizen
    up_to_the_remembered_pin(scene, key)
    citizen.types(typed, "输入原来的密码")
    is_told(scene, msg(title))
    citizen.presses("done", "办完了")
    citizen.leaves()
    view = scene.pin_witnesses.agree(key, Kind.UNBLOCK_PIN, Stage.DONE, Chip(tries, pin_of(scene, key)))
    leaves_with_slip(scene, view, never=typed)
