"""改密码: whoever knows the old PIN sets a new one."""

from __future__ import annotations

from drivers.virtual.demo.stories.pin_visit import chooses, is_told, leaves_with_slip, pin_of, up_to_the_slot
from drivers.virtual.demo.stories.scene import Scene
from kiosk.contract import Kind
from kiosk.words import msg


def in_good_luck(scene: Scene, key: str) -> None:
    up_to_the_slot(scene, "change_pin", key)
    scene.citizen.puts_in(key)
    changes(scene, key)


def changes(scene: Scene, key: str) -> None:
    """From the page that says what will happen on."""
    citizen = scene.citizen
    citizen.sees("Confirm", saying=msg("change.confirm.title"))
    citizen.presses("act", "按“修改密码”")
    citizen.sees("TypePin", saying=msg("pin.old.title"))
    citizen.types(pin_of(scene, key), "输入原来的密码")
    citizen.sees("TypePin", saying=msg("pin.new.title"))
    chooses(scene)
    is_told(scene, msg("pin_result.changed.title"))
    citizen.presses("done", "办完了")
    citizen.leaves()
    view = scene.service_witnesses.agree(key, Kind.PIN_CHANGED, status="1", pin=scene.cast.new_pin)
    leaves_with_slip(scene, view, never=scene.cast.new_pin)
