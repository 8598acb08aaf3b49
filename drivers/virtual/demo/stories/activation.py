"""新卡启用: a sealed card begins to work, and its first PIN is changed in the same visit."""

from __future__ import annotations

from drivers.virtual.demo.stories import change_pin
from drivers.virtual.demo.stories.pin_visit import is_told, names_reference, types_the_code, up_to_the_slot
from drivers.virtual.demo.stories.scene import Scene
from kiosk.contract import Kind
from kiosk.words import msg


def with_a_new_pin(scene: Scene, key: str) -> None:
    citizen = scene.citizen
    up_to_the_slot(scene, "activation", key)
    citizen.puts_in(key)
    types_the_code(scene, key)
    citizen.sees("Confirm", saying=msg("activation.confirm.title"))
    citizen.presses("act", "确认启用")
    is_told(scene, msg("activation.done.title"))
    slip = citizen.takes_slip()
    citizen.presses("done", "按“马上改密码”")
    change_pin.changes(scene, key)
    view = scene.service_witnesses.agree(key, Kind.ACTIVATION, status="1", pin=scene.cast.new_pin)
    names_reference(slip, view)
