"""补新卡、换新卡: a card that is gone for ever, and one that is worn."""

from __future__ import annotations

from drivers.virtual.demo.stories.pin_visit import is_told, leaves_with_slip, pin_of, types_the_code, up_to_the_slot
from drivers.virtual.demo.stories.scene import Scene
from kiosk.contract import Kind
from kiosk.words import msg


def for_a_lost_one(scene: Scene, key: str) -> None:
    """Two confirmations, for nothing takes it back."""
    citizen = scene.citizen
    citizen.begins("formal_loss")
    citizen.agrees_to_notice()
    citizen.sees("LayIdCard")
    citizen.lays(key)
    citizen.sees("Confirm", saying=msg("formal_loss.confirm.title"))
    citizen.presses("act", "确认正式挂失")
    types_the_code(scene, key)
    citizen.sees("Confirm", saying=msg("formal_loss.confirm.final.title"))
    citizen.presses("act", "再确认一次")
    is_told(scene, msg("formal_loss.done.title"))
    _ordered(scene, key, Kind.FORMAL_LOSS, status="2", reason="lost")


def for_a_worn_one(scene: Scene, key: str) -> None:
    """The old one works until it is handed in."""
    citizen = scene.citizen
    up_to_the_slot(scene, "replacement", key)
    citizen.puts_in(key)
    citizen.sees("Topics", saying=msg("replacement.reason.title"))
    citizen.presses("tile-worn", "按“卡磨损了”")
    types_the_code(scene, key)
    citizen.sees("Confirm", saying=msg("replacement.confirm.title"))
    citizen.presses("act", "确认换卡")
    is_told(scene, msg("replacement.done.title"))
    _ordered(scene, key, Kind.REPLACEMENT, status="1", reason="worn")


def _ordered(scene: Scene, key: str, kind: Kind, *, status: str, reason: str) -> None:
    scene.citizen.presses("done", "办完了")
    scene.citizen.leaves()
    pin = pin_of(scene, key)
    view = scene.service_witnesses.agree(key, kind, status=status, pin=pin)
    scene.service_witnesses.agree_on_order(key, reason)
    leaves_with_slip(scene, view, never=pin)
