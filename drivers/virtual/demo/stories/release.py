"""卡找到了: a card that was reported lost turns up, and works again."""

from __future__ import annotations

from drivers.virtual.demo.stories import loss
from drivers.virtual.demo.stories.pin_visit import is_told, leaves_with_slip, pin_of, up_to_the_slot
from drivers.virtual.demo.stories.scene import Scene
from kiosk.contract import Kind
from kiosk.words import msg


def found_again(scene: Scene, key: str) -> None:
    """Reported lost in one visit, released in the next."""
    citizen, pin = scene.citizen, pin_of(scene, key)
    loss.online(scene, key)
    citizen.say("卡找到了")
    up_to_the_slot(scene, "release", key)
    citizen.puts_in(key)
    citizen.sees("Confirm", saying=msg("release.confirm.title"))
    citizen.presses("act", "确认解除挂失")
    citizen.sees("TypePin", saying=msg("pin.remembered.title"))
    citizen.types(pin, "输入社保密码")
    is_told(scene, msg("release.done.title"))
    citizen.presses("done", "办完了")
    citizen.leaves()
    view = scene.service_witnesses.agree(key, Kind.RELEASE, status="1", pin=pin)
    leaves_with_slip(scene, view, never=pin)
